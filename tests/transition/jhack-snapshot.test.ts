/** Snapshots of live units, as jhack writes them. */
import { describe, expect, it } from 'vitest';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import type { Json } from '../../src/engine/model/json.ts';
import { rootState } from '../../src/engine/play/root-state.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import { openDatabaseReader } from '../../src/engine/project/read-database.ts';
import { openDatabaseWriter } from '../../src/engine/project/write-database.ts';
import { snapshotState } from '../../src/engine/transition/jhack-snapshot.ts';
import { readCharmSource, findCharm } from '../../src/engine/project/read-charm-fs.ts';
import { memoryBlobs } from '../../scripts/memory-blobs.ts';
import { CHARM } from './lines.ts';

const readDatabase = await openDatabaseReader();
const writeDatabase = await openDatabaseWriter();
const charm = readCharm(readCharmSource(findCharm({ root: process.cwd(), charm: CHARM })));

function stateOf(snapshot: Json) {
  const blobs = memoryBlobs();
  const at = { file: '', line: 1, column: 1 };
  const spec = { use: [], state: { app: 'books', unit: 2 }, at };
  const base = rootState(spec, charm, { blobs, digest: sha256 });
  const stores = { blobs, digest: sha256, readDatabase, writeDatabase };
  return snapshotState(snapshot, { charm, base, ...stores });
}

/** What `jhack scenario snapshot books/2 --format json` prints of a small unit. */
const SNAPSHOT = {
  config: { port: 8080 },
  relations: [
    {
      endpoint: 'db',
      interface: 'postgresql_client',
      id: 4,
      local_app_data: {},
      local_unit_data: { seen: 'yes' },
      remote_app_name: 'pg',
      limit: 1,
      remote_app_data: { user: 'ann' },
      remote_units_data: { '0': {}, '1': { a: 'b' } },
      remote_model_uuid: null,
      relation_type: 'Relation',
    },
    {
      endpoint: 'peers',
      interface: null,
      id: 1,
      local_app_data: { n: '3' },
      local_unit_data: {},
      remote_app_name: 'books',
      limit: 1,
      remote_app_data: { n: '3' },
      remote_units_data: { '0': { up: 'yes' } },
      remote_model_uuid: null,
      relation_type: 'Relation',
    },
  ],
  networks: [
    {
      binding_name: 'db',
      bind_addresses: [
        {
          addresses: [{ value: '10.1.0.9', hostname: '', cidr: '10.1.0.0/16' }],
          interface_name: 'eth0',
          mac_address: null,
        },
      ],
      ingress_addresses: ['10.1.0.9'],
      egress_subnets: null,
    },
  ],
  containers: [
    {
      name: 'web',
      can_connect: true,
      _base_plan: { services: { web: { override: 'replace', command: 'run' } } },
      layers: {},
      service_statuses: {},
      mounts: { pages: { location: '/pages', source: '/snapshots/pages' } },
      execs: [],
      notices: [],
      check_infos: [],
    },
  ],
  storages: [],
  opened_ports: [{ port: 80, protocol: 'tcp' }],
  leader: true,
  model: {
    name: 'prod',
    uuid: '11111111-2222-4333-8444-555555555555',
    type: 'caas',
    cloud_spec: null,
  },
  secrets: [],
  resources: [],
  planned_units: 1,
  deferred: [
    {
      handle_path: 'Ledger/on/install[1]',
      owner: 'Ledger',
      observer: '_on_install',
      snapshot_data: {},
    },
  ],
  stored_states: [
    {
      name: '_stored',
      owner_path: 'Ledger',
      content: { entries: ['a'] },
      _data_type_name: 'StoredStateData',
    },
  ],
  app_status: { name: 'active', message: '' },
  unit_status: { name: 'blocked', message: 'why' },
  workload_version: '1.1',
};

describe('a snapshot of a live unit', () => {
  it('is a state to play from: the unit’s own, with nothing known of what happened before', () => {
    const { juju } = stateOf(SNAPSHOT);
    expect(juju).toMatchObject({
      app: 'books',
      unit: 2,
      leader: true,
      config: { port: 8080 },
      model: { name: 'prod', type: 'kubernetes' },
      ports: { '80/tcp': [] },
      unitStatus: { status: 'blocked', message: 'why' },
      appStatus: { status: 'active' },
      workloadVersion: '1.1',
      stage: { history: 'unknown', statusSet: true },
    });
    expect(juju.networks['db']?.bindAddresses[0]?.addresses[0]?.value).toBe('10.1.0.9');
  });

  it('has the other side’s databags, and takes a peer relation for one where the charm says so', () => {
    const { relations } = stateOf(SNAPSHOT).juju;
    expect(relations['db:4']).toMatchObject({
      app: 'pg',
      remoteApp: { user: 'ann' },
      units: { 'pg/0': {}, 'pg/1': { a: 'b' } },
    });
    expect(relations['peers:1']).toMatchObject({
      app: 'books',
      localApp: { n: '3' },
      units: { 'books/0': { up: 'yes' } },
    });
  });

  it('has the plan of each Pebble, and a database with what ops kept', () => {
    const { pebble, machine } = stateOf(SNAPSHOT);
    expect(pebble.containers['web']).toMatchObject({
      canConnect: true,
      layers: [{ layer: { services: { web: { command: 'run' } } } }],
    });
    expect(machine.databases['.unit-state.db']).toMatchObject({
      snapshot: { 'Ledger/StoredStateData[_stored]': { data: { entries: ['a'] } } },
      notice: { '1': { event_path: 'Ledger/on/install[1]', method_name: '_on_install' } },
    });
  });

  it('may have networks by name, as older ones do, and leave out what it does not know', () => {
    const { networks } = SNAPSHOT;
    const { juju } = stateOf({ networks: { db: networks[0]! }, leader: false });
    expect(Object.keys(juju.networks)).toEqual(['db']);
    expect(juju).toMatchObject({ leader: false, unitStatus: { status: 'unknown' } });
  });

  it.each([
    [[], 'snapshot: must be an object'],
    [{ leader: 'yes' }, 'snapshot.leader: must be boolean'],
    [
      { relations: [{ relation_type: 'Kinship', id: 1, endpoint: 'db' }] },
      'snapshot.relations[0]._type',
    ],
    [{ model: { type: 'cloud' } }, 'snapshot.model.type'],
    [{ lederr: true }, 'snapshot: "lederr" is not known here'],
  ])('is refused in one sentence where it is none: %j', (snapshot, sentence) => {
    expect(() => stateOf(snapshot as Json)).toThrow(sentence);
  });
});
