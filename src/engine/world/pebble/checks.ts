/**
 * Checks as the tree says they are: one that is started is up until a state says that it fails.
 * Source: pebble internals/daemon/api_checks.go, api_health.go, internals/overlord/checkstate.
 * Not modelled: performing them, so nothing counts a check's successes, and a refresh is refused by name. The change
 * that performs a check has an id, without which ops takes the check for inactive, but cannot be asked for.
 */
import type { Json } from '../../model/json.ts';
import { badRequest, failure, quoted, sync, unhealthy } from './answer.ts';
import { names, type Asked, type Handler } from './asked.ts';
import { planOfContainer } from './layer-list.ts';
import { isWrong, payloadOf } from './payload.ts';
import { entryOf, namesOf, text, type Entries } from './plan.ts';
import type { CheckState, Container } from './slice.ts';

const LEVELS = ['', 'alive', 'ready'];
const FIRST_CHANGE = 1_000_000;
const DATA = 'cannot decode data from request body';

function planned({ container }: Asked): Entries {
  return planOfContainer(container).checks;
}

/** What is known of a check of the plan; started ones are up. */
export function checkState(container: Container, name: string): CheckState {
  const known = Object.hasOwn(container.checks, name) ? container.checks[name] : undefined;
  if (known) return known;
  const entry = entryOf(planOfContainer(container).checks, name);
  const off = entry === undefined || text(entry, 'startup') === 'disabled';
  return { status: off ? 'inactive' : 'up', failures: 0, successes: 0 };
}

/** Above those of other changes, by the order of names; null where nothing performs the check. */
export function checkChange(container: Container, name: string): string | null {
  const index = namesOf(planOfContainer(container).checks).indexOf(name);
  const off = index < 0 || checkState(container, name).status === 'inactive';
  return off ? null : String(FIRST_CHANGE + index);
}

/** Whether a change is one that performs a check. */
export function performsCheck(container: Container, change: string): boolean {
  const checks = namesOf(planOfContainer(container).checks);
  return checks.some((name) => checkChange(container, name) === change);
}

function shown(asked: Asked, name: string): Json {
  const check = entryOf(planned(asked), name)!;
  const level = text(check, 'level');
  const { status, failures, successes } = checkState(asked.container, name);
  const change = checkChange(asked.container, name);
  return {
    name,
    ...(level === '' ? {} : { level }),
    startup: text(check, 'startup') === 'disabled' ? 'disabled' : 'enabled',
    status,
    successes,
    ...(failures === 0 ? {} : { failures }),
    threshold: check['threshold'] ?? null,
    ...(change === null ? {} : { 'change-id': change }),
  };
}

function levelOf({ query }: Asked): string | null {
  const level = query.get('level') ?? '';
  return LEVELS.includes(level) ? level : null;
}

const badLevel = badRequest('level must be "alive" or "ready"');

/** The checks of the plan that a request is about, by name. */
function wanted(asked: Asked, ofLevel: (own: string) => boolean): readonly string[] {
  const given = names(asked.query, 'names');
  const checks = planned(asked);
  return namesOf(checks).filter(
    (name) =>
      ofLevel(text(entryOf(checks, name)!, 'level')) &&
      (given.length === 0 || given.includes(name)),
  );
}

export const getChecks: Handler = (asked) => {
  const level = levelOf(asked);
  if (level === null) return badLevel;
  const listed = wanted(asked, (own) => level === '' || own === level);
  return sync(listed.map((name) => shown(asked, name)));
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

const STARTED: CheckState = { status: 'up', failures: 0, successes: 0 };

/** Starting brings a check that is not up yet, stopping takes one away; `changed` names those. */
export const postChecks: Handler = (asked) => {
  const payload = payloadOf(asked.body, { action: 'string', checks: '[]string' });
  if (isWrong(payload)) return badRequest(`${DATA}: ${payload.wrong}`);
  const { action, checks } = payload;
  if (checks.length === 0) return badRequest(`must specify checks for ${action} action`);
  if (action !== 'start' && action !== 'stop')
    return badRequest(`invalid action ${quoted(action)}`);
  const strange = checks.filter((name) => !entryOf(planned(asked), name));
  if (strange.length > 0) {
    const what = `cannot find checks in plan: ${strange.join(', ')}`;
    return badRequest(`cannot ${action} checks: ${what}`);
  }
  const changed = [...new Set(checks)].filter((name) => {
    const running = checkState(asked.container, name).status !== 'inactive';
    return running !== (action === 'start');
  });
  asked.change((container) => {
    for (const name of changed) {
      const { failures } = checkState(asked.container, name);
      container.checks[name] =
        action === 'start' ? STARTED : { status: 'inactive', failures, successes: 0 };
    }
  });
  return sync({ changed });
};

export const refreshCheck: Handler = (asked) => {
  const payload = payloadOf(asked.body, { name: 'string' });
  if (isWrong(payload)) return badRequest(`${DATA}: ${payload.wrong}`);
  const { name } = payload;
  if (name === '') return badRequest('must specify check name');
  if (!entryOf(planned(asked), name)) {
    return failure(404, `cannot find check with name ${quoted(name)}`);
  }
  return { kind: 'unsupported', what: 'pebble check refresh' };
};
