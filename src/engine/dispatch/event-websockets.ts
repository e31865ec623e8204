/**
 * The websockets of one event: frames that come go to the engine in their order. Before anything can move the trace's
 * clock, what the charm is about to send gets its time to come; and when all of the charm waits for frames, the clock
 * moves.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { Sockets, SocketRequest } from '../model/request.ts';
import { atRest, type Watched } from './at-rest.ts';
import { openWebsocketTable } from './websocket-table.ts';

/** How long an engine that waits for a charm's frames is patient with one that never waits itself. */
const PATIENCE_MS = 2000;
/** A charm that asks again at once is not waiting. */
const REST_MS = 5;

export type EventWebsockets = {
  open(place: Pick<SocketRequest, 'channel' | 'socket'>, websocket: WebSocket): void;
  /** Sends what is to be sent; keeps in mind what is to come. */
  take(sockets: Sockets | undefined): void;
  /** Whether a request has to be held for a moment, as frames may be on their way. */
  readonly pending: () => boolean;
  settled(): Promise<void>;
  close(): void;
};

type Asks = {
  readonly told: (request: SocketRequest) => void;
  /** Every process waits. */
  readonly rest: () => void;
  readonly watched: Watched;
};

/** Resolves when every process waits, and nothing came or was answered since that was seen. */
async function allWaits(watched: Watched): Promise<void> {
  let come: number | null;
  do come = await atRest(watched, PATIENCE_MS);
  while (come !== null && come !== watched.received());
}

export function openWebsockets({ told, rest, watched }: Asks): EventWebsockets {
  const table = openWebsocketTable();
  let [reads, comes, watching] = [false, false, false];
  /** Requests that wait for their turn: whoever asked waits for more than frames. */
  let held = 0;

  const watch = async (): Promise<void> => {
    if (watching) return;
    watching = true;
    while (comes && !watched.over()) {
      await setTimeout(REST_MS, undefined, { ref: false });
      const come = await atRest(watched);
      if (comes && held === 0 && come === watched.received()) rest();
    }
    watching = false;
  };
  const settle = async (): Promise<void> => {
    await setImmediate();
    await setImmediate();
    if (reads) await allWaits(watched);
  };
  return {
    open({ channel, socket }, websocket) {
      const place = { kind: 'websocket', channel, socket } as const;
      table.open(`${channel}/${socket}`, websocket, (frame) => told({ ...place, frame }));
    },
    take(sockets) {
      reads = sockets?.reads ?? false;
      comes = sockets?.comes ?? false;
      for (const { channel, socket, frame } of sockets?.frames ?? []) {
        table.send(`${channel}/${socket}`, frame);
      }
      if (comes) void watch();
    },
    pending: () => table.count() > 0,
    async settled() {
      if (table.count() === 0) return;
      held += 1;
      await settle();
      held -= 1;
    },
    close: table.close,
  };
}
