/**
 * A container's Pebble behind a unix socket: what dispatch's own server of a container asks, answered on the host's
 * clock.
 */
import { chmodSync } from 'node:fs';
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { containerServer } from '../../src/engine/dispatch/container-server.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { HttpRequest, SocketFrame, Sockets } from '../../src/engine/model/request.ts';
import { endpointOf } from '../../src/engine/world/pebble/request-url.ts';
import type { Container } from '../../src/engine/world/pebble/slice.ts';
import { Findings } from './findings.ts';
import { withPrograms } from './programs.ts';
import { NAME, WallClockPebble } from './wall-clock.ts';

/** Who a peer is cannot be asked here: whoever may connect may do everything. */
const OWN_ONLY = 0o600;

type Body = { readonly command?: unknown; readonly name?: unknown };

function bodyOf(request: HttpRequest | null, path: string): Body {
  if (request?.method !== 'POST' || endpointOf(request.url).path !== path) return {};
  try {
    return (JSON.parse(new TextDecoder().decode(request.body)) as Body | null) ?? {};
  } catch {
    return {};
  }
}

function commandOf(request: HttpRequest | null): readonly string[] {
  const { command } = bodyOf(request, '/v1/exec');
  return Array.isArray(command) && command.every((word) => typeof word === 'string') ? command : [];
}

function refreshedOf(request: HttpRequest | null): string | null {
  const { name } = bodyOf(request, '/v1/checks/refresh');
  return typeof name === 'string' ? name : null;
}

/** Websockets by name, and frames for such as are not open yet. */
class OpenSockets {
  private readonly open = new Map<string, WebSocket>();
  private readonly early = new Map<string, SocketFrame[]>();

  add(socket: string, websocket: WebSocket, came: (frame: SocketFrame) => void): void {
    this.open.set(socket, websocket);
    websocket.on('error', () => undefined);
    websocket.on('message', (data: Buffer, isBinary) =>
      came(isBinary ? { bytes: new Uint8Array(data) } : { text: data.toString('utf8') }),
    );
    websocket.on('close', (code) => {
      this.open.delete(socket);
      came({ closed: code });
    });
    for (const frame of this.early.get(socket) ?? []) this.sendTo(websocket, frame);
    this.early.delete(socket);
  }

  send(frames: Sockets['frames']): void {
    for (const { socket, frame } of frames) {
      const websocket = this.open.get(socket);
      if (websocket) this.sendTo(websocket, frame);
      else this.early.set(socket, [...(this.early.get(socket) ?? []), frame]);
    }
  }

  private sendTo(websocket: WebSocket, frame: SocketFrame): void {
    if ('closed' in frame) websocket.terminate();
    else websocket.send('text' in frame ? frame.text : frame.bytes, () => undefined);
  }
}

/** `over` comes when a service has shut Pebble down. */
export type Serving = { readonly stop: () => Promise<void>; readonly over: Promise<void> };

/** Serves the container until it is stopped. */
export async function servePebble(
  container: Container,
  { socket, blobs }: { readonly socket: string; readonly blobs: Blobs },
): Promise<Serving> {
  const sockets = new OpenSockets();
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const findings = new Findings(blobs, () => pebble.tick());
  const pebble: WallClockPebble = new WallClockPebble(container, {
    blobs,
    prepare: (one, request) => {
      const found = findings.told(one, refreshedOf(request));
      return withPrograms(found, { command: commandOf(request), blobs });
    },
    next: (one) => findings.next(one),
    over: () => resolve(),
    send: (frames) => sockets.send(frames),
  });
  const server = containerServer(NAME, () => ({
    job: { channels: [{ kind: 'http', channel: NAME, socket }] },
    ask: (request) => pebble.ask(request),
    websockets: {
      open: ({ socket: name }, websocket) =>
        sockets.add(name, websocket, (frame) => pebble.came(name, frame)),
      settled: () => Promise.resolve(),
    },
  }));
  server.listen(socket);
  await once(server, 'listening');
  chmodSync(socket, OWN_ONLY);
  return {
    over,
    stop: async () => {
      pebble.stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
