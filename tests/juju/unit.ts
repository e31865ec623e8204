/** A unit to run hook commands against: the slice, a charm and a hook context, with what the command wrote. */
import type { Charm } from '../../src/engine/model/charm.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { Event } from '../../src/engine/model/event.ts';
import type { Answer } from '../../src/engine/model/request.ts';
import { juju } from '../../src/engine/world/juju/counterpart.ts';
import { NEW_STAGE, newRelation, newUnit } from '../../src/engine/world/juju/new-unit.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { buffer, openTransaction, setNow } from '../../src/engine/play/transaction.ts';
import type { State } from '../../src/engine/world/state.ts';

export const CHARM: Charm = {
  name: 'web',
  subordinate: false,
  endpoints: {
    db: { role: 'requires', interface: 'postgresql_client', scope: 'global' },
    replicas: { role: 'peers', interface: 'web_peers', scope: 'global' },
  },
  containers: {},
  config: {
    slug: { type: 'string', default: 'hello' },
    workers: { type: 'int' },
    debug: { type: 'boolean', default: false },
  },
  actions: { backup: { params: {}, required: [] } },
  storage: {},
  resources: {},
  extraBindings: ['admin'],
  kubernetes: false,
  written: {},
};

export const UNIT: JujuSlice = {
  ...newUnit({
    version: '3.6.14',
    model: { name: 'm', uuid: '11111111-1111-4111-8111-111111111111', type: 'machine' },
    app: 'web',
    unit: 0,
    now: 0,
  }),
  leader: true,
  relations: {
    'db:1': {
      ...newRelation({ id: 1, endpoint: 'db', app: 'postgresql' }),
      localApp: { wanted: 'yes' },
      localUnit: { 'private-address': '192.0.2.10' },
      remoteApp: { endpoints: '192.0.2.20:5432' },
      units: { 'postgresql/0': { host: 'a' }, 'postgresql/1': { host: 'b' } },
    },
  },
  nextRelation: 2,
  unitStatus: { status: 'waiting', message: 'agent initialising', since: 0 },
  agentStatus: { status: 'idle', message: '' },
  stage: {
    ...NEW_STAGE,
    installed: true,
    configured: true,
    started: true,
    created: { 'db:1': true },
    joined: { 'db:1': { 'postgresql/0': true } },
  },
};

export const CONFIG_CHANGED: Event = { kind: 'lifecycle', name: 'config-changed' };
export const DB_CHANGED: Event = {
  kind: 'relation',
  endpoint: 'db',
  phase: 'changed',
  relation: 1,
  app: 'postgresql',
  unit: 'postgresql/0',
};

export type Ran = { answer: Answer; kept: JujuSlice; seen: JujuSlice };

/** Runs one hook command in a hook of its own. */
export function run(
  argv: readonly string[],
  {
    unit = UNIT,
    event = CONFIG_CHANGED,
    stdin,
    charm = CHARM,
    cwd = '/',
    blobs = { put: () => '', get: () => new Uint8Array() },
  }: {
    unit?: JujuSlice;
    event?: Event;
    stdin?: string;
    charm?: Charm;
    cwd?: string;
    blobs?: Blobs;
  } = {},
): Ran {
  const transaction = openTransaction({ juju: unit } as unknown as State);
  const answer = juju.handle(
    {
      seen: unit,
      others: {},
      now: 1000,
      asked: 1000,
      blobs,
      event,
      charm,
      set: (change) => setNow(transaction, 'juju', change),
      buffer: (change) => buffer(transaction, 'juju', change),
    },
    {
      kind: 'commands',
      channel: 'juju',
      argv,
      cwd,
      stdin: stdin === undefined ? null : new TextEncoder().encode(stdin),
    },
  );
  return { answer, kept: transaction.kept.juju, seen: transaction.seen.juju };
}

/** What a shell would see: exit code, stdout, stderr. */
export function shown(
  argv: readonly string[],
  more: Parameters<typeof run>[1] = {},
): readonly [number, string, string] {
  const { answer } = run(argv, more);
  if (answer.kind !== 'reply') throw new Error(`${argv.join(' ')}: ${answer.kind}`);
  return [answer.code, String(answer.out), answer.err ?? ''];
}
