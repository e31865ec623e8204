/** Programs that chance seldom draws, each over a plain state of a unit that owns two secrets. */
import type { JsonObject } from '../../src/engine/model/json.ts';
import type { Step } from './arbitrary-script.ts';
import { MODEL } from './arbitrary-machine.ts';
import { plainEvent } from './arbitrary-events.ts';
import { status } from './arbitrary-values.ts';
import type { Case } from './case.ts';

const [FIRST, SECOND] = ['secret:c0000000000000000a10', 'secret:c0000000000000000b20'];

function secret(id: string, label: string): JsonObject {
  return {
    _type: 'Secret',
    tracked_content: { key: 'old' },
    latest_content: { key: 'new' },
    id,
    owner: 'unit',
    remote_grants: {},
    label,
    description: null,
    expire: null,
    rotate: null,
    _tracked_revision: 1,
    _latest_revision: 2,
  };
}

const STATE: JsonObject = {
  _type: 'State',
  config: {},
  relations: [],
  networks: [],
  containers: [],
  storages: [],
  opened_ports: [],
  leader: true,
  model: MODEL,
  secrets: [secret(FIRST, 'first'), secret(SECOND, 'second')],
  resources: [],
  planned_units: 1,
  deferred: [],
  stored_states: [],
  app_status: status('unknown', ''),
  unit_status: status('active', ''),
  workload_version: '',
};

const SCRIPTS: Readonly<Record<string, readonly Step[]>> = {
  'gives two secrets one label': [
    ['secret-describe', { id: FIRST }, { label: 'both' }],
    ['secret-describe', { id: SECOND }, { label: 'both' }],
  ],
  'gives one new secret the label of another': [
    ['secret-add', 'unit', { key: 'v' }, { label: 'a' }],
    ['secret-add', 'unit', { key: 'w' }, { label: 'b' }],
    ['secret-describe', { new: 1 }, { label: 'a' }],
  ],
  'gives a secret the label of a new one': [
    ['secret-add', 'unit', { key: 'v' }, { label: 'a' }],
    ['secret-describe', { id: FIRST }, { label: 'a' }],
  ],
  'sets a secret twice and reads it every way': [
    ['secret-set', { id: FIRST }, { key: 'one' }],
    ['secret-set', { id: FIRST }, { key: 'two' }],
    ['secret-get', { id: FIRST }, 'get'],
    ['secret-get', { id: FIRST }, 'peek'],
    ['secret-get', { id: FIRST }, 'refresh'],
    ['secret-get', { id: FIRST }, 'get'],
    ['secret-info', { id: FIRST }],
  ],
  'sets a secret to what it is': [
    ['secret-set', { id: FIRST }, { key: 'new' }],
    ['secret-get', { id: FIRST }, 'refresh'],
  ],
  'describes a secret without setting it': [
    ['secret-describe', { id: FIRST }, { description: 'd', rotate: 'monthly' }],
    ['secret-info', { id: FIRST }],
  ],
  'asks for its status before and after setting it': [
    ['raw-status-get'],
    ['status-set', 'blocked', 'no'],
    ['raw-status-get'],
    ['status-get'],
  ],
  'fails after writing everywhere': [
    ['status-set', 'blocked', 'no'],
    ['version-set', '2'],
    ['open-port', 'tcp', 80],
    ['secret-set', { id: FIRST }, { key: 'one' }],
    ['secret-get', { id: SECOND }, 'refresh'],
    ['stored', 'mark', 'x'],
    ['fail', 'on purpose'],
  ],
};

/** A relation of which the application's own databag has these entries. */
function relation(id: number, local: JsonObject): JsonObject {
  return {
    _type: 'Relation',
    endpoint: 'db',
    interface: null,
    id,
    local_app_data: local,
    local_unit_data: {},
    remote_app_name: `remote${id}`,
    limit: 1,
    remote_app_data: {},
    remote_units_data: {},
    remote_model_uuid: null,
  };
}

const FOLLOWER: readonly Step[] = [
  ['relation-get', 'db', 1, 'app'],
  ['relation-get', 'db', 2, 'app'],
  ['relation-set', 'db', 2, 'app', { key: 'v' }],
];

export const RARE: readonly (readonly [about: string, one: Case])[] = [
  ...Object.entries(SCRIPTS).map(([about, script]) => [about, caseOf(STATE, script)] as const),
  [
    "reads its application's databags without leading",
    caseOf(
      {
        ...STATE,
        leader: false,
        planned_units: 3,
        relations: [relation(1, {}), relation(2, { key: 'v' })],
      },
      FOLLOWER,
    ),
  ],
];

function caseOf(state: JsonObject, script: readonly Step[]): Case {
  return {
    charm: 'machine',
    context: {
      app_name: 'machine',
      unit_id: 0,
      juju_version: '3.6.14',
      app_trusted: false,
      machine_id: null,
    },
    state: { ...state, config: { script: JSON.stringify(script) } },
    event: plainEvent('update_status'),
  };
}
