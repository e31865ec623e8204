/** A world in which nearly everything is consistent: a charm that declares much, and a unit that has it. */
import { produce, type Draft } from 'immer';
import type { Charm } from '../../src/engine/model/charm.ts';
import type { Event, LifecycleEvent, RelationEvent } from '../../src/engine/model/event.ts';
import type { End } from '../../src/engine/model/outcome.ts';
import { closeHook, openHook } from '../../src/engine/world/juju/hook.ts';
import { NEW_STAGE, newRelation, newUnit } from '../../src/engine/world/juju/new-unit.ts';
import type { Secret } from '../../src/engine/world/juju/secret-slice.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import { emptyContainer } from '../../src/engine/world/pebble/container.ts';
import type { State } from '../../src/engine/world/state.ts';

export const CHARM: Charm = {
  name: 'web',
  subordinate: false,
  endpoints: {
    db: { role: 'requires', interface: 'postgresql_client', scope: 'global', limit: 1 },
    site: { role: 'provides', interface: 'http', scope: 'global' },
    host: { role: 'requires', interface: 'juju-info', scope: 'container' },
    replicas: { role: 'peers', interface: 'web_peers', scope: 'global' },
  },
  containers: { web: { mounts: [] } },
  config: {
    slug: { type: 'string' },
    workers: { type: 'int' },
    ratio: { type: 'float' },
    debug: { type: 'boolean' },
    password: { type: 'secret' },
  },
  actions: {
    backup: { params: { to: { type: 'string' } }, required: [] },
    open: { params: {}, required: [], additionalProperties: true },
  },
  storage: {
    data: { type: 'filesystem' },
    cache: { type: 'filesystem', multiple: { range: '2-3' } },
  },
  resources: { image: { type: 'oci-image' }, seed: { type: 'file' } },
  extraBindings: ['admin'],
  kubernetes: true,
  written: {},
};

export const SECRET: Secret = {
  owner: { kind: 'unit', name: 'web/0' },
  label: '',
  description: '',
  rotate: 'monthly',
  nextRotate: null,
  revisions: {
    '1': { content: { a: 'b' }, expire: null },
    '2': { content: { a: 'c' }, expire: null },
  },
  grants: {},
  readable: true,
  tracked: null,
  readerLabel: '',
  announced: [],
};
export const MINE = 'c0000000000000000mn0';
export const OURS = 'c0000000000000000ur0';
export const THEIRS = 'c0000000000000000th0';

/** A unit that has just been placed: no hook has run, and that is known. */
export const PLACED: JujuSlice = {
  ...newUnit({
    version: '3.6.14',
    model: { name: 'm', uuid: '11111111-1111-4111-8111-111111111111', type: 'kubernetes' },
    app: 'web',
    unit: 0,
    now: 0,
  }),
  leader: true,
  plannedUnits: 2,
  relations: {
    'replicas:0': {
      ...newRelation({ id: 0, endpoint: 'replicas', app: 'web' }),
      units: { 'web/1': {} },
    },
    'db:1': {
      ...newRelation({ id: 1, endpoint: 'db', app: 'postgresql' }),
      units: { 'postgresql/0': {}, 'postgresql/1': {} },
    },
  },
  nextRelation: 3,
  storages: { 'data/0': { kind: 'filesystem', location: '/data', attached: false } },
  secrets: {
    [MINE]: SECRET,
    [OURS]: { ...SECRET, owner: { kind: 'application', name: 'web' } },
    [THEIRS]: { ...SECRET, owner: { kind: 'application', name: 'postgresql' } },
  },
};

const CHECKED = { override: 'replace', startup: 'enabled', exec: { command: 'true' } };

export const NEW: State = {
  clock: { now: 0 },
  juju: PLACED,
  machine: { cpus: 1, memoryMiB: 1, charmDir: {}, folders: {}, databases: {} },
  pebble: {
    containers: {
      web: {
        ...emptyContainer({ name: 'web', canConnect: true }),
        layers: [{ label: 'a', layer: { checks: { up: CHECKED } } }],
        nextNotice: 2,
        notices: {
          '1': {
            user: null,
            type: 'custom',
            key: 'example.com/a',
            firstOccurred: 0,
            lastOccurred: 0,
            lastRepeated: 0,
            occurrences: 1,
            data: {},
            repeatAfter: 0,
          },
        },
      },
    },
  },
};

/** The state with its unit changed. */
export function unit(state: State, change: (slice: Draft<JujuSlice>) => void): State {
  return { ...state, juju: produce(state.juju, change) };
}

/** The same unit where nobody knows what has happened to it before. */
export function unknown(state: State): State {
  return { ...state, juju: { ...state.juju, stage: { ...NEW_STAGE, history: 'unknown' } } };
}

export function onMachine(state: State): State {
  return unit(state, (slice) => {
    slice.model.type = 'machine';
  });
}

export function hook(name: LifecycleEvent['name']): Event {
  return { kind: 'lifecycle', name };
}

/** An event of db:1, or of another relation; units by name. */
export function related(
  phase: RelationEvent['phase'],
  more: Partial<RelationEvent> | string = {},
): RelationEvent {
  const about = typeof more === 'string' ? { unit: more } : more;
  return { kind: 'relation', endpoint: 'db', phase, relation: 1, app: 'postgresql', ...about };
}

/** An event of the peer relation. */
export function peer(phase: RelationEvent['phase'], name?: string): RelationEvent {
  const about = name === undefined ? {} : { unit: name };
  return related(phase, { endpoint: 'replicas', relation: 0, app: 'web', ...about });
}

export function storage(phase: 'attached' | 'detaching', id = 'data/0'): Event {
  return { kind: 'storage', storage: id.split('/')[0] ?? id, id, phase };
}

export function secret(
  happening: Extract<Event, { kind: 'secret' }>['happening'],
  id = MINE,
  revision?: number,
): Event {
  const about = revision === undefined ? {} : { revision };
  return { kind: 'secret', happening, secret: id, label: '', ...about };
}

export const READY: Event = { kind: 'pebble-ready', container: 'web' };
export const NOTICE: Event = {
  kind: 'pebble-notice',
  container: 'web',
  id: '1',
  type: 'custom',
  key: 'example.com/a',
};
export const CHECK: Event = {
  kind: 'pebble-check',
  container: 'web',
  check: 'up',
  turned: 'failed',
};
export const ACTION: Event = { kind: 'action', name: 'backup', params: {} };

const OK: End = { kind: 'exited', code: 0 };

/** The state after an event that ended so, whatever anybody has against it. */
export function after(state: State, event: Event, end: End = OK): State {
  const opened = openHook(state.juju, event, 0);
  const closing = {
    event,
    end,
    committed: end === OK,
    refused: [],
    said: { stdout: '', stderr: '' },
    charm: CHARM,
    now: 0,
  };
  const containers = pebble.open?.(state.pebble, event, CHARM, 0) ?? state.pebble;
  return { ...state, juju: closeHook(opened, closing), pebble: containers };
}

export const FAILS: End = { kind: 'exited', code: 1 };

/** The state after events that all ended well. */
export function having(state: State, ...events: readonly Event[]): State {
  return events.reduce((before, event) => after(before, event), state);
}

/** A unit that has started, with nothing of its relations played. */
export const STARTED = having(NEW, hook('install'), hook('config-changed'), hook('start'));
/** And one that its database has joined. */
export const RELATED = having(
  STARTED,
  related('created'),
  related('joined', 'postgresql/0'),
  related('changed', 'postgresql/0'),
);
