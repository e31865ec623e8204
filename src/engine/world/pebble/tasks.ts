/**
 * Changes and their tasks as time goes by: what can begin does, what is done frees what waits for
 * it. A start takes a second, Pebble's okay-delay: until then its task is Doing, though the service
 * is active at once.
 * Source: pebble overlord/state (change, task, taskrunner) and overlord/servstate/handlers.go.
 * Not modelled: processes. A service that is started runs until it is stopped, and stops when asked
 * to; neither does a start fail, but for one that is stopped before its second is over.
 */
import type { Draft } from 'immer';
import type { Json } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';
import { secondText } from './go-time.ts';
import { planOfContainer } from './layer-list.ts';
import { entryOf, type Entries } from './plan.ts';
import type { Container, PebbleChange, ServiceState, Task } from './slice.ts';

const OKAY_DELAY: Millis = 1000;
type Change = Draft<PebbleChange>;

/** Highest first: a change has the first of these that one of its tasks has. */
const STATUS_ORDER = ['Doing', 'Do', 'Error', 'Done', 'Hold'];

function log(task: Draft<Task>, level: 'INFO' | 'ERROR', message: string, at: Millis): void {
  task.log.push(`${secondText(at)} ${level} ${message}`);
}

function end(task: Draft<Task>, status: 'Done' | 'Error' | 'Hold', at: Millis): void {
  task.status = status;
  task.ready = at;
  task.until = null;
}

function unready(container: Draft<Container>): Change[] {
  return Object.values(container.changes)
    .filter((change) => change.ready === null)
    .sort((a, b) => Number(a.id) - Number(b.id));
}

function beginStart(
  container: Draft<Container>,
  task: Draft<Task>,
  at: Millis,
  plan: Entries,
): void {
  const name = task.service;
  const config = entryOf(plan, name);
  if (!config) throw new Error(`service ${name} left the plan`);
  const known = Object.hasOwn(container.services, name) ? container.services[name] : undefined;
  const running = config as Draft<Json>;
  if (known?.current === 'active') {
    known.running = running;
    log(task, 'INFO', `Service ${JSON.stringify(name)} already started.`, at);
    end(task, 'Done', at);
    return;
  }
  const started: Draft<ServiceState> = { current: 'active', since: at, running };
  container.services[name] = started;
  task.status = 'Doing';
  task.until = at + OKAY_DELAY;
}

function beginStop(container: Draft<Container>, task: Draft<Task>, at: Millis): void {
  const name = task.service;
  const quoted = JSON.stringify(name);
  const service = Object.hasOwn(container.services, name) ? container.services[name] : undefined;
  if (!service) log(task, 'INFO', `Service ${quoted} has never been started.`, at);
  else if (service.current === 'inactive')
    log(task, 'INFO', `Service ${quoted} already stopped.`, at);
  else {
    if (service.current === 'error') log(task, 'INFO', `Service ${quoted} had already exited.`, at);
    else interruptStart(container, name, at);
    service.current = 'inactive';
    service.since = at;
  }
  end(task, 'Done', at);
}

/** A start that is stopped within its second has failed. */
function interruptStart(container: Draft<Container>, name: string, at: Millis): void {
  for (const change of unready(container)) {
    const task = change.tasks.find(
      (one) => one.kind === 'start' && one.service === name && one.status === 'Doing',
    );
    if (!task) continue;
    log(task, 'INFO', 'Most recent service output:\n    ', at);
    log(task, 'ERROR', 'service start attempt: stopped before the 1s okay delay', at);
    end(task, 'Error', at);
    holdWaiting(change, at);
    summarise(change);
  }
}

/** What waits for a task that failed never begins. */
function holdWaiting(change: Change, at: Millis): void {
  const lost = new Set(
    change.tasks.filter((task) => task.status === 'Error').map((task) => task.id),
  );
  for (const task of change.tasks) {
    if (task.status !== 'Do' || !task.waits.some((id) => lost.has(id))) continue;
    end(task, 'Hold', at);
    lost.add(task.id);
  }
}

function begin(container: Draft<Container>, change: Change, at: Millis, plan: Entries): boolean {
  const done = new Set(
    change.tasks.filter((task) => task.status === 'Done').map((task) => task.id),
  );
  const ready = change.tasks.filter(
    (task) => task.status === 'Do' && task.waits.every((id) => done.has(id)),
  );
  for (const task of ready) {
    if (task.kind === 'start') beginStart(container, task, at, plan);
    else beginStop(container, task, at);
  }
  return ready.length > 0;
}

function failures(change: Change): string | null {
  const failed = change.tasks.filter((task) => task.status === 'Error');
  if (failed.length === 0) return null;
  const lines = failed.map((task) => {
    const last = task.log.findLast((line) => line.includes(' ERROR ')) ?? '';
    return `\n- ${task.summary} (${last.replace(/^\S+ ERROR /, '')})`;
  });
  return `cannot perform the following tasks:${lines.join('')}`;
}

function summarise(change: Change): void {
  const statuses = new Set(change.tasks.map((task) => task.status));
  change.status = STATUS_ORDER.find((status) => statuses.has(status)) ?? 'Done';
  if (change.tasks.some((task) => task.ready === null)) return;
  change.ready = Math.max(change.spawned, ...change.tasks.map((task) => task.ready ?? 0));
  change.err = failures(change);
}

function beginAll(container: Draft<Container>, at: Millis): void {
  const pending = unready(container);
  if (pending.length === 0) return;
  const { services } = planOfContainer(container as Container);
  for (const change of pending) {
    while (begin(container, change, at, services));
    summarise(change);
  }
}

/** When the next task of a container ends by itself, or null. */
export function nextEnd(container: Container): Millis | null {
  const ends = Object.values(container.changes)
    .filter((change) => change.ready === null)
    .flatMap((change) => change.tasks.flatMap((task) => (task.until === null ? [] : [task.until])));
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Begins what can begin now, and lets end, in order, what is due by then. */
export function run(container: Draft<Container>, now: Millis): void {
  for (let next = nextEnd(container as Container); next !== null && next <= now;) {
    for (const change of unready(container)) {
      for (const task of change.tasks) if (task.until === next) end(task, 'Done', next);
    }
    beginAll(container, next);
    next = nextEnd(container as Container);
  }
  beginAll(container, now);
}
