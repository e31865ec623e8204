/**
 * What an event is about has to be there: the relation and its unit, the storage, the secret, the action.
 * Source: juju internal/worker/uniter/hook/hook.go (Validate); the checker of ops.testing has most of these.
 */
import type { RelationEvent } from '../../../model/event.ts';
import { eventName } from '../../../model/event.ts';
import { code, documentation, type Found, unread } from '../../../model/rule.ts';
import { unitName } from '../command.ts';
import type { JujuSlice, Relation } from '../slice.ts';
import { isJuju4 } from '../version.ts';
import { having, keyOf, membership, of, relationOf, type At, type EventRule } from './at.ts';

const SCENARIO = documentation('ops.testing, consistency checker');

const endpointDeclared: EventRule = {
  id: 'event-endpoint-declared',
  title: 'the charm declares the endpoint of a relation event',
  source: code('juju internal/worker/uniter/relation/statetracker.go (SynchronizeScopes)'),
  check: of('relation', ({ event, charm }) => {
    if (charm.endpoints[event.endpoint]) return null;
    return {
      message: `the charm declares no endpoint ${event.endpoint}`,
      about: event.endpoint,
      hint: having(Object.keys(charm.endpoints), 'It has none.'),
    };
  }),
};

/** There is no relation for an event to be about: none yet, or no more. */
function missingRelation(slice: JujuSlice, endpoint: string, relation?: number): Found {
  const gone = relation !== undefined && relation < slice.nextRelation;
  const message = gone
    ? `the relation ${endpoint}:${relation} is gone: nothing comes after relation-broken`
    : `there is no relation on endpoint ${endpoint}`;
  return { message, about: endpoint, hint: `add relations: {${endpoint}: {units: {0: {}}}}` };
}

const relationExists: EventRule = {
  id: 'event-relation-exists',
  title: 'the relation of a relation event is in the state',
  source: code('juju internal/worker/uniter/relation/statetracker.go (PrepareHook)'),
  check: of('relation', (at) => {
    if (relationOf(at) || !at.charm.endpoints[at.event.endpoint]) return null;
    return missingRelation(at.slice, at.event.endpoint, at.event.relation);
  }),
};

const relationApp: EventRule = {
  id: 'event-relation-app',
  title: "a relation event names the relation's own remote application",
  source: code('juju internal/worker/uniter/relation/statetracker.go (RemoteApplication)'),
  check: of('relation', (at) => {
    const relation = relationOf(at);
    if (!relation || relation.app === at.event.app) return null;
    const message = `the other side of ${keyOf(at.event)} is ${relation.app}, not ${at.event.app}`;
    return { message, about: at.event.app };
  }),
};

const NEEDS_UNIT: readonly RelationEvent['phase'][] = ['joined', 'departed'];

/** A relation event that needs a remote unit where none can be meant. */
function missingUnit(relation: Relation, phase: RelationEvent['phase']): Found {
  const { endpoint } = relation;
  const none = Object.keys(relation.units).length === 0;
  const message = `relation-${phase} needs a remote unit in the state`;
  const hint = none
    ? `add relations: {${endpoint}: {units: {0: {}}}}`
    : `add unit: ${String(Object.keys(relation.units)[0]?.split('/').at(-1))} to the event`;
  return { message, about: endpoint, hint };
}

const unitNamed: EventRule = {
  id: 'event-unit-named',
  title: 'relation-joined and relation-departed are about a remote unit',
  source: unread('juju internal/worker/uniter/hook/hook.go (Validate)'),
  check: of('relation', (at) => {
    const relation = relationOf(at);
    if (!relation || at.event.unit !== undefined || !NEEDS_UNIT.includes(at.event.phase))
      return null;
    return missingUnit(relation, at.event.phase);
  }),
};

