/**
 * The changes behind checks: one that performs a check as long as it is up, one that recovers it once it is down.
 * Source: pebble internals/overlord/checkstate/request.go, internals/overlord/state/change.go (Err), task.go (addLog).
 */
import type { Draft } from 'immer';
import type { Millis } from '../../model/request.ts';
import { quoted } from './answer.ts';
import { noteChange } from './change-notices.ts';
import { secondText } from './go-time.ts';
import { object, type Entry } from './plan.ts';
import type { Container, PebbleChange, Task } from './slice.ts';

export type CheckChangeKind = 'perform-check' | 'recover-check';
type Change = Draft<PebbleChange>;

const TITLES = { 'perform-check': 'Perform', 'recover-check': 'Recover' } as const;
const NAMES = { http: 'HTTP', tcp: 'TCP', exec: 'exec' } as const;
/** A task keeps as many lines. */
export const LOG_MAX = 10;

/** What a check asks: a plan has none without one of these. */
export function kindOf(config: Entry): keyof typeof NAMES {
  if (object(config, 'http')) return 'http';
  return object(config, 'tcp') ? 'tcp' : 'exec';
}

type Spawning = { readonly kind: CheckChangeKind; readonly config: Entry; readonly at: Millis };

/** A change that has begun; its number. */
export function spawnCheck(
  container: Draft<Container>,
  name: string,
  { kind, config, at }: Spawning,
): string {
  const id = String(container.nextChange++);
  const summary = `${TITLES[kind]} ${NAMES[kindOf(config)]} check ${quoted(name)}`;
  const task: Draft<Task> = {
    id: String(container.nextTask++),
    kind,
    summary,
    status: 'Doing',
    log: [],
    lane: 0,
    waits: [],
    service: '',
    until: null,
    spawned: at,
    ready: null,
  };
  container.changes[id] = {
    id,
    kind,
    summary,
    status: 'Doing',
    err: null,
    tasks: [task],
    services: [],
    spawned: at,
    ready: null,
    check: name,
  };
  noteChange(container, container.changes[id]!, { statuses: ['Do', 'Doing'], at });
  return id;
}

/** The change of that number while it is under way. */
export function underWay(container: Draft<Container>, id: string | undefined): Change | undefined {
  const change = id === undefined ? undefined : container.changes[id];
  return change?.ready === null ? change : undefined;
}

export function logCheck(
  change: Change,
  level: 'INFO' | 'ERROR',
  message: string,
  at: Millis,
): void {
  const task = change.tasks[0]!;
  task.log = [...task.log, `${secondText(at)} ${level} ${message}`].slice(-LOG_MAX);
}

/** What went wrong, each time that the task's log remembers. */
function errorsOf(change: Change): string {
  const lines = change.tasks[0]!.log.flatMap((line) => {
    const [, message] = /^\S+ ERROR ([\s\S]*)$/.exec(line) ?? [];
    return message === undefined ? [] : [`\n- ${change.summary} (${message})`];
  });
  return `cannot perform the following tasks:${lines.join('')}`;
}

const STATUSES = {
  Done: ['Done'],
  Error: ['Abort', 'Error'],
  stopped: ['Abort', 'Undo', 'Done'],
} as const;

/** `stopped`: told to, which is no failure. */
export function endCheck(
  container: Draft<Container>,
  change: Change,
  { how, at }: { how: keyof typeof STATUSES; at: Millis },
): void {
  const status = how === 'Error' ? 'Error' : 'Done';
  change.status = status;
  change.ready = at;
  if (how === 'Error') change.err = errorsOf(change);
  Object.assign(change.tasks[0]!, { status, ready: at });
  noteChange(container, change, { statuses: STATUSES[how], at });
}
