/**
 * A program that is executed, from the request to its end: it starts once stdio, and stderr where it is apart, are
 * connected; it prints at once, or when its input has ended if it reads any; it ends when its time is over.
 * Source: pebble internals/overlord/cmdstate/handlers.go (do, waitIOConnected, connectTimeout).
 * Not modelled: output that comes little by little; a program that is stopped by a signal and goes on later; who a
 * program runs as. A file that cannot be written is left out.
 */
import type { Draft } from 'immer';
import type { Changes } from '../../files/tree.ts';
import type { Blobs } from '../../model/counterpart.ts';
import type { Millis } from '../../model/request.ts';
import { noteChange } from './change-notices.ts';
import { bytesOf, contentOf, lettersOf } from './exec-bytes.ts';
import { layChanges, writeFiles } from './exec-files.ts';
import { outputOf, readsInput, type Printed } from './exec-rules.ts';
import { durationText } from './go-duration.ts';
import { secondText } from './go-time.ts';
import { diedOf } from './signal-numbers.ts';
import type { Container, Executed, Execution, ExecFrame } from './slice.ts';

type Box = Draft<Container>;
type Run = Draft<Execution>;
/** When something happens, and where contents are kept. */
export type At = { readonly at: Millis; readonly blobs: Blobs };

const CONNECT_WITHIN: Millis = 5000;
const NANOSECONDS = 1e6;
const TOO_LATE = 'context deadline exceeded';

/** The execution of that task; undefined when there is none, or none any more. */
export function executionOf(
  { executions = {} }: Pick<Container, 'executions'>,
  task: string,
): Execution | undefined {
  return Object.hasOwn(executions, task) ? executions[task] : undefined;
}

function runOf(container: Box, task: string): Run | undefined {
  return executionOf(container, task) as Run | undefined;
}

function executedAs(container: Box, task: string): Draft<Executed> | undefined {
  return container.executed?.findLast((one) => one.task === task);
}

/** Whether it is to be really run and was not yet: then that happens as soon as anybody waits for anything. */
function isToBeRun({ rule, started, real, ended }: Execution): boolean {
  return rule.run === 'real' && started !== null && real === undefined && !ended;
}

/** When its time is up, once it has started. */
function limitOf({ started, timeout }: Execution): Millis | null {
  if (started === null || timeout === 0) return null;
  return started + Math.ceil(Math.max(0, timeout) / NANOSECONDS);
}