const unitExists: EventRule = {
  id: 'event-unit-exists',
  title: 'the remote unit of a relation event is in the relation',
  source: code('juju internal/worker/uniter/relation/resolver.go (nextHookForRelation)'),
  check: of('relation', (at) => {
    const { slice, event } = at;
    const relation = relationOf(at);
    if (!relation || event.unit === undefined) return null;
    if (event.unit === unitName(slice)) {
      return { message: 'a unit gets no relation events about itself', about: event.unit };
    }
    if (Object.hasOwn(relation.units, event.unit)) return null;
    const leaves =
      event.phase === 'departed' && membership(slice, keyOf(event), event.unit) !== 'no';
    if (leaves) return null;
    const number = event.unit.split('/').at(-1) ?? '0';
    return {
      message: `there is no unit ${event.unit} in ${keyOf(event)}`,
      about: event.unit,
      hint: `add relations: {${event.endpoint}: {units: {${number}: {}}}}`,
    };
  }),
};

const storageDeclared: EventRule = {
  id: 'event-storage-declared',
  title: 'the charm declares the storage of a storage event',
  source: SCENARIO,
  check: of('storage', ({ event, charm }) => {
    if (charm.storage[event.storage]) return null;
    return {
      message: `the charm declares no storage ${event.storage}`,
      about: event.storage,
      hint: having(Object.keys(charm.storage), 'It has none.'),
    };
  }),
};

const storageExists: EventRule = {
  id: 'event-storage-exists',
  title: 'the storage of a storage event is in the state',
  source: code('juju internal/worker/uniter/storage/resolver.go (nextHookOp)'),
  check: of('storage', ({ slice, event, charm }) => {
    if (!charm.storage[event.storage] || slice.storages[event.id]) return null;
    return {
      message: `there is no storage ${event.id}`,
      about: event.id,
      hint: `add storage: {${event.id}: {}}`,
    };
  }),
};

const secretExists: EventRule = {
  id: 'event-secret-exists',
  title: 'the secret of a secret event is in the state',
  source: SCENARIO,
  check: of('secret', ({ slice, event }) => {
    if (slice.secrets[event.secret]) return null;
    return {
      message: `there is no secret ${event.secret}`,
      about: event.secret,
      hint: 'add secrets: {a-name: {content: {key: value}}}, and name it in the event',
    };
  }),
};

const secretRevision: EventRule = {
  id: 'event-secret-revision',
  title: 'secret-expired and secret-remove are about a revision the secret has, or has had',
  source: unread('juju internal/worker/uniter/hook/hook.go (SecretHookRequiresRevision)'),
  check: of('secret', ({ slice, event }) => {
    const secret = slice.secrets[event.secret];
    if (!secret || !['expired', 'remove'].includes(event.happening)) return null;
    const latest = Math.max(0, ...Object.keys(secret.revisions).map(Number));
    const { revision } = event;
    if (revision !== undefined && revision >= 1 && revision <= latest) return null;
    const message =
      revision === undefined
        ? `${eventName(event)} is about a revision, and none is given`
        : `the secret has no revision ${revision}`;
    return { message, about: event.secret, hint: `add revision: ${latest || 1} to the event` };
  }),
};

const actionDeclared: EventRule = {
  id: 'action-declared',
  title: 'the charm declares the action',
  source: unread('juju apiserver/facades/client/action (EnqueueOperation)'),
  check: of('action', ({ event, charm }) => {
    if (charm.actions[event.name]) return null;
    return {
      message: `the charm has no action ${event.name}`,
      about: event.name,
      hint: having(Object.keys(charm.actions), 'It has none.'),
    };
  }),
};

/** Parameters that the action does not declare, where it takes no others. */
function undeclared({ slice, event, charm }: At<'action'>): readonly Found[] {
  const action = charm.actions[event.name];
  if (!action || (action.additionalProperties ?? !isJuju4(slice))) return [];
  const names = Object.keys(action.params);
  return Object.keys(event.params)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      message: `the action ${event.name} takes no parameter ${name}`,
      about: name,
      hint: having(names, 'It takes none.'),
    }));
}

const actionParams: EventRule = {
  id: 'action-params-declared',
  title: 'an action gets only parameters it declares, unless it takes others: by default on Juju 3',
  source: code('juju internal/charm/actions.go (additionalProperties, false from 4.0 on)'),
  check: of('action', undeclared),
};

export const OBJECT_RULES: readonly EventRule[] = [
  endpointDeclared,
  relationExists,
  relationApp,
  unitNamed,
  unitExists,
  storageDeclared,
  storageExists,
  secretExists,
  secretRevision,
  actionDeclared,
  actionParams,
];
