/**
 * Containers as an author describes them: what the image brings, and what is laid over it later. One that is made anew
 * has what its image brings; Juju runs Pebble with --hold, so that nothing starts by itself.
 * Source: juju caas/kubernetes/provider/application (pebble run --create-dirs --hold).
 */
import { produce } from 'immer';
import { dump } from 'js-yaml';
import { emptyDir, fileOf, mkdirAll, remove, write } from '../../files/edit.ts';
import type { Dir } from '../../files/tree.ts';
import type { Blobs } from '../../model/counterpart.ts';
import type { JsonObject } from '../../model/json.ts';
import { Mistake } from '../../model/mistake.ts';
import type { Millis } from '../../model/request.ts';
import { dirOf } from './file-path.ts';
import { parseLayer } from './layer-decode.ts';
import { layChecks, type ToldCheck } from './check-lay.ts';
import { setLayer } from './layer-list.ts';
import { addNotice } from './notices.ts';
import { FormatError, NotModelled } from './plan.ts';
import type { Container } from './slice.ts';

/**
 * `layers`: what the image brings, by label. `files`: absolute path to text; null removes the file.
 */
export type ContainerDescription = {
  readonly canConnect?: boolean;
  readonly layers?: Readonly<Record<string, JsonObject>>;
  readonly files?: Readonly<Record<string, string | null>>;
  /** What a check finds from now on, and has found at once. */
  readonly checks?: Readonly<Record<string, ToldCheck>>;
  /** Custom notices that occur now, by key, with their data. */
  readonly notices?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
type With = { readonly blobs: Blobs; readonly now: Millis };

/** A UUID in shape, of the container's name: equal in every run. */
function bootIdOf(name: string): string {
  const bytes = [...new TextEncoder().encode(name)].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `00000000-0000-4000-8000-${bytes.join('').slice(-12).padStart(12, '0')}`;
}

/**
 * A container that has just been made: nothing in it, its Pebble not up yet unless said otherwise.
 */
export function emptyContainer({
  name = '',
  canConnect = false,
  now = 0,
}: { name?: string; canConnect?: boolean; now?: Millis } = {}): Container {
  return {
    canConnect,
    bootId: bootIdOf(name),
    layers: [],
    services: {},
    programs: {},
    history: [],
    changes: {},
    nextChange: 1,
    nextTask: 1,
    notices: {},
    nextNotice: 1,
    checks: {},
    root: emptyDir(now),
  };
}

/** Another process of Pebble: the first group of digits counts them. */
function nextBootId(bootId: string): string {
  const count = (Number.parseInt(bootId.slice(0, 8), 16) + 1) % 2 ** 32;
  return `${count.toString(16).padStart(8, '0')}${bootId.slice(8)}`;
}

/** The container as its image and what is in it now: what it has again after a restart. */
export function asImage(container: Container): Container {
  const { layers, root } = container;
  return { ...container, image: { layers, root } };
}

/**
 * The container made anew; its Pebble is not up yet. How programs behave and what checks find stays, and
 * what was seen of services and executed.
 */
export function restarted(container: Container, now: Millis): Container {
  const { image, base, bootId, programs, history, checkFindings, execs, executed } = container;
  return {
    ...emptyContainer({ now }),
    ...image,
    programs,
    history,
    ...(checkFindings ? { checkFindings } : {}),
    ...(execs ? { execs } : {}),
    ...(executed ? { executed } : {}),
    ...(base ? { base } : {}),
    bootId: nextBootId(bootId),
    ...(image ? { image } : {}),
  };
}

function withLayer(container: Container, label: string, layer: JsonObject): Container {
  try {
    const parsed = parseLayer(label, dump(layer));
    return { ...container, layers: setLayer(container, { label, layer: parsed }) };
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof NotModelled)) throw error;
    throw new Mistake(`layer ${JSON.stringify(label)}: ${error.message}`);
  }
}

function withFile(
  root: Dir,
  path: string,
  { text, blobs, now }: With & { text: string | null },
): Dir {
  if (!path.startsWith('/'))
    throw new Mistake(`file ${JSON.stringify(path)}: the path must be absolute`);
  if (text === null) {
    const removed = remove(root, path, { now, recursive: true });
    return typeof removed === 'string' ? refuse(path, removed) : removed;
  }
  const bytes = new TextEncoder().encode(text);
  const parents = mkdirAll(root, dirOf(path), emptyDir(now));
  if (typeof parents === 'string') return refuse(path, parents);
  const file = fileOf({ digest: blobs.put(bytes), size: bytes.length }, now);
  const written = write(parents, path, file);
  return typeof written === 'string' ? refuse(path, written) : written;
}

function refuse(path: string, fault: string): never {
  throw new Mistake(`file ${JSON.stringify(path)} cannot be put into the container: ${fault}`);
}

/**
 * The container with a description laid over it. A layer of a known label takes its place. Throws
 * Mistake.
 */
export function layContainer(
  container: Container,
  over: ContainerDescription,
  using: With,
): Container {
  let laid = { ...container, canConnect: over.canConnect ?? container.canConnect };
  for (const [label, layer] of Object.entries(over.layers ?? {}))
    laid = withLayer(laid, label, layer);
  for (const [path, text] of Object.entries(over.files ?? {})) {
    laid = { ...laid, root: withFile(laid.root, path, { text, ...using }) };
  }
  const replanned = container.canConnect && over.layers !== undefined;
  laid = layChecks(laid, { replanned, checks: over.checks ?? {}, at: using.now });
  return withNotices(laid, over.notices ?? {}, using.now);
}

function withNotices(
  container: Container,
  notices: NonNullable<ContainerDescription['notices']>,
  now: Millis,
): Container {
  return produce(container, (draft) => {
    for (const [key, data] of Object.entries(notices)) {
      addNotice(draft, { type: 'custom', key, user: 0, data, repeatAfter: 0, now });
    }
  });
}