/** When something comes of it by itself. */
export function dueOf(execution: Execution): Millis | null {
  if (execution.ended) return null;
  if (execution.started === null) return execution.asked + CONNECT_WITHIN;
  if (isToBeRun(execution)) return execution.started;
  if (execution.real === 'wanted') return null;
  const moments = [execution.ending?.at, limitOf(execution)].filter(
    (moment): moment is Millis => typeof moment === 'number',
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

function send(run: Run, socket: string, frame: ExecFrame['frame']): void {
  if (run.sockets[socket] === 'open') run.frames.push({ socket, frame });
}

function print(run: Run, { stdout, stderr }: Printed): void {
  const apart = run.sockets['stderr'] !== undefined;
  const encoder = new TextEncoder();
  for (const [socket, text] of [
    ['stdio', stdout ?? ''],
    [apart ? 'stderr' : 'stdio', stderr ?? ''],
  ] as const) {
    const bytes = typeof text === 'string' ? encoder.encode(text) : text;
    if (bytes.length > 0) send(run, socket, { bytes: lettersOf(bytes) });
  }
}

function endingOf(printed: Printed, at: Millis, blobs: Blobs): NonNullable<Run['ending']> {
  const files = Object.entries(printed.files ?? {}).map(([path, text]) => {
    if (text === null) return [path, null] as const;
    const bytes = new TextEncoder().encode(text);
    return [path, { digest: blobs.put(bytes), size: bytes.length }] as const;
  });
  return { at, exit: printed.exit ?? 0, files: Object.fromEntries(files) };
}

type How = {
  readonly at: Millis;
  /** What its change comes to on the way. */
  readonly through?: readonly string[];
  /** Absent: it never ran. */
  readonly exit?: number;
  readonly error?: string;
};

/** It is over: its websockets are told, its task is ready. */
function end(container: Box, task: string, { at, exit, error, through = [] }: How): void {
  const run = runOf(container, task);
  const change = run && container.changes[run.change];
  const only = change?.tasks[0];
  if (!run || !change || !only) throw new Error(`no execution of task ${task}`);
  run.ended = true;
  const status = error === undefined ? 'Done' : 'Error';
  Object.assign(only, {
    status,
    ready: at,
    ...(exit === undefined ? {} : { data: { 'exit-code': exit } }),
  });
  Object.assign(change, { status, ready: at });
  if (error !== undefined) {
    only.log.push(`${secondText(at)} ERROR ${error}`);
    change.err = `cannot perform the following tasks:\n- ${only.summary} (${error})`;
  }
  const statuses = error === undefined ? [...through, status] : ['Abort', status];
  noteChange(container, change, { statuses, at });
  if (exit === undefined) {
    container.executed = (container.executed ?? []).filter((one) => one.task !== task);
    return;
  }
  const executed = executedAs(container, task);
  if (executed) executed.exit = exit;
  send(run, 'control', { closed: true });
  for (const socket of ['stdio', 'stderr']) send(run, socket, { text: '{"command":"end"}' });
}

function come(container: Box, task: string, at: Millis): void {
  const run = runOf(container, task);
  if (!run || dueOf(run) !== at) return;
  if (run.started === null) {
    const error = `exec ${task}: timeout waiting for websocket connections: ${TOO_LATE}`;
    end(container, task, { at, error });
  } else if (isToBeRun(run as Execution) && limitOf(run) !== at) {
    run.real = 'wanted';
  } else if (limitOf(run) === at) {
    const error = `timed out after ${durationText(run.timeout)}: ${TOO_LATE}`;
    end(container, task, { at, exit: -1, error });
  } else if (run.ending) {
    writeFiles(container, run.ending.files, at);
    end(container, task, { at, exit: run.ending.exit });
  }
}

/** When the next program of a container starts too late or ends, or null. */
export function nextExec(container: Pick<Container, 'executions'>): Millis | null {
  const moments = Object.values(container.executions ?? {})
    .map(dueOf)
    .filter((moment) => moment !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Lets end, in order, what is due by then. */
export function runExecs(container: Box, to: Millis): void {
  for (let next = nextExec(container); next !== null && next <= to; next = nextExec(container)) {
    for (const task of Object.keys(container.executions ?? {})) come(container, task, next);
  }
}

function proceed(container: Box, task: string, { at, blobs }: At): void {
  const run = runOf(container, task);
  if (!run || run.started === null || run.ended || run.ending || run.real) return;
  if (readsInput(run.rule) && !run.stdinEnded) return;
  const limit = limitOf(run);
  if (limit !== null && limit <= at) return runExecs(container, at);
  if (run.rule.run === 'real') {
    if (run.stdinEnded) run.real = 'wanted';
    return;
  }
  const { command, environment, workingDir } = run;
  const stdin = bytesOf(run.stdin);
  const printed = outputOf(run.rule, {
    command: [...command],
    environment: { ...environment },
    workingDir,
    stdin,
  });
  print(run, printed);
  run.ending = endingOf(printed, at + (run.rule.takes ?? 0), blobs);
  runExecs(container, at);
}

/** What the host says of one that was really run. No `exit`: it goes on until its time is up. */
export type CameBack = {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly changes: Changes;
  readonly exit?: number;
  /** Why it could not be started. */
  readonly error?: string;
};

export function cameBack(container: Box, task: string, come: CameBack, { at }: At): void {
  const run = runOf(container, task);
  if (!run || run.ended) throw new Error(`nothing of task ${task} was to be run`);
  const { exit, error, changes } = come;
  run.real = 'ran';
  run.stdin = '';
  layChanges(container, changes);
  print(run, come);
  if (error !== undefined) return end(container, task, { at, exit: -1, error });
  if (exit !== undefined) run.ending = { at: at + (run.rule.takes ?? 0), exit, files: {} };
  runExecs(container, at);
}

/** A websocket of it is connected. */
export function connected(container: Box, task: string, socket: string, at: At): void {
  const run = runOf(container, task);
  if (!run) throw new Error(`no execution of task ${task}`);
  run.sockets[socket] = 'open';
  const waits = Object.entries(run.sockets).some(
    ([name, state]) => name !== 'control' && state === 'awaited',
  );
  if (run.started !== null || waits) return;
  run.started = at.at;
  if (run.sockets['control'] === 'gone')
    return end(container, task, { at: at.at, exit: diedOf('SIGKILL') });
  proceed(container, task, at);
  for (const signal of run.signals.splice(0)) signalled(container, task, signal, at);
}

export function gaveInput(container: Box, task: string, bytes: Uint8Array): void {
  const run = runOf(container, task);
  if (run && !run.stdinEnded) run.stdin += lettersOf(bytes);
}

/** No more of its input comes. What came is noted, read or not. */
export function endedInput(container: Box, task: string, at: At): void {
  const run = runOf(container, task);
  if (!run || run.stdinEnded) return;
  run.stdinEnded = true;
  const bytes = bytesOf(run.stdin);
  const executed = executedAs(container, task);
  if (executed && bytes.length > 0) executed.stdin = contentOf(bytes, at.blobs);
  proceed(container, task, at);
  if (run.started !== null && run.real === undefined) run.stdin = '';
}

const HARMLESS = ['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH'];

/** A signal that there is: the program does what its rule says, or what the signal does to any. */
export function signalled(container: Box, task: string, signal: string, { at, blobs }: At): void {
  const run = runOf(container, task);
  if (!run || run.ended) return;
  if (run.started === null) return void run.signals.push(signal);
  const executed = executedAs(container, task);
  if (executed) executed.signalled = [...(executed.signalled ?? []), signal];
  const reactions = run.rule.signals ?? {};
  const caught = signal !== 'SIGKILL' && Object.hasOwn(reactions, signal);
  const reaction = caught ? reactions[signal] : undefined;
  if (reaction) {
    print(run, reaction as Printed);
    if (reaction.exit === undefined) return;
    run.ending = endingOf(reaction as Printed, at, blobs);
    runExecs(container, at);
  } else if (!HARMLESS.includes(signal)) {
    end(container, task, { at, exit: diedOf(signal) });
  }
}

/** A websocket of it is gone. Pebble kills what loses its control without a word. */
export function disconnected(
  container: Box,
  task: string,
  { socket, code }: { readonly socket: string; readonly code: number | null },
  at: At,
): void {
  const run = runOf(container, task);
  if (!run) return;
  run.sockets[socket] = 'gone';
  if (socket === 'stdio') endedInput(container, task, at);
  if (socket !== 'control' || run.started === null || run.ended) return;
  if (code === null || code === 1006) end(container, task, { at: at.at, exit: diedOf('SIGKILL') });
}

/** Ends the program of a change, as when the change is aborted. */
export function aborted(container: Box, change: string, at: Millis): void {
  const found = Object.entries(container.executions ?? {}).find(([, run]) => run.change === change);
  if (!found || found[1].ended) return;
  const [task, { started }] = found;
  if (started === null) end(container, task, { at, error: 'context canceled' });
  else end(container, task, { at, exit: diedOf('SIGKILL'), through: ['Abort', 'Undo'] });
}
