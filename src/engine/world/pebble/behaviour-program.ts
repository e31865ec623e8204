/**
 * What a service's program does, by what the tree says of it, and what its entry in the plan makes of that.
 * Source: pebble internals/plan/plan.go (defaults), servstate/handlers.go (getAction, killDelay, calculateNextBackoff).
 * Not modelled: the command itself, who runs it and where: it is always there and can be started. Nor the chance of up
 * to a tenth by which Pebble lengthens a back-off.
 */
import type { JsonObject } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';
import { parseDuration } from './go-duration.ts';
import { diedOf } from './signal-numbers.ts';
import type { Container, Program, ServiceState } from './slice.ts';

const NANOSECONDS = 1e6;
const KEEPS_RUNNING: Program = { after: 0, output: '', slow: 0 };
export type Action = 'restart' | 'shutdown' | 'success-shutdown' | 'failure-shutdown' | 'ignore';

export function programOf({ programs }: Pick<Container, 'programs'>, service: string): Program {
  return (Object.hasOwn(programs, service) ? programs[service] : undefined) ?? KEEPS_RUNNING;
}

/** The exit code that Pebble sees. */
export function exitCode(exits: number | string): number {
  return typeof exits === 'number' ? exits : diedOf(exits);
}

function configOf({ running }: Pick<ServiceState, 'running'>): JsonObject {
  const is = typeof running === 'object' && running !== null && !Array.isArray(running);
  return is ? (running as JsonObject) : {};
}

function duration(service: ServiceState, field: string, usual: Millis): Millis {
  const text = configOf(service)[field];
  const parsed = typeof text === 'string' ? parseDuration(text) : usual * NANOSECONDS;
  return typeof parsed === 'number' ? parsed / NANOSECONDS : usual;
}

/** How long a process has to stop before it is killed. */
export function killDelay(service: ServiceState): Millis {
  return duration(service, 'kill-delay', 5000);
}

export function backoffLimit(service: ServiceState): Millis {
  return duration(service, 'backoff-limit', 30_000);
}

/** How long to wait before the next restart, given how long it was waited before the last one. */
export function nextBackoff(service: ServiceState, last: Millis): Millis {
  if (last === 0) return duration(service, 'backoff-delay', 500);
  const limit = backoffLimit(service);
  const factor = configOf(service)['backoff-factor'];
  const next = last * (typeof factor === 'number' ? factor : 2);
  return last >= limit ? limit : Math.min(Math.trunc(next * NANOSECONDS) / NANOSECONDS, limit);
}

/** What is to be done about an exit. */
export function exitAction(service: ServiceState, code: number): Action {
  const action = configOf(service)[code === 0 ? 'on-success' : 'on-failure'];
  return typeof action === 'string' && action !== '' ? (action as Action) : 'restart';
}

/** What is to be done when a check fails, or null when the service does not mind. */
export function checkAction(service: ServiceState, check: string): Action | null {
  const actions = configOf(service)['on-check-failure'];
  const known = typeof actions === 'object' && actions !== null && Object.hasOwn(actions, check);
  return known ? (((actions as JsonObject)[check] as Action | undefined) ?? null) : null;
}
