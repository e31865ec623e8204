/**
 * The endpoints of checks, and of the health that they make up.
 * Source: pebble internals/daemon/api_checks.go, api_health.go, checkstate/manager.go (RefreshCheck).
 * What a refresh tells of a check that it brings down, or that it recovers, is left to chance in Pebble; here the
 * former is as it was before, the latter as it is after, as Pebble mostly has it.
 */
import type { Draft } from 'immer';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Answer, Millis } from '../../model/request.ts';
import { badRequest, failure, quoted, sync, unhealthy } from './answer.ts';
import { names, type Asked, type Handler } from './asked.ts';
import { delayOf, errorOf, findingOf, periodOf } from './check-finding.ts';
import { performOnce, runningCheck } from './check-perform.ts';
import { startChecks, stopChecks } from './check-plan.ts';
import { micro } from './go-time.ts';
import { planOfContainer } from './layer-list.ts';
import { isWrong, payloadOf } from './payload.ts';
import { entryOf, namesOf, text, type Entries, type Entry } from './plan.ts';
import type { CheckState, Container } from './slice.ts';

const LEVELS = ['', 'alive', 'ready'];
const DATA = 'cannot decode data from request body';

function planned({ container }: Asked): Entries {
  return planOfContainer(container).checks;
}

const INACTIVE: CheckState = { status: 'inactive', failures: 0, successes: 0 };

function checkState(container: Container, name: string): CheckState {
  return (Object.hasOwn(container.checks, name) ? container.checks[name] : undefined) ?? INACTIVE;
}

/** A check as it is performed; one that is not, as the plan has it. */
function configOf(container: Container, name: string): Entry {
  const { running } = checkState(container, name);
  return running ?? planOfContainer(container).checks[name]!;
}

function shown(container: Container, name: string): JsonObject {
  const config = configOf(container, name);
  const level = text(config, 'level');
  const { status, failures, successes, change, previous } = checkState(container, name);
  return {
    name,
    ...(level === '' ? {} : { level }),
    startup: text(config, 'startup') === 'disabled' ? 'disabled' : 'enabled',
    status,
    successes,
    ...(failures === 0 ? {} : { failures }),
    threshold: config['threshold'] ?? null,
    ...(change === undefined ? {} : { 'change-id': change }),
    ...(previous === undefined ? {} : { 'prev-change-id': previous }),
  };
}

function levelOf({ query }: Asked): string | null {
  const level = query.get('level') ?? '';
  return LEVELS.includes(level) ? level : null;
}

const badLevel = badRequest('level must be "alive" or "ready"');

/** The checks that a request is about, by name. */
function wanted(asked: Asked, ofLevel: (own: string) => boolean): readonly string[] {
  const given = names(asked.query, 'names');
  const { container } = asked;
  return namesOf(planned(asked)).filter(
    (name) =>
      ofLevel(text(configOf(container, name), 'level')) &&
      (given.length === 0 || given.includes(name)),
  );
}

export const getChecks: Handler = (asked) => {
  const level = levelOf(asked);
  if (level === null) return badLevel;
  const listed = wanted(asked, (own) => level === '' || own === level);
  return sync(listed.map((name) => shown(asked.container, name)));
};

/** 502 when a check is down; being ready includes being alive. */
export const getHealth: Handler = (asked) => {
  const level = levelOf(asked);
  if (level === null) return badLevel;
  const counts = (own: string): boolean =>
    level === '' || own === level || (level === 'ready' && own === 'alive');
  const down = wanted(asked, counts).some(
    (name) => checkState(asked.container, name).status === 'down',
  );
  return down ? unhealthy() : sync({ healthy: true });
};

/** `changed` names those that it started or stopped. */
export const postChecks: Handler = (asked) => {
  const payload = payloadOf(asked.body, { action: 'string', checks: '[]string' });
  if (isWrong(payload)) return badRequest(`${DATA}: ${payload.wrong}`);
  const { action, checks } = payload;
  if (checks.length === 0) return badRequest(`must specify checks for ${action} action`);
  if (action !== 'start' && action !== 'stop')
    return badRequest(`invalid action ${quoted(action)}`);
  const strange = checks.filter((name) => !entryOf(planned(asked), name)).sort();
  if (strange.length > 0) {
    const what = `cannot find checks in plan: ${strange.join(', ')}`;
    return badRequest(`cannot ${action} checks: ${what}`);
  }
  let changed: readonly string[] = [];
  asked.change((container) => {
    const change = action === 'start' ? startChecks : stopChecks;
    changed = change(container, checks, asked.now);
  });
  return sync({ changed: changed.toSorted() });
};

function refreshed(info: JsonObject, error: string | null): Answer {
  return sync({ info, ...(error === null || error === '' ? {} : { error }) });
}

/** Performs the check at once; its period begins anew when it was asked to. */
function refresh(container: Draft<Container>, name: string, { now, since }: Asked): string | null {
  const running = runningCheck(container, name)!;
  running.state.next = micro(since + periodOf(running.config));
  return performOnce(container, running, now);
}

function refreshRunning(asked: Asked, name: string): Answer {
  const before = shown(asked.container, name);
  let error: string | null = null;
  let after: Json = before;
  asked.change((container) => {
    error = refresh(container, name, asked);
    const brought = error !== null && container.checks[name]!.change !== before['change-id'];
    if (!brought) after = shown(container as Container, name);
  });
  return refreshed(after as JsonObject, error);
}

/** When the refresh has found what there is to find. */
function foundAt({ container, since }: Asked, name: string): Millis {
  return since + delayOf(findingOf(container, name), configOf(container, name));
}

export const refreshCheck: Handler = (asked) => {
  const payload = payloadOf(asked.body, { name: 'string' });
  if (isWrong(payload)) return badRequest(`${DATA}: ${payload.wrong}`);
  const { name } = payload;
  if (name === '') return badRequest('must specify check name');
  if (!entryOf(planned(asked), name)) {
    return failure(404, `cannot find check with name ${quoted(name)}`);
  }
  const until = foundAt(asked, name);
  if (asked.now < until) return { kind: 'wait', until };
  const { container } = asked;
  if (runningCheck(container as Draft<Container>, name)) return refreshRunning(asked, name);
  // Pebble leaves it to a change that is no more, and never answers.
  if (checkState(container, name).change !== undefined) return { kind: 'wait', until: null };
  const error = errorOf(findingOf(container, name), configOf(container, name));
  return refreshed(shown(container, name), error);
};
