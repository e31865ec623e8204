/**
 * The order of one relation's events: created, joined and changed of each unit, departed, broken.
 * Source: juju internal/worker/uniter/relation (resolver.go, state.go Validate, statetracker.go)
 * Not checked: events of unrelated relations among each other, whose order Juju leaves open.
 */
import { code } from '../../../model/rule.ts';
import { unitName } from '../command.ts';
import {
  creation,
  isKnown,
  isPeer,
  keyOf,
  listed,
  membership,
  of,
  relationOf,
  startHint,
  sureMembers,
  type EventRule,
} from './at.ts';

const STATE = 'juju internal/worker/uniter/relation/state.go (Validate)';
const RESOLVER = 'juju internal/worker/uniter/relation/resolver.go';

const createdOnce: EventRule = {
  id: 'relation-created-once',
  title: 'relation-created comes once, and before all else of its relation',
  source: code(`${RESOLVER} (createdRelationsResolver)`),
  check: of('relation', ({ slice, event }) => {
    const key = keyOf(event);
    if (event.phase !== 'created' || creation(slice, key) !== 'yes') return null;
    const message = `${event.endpoint}-relation-created has run already for ${key}`;
    return { message, about: event.endpoint, hint: 'leave it out, or add another relation' };
  }),
};

const createdFirst: EventRule = {
  id: 'relation-created-first',
  title: 'relation-created comes before the other events of its relation',
  source: code('juju internal/worker/uniter/resolver.go (CreatedRelations)'),
  check: of('relation', ({ slice, event }) => {
    const key = keyOf(event);
    if (event.phase === 'created' || !slice.relations[key] || creation(slice, key) !== 'no')
      return null;
    const name = `${event.endpoint}-relation-created`;
    const message = `${name} has not run for ${key}: it comes first`;
    return { message, about: event.endpoint, hint: `add ${name} before it` };
  }),
};

const afterStart: EventRule = {
  id: 'relation-joined-after-start',
  title: 'relation-joined and relation-changed come after start',
  source: code(
    'juju internal/worker/uniter/resolver.go (nextOp): config-changed, and so start, is first',
  ),
  check: of('relation', (at) => {
    const { slice, event } = at;
    if (event.phase !== 'joined' && event.phase !== 'changed') return null;
    if (!isKnown(at) || slice.stage.started) return null;
    const name = `${event.endpoint}-relation-${event.phase}`;
    const message = `the unit has not started: ${name} comes after start`;
    return { message, about: event.endpoint, hint: startHint(at) };
  }),
};

const changedNext: EventRule = {
  id: 'relation-changed-after-joined',
  title:
    'a unit’s relation-changed follows its relation-joined, with no other event of the relation between',
  source: code(STATE),
  check: of('relation', ({ slice, event }) => {
    const pending = slice.stage.pending[keyOf(event)];
    if (pending === undefined || !slice.relations[keyOf(event)]) return null;
    if (event.phase === 'broken') return null;
    if (event.unit === pending && ['joined', 'changed'].includes(event.phase)) return null;
    const name = `${event.endpoint}-relation-changed`;
    const message = `${pending} has joined: its ${name} is the relation's next event`;
    const hint = `add ${name}: {unit: ${pending.split('/').at(-1) ?? '0'}} before it`;
    return { message, about: pending, hint };
  }),
};

const joinedOnce: EventRule = {
  id: 'relation-joined-once',
  title: 'a unit joins once, until it departs',
  source: code(STATE),
  check: of('relation', ({ slice, event }) => {
    if (event.phase !== 'joined' || event.unit === undefined) return null;
    if (membership(slice, keyOf(event), event.unit) !== 'yes') return null;
    const message = `${event.unit} has joined already`;
    const hint = `add ${event.endpoint}-relation-departed before it, or name another unit`;
    return { message, about: event.unit, hint };
  }),
};

const joinedFirst: EventRule = {
  id: 'relation-joined-first',
  title: 'a unit joins before it changes or departs',
  source: code(STATE),
  check: of('relation', (at) => {
    const { slice, event } = at;
    const { unit, phase } = event;
    if (unit === undefined || (phase !== 'changed' && phase !== 'departed')) return null;
    if (!relationOf(at)) return null;
    if (creation(slice, keyOf(event)) === 'no') return null;
    if (membership(slice, keyOf(event), unit) !== 'no') return null;
    const message = `${unit} has not joined: joined comes before ${phase}`;
    const hint = `add ${event.endpoint}-relation-joined: {unit: ${unit.split('/').at(-1) ?? '0'}} before it`;
    return { message, about: unit, hint };
  }),
};

const brokenLast: EventRule = {
  id: 'relation-broken-last',
  title: 'every unit departs before relation-broken',
  source: code(STATE),
  check: of('relation', (at) => {
    const { slice, event } = at;
    if (event.phase !== 'broken' || isPeer(at, event.endpoint)) return null;
    const left = sureMembers(slice, keyOf(event));
    if (left.length === 0) return null;
    const message = `${listed(left)} has not departed: departed comes before broken`;
    const number = left[0]?.split('/').at(-1) ?? '0';
    const hint = `add ${event.endpoint}-relation-departed: {unit: ${number}} before it`;
    return { message, about: event.endpoint, hint };
  }),
};

const peersStay: EventRule = {
  id: 'peer-relation-never-broken',
  title: 'a peer relation is never broken',
  source: code(`${RESOLVER} (nextHookForRelation)`),
  check: of('relation', (at) => {
    const { phase, endpoint } = at.event;
    if (phase !== 'broken' || !isPeer(at, endpoint)) return null;
    const message = 'a peer relation is never broken: it lasts as long as the unit';
    return { message, about: endpoint, hint: 'leave it out' };
  }),
};

const departing: EventRule = {
  id: 'relation-departing-unit',
  title: 'the unit that departs is the remote one, or this one when it is removed',
  source: code(`${RESOLVER} (nextHookForRelation)`),
  check: of('relation', ({ slice, event }) => {
    const { unit, phase } = event;
    if (phase !== 'departed' || event.departing === undefined) return null;
    if (event.departing === unit || event.departing === unitName(slice)) return null;
    const message = `${event.departing} is not the one that departs: it is ${String(unit)} or this unit`;
    return {
      message,
      about: event.departing,
      hint: 'leave departing out, or write departing: this',
    };
  }),
};

export const RELATION_ORDER_RULES: readonly EventRule[] = [
  createdOnce,
  createdFirst,
  afterStart,
  changedNext,
  joinedOnce,
  joinedFirst,
  brokenLast,
  peersStay,
  departing,
];
