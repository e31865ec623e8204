/**
 * An event of ops.testing's `ctx.on` as Juju delivers it.
 * Source: ops-scenario state.py (_Event, _EventPath) and _runtime.py (_get_event_env): which remote unit is meant when
 * none is named.
 * Not modelled: events that only ops emits, on its own account. Of those ops.testing lets one run collect-unit-status
 * and collect-app-status by themselves; here they are dispatched as hooks of that name, which no Juju does.
 */
import {
  LIFECYCLE,
  RELATION_PHASES,
  SECRET_HAPPENINGS,
  STORAGE_PHASES,
  type Event,
  type LifecycleEvent,
} from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import type { State } from '../world/state.ts';
import type { ScenarioEvent } from './scenario-json.ts';
import { bareId } from './scenario-secret.ts';

const COLLECTING = ['collect-unit-status', 'collect-app-status'];

function hookOf({ hook, name }: ScenarioEvent): string {
  return hook ?? name.replaceAll('_', '-');
}

/** The one of `endings` that the hook's name ends with. */
function ending<Word extends string>(
  given: ScenarioEvent,
  endings: readonly Word[],
  prefix: string,
): Word {
  const hook = hookOf(given);
  const found = endings.find((one) => hook.endsWith(`${prefix}${one}`));
  if (found === undefined) throw new Mistake(`event: ${hook} is no event of Juju's`);
  return found;
}

function relationEvent(given: ScenarioEvent, state: State): Event {
  const endpoint = given.endpoint ?? '';
  const phase = ending(given, RELATION_PHASES, '-relation-');
  const key = `${endpoint}:${given.relation_id}`;
  const relation = state.juju.relations[key];
  if (!relation)
    throw new Mistake(`event: the relation ${key} of ${hookOf(given)} is not in the state`);
  const base = {
    kind: 'relation',
    endpoint,
    phase,
    relation: relation.id,
    app: relation.app,
  } as const;
  if (phase === 'created' || phase === 'broken') return base;
  const number = given.remote_unit_id ?? null;
  const unit = number === null ? Object.keys(relation.units)[0] : `${relation.app}/${number}`;
  if (unit === undefined) return base;
  if (phase !== 'departed') return { ...base, unit };
  const leaving = given.departing_unit_id ?? null;
  return { ...base, unit, departing: leaving === null ? unit : `${relation.app}/${leaving}` };
}

function enumText(value: Json): string {
  if (typeof value === 'string') return value;
  return String((value as { value?: Json } | null)?.value ?? '');
}

function containerEvent(given: ScenarioEvent, container: string): Event {
  const { notice, check } = given;
  if (notice) {
    const { id, key } = notice;
    return { kind: 'pebble-notice', container, id, type: enumText(notice.type), key };
  }
  if (check) {
    const turned = ending(given, ['failed', 'recovered'] as const, '-pebble-check-');
    return { kind: 'pebble-check', container, check: check.name, turned };
  }
  ending(given, ['ready'] as const, '-pebble-');
  return { kind: 'pebble-ready', container };
}

/** What Juju would deliver. Throws a Mistake where it delivers no such event, or to nothing that the state has. */
export function scenarioEventIn(given: ScenarioEvent, state: State): Event {
  const { action, storage, secret, container } = given;
  if (action) return { kind: 'action', name: action.name, params: action.params ?? {} };
  if (given.endpoint !== undefined) return relationEvent(given, state);
  if (container !== undefined) return containerEvent(given, container);
  if (storage) {
    const phase = ending(given, STORAGE_PHASES, '-storage-');
    return {
      kind: 'storage',
      storage: storage.name,
      id: `${storage.name}/${storage.index}`,
      phase,
    };
  }
  if (secret) {
    const happening = ending(given, SECRET_HAPPENINGS, 'secret-');
    const { revision = null, label } = secret;
    const about = { secret: bareId(secret.id), label: label ?? '' };
    return { kind: 'secret', happening, ...about, ...(revision === null ? {} : { revision }) };
  }
  const hook = hookOf(given);
  const name = [...LIFECYCLE, ...COLLECTING].find((one) => one === hook);
  // A hook of that name is what makes ops emit it first; it is no name that Juju has.
  if (name) return { kind: 'lifecycle', name: name as LifecycleEvent['name'] };
  throw new Mistake(`event: ${hook} is no event of Juju's: nothing can deliver it by itself`);
}
