/**
 * Requests over a container's socket beside the same requests to a server of node:http that sends back what it is sent,
 * on a socket of the same kind; each on a connection of its own, as ops makes it.
 */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { emptyContainer } from '../../src/engine/world/pebble/container.ts';
import { memoryBlobs } from '../memory-blobs.ts';
import { servePebble } from '../pebble/serve.ts';
import { median } from './measured.ts';

/** Few enough that a container has as many changes as one that has been alive for long, and not thousands. */
const COUNT = 200;
const WARM = 100;
const FILE = 'a line of a configuration file\n'.repeat(40);
const PATH = '/etc/app/app.conf';
const BOUNDARY = '0'.repeat(32);
const LAYER = 'services: {web: {override: replace, startup: enabled, command: sleep 100000}}';

type Sent = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

function posted(path: string, body: object): Sent {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}

function pushed(): Sent {
  const files = [{ path: PATH, 'make-dirs': true }];
  const parts = [
    ['name="request"', JSON.stringify({ action: 'write', files })],
    [`name="files"; filename="${PATH}"`, FILE],
  ].map(
    ([name, text]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${name}\r\n\r\n${text}\r\n`,
  );
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  const body = `${parts.join('')}--${BOUNDARY}--\r\n`;
  return { method: 'POST', path: '/v1/files', headers, body };
}

const REQUESTS = {
  push: pushed(),
  pull: {
    method: 'GET',
    path: `/v1/files?action=read&path=${encodeURIComponent(PATH)}`,
    headers: { accept: 'multipart/form-data' },
    body: '',
  },
  replan: posted('/v1/services', { action: 'replan', services: [] }),
} as const satisfies Readonly<Record<string, Sent>>;
export type RequestName = keyof typeof REQUESTS;

async function ask(socketPath: string, { body, ...sent }: Sent): Promise<string> {
  const asked = request({ socketPath, ...sent, agent: false });
  asked.end(body);
  const [response] = await once(asked, 'response');
  const parts: Buffer[] = await Array.fromAsync(response);
  const text = Buffer.concat(parts).toString('utf8');
  if (response.statusCode >= 300) throw new Error(text);
  return text;
}

/** Milliseconds. */
async function timed(socket: string, sent: Sent): Promise<number> {
  const began = performance.now();
  await ask(socket, sent);
  return performance.now() - began;
}

type Both = { readonly echo: number; readonly pebble: number };

/** The usual time for each of the two, asked in turn so that what else the machine does falls on both alike. */
async function asked(sockets: Readonly<Record<keyof Both, string>>, sent: Sent): Promise<Both> {
  const times: Both[] = [];
  for (let time = 0; time < WARM + COUNT; time += 1) {
    const echo = await timed(sockets.echo, sent);
    times.push({ echo, pebble: await timed(sockets.pebble, sent) });
  }
  const of = (name: keyof Both): number => median(times.slice(WARM).map((both) => both[name]));
  return { echo: of('echo'), pebble: of('pebble') };
}

async function openEcho(socket: string): Promise<AsyncDisposable> {
  const server = createServer((message, response) => void message.pipe(response));
  server.listen(socket);
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

async function openPebble(socket: string): Promise<AsyncDisposable> {
  const container = emptyContainer({ name: 'bench', canConnect: true, now: Date.now() });
  const serving = await servePebble(container, { socket, blobs: memoryBlobs() });
  const layer = { action: 'add', label: 'bench', format: 'yaml', layer: LAYER };
  await ask(socket, posted('/v1/layers', layer));
  const { change } = JSON.parse(await ask(socket, REQUESTS.replan)) as { change: string };
  await ask(socket, {
    method: 'GET',
    path: `/v1/changes/${change}/wait`,
    headers: {},
    body: '',
  });
  return { [Symbol.asyncDispose]: () => serving.stop() };
}

/** How many times longer each request takes than its echo. */
export async function benchPebble(folder: string): Promise<Readonly<Record<RequestName, number>>> {
  const sockets = { echo: join(folder, 'echo.socket'), pebble: join(folder, 'pebble.socket') };
  await using _echo = await openEcho(sockets.echo);
  await using _pebble = await openPebble(sockets.pebble);
  const ratios = { push: 0, pull: 0, replan: 0 };
  for (const name of ['push', 'pull', 'replan'] as const) {
    const { echo, pebble } = await asked(sockets, REQUESTS[name]);
    ratios[name] = pebble / echo;
  }
  return ratios;
}
