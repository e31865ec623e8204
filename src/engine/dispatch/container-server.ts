/** A workload container's socket: HTTP requests on it, and frames of its websockets, go to the engine as they came. */
import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Job } from '../model/dispatch.ts';
import type { HttpRequest, Reply } from '../model/request.ts';
import type { EventWebsockets } from './event-websockets.ts';

const BODY_BYTES_MAX = 256 << 20;
/** Room that is made for a body of which nobody says how long it is. */
const FIRST_BYTES = 4096;
const FRAME_BYTES_MAX = 64 << 20;
const PATIENT_MS = 1000;

type Replied = Reply | null;
/** Who answers on a container's socket: a running event at once, others when they can. */
export type Behind = {
  readonly job: Pick<Job, 'channels'>;
  ask(request: HttpRequest): Replied | Promise<Replied>;
  readonly websockets: Pick<EventWebsockets, 'open' | 'settled'>;
  /** Whether an answer takes the host its own time, so that the client is to be patient. */
  busy?(): boolean;
};
type Running = () => Behind | null;
type Asked = (body: Uint8Array) => Replied | Promise<Replied>;
type Upgrading = {
  readonly message: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly server: WebSocketServer;
};

function headersOf(message: IncomingMessage): Record<string, string> {
  const entries = Object.entries(message.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)));
}

/** Null when it is too large. Its parts are not collected: all of them would be there twice. */
async function bodyOf(message: IncomingMessage): Promise<Uint8Array | null> {
  const told = Number(message.headers['content-length'] ?? FIRST_BYTES);
  let bytes = new Uint8Array(new ArrayBuffer(Math.min(told, BODY_BYTES_MAX)));
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    const needed = size + part.length;
    if (needed > BODY_BYTES_MAX) return null;
    if (needed > bytes.length) bytes = grown(bytes, Math.max(needed, 2 * bytes.length));
    bytes.set(part, size);
    size = needed;
  }
  return bytes.subarray(0, size);
}

/** The same bytes with room for more; what they took before is free at once. */
function grown(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.buffer.transfer(length));
}

function respond(response: ServerResponse, reply: Reply): void {
  const { out } = reply;
  const bytes = typeof out === 'string' ? Buffer.from(out) : out;
  response.sendDate = false;
  response.writeHead(reply.code, { 'content-length': bytes.length, ...reply.headers });
  response.end(bytes);
}

/** The event that the container's socket belongs to now. */
function eventOf(container: string, running: Running): Behind | null {
  const event = running();
  const has = event?.job.channels.some((c) => c.kind === 'http' && c.channel === container);
  return event && has ? event : null;
}

function asked(event: Behind, container: string, message: IncomingMessage): Asked {
  const { method = 'GET', url = '/' } = message;
  const headers = headersOf(message);
  return (body) => event.ask({ kind: 'http', channel: container, method, url, headers, body });
}

/** A client gives up when it hears nothing for long; it is told to go on waiting. */
async function patiently(
  replied: Replied | Promise<Replied>,
  { event, response }: { event: Behind; response: ServerResponse },
): Promise<Replied> {
  if (!(replied instanceof Promise)) return replied;
  const timer = setInterval(() => event.busy?.() && response.writeContinue(), PATIENT_MS);
  try {
    return await replied;
  } finally {
    clearInterval(timer);
  }
}

async function serve(
  container: string,
  running: Running,
  [message, response]: [IncomingMessage, ServerResponse],
): Promise<void> {
  const body = await bodyOf(message);
  const event = eventOf(container, running);
  if (!body || !event) return void message.socket.destroy();
  await event.websockets.settled();
  const reply = await patiently(asked(event, container, message)(body), { event, response });
  if (reply?.hangUp) message.socket.destroy();
  else if (reply) respond(response, reply);
}

/** What the engine answers with 101 becomes a websocket; anything else is answered, and the connection ends. */
async function upgrade(
  container: string,
  running: Running,
  { message, socket, head, server }: Upgrading,
): Promise<void> {
  const event = eventOf(container, running);
  const reply = event && (await asked(event, container, message)(new Uint8Array()));
  if (!event || !reply || reply.hangUp) return void socket.destroy();
  const { code, socket: name } = reply;
  if (code === 101 && name !== undefined) {
    server.handleUpgrade(message, socket, head, (websocket) =>
      event.websockets.open({ channel: container, socket: name }, websocket),
    );
    return;
  }
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on('finish', () => socket.end());
  respond(response, reply);
}

export function containerServer(container: string, running: Running): Server {
  const websockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    maxPayload: FRAME_BYTES_MAX,
    handleProtocols: () => false,
  });
  const server = createServer((message, response) => {
    serve(container, running, [message, response]).catch(() => message.socket.destroy());
  });
  server.on('upgrade', (message, socket, head) => {
    socket.on('error', () => socket.destroy());
    const upgrading = { message, socket: socket as Socket, head, server: websockets };
    upgrade(container, running, upgrading).catch(() => socket.destroy());
  });
  return server;
}
