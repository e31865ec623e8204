/**
 * A container's Pebble behind a unix socket: what dispatch's own server of a container asks, answered on the host's
 * clock.
 */
import { chmodSync } from 'node:fs';
import { once } from 'node:events';
import { containerServer } from '../../src/engine/dispatch/container-server.ts';
import {
  openWebsocketTable,
  type WebsocketTable,
} from '../../src/engine/dispatch/websocket-table.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { HttpRequest } from '../../src/engine/model/request.ts';
import { endpointOf } from '../../src/engine/world/pebble/request-url.ts';
import type { Container } from '../../src/engine/world/pebble/slice.ts';
import { Findings } from './findings.ts';
import type { Live } from './live.ts';
import { NAME, WallClockPebble } from './wall-clock.ts';

/** Who a peer is cannot be asked here: whoever may connect may do everything. */
const OWN_ONLY = 0o600;

type Body = { readonly name?: unknown };

function bodyOf(request: HttpRequest | null, path: string): Body {
  if (request?.method !== 'POST' || endpointOf(request.url).path !== path) return {};
  try {
    return (JSON.parse(new TextDecoder().decode(request.body)) as Body | null) ?? {};
  } catch {
    return {};
  }
}

function refreshedOf(request: HttpRequest | null): string | null {
  const { name } = bodyOf(request, '/v1/checks/refresh');
  return typeof name === 'string' ? name : null;
}

/** `over` comes when a service has shut Pebble down. */
export type Serving = { readonly stop: () => Promise<void>; readonly over: Promise<void> };

type Place = { readonly socket: string; readonly blobs: Blobs; readonly live?: Live | null };

function wallClock(container: Container, { blobs, live = null }: Place, table: WebsocketTable) {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const findings = new Findings(live && ((check, one) => live.check(check, one)), () =>
    pebble.tick(),
  );
  const pebble: WallClockPebble = new WallClockPebble(container, {
    blobs,
    prepare: (one, request) => {
      const found = findings.told(one, refreshedOf(request));
      return live ? live.prepared(found) : found;
    },
    next: (one) => findings.next(one),
    over: () => resolve(),
    send: (frames) => frames.forEach(({ socket, frame }) => table.send(socket, frame)),
    follow: (one) =>
      live?.follow(one, (socket, bytes) => {
        table.send(socket, { bytes });
        return table.unsent(socket);
      }),
  });
  return { pebble, over };
}

/** Serves the container until it is stopped. */
export async function servePebble(container: Container, place: Place): Promise<Serving> {
  const { socket, live = null } = place;
  const table = openWebsocketTable();
  const { pebble, over } = wallClock(container, place, table);
  const server = containerServer(NAME, () => ({
    job: { channels: [{ kind: 'http', channel: NAME, socket }] },
    ask: (request) => (live ? live.ask(pebble, request) : pebble.ask(request)),
    websockets: {
      open: ({ socket: name }, websocket) =>
        table.open(name, websocket, (frame) => pebble.came(name, frame)),
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
      table.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
