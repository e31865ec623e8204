/**
 * Changes of services and their tasks as time goes by: what can begin does, what is done frees what waits for it, what
 * fails takes its lane with it. A start takes a second, Pebble's okay-delay: until then its task is Doing, though the
 * service is active at once.
 * Source: pebble internals/overlord/state (change.go, task.go, taskrunner.go), servstate/handlers.go (doStart, doStop).
 * Not modelled: that Pebble forgets changes, a week after they have ended or when there are more than a thousand,
 * and services that have not run for a week.
 */
import type { Draft } from 'immer';
import type { Millis } from '../../model/request.ts';
import {
  abortStart,
  fire,
  nextTimer,
  startService,
  stopService,
  type Begun,
  type Told,
} from './behaviour.ts';
import type { Here } from './behaviour-life.ts';
import { noteChange } from './change-notices.ts';
import { addedTo, membersBefore } from './draft-members.ts';
import { secondText } from './go-time.ts';
import { planOfContainer } from './layer-list.ts';
import { quotedLines } from './log-text.ts';
import { entryOf, type Entries } from './plan.ts';
import type { Container, PebbleChange, Task } from './slice.ts';

const LOG_LINES = 10;
/** How much of a service's output a failed start quotes. */
const OUTPUT_LINES = 20;
type Change = Draft<PebbleChange>;
type Doing = {
  readonly container: Draft<Container>;
  readonly change: Change;
  readonly at: Millis;
};

/** Highest first: a change has the first of these that one of its tasks has. */
const STATUS_ORDER = ['Abort', 'Undo', 'Doing', 'Do', 'Error', 'Done', 'Hold'];
const READY = ['Done', 'Error', 'Hold'];
const KINDS = ['start', 'stop'];
const UNDER_WAY = ['Doing', 'Abort'];

function log(task: Draft<Task>, level: 'INFO' | 'ERROR', message: string, at: Millis): void {
  task.log = [...task.log, `${secondText(at)} ${level} ${message}`].slice(-LOG_LINES);
}

const begun = new WeakMap<Container['changes'], readonly string[]>();

/** Of changes as they were, those that had not ended. */
function begunOf(changes: Container['changes']): readonly string[] {
  const known = begun.get(changes);
  if (known) return known;
  const ids = Object.keys(changes).filter((id) => changes[id]!.ready === null);
  if (Object.isFrozen(changes)) begun.set(changes, ids);
  return ids;
}

function unready(container: Draft<Container>): Change[] {
  const { changes } = container;
  return [...begunOf(membersBefore(changes)), ...addedTo(container, 'changes')]
    .flatMap((id) => changes[id] ?? [])
    .filter((change) => change.ready === null && isOfServices(change as PebbleChange))
    .sort((a, b) => Number(a.id) - Number(b.id));
}

function failures(change: Change): string | null {
  const lines = change.tasks
    .filter(({ status }) => status === 'Error')
    .flatMap((task) =>
      task.log.flatMap((line) => {
        const [, message] = /^\S+ ERROR ([\s\S]*)$/.exec(line) ?? [];
        return message === undefined ? [] : [`\n- ${task.summary} (${message})`];
      }),
    );
  return lines.length === 0 ? null : `cannot perform the following tasks:${lines.join('')}`;
}

/** The change's status by its tasks', and its notice. That nothing of it is being done for a moment is not noted. */
function summarise({ container, change, at }: Doing): void {
  const statuses = new Set(change.tasks.map((task) => task.status));
  change.status = STATUS_ORDER.find((status) => statuses.has(status)) ?? 'Done';
  if (change.tasks.every(({ status }) => READY.includes(status))) {
    change.ready = at;
    change.err = failures(change);
  }
  if (change.noted === 'Doing' && change.status === 'Do') return;
  noteChange(container, change, { statuses: [change.status], at });
}

function setStatus(doing: Doing, task: Draft<Task>, status: string): void {
  task.status = status;
  task.ready = READY.includes(status) ? doing.at : null;
  summarise(doing);
}

const ABORTED: Readonly<Record<string, string>> = { Do: 'Hold', Doing: 'Abort', Done: 'Undo' };

/** What a task is that is told to stop: it never begins, or is on its way to its end, or is to be undone. */
export function abortedStatus(status: string): string {
  return ABORTED[status] ?? status;
}

function abort(doing: Doing, tasks: readonly Draft<Task>[]): void {
  for (const task of tasks) setStatus(doing, task, abortedStatus(task.status));
}

/** What is to be undone is done again once nothing that waited for it is under way: services cannot be undone. */
function undo(doing: Doing): void {
  const { tasks } = doing.change;
  for (const task of tasks.toReversed()) {
    const followed = tasks.filter(({ waits }) => waits.includes(task.id));
    if (task.status === 'Undo' && followed.every(({ status }) => READY.includes(status)))
      setStatus(doing, task, 'Done');
  }
}

/** A task has failed, and takes all of its lane with it. */
function fail(doing: Doing, task: Draft<Task>, error: string): void {
  const { change, at } = doing;
  abort(
    doing,
    change.tasks.filter((one) => one.lane === task.lane),
  );
  log(task, 'ERROR', error, at);
  setStatus(doing, task, 'Error');
  undo(doing);
}

