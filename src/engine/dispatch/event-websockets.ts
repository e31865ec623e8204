/**
 * The websockets of one event: frames that come go to the engine in their order, frames for a socket are sent once it is
 * open. Before anything can move the trace's clock, what the charm is about to send gets its time to come; and when all
 * of the charm waits for frames, the clock moves.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { SocketFrame, Sockets, SocketRequest } from '../model/request.ts';
import { atRest, type Watched } from './at-rest.ts';

/** How long an engine that waits for a charm's frames is patient with one that never waits itself. */
const PATIENCE_MS = 2000;
/** The code for frames that are none; Pebble then stops reading and kills nothing. */
const PROTOCOL_ERROR = 1002;
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

function send(websocket: WebSocket, frame: SocketFrame): void {
  if ('closed' in frame) websocket.terminate();
  else websocket.send('text' in frame ? frame.text : frame.bytes, () => undefined);
}

export function openWebsockets({ told, rest, watched }: Asks): EventWebsockets {
  const open = new Map<string, WebSocket>();
  const early = new Map<string, SocketFrame[]>();
  let [reads, comes, watching, closed] = [false, false, false, false];
  /** How many frames came, and how many had come when the charm was last seen to wait. */
  let [heard, waitedAt] = [0, -1];
  /** Requests that wait for their turn: whoever asked waits for more than frames. */
  let held = 0;

  const watch = async (): Promise<void> => {
    if (watching) return;
    watching = true;
    while (comes && !closed) {
      await setTimeout(REST_MS, undefined, { ref: false });
      const come = await atRest(watched);
      if (comes && held === 0 && come === watched.received()) rest();
    }
    watching = false;
  };
  const settle = async (): Promise<void> => {
    await setImmediate();
    await setImmediate();
    if (!reads || heard === waitedAt) return;
    let come: number | null;
    do come = await atRest(watched, PATIENCE_MS);
    while (come !== null && come !== watched.received());
    waitedAt = heard;
  };
  const hear = (request: SocketRequest): void => {
    heard += 1;
    told(request);
  };
  return {
    open({ channel, socket }, websocket) {
      const key = `${channel}/${socket}`;
      const place = { kind: 'websocket', channel, socket } as const;
      open.set(key, websocket);
      let broken = false;
      websocket.on('error', () => {
        broken = true;
        websocket.terminate();
      });
      websocket.on('message', (data: Buffer, isBinary) => {
        const frame = isBinary ? { bytes: new Uint8Array(data) } : { text: data.toString('utf8') };
        hear({ ...place, frame });
      });
      websocket.on('close', (code) => {
        open.delete(key);
        hear({ ...place, frame: { closed: broken ? PROTOCOL_ERROR : code } });
      });
      for (const frame of early.get(key) ?? []) send(websocket, frame);
      early.delete(key);
    },
    take(sockets) {
      reads = sockets?.reads ?? false;
      comes = sockets?.comes ?? false;
      for (const { channel, socket, frame } of sockets?.frames ?? []) {
        const key = `${channel}/${socket}`;
        const websocket = open.get(key);
        if (websocket) send(websocket, frame);
        else early.set(key, [...(early.get(key) ?? []), frame]);
      }
      if (comes) void watch();
    },
    pending: () => open.size > 0,
    async settled() {
      if (open.size === 0) return;
      held += 1;
      await settle();
      held -= 1;
    },
    close() {
      closed = true;
      for (const websocket of open.values()) websocket.terminate();
      open.clear();
      early.clear();
    },
  };
}
