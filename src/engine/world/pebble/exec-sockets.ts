/**
 * GET /v1/tasks/{id}/websocket/{name}: how an execution's websockets are opened, what comes on them and what is sent.
 * Source: pebble internals/daemon/api_tasks.go, internals/overlord/cmdstate (manager.go, handlers.go controlLoop),
 * internals/wsutil; gorilla/websocket server.go (Upgrade), for what is wrong with a handshake.
 * Not modelled: frames on stderr, which Pebble does not read either; signals that stop a program.
 */
import type { Draft } from 'immer';
import type { Json } from '../../model/json.ts';
import type { Answer, Reply, SocketFrame, Sockets } from '../../model/request.ts';
import { badRequest, envelope, failure, goJson, quoted } from './answer.ts';
import type { Asked, Handler } from './asked.ts';
import { bytesOf } from './exec-bytes.ts';
import {
  connected,
  disconnected,
  dueOf,
  endedInput,
  executionOf,
  gaveInput,
  signalled,
  type At,
} from './exec-run.ts';
import { decodeJson } from './go-json.ts';
import { signalNumber } from './signal-numbers.ts';
import type { Container, ExecFrame, Execution, PebbleChange, PebbleSlice } from './slice.ts';

function hasToken(headers: Asked['headers'], header: string, token: string): boolean {
  const tokens = (headers[header] ?? '').split(',').map((one) => one.trim().toLowerCase());
  return tokens.includes(token);
}

const NO_WEBSOCKET = 'websocket: the client is not using the websocket protocol';

/** What is wrong with a request to become a websocket, or null. */
function badHandshake(headers: Asked['headers']): string | null {
  if (!hasToken(headers, 'connection', 'upgrade'))
    return `${NO_WEBSOCKET}: 'upgrade' token not found in 'Connection' header`;
  if (!hasToken(headers, 'upgrade', 'websocket'))
    return `${NO_WEBSOCKET}: 'websocket' token not found in 'Upgrade' header`;
  if (!hasToken(headers, 'sec-websocket-version', '13'))
    return "websocket: unsupported version: 13 not found in 'Sec-Websocket-Version' header";
  if (/^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? '')) return null;
  const key = "'Sec-WebSocket-Key' header must be Base64 encoded value of 16-byte in length";
  return `websocket: not a websocket handshake: ${key}`;
}

/** Go's plain text, and after it what Pebble says of the same. */
function refusedHandshake(message: string): Reply {
  return {
    kind: 'reply',
    code: 400,
    out: `Bad Request\n${goJson(envelope('error', 500, { result: { message } }))}`,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'sec-websocket-version': '13',
      'x-content-type-options': 'nosniff',
    },
  };
}

function changeOf(container: Container, task: string): PebbleChange | undefined {
  return Object.values(container.changes).find(({ tasks }) => tasks.some(({ id }) => id === task));
}

/** Once the change is ready there is nothing to connect to. */
function tooLate({ err }: PebbleChange): Reply {
  return err === null ? { kind: 'reply', code: 200, out: '' } : failure(500, err);
}

function opened(asked: Asked, task: string, socket: string): Answer {
  const execution = executionOf(asked.container, task) as Execution;
  const state = Object.hasOwn(execution.sockets, socket) ? execution.sockets[socket] : undefined;
  if (state === undefined)
    return failure(404, `cannot find ${socket} websocket for task ${quoted(task)}`);
  if (state !== 'awaited') return failure(500, `${socket} websocket already connected`);
  const wrong = badHandshake(asked.headers);
  if (wrong !== null) return refusedHandshake(wrong);
  const { now: at, blobs } = asked;
  asked.change((container) => connected(container, task, socket, { at, blobs }));
  return { kind: 'reply', code: 101, out: '', socket: `${task}/${socket}` };
}

export const getWebsocket: Handler = (asked) => {
  const [task = '', socket = ''] = asked.parts;
  const { container } = asked;
  const change = changeOf(container, task);
  const kind = change?.tasks.find(({ id }) => id === task)?.kind;
  if (!change || kind === undefined) return failure(404, `cannot find task ${quoted(task)}`);
  if (kind !== 'exec') return badRequest(`${quoted(kind)} tasks do not have websockets`);
  const ended = executionOf(container, task)?.ended ?? true;
  return ended ? tooLate(change) : opened(asked, task, socket);
};

type Command = { readonly command: string; readonly signal: string };

