/**
 * From an event as the author names it to the event Juju would deliver to this state: which relation, which unit.
 * A name that fits no object of the state is inconsistent: Juju would have nothing to deliver it about.
 */
import { LIFECYCLE, RELATION_PHASES, type Event, type RelationEvent } from '../model/event.ts';
import type { Charm } from '../model/charm.ts';
import type { Problem } from '../model/outcome.ts';
import type { EventSpec } from '../tree/definition.ts';
import type { Relation } from '../world/juju/slice.ts';
import type { State } from '../world/state.ts';
import { actionParams } from './action-params.ts';

export type Resolved = { readonly event: Event } | { readonly problems: readonly Problem[] };

function problem(message: string): Resolved {
  return { problems: [{ message }] };
}

/** Splits `db-relation-changed`; null when the name is not a relation hook's. */
function relationName(name: string): { endpoint: string; phase: RelationEvent['phase'] } | null {
  const match = /^(.+)-relation-([a-z]+)$/.exec(name);
  const phase = RELATION_PHASES.find((known) => known === match?.[2]);
  return match?.[1] !== undefined && phase ? { endpoint: match[1], phase } : null;
}

/** The unit an author means when none is named: the next to join, or the first that is there. */
function usualUnit(
  state: State,
  relation: Relation,
  phase: RelationEvent['phase'],
): string | undefined {
  const present = Object.keys(
    state.juju.stage.joined[`${relation.endpoint}:${relation.id}`] ?? {},
  ).sort();
  const known = Object.keys(relation.units).sort();
  switch (phase) {
    case 'joined':
      return known.find((unit) => !present.includes(unit)) ?? known[0];
    case 'changed':
    case 'departed':
      return present[0];
    case 'created':
    case 'broken':
      return undefined;
  }
}

function relationEvent(
  state: State,
  spec: EventSpec,
  about: { endpoint: string; phase: RelationEvent['phase'] },
): Resolved {
  const { endpoint, phase } = about;
  const relation = Object.values(state.juju.relations).find((one) => one.endpoint === endpoint);
  if (!relation) return problem(`there is no relation on endpoint ${endpoint}`);
  const unit =
    spec.unit === undefined ? usualUnit(state, relation, phase) : `${relation.app}/${spec.unit}`;
  if (unit === undefined && ['joined', 'departed'].includes(phase)) {
    return problem(`no unit of ${relation.app} is there to have ${phase}`);
  }
  const base = {
    kind: 'relation',
    endpoint,
    phase,
    relation: relation.id,
    app: relation.app,
  } as const;
  const departing = phase === 'departed' && unit !== undefined ? { departing: unit } : {};
  return { event: { ...base, ...(unit === undefined ? {} : { unit }), ...departing } };
}

/** The event that `spec` names in `state`. */
export function resolveEvent(spec: EventSpec, state: State, charm: Charm): Resolved {
  if (spec.kind === 'action') {
    const params = actionParams(charm.actions[spec.name], spec.params ?? {});
    if ('problems' in params) return params;
    return { event: { kind: 'action', name: spec.name, params: params.params } };
  }
  const lifecycle = LIFECYCLE.find((name) => name === spec.name);
  if (lifecycle) return { event: { kind: 'lifecycle', name: lifecycle } };
  const about = relationName(spec.name);
  if (about) return relationEvent(state, spec, about);
  const container = /^(.+)-pebble-ready$/.exec(spec.name)?.[1];
  if (container !== undefined) return { event: { kind: 'pebble-ready', container } };
  return problem(`${spec.name} is no event that can be played`);
}
