/** A client's end of the websockets of one execution, as the recorder had it. */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { SocketFrame } from '../../src/engine/model/request.ts';
import { ask, pass, sent, type Server } from './server.ts';
import { filled, type Io, type SentFrame } from './transcript.ts';

const CHANNEL = 'web';
const HANDSHAKE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

export type OpenIo = {
  readonly io: Io['exec_io'];
  readonly connect: readonly Json[];
  readonly received: Record<string, SocketFrame[]>;
};

/** Asks for one websocket. What is wrong comes as JSON, or as nothing. */
export function connect(
  server: Server,
  task: string,
  socket: string,
  headers = HANDSHAKE,
): JsonObject {
  const url = `/v1/tasks/${task}/websocket/${socket}`;
  const none = new Uint8Array();
  const answer = ask(server, {
    kind: 'http',
    channel: CHANNEL,
    method: 'GET',
    url,
    headers,
    body: none,
  });
  if (answer.kind !== 'reply') throw new Error(JSON.stringify(answer));
  const { code: status, out } = answer;
  if (status === 101) return { socket, status };
  return { socket, status, json: out === '' ? '' : (JSON.parse(String(out)) as Json) };
}

export function tell(server: Server, socket: string, frame: SocketFrame): ReturnType<typeof ask> {
  return ask(server, { kind: 'websocket', channel: CHANNEL, socket, frame });
}

function frameOf({ text, binary, base64, binary_repeat: repeated }: SentFrame): SocketFrame {
  if (text !== undefined) return { text };
  if (base64 !== undefined) return { bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
  const [part = '', count = 1] = repeated ?? [];
  return { bytes: new TextEncoder().encode(binary ?? part.repeat(count)) };
}

/** Takes what was sent on the websockets by now. */
export function collect(server: Server, { io, received }: OpenIo): void {
  for (const { socket, frame } of sent(server)) {
    const [task = '', name = ''] = socket.split('/');
    if (task === io.task) received[name]?.push(frame);
  }
}

export function begin(server: Server, { exec_io: io }: Io): OpenIo {
  const received: Record<string, SocketFrame[]> = {};
  const answers = io.connect.map(({ socket }) => {
    const answer = connect(server, io.task, socket);
    if (answer['status'] === 101) received[socket] = [];
    return answer;
  });
  const open = { io, connect: answers, received };
  collect(server, open);
  for (const step of io.send) {
    if ('sleep' in step) pass(server, step.sleep * 1000);
    else tell(server, `${io.task}/${step.socket}`, frameOf(filled(step)));
    collect(server, open);
  }
  return open;
}

/** Frames as recorded: binary ones that follow one another are one. */
function shown(frames: readonly SocketFrame[]): readonly Json[] {
  const all: { text?: string; binary?: string }[] = [];
  for (const frame of frames) {
    const last = all.at(-1);
    if ('text' in frame) all.push(frame);
    else if ('bytes' in frame) {
      const binary = new TextDecoder().decode(frame.bytes);
      if (last?.binary === undefined) all.push({ binary });
      else last.binary += binary;
    }
  }
  return all;
}

/** What came of it, in the recorder's form. */
export function finished({ io, connect: answers, received }: OpenIo): JsonObject {
  const each = Object.entries(received);
  const state = (frames: readonly SocketFrame[]): string =>
    frames.some((frame) => 'closed' in frame) ? 'eof' : 'open';
  return {
    ...io,
    connect: answers,
    received: Object.fromEntries(each.map(([socket, frames]) => [socket, shown(frames)])),
    after_end: Object.fromEntries(each.map(([socket, frames]) => [socket, state(frames)])),
  } as unknown as JsonObject;
}
