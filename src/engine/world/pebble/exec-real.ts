/**
 * Programs that are really run, by rules that say so: what the host is asked for and what comes of its answer. One is
 * run as a whole at one moment of the trace: when its input has ended, or when somebody waits for it; `takes` says how
 * much later it ends.
 * Source: pebble internals/daemon/api_exec.go (LookPath), internals/overlord/cmdstate/handlers.go (do); Go os/exec for
 * the words of an error.
 * Not modelled: a dialogue, in which input depends on what was printed; a signal to a program that runs, which finds
 * one that has not begun or has done all it does; other users than root inside: what a program makes is the user's.
 */
import type { Draft } from 'immer';
import type { Dir } from '../../files/tree.ts';
import type { Millis } from '../../model/request.ts';
import type { Brought, Errand, Ran } from '../../model/errand.ts';
import { bytesOf } from './exec-bytes.ts';
import { PATH } from './exec-rules.ts';
import { cameBack, type At } from './exec-run.ts';
import { diedOf } from './signal-numbers.ts';
import type { Container, Execution } from './slice.ts';

const NANOSECONDS = 1e6;
const ROOT_OWNER = { user: 'root', group: 'root' };

/** Where a program is that a request speaks of: undefined until it was looked for, null when there is none. */
export function soughtPath({ sought }: Container, program: string): string | null | undefined {
  return sought?.program === program ? sought.path : undefined;
}

type Within = { readonly name: string; readonly root: Dir; readonly now: Millis };

function runErrand({ name, root, now }: Within, [task, run]: [string, Execution]): Errand {
  return {
    kind: 'run',
    container: name,
    id: `exec ${task}`,
    argv: run.command,
    environment: run.environment,
    cwd: run.workingDir,
    stdin: { bytes: bytesOf(run.stdin), ended: run.stdinEnded },
    split: run.sockets['stderr'] !== undefined,
    until: 'end',
    root,
    owner: run.owner ?? ROOT_OWNER,
    now,
  };
}

/** What is wanted for a container's executions, or null. */
export function execErrand(name: string, container: Container, { at: now }: At): Errand | null {
  const { sought, executions = {}, root } = container;
  if (sought && sought.path === undefined) {
    return { kind: 'find', container: name, program: sought.program, path: PATH, root, now };
  }
  const wanted = Object.entries(executions).find(([, { real }]) => real === 'wanted');
  return wanted ? runErrand({ name, root, now }, wanted) : null;
}

/** What Go says of a program that could not be started. */
export function unstarted(
  program: string,
  { failed, path }: Extract<Ran, { failed: string }>,
): string {
  if (path !== null) return `fork/exec ${path}: ${failed}`;
  return program.includes('/')
    ? `fork/exec ${program}: ${failed}`
    : `exec: ${JSON.stringify(program)}: executable file not found in $PATH`;
}

function comeOf(ran: Ran, { command, timeout }: Pick<Execution, 'command' | 'timeout'>) {
  if ('code' in ran) return { exit: ran.code };
  if ('signal' in ran) return { exit: diedOf(ran.signal) };
  if ('failed' in ran) return { error: unstarted(command[0] ?? '', ran) };
  const { why, after } = ran.going;
  // It was given all the time that it has.
  if (timeout > 0 && timeout <= after * NANOSECONDS) return {};
  const unmet = `pebble exec ${command[0]} with run: real, which ${why}`;
  return timeout > 0 ? { unmet } : { exit: diedOf('SIGKILL'), unmet };
}

/** Takes what the host found or ran. Answers what is not simulated of it, by name. */
export function execBrought(
  container: Draft<Container>,
  errand: Errand,
  brought: Brought,
  at: At,
): string | null {
  if (brought.kind === 'found') {
    if (container.sought) container.sought.path = brought.path;
    return null;
  }
  const task = errand.kind === 'run' ? errand.id.slice('exec '.length) : '';
  const run = container.executions?.[task];
  if (!run) throw new Error(`no execution of task ${task}`);
  const { unmet, ...come } = { unmet: null, ...comeOf(brought.ran, run as Execution) };
  const { stdout, stderr, changes } = brought;
  cameBack(container, task, { stdout, stderr, changes, ...come }, at);
  return unmet;
}
