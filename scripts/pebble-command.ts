/**
 * `playbill pebble`: one container's simulated Pebble on a unix socket, for any client to talk to. Time is the host's.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Blobs } from '../src/engine/model/counterpart.ts';
import { readImage, readLayersFolder } from '../src/engine/project/read-image.ts';
import { emptyContainer } from '../src/engine/world/pebble/container.ts';
import { layDescribed } from '../src/engine/world/pebble/lay-described.ts';
import type { Container } from '../src/engine/world/pebble/slice.ts';
import { memoryBlobs } from './memory-blobs.ts';
import { PassingBlobs } from './pebble/live-files.ts';
import { Live } from './pebble/live.ts';
import { servePebble } from './pebble/serve.ts';

export type PebbleCommandOptions = {
  readonly socket: string;
  readonly layers?: string;
  readonly root?: string;
  readonly run?: boolean;
};

function containerOf({ layers, root }: PebbleCommandOptions, blobs: Blobs) {
  const using = { blobs, now: Date.now() };
  const empty = emptyContainer({ name: 'pebble', now: using.now });
  const base = root === undefined ? {} : { base: readImage(resolve(root), blobs) };
  const files = layers === undefined ? {} : { files: readLayersFolder(resolve(layers), blobs) };
  return layDescribed(empty, { ...base, ...files, canConnect: true }, using);
}

export async function pebbleCommand(options: PebbleCommandOptions): Promise<void> {
  const blobs = options.run ? new PassingBlobs() : memoryBlobs();
  const container: Container = containerOf(options, blobs);
  const socket = resolve(options.socket);
  const live = blobs instanceof PassingBlobs ? await Live.open(container, blobs) : null;
  for (const rung of live?.rungs ?? []) console.error(`The sandbox makes do: ${rung}.`);
  mkdirSync(dirname(socket), { recursive: true });
  rmSync(socket, { force: true });
  const serving = await servePebble(container, { socket, blobs, live });
  console.log(`A simulated Pebble answers on ${socket}. Ctrl-C ends it.`);
  const { promise, resolve: ended } = Promise.withResolvers<void>();
  process.once('SIGTERM', () => ended());
  process.once('SIGINT', () => ended());
  await Promise.race([promise, serving.over]);
  await serving.stop();
  await live?.close();
  rmSync(socket, { force: true });
}
