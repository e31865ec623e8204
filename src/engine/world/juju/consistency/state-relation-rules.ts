/**
 * Relations of a state: declared, numbered once, with the other side they can have.
 * Source: juju state/relation.go, state/state.go (AddRelation); the checker of ops.testing.
 */
import { code, documentation, type Found, unread } from '../../../model/rule.ts';
import { unitName } from '../command.ts';
import type { Relation } from '../slice.ts';
import { having, listed } from './at.ts';
import type { StateAt, StateRule } from './state-at.ts';

const SCENARIO = documentation('ops.testing, consistency checker');

function declared({ slice, charm }: StateAt): readonly Relation[] {
  return Object.values(slice.relations).filter(({ endpoint }) => charm.endpoints[endpoint]);
}

function onPeers(at: StateAt): readonly Relation[] {
  return declared(at).filter(({ endpoint }) => at.charm.endpoints[endpoint]?.role === 'peers');
}

/** Groups of relations that share something, of more than one. */
function shared(
  relations: readonly Relation[],
  by: (one: Relation) => string,
): readonly Relation[][] {
  const groups = new Map<string, Relation[]>();
  for (const one of relations) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return [...groups.values()].filter((group) => group.length > 1);
}

const endpointDeclared: StateRule = {
  id: 'relation-endpoint-declared',
  title: 'the charm declares the endpoint of every relation',
  source: code('juju internal/worker/uniter/relation/statetracker.go (SynchronizeScopes)'),
  check: ({ slice, charm }) =>
    Object.values(slice.relations)
      .filter(({ endpoint }) => !charm.endpoints[endpoint])
      .map(({ endpoint }) => ({
        message: `the charm declares no endpoint ${endpoint}`,
        about: endpoint,
        hint: having(Object.keys(charm.endpoints), 'It has none.'),
      })),
};

const idOnce: StateRule = {
  id: 'relation-id-once',
  title: 'no two relations have one number',
  source: SCENARIO,
  check: ({ slice }) =>
    shared(Object.values(slice.relations), ({ id }) => String(id)).map((group) => ({
      message: `${listed(group.map(({ endpoint }) => endpoint))} both have number ${group[0]?.id}`,
      about: group[0]?.endpoint ?? '',
    })),
};

const peerApp: StateRule = {
  id: 'relation-peer-application',
  title: 'the other side of a peer relation is the application itself',
  source: SCENARIO,
  check: (at) =>
    onPeers(at)
      .filter(({ app }) => app !== at.slice.app)
      .map(({ endpoint, app }) => ({
        message: `${endpoint} is a peer relation: its units are of ${at.slice.app}, not of ${app}`,
        about: endpoint,
        hint: `leave app out: relations: {${endpoint}: {units: {1: {}}}}`,
      })),
};

const peerOnce: StateRule = {
  id: 'relation-peer-once',
  title: 'a peer endpoint has one relation',
  source: unread('juju state/application.go (addPeerRelationsOps)'),
  check: (at) =>
    shared(onPeers(at), ({ endpoint }) => endpoint).map(([one]) => ({
      message: `the peer endpoint ${one?.endpoint} has more than one relation`,
      about: one?.endpoint ?? '',
    })),
};

const ownUnit: StateRule = {
  id: 'relation-own-unit',
  title: 'a unit is not on the other side of its own relation',
  source: SCENARIO,
  check: ({ slice }) =>
    Object.values(slice.relations)
      .filter(({ units }) => Object.hasOwn(units, unitName(slice)))
      .map(({ endpoint }) => ({
        message: `${unitName(slice)} is this unit itself: it is not among the others of ${endpoint}`,
        about: endpoint,
        hint: `write what it has said as relations: {${endpoint}: {local-unit: {key: value}}}`,
      })),
};

const unitApp: StateRule = {
  id: 'relation-unit-application',
  title: 'the units of a relation are of its remote application',
  source: code('juju internal/worker/uniter/relation/resolver.go (nextHookForRelation)'),
  check: ({ slice }) =>
    Object.values(slice.relations).flatMap(({ app, endpoint, units }) =>
      Object.keys(units)
        .filter((unit) => unit.split('/')[0] !== app)
        .map((unit) => ({ message: `${unit} is no unit of ${app}`, about: endpoint })),
    ),
};

const limit: StateRule = {
  id: 'relation-limit',
  title: 'an endpoint has no more relations than its limit',
  source: unread('juju state/state.go (enforceMaxRelationLimit)'),
  check: (at) =>
    Object.entries(at.charm.endpoints).flatMap(([endpoint, spec]) => {
      const count = declared(at).filter((one) => one.endpoint === endpoint).length;
      if (!spec.limit || count <= spec.limit) return [];
      const message = `${endpoint} has ${count} relations, and its limit is ${spec.limit}`;
      return [{ message, about: endpoint, hint: `leave ${count - spec.limit} of them out` }];
    }),
};

const container: StateRule = {
  id: 'relation-container-scope',
  title: 'a relation of container scope has one unit on the other side',
  source: documentation('ops.testing (SubordinateRelation); Juju, subordinate'),
  check: (at) =>
    declared(at).flatMap(({ endpoint, units }): readonly Found[] => {
      const count = Object.keys(units).length;
      if (at.charm.endpoints[endpoint]?.scope !== 'container' || count < 2) return [];
      const message = `${endpoint} is of container scope: it has one remote unit, not ${count}`;
      return [
        { message, about: endpoint, hint: `write relations: {${endpoint}: {units: {0: {}}}}` },
      ];
    }),
};

const peersPlanned: StateRule = {
  id: 'peers-planned',
  title: 'where a tree begins a peer relation has no more units than are planned',
  source: documentation('Juju, goal-state: units that go may be more, after a delta'),
  check: (at) =>
    onPeers(at).flatMap(({ endpoint, units }) => {
      const count = Object.keys(units).length + 1;
      const { plannedUnits } = at.slice;
      if (!at.root || count <= plannedUnits) return [];
      const message = `${endpoint} makes ${count} units of the application, and ${plannedUnits} are planned`;
      return [{ message, about: endpoint, hint: `add planned-units: ${count}` }];
    }),
};

const writer: StateRule = {
  id: 'application-data-writer',
  title:
    'where a tree begins somebody has written the application’s data: this leader or another unit',
  source: documentation('Juju, relation-set --app: leaders only'),
  check: (at) => {
    const { slice, root } = at;
    const others =
      slice.plannedUnits > 1 || onPeers(at).some((one) => Object.keys(one.units).length > 0);
    if (!root || slice.leader || others) return null;
    return declared(at)
      .filter(({ localApp }) => Object.keys(localApp).length > 0)
      .map(({ endpoint }) => ({
        message: `nobody has written the application's data in ${endpoint}: its only unit does not lead`,
        about: endpoint,
        hint: 'add leader: true, or planned-units: 2',
      }));
  },
};

export const STATE_RELATION_RULES: readonly StateRule[] = [
  endpointDeclared,
  idOnce,
  peerApp,
  peerOnce,
  ownUnit,
  unitApp,
  limit,
  container,
  peersPlanned,
  writer,
];
