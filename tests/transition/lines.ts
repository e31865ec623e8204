/** Lines of transitions for the small charm beside this file, in both forms. */
import type { OwnLine, ScenarioLine } from '../../scripts/transition.ts';

export const CHARM = 'tests/transition/charm';

const MODEL = { _type: 'Model', name: 'books', uuid: '11111111-2222-4333-8444-555555555555' };
const ADDRESSES = {
  'egress-subnets': '192.0.2.0',
  'ingress-address': '192.0.2.0',
  'private-address': '192.0.2.0',
};

function scenario(
  event: ScenarioLine['event'],
  state: object = {},
  more: Partial<ScenarioLine> = {},
): ScenarioLine {
  return { charm: CHARM, state: { _type: 'State', model: MODEL, ...state }, event, ...more };
}

function own(event: OwnLine['event'], state: OwnLine['state'] = {}): OwnLine {
  return { charm: CHARM, state, event };
}

const web = {
  _type: 'Container',
  name: 'web',
  can_connect: true,
  _base_plan: { services: { init: { override: 'replace', command: 'init' } } },
  service_statuses: { init: { _enum: 'ServiceStatus', value: 'active' } },
  mounts: {
    conf: {
      _type: 'Mount',
      location: '/etc/ledger',
      source: {
        _type: 'Source',
        path: '/somewhere',
        kind: 'dir',
        entries: [
          { path: 'ledger.conf', type: 'file', mode: '0600', text: 'known\n' },
          { path: 'seal', type: 'file', mode: '0644', base64: '/wA=' },
        ],
      },
    },
  },
  execs: [{ _type: 'Exec', command_prefix: ['ls'], return_code: 0, stdout: '', stderr: '' }],
};
const db = {
  _type: 'Relation',
  endpoint: 'db',
  id: 7,
  remote_app_name: 'postgresql',
  remote_app_data: { user: 'ann' },
  local_unit_data: ADDRESSES,
  remote_units_data: { _type: 'dict_int', items: { '10': {}, '2': { version: '16' } } },
};
const readers = {
  ...db,
  endpoint: 'readers',
  id: 8,
  remote_app_name: 'reader',
  remote_app_data: {},
};
const key = {
  _type: 'Secret',
  id: 'secret:9m4e2mr0ui3e8a215n4g',
  tracked_content: { key: 'old' },
  latest_content: { key: 'new' },
  _tracked_revision: 1,
  _latest_revision: 2,
  label: 'key',
};
const kept = [
  {
    _type: 'StoredState',
    owner_path: 'Ledger',
    content: {
      entries: ['one', 2, null, 1.5],
      by_page: { _type: 'dict_int', items: { '1': 'one' } },
    },
  },
  { _type: 'StoredState', owner_path: null, content: { event_count: 12 } },
];
const deferred = [
  {
    _type: 'DeferredEvent',
    handle_path: 'Ledger/on/install[3]',
    owner: 'Ledger',
    observer: '_on_install',
    snapshot_data: {},
  },
];

/** By the name of their golden file. */
export const SCENARIO_LINES: Readonly<Record<string, ScenarioLine>> = {
  'scenario-install-deferred': scenario('install'),
  'scenario-stored-state': scenario(
    { name: 'update_status' },
    { stored_states: kept, deferred, unit_status: { name: 'active', message: 'on' } },
  ),
  'scenario-container': scenario(
    { name: 'web_pebble_ready', hook: 'web-pebble-ready', container: 'web' },
    { containers: [web] },
  ),
  'scenario-relation': scenario(
    { name: 'db_relation_changed', endpoint: 'db', relation_id: 7, remote_unit_id: 10 },
    { relations: [db, { _type: 'PeerRelation', endpoint: 'peers', id: 1 }] },
  ),
  'scenario-secret-changed': scenario(
    { name: 'secret_changed', secret: { id: key.id, label: 'key', revision: null } },
    { secrets: [key] },
  ),
  'scenario-secret-added': scenario('leader-elected', { leader: true, relations: [readers] }),
  'scenario-failed': scenario(
    'config_changed',
    {
      config: { fail: true, port: 8080 },
      opened_ports: [{ _type: 'TCPPort', port: 80, protocol: 'tcp' }],
      stored_states: kept,
    },
    { context: { app_name: 'books', unit_id: 3 } },
  ),
  'scenario-action': scenario({
    name: 'add_action',
    action: { name: 'add', params: { text: 'ab' }, id: '1' },
  }),
  'scenario-action-failed': scenario({
    name: 'add_action',
    action: { name: 'add', params: { text: '' } },
  }),
  'scenario-inconsistent': scenario('leader-elected', { leader: false }),
};

const FIRST = { kind: 'dir', mode: 0o755, user: 'root', group: 'root', modified: 0 } as const;

export const OWN_LINES: Readonly<Record<string, OwnLine>> = {
  'own-install': own('install'),
  'own-config-changed': own(
    { kind: 'lifecycle', name: 'config-changed' },
    { juju: { config: { port: 443 }, leader: true } },
  ),
  'own-container': own('web-pebble-ready', {
    pebble: {
      containers: {
        web: {
          canConnect: true,
          root: {
            ...FIRST,
            entries: {
              etc: {
                ...FIRST,
                entries: { seal: { ...FIRST, kind: 'file', mode: 0o600, base64: '/wA=' } },
              },
            },
          },
        },
      },
    },
  }),
  'own-failed': own('config-changed', { juju: { config: { fail: true } } }),
  'own-action': own({ kind: 'action', name: 'add', params: { text: 'x' } }),
  'own-inconsistent': own('db-relation-changed'),
};
