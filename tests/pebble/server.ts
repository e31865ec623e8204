/**
 * A Pebble in memory: one container, its clock, and requests in the form in which transcripts hold
 * them.
 */
import { createHash } from 'node:crypto';
import { enablePatches, produce, produceWithPatches, type Draft, type Patch } from 'immer';
import type { Blobs, Draw } from '../../src/engine/model/counterpart.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import type { Brought, Errand } from '../../src/engine/model/errand.ts';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type {
  Answer,
  HttpRequest,
  Millis,
  Reply,
  SocketRequest,
  Sockets,
} from '../../src/engine/model/request.ts';
import { beginChecks } from '../../src/engine/world/pebble/check-plan.ts';
import { emptyContainer } from '../../src/engine/world/pebble/container.ts';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import { parseLayer } from '../../src/engine/world/pebble/layer-decode.ts';
import { setLayer } from '../../src/engine/world/pebble/layer-list.ts';
import type { Container, PebbleSlice } from '../../src/engine/world/pebble/slice.ts';
import type { RecordedRequest, SentPart } from './transcript.ts';

enablePatches();
export type Server = {
  slice: PebbleSlice;
  now: Millis;
  readonly blobs: Blobs;
  /** Told what each change of the slice was. */
  watch?: (patches: readonly Patch[]) => void;
  /** What programs that are really run come to. */
  host?: (errand: Errand) => Brought;
  /** What the host found not to be simulated. */
  missed?: string[];
};
const NAME = 'web';
const BOUNDARY = '01234567890123456789012345678901';
const encoder = new TextEncoder();

export function memoryBlobs(): Blobs {
  const kept = new Map<string, Uint8Array>();
  return {
    put(bytes) {
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      kept.set(digest, bytes);
      return digest;
    },
    get(digest) {
      const bytes = kept.get(digest);
      if (!bytes) throw new Error(`no blob ${digest}`);
      return bytes;
    },
  };
}

/** A charm that declares the container and nothing else. */
export const CHARM: Charm = {
  name: 'test',
  subordinate: false,
  endpoints: {},
  containers: { [NAME]: { mounts: [] } },
  config: {},
  actions: {},
  storage: {},
  resources: {},
  extraBindings: [],
  kubernetes: true,
  written: {},
};

export function serverWith(layers: readonly string[] = []): Server {
  let container: Container = emptyContainer({ name: NAME, canConnect: true });
  for (const [index, text] of layers.entries()) {
    const label = `layer${index + 1}`;
    container = {
      ...container,
      layers: setLayer(container, { label, layer: parseLayer(label, text) }),
    };
  }
  const now = Date.UTC(2026, 0, 1);
  container = produce(container, (draft) => beginChecks(draft, now));
  return {
    slice: { containers: { [NAME]: container } },
    now,
    blobs: memoryBlobs(),
  };
}

export function containerOf(server: Server): Container {
  return server.slice.containers[NAME]!;
}

/** Lets time pass, with what happens by itself. */
export function pass(server: Server, millis: Millis): void {
  server.now += millis;
  server.slice = pebble.advance!(server.slice, server.now);
  sendAll(server);
}

/** Sends the host for all that is wanted of it. Answers whether anything was. */
export function sendAll(server: Server): boolean {
  let sent = false;
  for (;;) {
    const at = { at: server.now, blobs: server.blobs };
    const errand = pebble.errand!(server.slice, at);
    if (!errand) return sent;
    const brought = server.host!(errand);
    server.slice = produce(server.slice, (draft) => {
      const what = pebble.brought!(draft, errand, brought, at);
      if (what !== null) (server.missed ??= []).push(what);
    });
    sent = true;
  }
}

function handle(server: Server, request: HttpRequest | SocketRequest, asked: Millis): Answer {
  const set = (change: (slice: Draft<PebbleSlice>) => void): void => {
    const [slice, patches] = produceWithPatches(server.slice, change);
    server.slice = slice;
    server.watch?.(patches);
  };
  const draw: Draw<PebbleSlice, object> = {
    seen: server.slice,
    others: {},
    now: server.now,
    asked,
    blobs: server.blobs,
    event: { kind: 'lifecycle', name: 'start' },
    charm: CHARM,
    set,
    buffer: set,
  };
  return pebble.handle(draw, request);
}

