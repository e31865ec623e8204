/**
 * Performing checks as time goes by: one that fails as often as its threshold says is down, and is recovered by the
 * first success. Nothing is reckoned one by one that changes nothing but a count: a check that keeps succeeding, or
 * keeps failing once it is down, is brought up to date whenever time has passed, and nobody waits for it.
 * Source: pebble internals/overlord/checkstate/handlers.go (doPerformCheck, doRecoverCheck), manager.go
 * (changeStatusChanged, updateCheckData).
 * Not modelled: periods below a millionth of a second.
 */
import type { Draft } from 'immer';
import type { JsonObject } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';
import { checkFailed } from './behaviour.ts';
import { endCheck, LOG_MAX, logCheck, spawnCheck, underWay } from './check-change.ts';
import { delayOf, errorOf, findingOf, periodOf, thresholdOf } from './check-finding.ts';
import { micro } from './go-time.ts';
import type { CheckState, Container, PebbleChange } from './slice.ts';

type State = Draft<CheckState>;
/** A check that a change performs. */
export type Running = {
  readonly name: string;
  readonly state: State;
  readonly config: JsonObject;
  readonly change: Draft<PebbleChange>;
};

export function runningCheck(container: Draft<Container>, name: string): Running | null {
  const state = Object.hasOwn(container.checks, name) ? container.checks[name] : undefined;
  const change = underWay(container, state?.change);
  if (!state?.running || !change) return null;
  return { name, state, config: state.running as JsonObject, change };
}

/** All that are performed, by name; none while Pebble does not run. */
function allRunning(container: Draft<Container>): readonly Running[] {
  if (!container.canConnect) return [];
  return Object.keys(container.checks)
    .sort()
    .map((name) => runningCheck(container, name))
    .filter((running) => running !== null);
}

export function statusOf(failures: number, config: JsonObject): 'up' | 'down' {
  return failures >= thresholdOf(config) ? 'down' : 'up';
}

/** The state of a check that is performed from now on by a change of its own. */
export function performed(
  container: Draft<Container>,
  name: string,
  { config, at, ...more }: { config: JsonObject; at: Millis } & Partial<CheckState>,
): void {
  const change = spawnCheck(container, name, { kind: 'perform-check', config, at });
  const { failures = 0, successes = 0 } = more;
  const status = statusOf(failures, config);
  const next = micro(at + periodOf(config));
  const state = { ...more, status, failures, successes, change, running: config, next };
  container.checks[name] = state as State;
}

function threshold(container: Draft<Container>, running: Running, error: string, at: Millis): void {
  const { name, state, config, change } = running;
  checkFailed(container, name, at);
  logCheck(change, 'ERROR', error, at);
  endCheck(container, change, { how: 'Error', at });
  state.previous = change.id;
  state.change = spawnCheck(container, name, { kind: 'recover-check', config, at });
  state.next = micro(at + periodOf(config));
  state.status = statusOf(state.failures, config);
}

function performFails(container: Draft<Container>, running: Running, error: string, at: Millis) {
  const { state, config, change } = running;
  if (state.recovered) state.successes = 0;
  delete state.recovered;
  state.failures += 1;
  if (state.failures >= thresholdOf(config)) return threshold(container, running, error, at);
  logCheck(change, 'ERROR', error, at);
}

function performSucceeds({ state, change, config }: Running, at: Millis): void {
  state.successes = state.recovered ? 1 : state.successes + 1;
  delete state.recovered;
  if (state.failures === 0) return;
  const times = state.failures === 1 ? '1 failure' : `${state.failures} failures`;
  logCheck(change, 'INFO', `succeeded after ${times}`, at);
  state.failures = 0;
  state.status = statusOf(0, config);
}

function recoverFails({ state, change, config }: Running, error: string, at: Millis): void {
  state.failures += 1;
  state.status = statusOf(state.failures, config);
  logCheck(change, 'ERROR', error, at);
}

function recoverSucceeds(container: Draft<Container>, running: Running, at: Millis): void {
  const { name, config, change } = running;
  endCheck(container, change, { how: 'Done', at });
  const now = { config, at, successes: 1, previous: change.id, recovered: true } as const;
  performed(container, name, now);
}

/** Performs a check once, now. Its error, or null. */
export function performOnce(
  container: Draft<Container>,
  running: Running,
  at: Millis,
): string | null {
  const error = errorOf(findingOf(container as Container, running.name), running.config);
  const performs = running.change.kind === 'perform-check';
  if (error !== null && performs) performFails(container, running, error, at);
  else if (error !== null) recoverFails(running, error, at);
  else if (performs) performSucceeds(running, at);
  else recoverSucceeds(container, running, at);
  return error;
}

function dueAt(container: Container, { name, state, config }: Running): Millis {
  return micro(state.next! + delayOf(findingOf(container, name), config));
}

/** The checks that were to be performed while Pebble was away. */
export function missed(container: Draft<Container>, at: Millis): readonly Running[] {
  return allRunning(container).filter((running) => dueAt(container as Container, running) <= at);
}

/** Whether performing it changes nothing but a count. */
function isSteady(container: Container, { name, state, change }: Running): boolean {
  const fails = findingOf(container, name).found !== 'up';
  return change.kind === 'recover-check' ? fails : !fails && state.failures === 0;
}

/** When a check is performed next that is other than it was before. */
export function nextCheck(container: Container): Millis | null {
  const moments = allRunning(container as Draft<Container>)
    .filter((running) => !isSteady(container, running))
    .map((running) => dueAt(container, running));
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Performs what is due by then and is other than it was before, in order of names. */
export function performDue(container: Draft<Container>, at: Millis): void {
  for (const { name } of allRunning(container)) {
    const own = container as Container;
    // One that brings Pebble down takes the others with it.
    const running = runningCheck(container, name);
    if (!running || isSteady(own, running) || dueAt(own, running) > at) continue;
    running.state.next = micro(running.state.next! + periodOf(running.config));
    performOnce(container, running, at);
  }
}

function countOn(container: Container, running: Running, to: Millis): void {
  const { name, state, config, change } = running;
  const period = periodOf(config);
  const first = dueAt(container, running);
  if (first > to) return;
  const times = Math.floor((to - first) / period) + 1;
  state.next = micro(state.next! + times * period);
  if (change.kind === 'perform-check') {
    state.successes = (state.recovered ? 0 : state.successes) + times;
    delete state.recovered;
    return;
  }
  state.failures += times;
  const error = errorOf(findingOf(container, name), config) ?? '';
  for (let turn = Math.max(0, times - LOG_MAX); turn < times; turn += 1) {
    logCheck(change, 'ERROR', error, micro(first + turn * period));
  }
}

/** Counts what has been performed until then and was as it was before. */
export function countSteady(container: Draft<Container>, to: Millis): void {
  for (const running of allRunning(container)) {
    if (isSteady(container as Container, running)) countOn(container as Container, running, to);
  }
}
