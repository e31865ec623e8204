/**
 * Relations of an ops.testing State and of Juju's slice, both ways.
 * Source: ops-scenario state.py (Relation, SubordinateRelation, PeerRelation).
 * A relation that is gone from the slice is gone from the State. A subordinate's relation has one remote unit for ever:
 * when that has departed the State still names it.
 */
import type { Charm } from '../model/charm.ts';
import type { Databag, JujuSlice, Relation } from '../world/juju/slice.ts';
import { byNumber, numbered, type ScenarioRelation } from './scenario-json.ts';

type Unit = Pick<JujuSlice, 'app' | 'unit'>;

/** The other side's application; a peer relation's is the unit's own. */
export function remoteApp(relation: ScenarioRelation, { app }: Unit): string {
  return relation._type === 'PeerRelation' ? app : relation.remote_app_name;
}

/** Units of the other side in the order in which ops.testing has them. */
function unitsOf(relation: ScenarioRelation): readonly (readonly [number, Databag])[] {
  switch (relation._type) {
    case 'Relation':
      return numbered(relation.remote_units_data);
    case 'SubordinateRelation':
      return [[relation.remote_unit_id, relation.remote_unit_data]];
    case 'PeerRelation':
      return numbered(relation.peers_data);
  }
}

/** A relation of a live unit that was taken for an ordinary one, whatever the charm says of its endpoint. */
export function asDeclared(relation: ScenarioRelation, charm: Charm): ScenarioRelation {
  const peers = charm.endpoints[relation.endpoint]?.role === 'peers';
  if (!peers || relation._type !== 'Relation') return relation;
  const { endpoint, interface: name, id, local_app_data, local_unit_data } = relation;
  const peers_data = relation.remote_units_data;
  const own = { endpoint, interface: name, id, local_app_data, local_unit_data };
  return { _type: 'PeerRelation', ...own, peers_data };
}

export function relationKey({ endpoint, id }: Pick<ScenarioRelation, 'endpoint' | 'id'>): string {
  return `${endpoint}:${id}`;
}

export function relationIn(relation: ScenarioRelation, unit: Unit): Relation {
  const app = remoteApp(relation, unit);
  const units = unitsOf(relation).map(([id, bag]) => [`${app}/${id}`, bag] as const);
  return {
    id: relation.id,
    endpoint: relation.endpoint,
    app,
    localApp: relation.local_app_data,
    localUnit: relation.local_unit_data,
    remoteApp: relation._type === 'PeerRelation' ? {} : relation.remote_app_data,
    units: Object.fromEntries(units),
    known: {},
    remoteModel: relation._type === 'Relation' ? relation.remote_model_uuid : null,
  };
}

function bagsByNumber(relation: Relation) {
  return byNumber(
    Object.entries(relation.units)
      .map(([name, bag]) => [Number(name.split('/').at(-1)), bag] as const)
      .sort(([a], [b]) => a - b),
  );
}

/** The relation as it was given, with what its databags are now; null when it is gone. */
export function relationOut(given: ScenarioRelation, now: JujuSlice): ScenarioRelation | null {
  const relation = now.relations[relationKey(given)];
  if (!relation) return null;
  const local = { local_app_data: relation.localApp, local_unit_data: relation.localUnit };
  switch (given._type) {
    case 'Relation':
      return {
        ...given,
        ...local,
        remote_app_data: relation.remoteApp,
        remote_units_data: bagsByNumber(relation),
      };
    case 'SubordinateRelation': {
      const bag = relation.units[`${relation.app}/${given.remote_unit_id}`];
      const remote_unit_data = bag ?? given.remote_unit_data;
      return { ...given, ...local, remote_app_data: relation.remoteApp, remote_unit_data };
    }
    case 'PeerRelation':
      return { ...given, ...local, peers_data: bagsByNumber(relation) };
  }
}
