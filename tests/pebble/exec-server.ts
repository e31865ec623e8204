/** A container with rules for programs, and programs executed in it by words. */
import type { Json } from '../../src/engine/model/json.ts';
import type { ExecRule } from '../../src/engine/world/pebble/slice.ts';
import { begin, collect, finished, type OpenIo } from './exec-io.ts';
import { ask, containerOf, httpRequest, pass, serverWith, type Server } from './server.ts';
import type { SentFrame } from './transcript.ts';

type Answered = { readonly code: number; readonly message?: string; readonly result: Json };

export function serverOf(execs: readonly ExecRule[], layers: readonly string[] = []): Server {
  const server = serverWith(layers);
  server.slice = { containers: { web: { ...containerOf(server), execs } } };
  return server;
}

export function answerTo(server: Server, method: string, path: string, json?: Json): Answered {
  const answer = ask(
    server,
    httpRequest({ method, path, ...(json === undefined ? {} : { json }) }),
  );
  if (answer.kind !== 'reply') throw new Error(JSON.stringify(answer));
  const body = JSON.parse(String(answer.out)) as { result: { message?: string } };
  const { message } = body.result ?? {};
  return { code: answer.code, ...(message === undefined ? {} : { message }), result: body.result };
}

export function asked(server: Server, command: readonly string[], more: object = {}): Answered {
  return answerTo(server, 'POST', '/v1/exec', { command, ...more });
}

export function unmet(server: Server, command: readonly string[], more: object = {}): Json {
  const answer = ask(
    server,
    httpRequest({ method: 'POST', path: '/v1/exec', json: { command, ...more } }),
  );
  return answer.kind === 'unsupported' ? answer.what : answer.kind;
}

export const END: SentFrame = { socket: 'stdio', text: '{"command":"end"}' };

export function open(
  server: Server,
  send: readonly SentFrame[] = [],
  task = '1',
  apart = false,
): OpenIo {
  const sockets = apart ? ['control', 'stdio', 'stderr'] : ['control', 'stdio'];
  const waited = sockets.map((socket) => ({ socket, status: 101 }));
  return begin(server, { exec_io: { task, connect: waited, send, received: {}, after_end: {} } });
}

/** What is received by the end of a program that was asked for with these words. */
export function output(server: Server, command: readonly string[], stdin?: string): Json {
  const { result } = asked(server, command);
  const task = (result as { 'task-id': string })['task-id'];
  const io = open(
    server,
    [...(stdin === undefined ? [] : [{ socket: 'stdio', binary: stdin }]), END],
    task,
  );
  pass(server, 60_000);
  collect(server, io);
  const { received } = finished(io) as { received: { stdio: { binary?: string }[] } };
  return received.stdio.map(({ binary }) => binary ?? '').join('');
}

export function change(server: Server, id = '1') {
  return containerOf(server).changes[id]!;
}

export function exitCode(server: Server, id = '1'): Json | undefined {
  return change(server, id).tasks[0]?.data?.['exit-code'];
}

/** Its websockets that are open. */
export function sentOpen(server: Server): readonly { readonly socket: string }[] {
  const { executions = {} } = containerOf(server);
  return Object.entries(executions).flatMap(([task, { sockets }]) =>
    Object.keys(sockets)
      .filter((socket) => sockets[socket] === 'open')
      .map((socket) => ({ socket: `${task}/${socket}` })),
  );
}
