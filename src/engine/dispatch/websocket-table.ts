/** Open websockets by name. A frame for one that is not open yet is sent when it is. */
import type { WebSocket } from 'ws';
import type { SocketFrame } from '../model/request.ts';

/** The code for frames that are none; Pebble then stops reading and kills nothing. */
const PROTOCOL_ERROR = 1002;

export type WebsocketTable = {
  open(name: string, websocket: WebSocket, came: (frame: SocketFrame) => void): void;
  send(name: string, frame: SocketFrame): void;
  readonly count: () => number;
  /** How many bytes the other side of it has not taken yet. */
  unsent(name: string): number;
  /** Hangs up on all. */
  close(): void;
};

function send(websocket: WebSocket, frame: SocketFrame): void {
  if ('closed' in frame) websocket.terminate();
  else websocket.send('text' in frame ? frame.text : frame.bytes, () => undefined);
}

export function openWebsocketTable(): WebsocketTable {
  const open = new Map<string, WebSocket>();
  const early = new Map<string, SocketFrame[]>();
  return {
    open(name, websocket, came) {
      let broken = false;
      open.set(name, websocket);
      websocket.on('error', () => {
        broken = true;
        websocket.terminate();
      });
      websocket.on('message', (data: Buffer, isBinary) =>
        came(isBinary ? { bytes: new Uint8Array(data) } : { text: data.toString('utf8') }),
      );
      websocket.on('close', (code) => {
        open.delete(name);
        came({ closed: broken ? PROTOCOL_ERROR : code });
      });
      for (const frame of early.get(name) ?? []) send(websocket, frame);
      early.delete(name);
    },
    send(name, frame) {
      const websocket = open.get(name);
      if (websocket) send(websocket, frame);
      else early.set(name, [...(early.get(name) ?? []), frame]);
    },
    count: () => open.size,
    unsent: (name) => open.get(name)?.bufferedAmount ?? 0,
    close() {
      for (const websocket of open.values()) websocket.terminate();
      open.clear();
      early.clear();
    },
  };
}