function done(doing: Doing, task: Draft<Task>): void {
  setStatus(doing, task, task.status === 'Abort' ? 'Undo' : 'Done');
  undo(doing);
}

function hasBegun(doing: Doing, task: Draft<Task>, { waits, says, fails }: Begun): void {
  if (says !== undefined) log(task, 'INFO', says, doing.at);
  if (fails !== undefined) fail(doing, task, fails);
  else if (!waits) setStatus(doing, task, 'Done');
}

function begin(doing: Doing, task: Draft<Task>, plan: Entries): void {
  const { container, change, at } = doing;
  const here = { container, name: task.service, at };
  setStatus(doing, task, 'Doing');
  if (task.kind === 'stop') {
    const { told, ...begunStop } = stopService(here, change.kind);
    hasBegun(doing, task, begunStop);
    settle(container, told, at);
    return;
  }
  const config = entryOf(plan, task.service);
  if (config) hasBegun(doing, task, startService(here, config, change.kind));
  else fail(doing, task, `cannot find service ${JSON.stringify(task.service)} in plan`);
}

/** The task that is under way for a service, with its change. */
function underWay(container: Draft<Container>, kind: 'start' | 'stop', service: string) {
  const waits = (task: Task): boolean =>
    task.kind === kind && task.service === service && UNDER_WAY.includes(task.status);
  const change = unready(container).find(({ tasks }) => tasks.some(waits));
  const task = change?.tasks.find(waits);
  return change && task ? { change, task } : null;
}

/** The start of a service comes to nothing: there is no process. */
export function failStart({ container, name, at }: Here, error: string): void {
  const found = underWay(container, 'start', name);
  if (found) fail({ container, change: found.change, at }, found.task, error);
}

/** Ends the tasks that waited for what has happened. */
function settle(container: Draft<Container>, told: readonly Told[], at: Millis): void {
  for (const { task: kind, service, error } of told) {
    const found = underWay(container, kind, service);
    if (!found) continue;
    const { change, task } = found;
    const doing = { container, change, at };
    if (error === null) done(doing, task);
    else {
      const output = container.services[service]?.life?.log ?? '';
      log(task, 'INFO', `Most recent service output:\n${quotedLines(output, OUTPUT_LINES)}`, at);
      fail(doing, task, `service start attempt: ${error}`);
    }
  }
}

function canBegin(change: Change): Draft<Task> | undefined {
  const done = change.tasks.filter(({ status }) => status === 'Done').map(({ id }) => id);
  return change.tasks.find(
    ({ status, waits }) => status === 'Do' && waits.every((id) => done.includes(id)),
  );
}

function beginAll(container: Draft<Container>, at: Millis): void {
  const pending = unready(container).filter((change) => canBegin(change));
  if (pending.length === 0) return;
  const { services } = planOfContainer(container as Container);
  for (const change of pending) {
    for (let task = canBegin(change); task; task = canBegin(change)) {
      begin({ container, change, at }, task, services);
    }
  }
}

/** What a change of services is made of. */
export type Making = Pick<PebbleChange, 'kind' | 'summary' | 'services'> & {
  readonly tasks: readonly Draft<Task>[];
};

/** A change that is to begin; its number. One without tasks is done. */
export function addChange(container: Draft<Container>, making: Making, at: Millis): string {
  const id = String(container.nextChange);
  container.nextChange += 1;
  const { tasks, services } = making;
  container.changes[id] = {
    ...making,
    id,
    status: 'Do',
    err: null,
    tasks: [...tasks],
    services: [...services],
    spawned: at,
    ready: null,
  };
  const change = container.changes[id]!;
  noteChange(container, change, { statuses: ['Do'], at });
  if (tasks.length === 0) summarise({ container, change, at });
  return id;
}

/** Whether a change is one of services. */
export function isOfServices({ tasks }: PebbleChange): boolean {
  return tasks.every(({ kind }) => KINDS.includes(kind));
}

/** A change is told to stop: services that are starting are killed, those that are stopping stop all the same. */
export function abortServices(container: Draft<Container>, id: string, at: Millis): void {
  const change = container.changes[id]!;
  const doing = { container, change, at };
  abort(doing, change.tasks);
  for (const task of change.tasks) {
    if (task.kind !== 'start' || task.status !== 'Abort') continue;
    abortStart({ container, name: task.service, at });
    fail(doing, task, 'start aborted, sent SIGKILL to process');
  }
  undo(doing);
}

/** Whether no change of services is under way. */
export function isAtRest(container: Container): boolean {
  return unready(container as Draft<Container>).length === 0;
}

/** Begins what can begin now, and lets happen, in order, what is due by then. */
export function run(container: Draft<Container>, now: Millis): void {
  beginAll(container, now);
  for (;;) {
    const next = nextTimer(container as Container);
    if (next === null || next > now) return;
    settle(container, fire(container, next), next);
    beginAll(container, next);
  }
}