function textField(value: Json | undefined, name: string): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  const field = (value as Readonly<Record<string, Json>>)[name];
  return typeof field === 'string' ? field : '';
}

function commandIn(text: string): Command {
  const decoded = decodeJson(text);
  const value = 'value' in decoded ? decoded.value : null;
  const signal =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, Json>>)['signal']
      : undefined;
  return { command: textField(value, 'command'), signal: textField(signal, 'name') };
}

const DONE: Answer = { kind: 'reply', code: 0, out: '' };
const STOPPING = ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'];
/** Where a frame came: `change` lets the container be changed. */
type Came = {
  readonly socket: string;
  readonly frame: SocketFrame;
  readonly rule: Execution['rule'] | undefined;
  readonly at: At;
  change(work: (container: Draft<Container>) => void): void;
};

function controlled(task: string, text: string, { rule, at, change }: Came): Answer {
  const { command, signal } = commandIn(text);
  if (command !== 'signal' || signalNumber(signal) === null) return DONE;
  const caught = signal !== 'SIGSTOP' && Object.hasOwn(rule?.signals ?? {}, signal);
  if (STOPPING.includes(signal) && !caught)
    return { kind: 'unsupported', what: `pebble exec signal ${signal}` };
  change((container) => signalled(container, task, signal, at));
  return DONE;
}

/** A frame that came on the websocket of that name. */
export function cameOn(came: Came): Answer {
  const { frame, at, change } = came;
  const [task = '', socket = ''] = came.socket.split('/');
  if ('closed' in frame) {
    change((container) => disconnected(container, task, { socket, code: frame.closed }, at));
  } else if (socket === 'control') {
    return controlled(
      task,
      'text' in frame ? frame.text : new TextDecoder().decode(frame.bytes),
      came,
    );
  } else if (socket === 'stdio' && 'bytes' in frame) {
    change((container) => gaveInput(container, task, frame.bytes));
  } else if (socket === 'stdio' && commandIn((frame as { text: string }).text).command === 'end') {
    change((container) => endedInput(container, task, at));
  }
  return DONE;
}

function sent(frame: ExecFrame['frame']): SocketFrame {
  if ('text' in frame) return frame;
  return 'bytes' in frame ? { bytes: bytesOf(frame.bytes) } : { closed: null };
}

function isOpen({ sockets }: Execution): boolean {
  return Object.values(sockets).includes('open');
}

/** Nothing of it is to come, sent or received. */
function isOver({ ended, stdinEnded, sockets }: Execution): boolean {
  return ended && (stdinEnded || sockets['stdio'] !== 'open');
}

function told(container: string, executions: NonNullable<Container['executions']>): Sockets {
  const runs = Object.entries(executions);
  return {
    frames: runs.flatMap(([task, { frames }]) =>
      frames.map(({ socket, frame }) => ({
        channel: container,
        socket: `${task}/${socket}`,
        frame: sent(frame),
      })),
    ),
    open: runs.flatMap(([task, { sockets }]) =>
      Object.keys(sockets)
        .filter((socket) => sockets[socket] === 'open')
        .map((socket) => ({ channel: container, socket: `${task}/${socket}` })),
    ),
    reads: runs.some(([, run]) => run.sockets['stdio'] === 'open' && !run.stdinEnded),
    comes: runs.some(([, run]) => isOpen(run) && dueOf(run) !== null),
  };
}

/** What the websockets of all containers come to, and the slice without what is sent; null where there are none. */
export function socketsOf(slice: PebbleSlice): { told: Sockets; slice: PebbleSlice } | null {
  const all = Object.entries(slice.containers).filter(
    ([, { executions }]) => executions && Object.keys(executions).length > 0,
  );
  if (all.length === 0) return null;
  const each = all.map(([name, { executions }]) => told(name, executions ?? {}));
  const after = all.map(([name, container]): [string, Container] => {
    const left = Object.entries(container.executions ?? {})
      .filter(([, run]) => !isOver(run))
      .map(([task, run]): [string, Execution] => [
        task,
        run.frames.length === 0 ? run : { ...run, frames: [] },
      ]);
    return [name, { ...container, executions: Object.fromEntries(left) }];
  });
  return {
    told: {
      frames: each.flatMap(({ frames }) => frames),
      open: each.flatMap(({ open }) => open),
      reads: each.some(({ reads }) => reads),
      comes: each.some(({ comes }) => comes),
    },
    slice: { containers: { ...slice.containers, ...Object.fromEntries(after) } },
  };
}
