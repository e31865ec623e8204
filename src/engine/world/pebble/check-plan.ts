/**
 * Which checks are performed: those of the plan, unless it or somebody stopped them. Pebble begins with all that are
 * not disabled; a layer that changes one begins it anew, and any layer begins those anew that were stopped.
 * Source: pebble internals/overlord/checkstate/manager.go (PlanChanged, StartChecks, StopChecks, Replan,
 * mergeServiceContext). Go goes through checks in random order; here they are sorted.
 */
import type { Draft } from 'immer';
import { sorted, type Json, type JsonObject } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';
import { endCheck, spawnCheck, underWay } from './check-change.ts';
import { periodOf } from './check-finding.ts';
import { missed, performed, runningCheck } from './check-perform.ts';
import { micro } from './go-time.ts';
import { planOfContainer } from './layer-list.ts';
import { entryOf, namesOf, object, text, type Entry, type Plan } from './plan.ts';
import type { CheckState, Container } from './slice.ts';

const OF_CONTEXT = ['user-id', 'user', 'group-id', 'group', 'working-dir'];

function isOff(config: Entry): boolean {
  return text(config, 'startup') === 'disabled';
}

/** The check with what it takes from the service whose context it runs in. */
function inContext(plan: Plan, check: Entry): JsonObject {
  const exec = object(check, 'exec');
  const service = exec && entryOf(plan.services, text(exec, 'service-context'));
  if (!service) return check;
  const taken = OF_CONTEXT.flatMap((field) => {
    const value = exec[field] ?? service[field];
    return value === undefined ? [] : [[field, value] as const];
  });
  const environment = { ...object(service, 'environment'), ...object(exec, 'environment') };
  return { ...check, exec: { ...exec, ...Object.fromEntries(taken), environment } };
}

function isSame(one: Json, two: Json): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(two));
}

function known(container: Draft<Container>, name: string): Draft<CheckState> | undefined {
  return Object.hasOwn(container.checks, name) ? container.checks[name] : undefined;
}

function planOf(container: Draft<Container>): Plan {
  return planOfContainer(container as Container);
}

/** After the layers have changed. */
export function planChanged(container: Draft<Container>, at: Millis): void {
  const plan = planOf(container);
  const begun: [string, JsonObject][] = [];
  for (const name of namesOf(plan.checks)) {
    const config = inContext(plan, plan.checks[name]!);
    const running = runningCheck(container, name);
    if (!running) {
      if (isOff(config)) delete container.checks[name];
      else begun.push([name, config]);
      continue;
    }
    if (isSame(running.config, config)) continue;
    if (isOff(config) && !isOff(running.config)) continue;
    endCheck(container, running.change, { how: 'stopped', at });
    begun.push([name, config]);
  }
  for (const [name, config] of begun) performed(container, name, { config, at });
}

/** Ends a change of a check, of which the check itself is not told: it stands as it was, and nothing performs it. */
export function abortCheck(container: Draft<Container>, id: string, at: Millis): void {
  const change = underWay(container, id);
  if (change) endCheck(container, change, { how: 'stopped', at });
}

/** Begins those that have no change. The names of those that it began. */
export function startChecks(
  container: Draft<Container>,
  names: readonly string[],
  at: Millis,
): readonly string[] {
  const { checks } = planOf(container);
  const idle = [...new Set(names)].filter((name) => known(container, name)?.change === undefined);
  for (const name of idle) performed(container, name, { config: checks[name]!, at });
  return idle;
}

/** Ends those that have a change; they keep their counts. The names of those that it ended. */
export function stopChecks(
  container: Draft<Container>,
  names: readonly string[],
  at: Millis,
): readonly string[] {
  return [...new Set(names)].filter((name) => {
    const state = known(container, name);
    if (state?.change === undefined) return false;
    abortCheck(container, state.change, at);
    const { failures, successes, previous } = state;
    const kept = { status: 'inactive', failures, successes } as const;
    container.checks[name] = previous === undefined ? kept : { ...kept, previous };
    return true;
  });
}

/** A replan begins what is not disabled, and ends nothing. */
export function replanChecks(container: Draft<Container>, at: Millis): void {
  const { checks } = planOf(container);
  const on = namesOf(checks).filter((name) => !isOff(checks[name]!));
  startChecks(container, on, at);
}

/** A state told from outside, without the change that Pebble has behind it, gets one. */
function withChange(
  container: Draft<Container>,
  name: string,
  { state, config, at }: { state: CheckState; config: JsonObject; at: Millis },
): void {
  const { status, failures, successes } = state;
  performed(container, name, { config, at, failures, successes });
  const running = runningCheck(container, name)!;
  Object.assign(running.state, { status });
  if (status !== 'down') return;
  endCheck(container, running.change, { how: 'Error', at });
  running.state.previous = running.change.id;
  running.state.change = spawnCheck(container, name, { kind: 'recover-check', config, at });
  running.state.next = micro(at + periodOf(config));
}

/** The checks that Pebble would perform and has no change for, though it is up. */
function unbegun(container: Container): readonly string[] {
  const any = container.canConnect && container.layers.some(({ layer }) => 'checks' in layer);
  const checks = any ? planOfContainer(container).checks : {};
  return namesOf(checks).filter((name) => {
    const state = Object.hasOwn(container.checks, name) ? container.checks[name] : undefined;
    if (!state) return !isOff(checks[name]!);
    return state.status !== 'inactive' && state.change === undefined;
  });
}

/** Whether a Pebble that is up has checks that it does not perform as it should. */
export function isIdle(container: Container, at: Millis): boolean {
  return unbegun(container).length > 0 || missed(container as Draft<Container>, at).length > 0;
}

/** Once its Pebble is up, each check of a container has the change that performs it. */
export function beginChecks(container: Draft<Container>, at: Millis): void {
  for (const { state, config } of missed(container, at)) state.next = micro(at + periodOf(config));
  const names = unbegun(container as Container);
  if (names.length === 0) return;
  const plan = planOf(container);
  for (const name of names) {
    const config = inContext(plan, plan.checks[name]!);
    const state = known(container, name);
    if (state) withChange(container, name, { state: state as CheckState, config, at });
    else performed(container, name, { config, at });
  }
}