/** Asks until there is an answer; waits move the clock, as when a tree is played. */
export function ask(
  server: Server,
  request: HttpRequest | SocketRequest,
): Exclude<Answer, { kind: 'wait' }> {
  const asked = server.now;
  for (let turn = 0; turn < 1000; turn += 1) {
    const answer = handle(server, request, asked);
    const sent = sendAll(server);
    if (answer.kind !== 'wait') return answer;
    if (sent) continue;
    const moments = [answer.until, pebble.due!(server.slice)].filter((moment) => moment !== null);
    if (moments.length === 0) throw new Error(`${JSON.stringify(request)} waits for nothing`);
    pass(server, Math.max(0, Math.min(...moments) - server.now));
  }
  throw new Error(`${JSON.stringify(request)} never ends`);
}

/** What is sent on websockets now. */
export function sent(server: Server): Sockets['frames'] {
  const sockets = pebble.sockets!(server.slice);
  if (!sockets) return [];
  server.slice = sockets.slice;
  return sockets.told.frames;
}

function partBytes(part: SentPart): Uint8Array {
  if (part.json !== undefined) return encoder.encode(JSON.stringify(part.json));
  return part.base64 === undefined
    ? encoder.encode(part.text ?? '')
    : Buffer.from(part.base64, 'base64');
}

function multipartBody(parts: readonly SentPart[]): Uint8Array {
  const chunks = parts.flatMap((part) => {
    const filename = part.filename === undefined ? '' : `; filename="${part.filename}"`;
    const disposition = `Content-Disposition: form-data; name="${part.name}"${filename}`;
    const head = `--${BOUNDARY}\r\nContent-Type: ${part.content_type}\r\n${disposition}\r\n\r\n`;
    return [encoder.encode(head), partBytes(part), encoder.encode('\r\n')];
  });
  return Buffer.concat([...chunks, encoder.encode(`--${BOUNDARY}--\r\n`)]);
}

/** The request as it arrives on the socket. */
export function httpRequest(recorded: RecordedRequest): HttpRequest {
  const pairs = Object.entries(recorded.query ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one as string]),
  );
  const query = pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : '';
  const json = recorded.json === undefined ? recorded.body : JSON.stringify(recorded.json);
  const body = recorded.multipart ? multipartBody(recorded.multipart) : encoder.encode(json ?? '');
  const type = recorded.multipart
    ? `multipart/form-data; boundary=${BOUNDARY}`
    : 'application/json';
  const standard = recorded.multipart || json !== undefined ? { 'Content-Type': type } : {};
  const headers = Object.entries({ ...standard, ...recorded.headers })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name.toLowerCase(), value as string]);
  return {
    kind: 'http',
    channel: NAME,
    method: recorded.method,
    url: `${recorded.path}${query}`,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

function decodedPart(text: string): JsonObject {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const headers = Object.fromEntries(
    head.split('\r\n').map((line) => line.split(': ') as [string, string]),
  );
  const type = headers['Content-Type'] ?? '';
  const body = rest.join('\r\n\r\n');
  const decoded = type === 'application/json' ? { json: JSON.parse(body) as Json } : { text: body };
  return { disposition: headers['Content-Disposition'] ?? '', content_type: type, ...decoded };
}

/** An answer in the transcripts' form. */
export function decoded(reply: Reply): JsonObject {
  const type = reply.headers?.['content-type'] ?? '';
  const text = typeof reply.out === 'string' ? reply.out : Buffer.from(reply.out).toString();
  const answer = { status: reply.code, content_type: type };
  const boundary = /^multipart\/.*boundary=(.*)$/.exec(type)?.[1];
  if (type === 'application/x-ndjson') {
    const lines = text.split('\n').filter((line) => line !== '');
    return { ...answer, ndjson: lines.map((line) => JSON.parse(line) as Json) };
  }
  if (type.startsWith('text/plain')) return { ...answer, text };
  if (boundary === undefined) return { ...answer, json: JSON.parse(text) as Json };
  const pieces = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (pieces.at(-1) !== '--\r\n') throw new Error('a multipart body without its end');
  return { ...answer, multipart: pieces.slice(1, -1).map((piece) => decodedPart(piece.slice(2))) };
}
