/**
 * One workload container's socket: HTTP requests on it go to the engine as they came.
 * Not modelled: upgraded connections (exec's websockets); they are closed.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Reply } from '../model/request.ts';
import type { RunningEvent } from './running-event.ts';

const BODY_BYTES_MAX = 256 << 20;

function headersOf(message: IncomingMessage): Record<string, string> {
  const entries = Object.entries(message.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)));
}

async function bodyOf(message: IncomingMessage): Promise<Uint8Array | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_BYTES_MAX) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function respond(response: ServerResponse, reply: Reply): void {
  const bytes = Buffer.from(reply.out as string);
  response.sendDate = false;
  response.writeHead(reply.code, { 'content-length': bytes.length, ...reply.headers });
  response.end(bytes);
}

async function serve(
  container: string,
  running: () => RunningEvent | null,
  [message, response]: [IncomingMessage, ServerResponse],
): Promise<void> {
  const body = await bodyOf(message);
  const event = running();
  const channel = event?.job.channels.find((c) => c.kind === 'http' && c.channel === container);
  if (!body || !event || !channel) return void message.socket.destroy();
  const { method = 'GET', url = '/' } = message;
  const headers = headersOf(message);
  const reply = event.ask({ kind: 'http', channel: container, method, url, headers, body });
  if (reply?.hangUp) message.socket.destroy();
  else if (reply) respond(response, reply);
}

export function containerServer(container: string, running: () => RunningEvent | null): Server {
  const server = createServer((message, response) => {
    serve(container, running, [message, response]).catch(() => message.socket.destroy());
  });
  server.on('upgrade', (_message, socket) => socket.destroy());
  return server;
}
