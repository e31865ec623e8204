/** goal-state and credential-get. Source: juju jujuc/goal-state.go, credential-get.go. */
import { expect, it } from 'vitest';
import { newRelation } from '../../src/engine/world/juju/new-unit.ts';
import type { JujuSlice, Relation } from '../../src/engine/world/juju/slice.ts';
import { table } from './rows.ts';
import { run, UNIT } from './unit.ts';

const SINCE = '"since":"1970-01-01 00:00:00Z"';
const alone = { unit: { ...UNIT, relations: {} } };
const DB = UNIT.relations['db:1'] as Relation;
const CLUSTER: JujuSlice = {
  ...UNIT,
  plannedUnits: 4,
  unitStatus: { status: 'active', message: '', since: Date.UTC(2026, 0, 2, 3, 4, 5, 678) },
  relations: {
    'replicas:0': {
      ...newRelation({ id: 0, endpoint: 'replicas', app: 'web' }),
      units: { 'web/10': {}, 'web/2': {} },
    },
    'db:1': { ...DB, units: { 'postgresql/0': {} } },
    'db:2': { ...DB, id: 2, app: 'mysql', units: { 'mysql/0': {} }, remoteModel: 'x' },
  },
};

table('goal-state', [
  [
    'prints yaml',
    'goal-state',
    [
      0,
      `units:
  web/0:
    status: waiting
    since: 1970-01-01 00:00:00Z
relations:
  db:
    postgresql:
      status: joined
      since: 1970-01-01 00:00:00Z
    postgresql/0:
      status: active
      since: 1970-01-01 00:00:00Z
    postgresql/1:
      status: active
      since: 1970-01-01 00:00:00Z
`,
      '',
    ],
  ],
  [
    'prints json',
    'goal-state --format=json',
    [0, `{"units":{"web/0":{"status":"waiting",${SINCE}}},"relations":{}}\n`, ''],
    alone,
  ],
  [
    'is in yaml where it is told so',
    'goal-state --format yaml',
    [
      0,
      'units:\n  web/0:\n    status: waiting\n    since: 1970-01-01 00:00:00Z\nrelations: {}\n',
      '',
    ],
    alone,
  ],
  [
    'has no smart format',
    'goal-state --format=smart',
    [2, '', 'ERROR invalid value "smart" for option --format: unknown format "smart"\n'],
  ],
  ['takes no word', 'goal-state x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
]);

function goals(unit: JujuSlice): Record<string, Record<string, { status: string; since: string }>> {
  const { answer } = run(['goal-state', '--format=json'], { unit });
  return JSON.parse(answer.kind === 'reply' ? String(answer.out) : '') as never;
}

it('goal-state lists as many units as are planned, those that are here first', () => {
  const { units = {} } = goals(CLUSTER);
  expect(Object.entries(units).map(([name, { status }]) => `${name} ${status}`)).toEqual([
    'web/0 active',
    'web/1 waiting',
    'web/10 active',
    'web/2 active',
  ]);
  expect(units['web/0']?.since).toBe('2026-01-02 03:04:05Z');
});

it('goal-state says of units past the plan that they go', () => {
  const { units = {} } = goals({ ...CLUSTER, plannedUnits: 1 });
  const dying = Object.entries(units).filter(([, { status }]) => status === 'dying');
  expect(dying.map(([name]) => name)).toEqual(['web/10', 'web/2']);
  expect(goals({ ...CLUSTER, plannedUnits: 0 })['units']?.['web/0']?.status).toBe('dying');
});

it('goal-state joins the relations of an endpoint, and names no units of another model', () => {
  const { relations } = goals(CLUSTER);
  expect(Object.keys(relations ?? {})).toEqual(['db']);
  expect(Object.keys(relations?.['db'] ?? {})).toEqual(['mysql', 'postgresql', 'postgresql/0']);
});

const CLOUD = {
  type: 'lxd',
  name: 'localhost',
  region: 'default',
  credential: { 'auth-type': 'certificate', attrs: { key: 'k', cert: 'c' } },
};
const trusted = { unit: { ...UNIT, trusted: true, cloudSpec: CLOUD } };

table('credential-get', [
  [
    'prints yaml by the names of Go',
    'credential-get',
    [
      0,
      `type: lxd
name: localhost
region: default
endpoint: ""
identityendpoint: ""
storageendpoint: ""
credential:
  authtype: certificate
  attributes:
    cert: c
    key: k
  redacted: []
cacertificates: []
skiptlsverify: false
iscontrollercloud: false
`,
      '',
    ],
    trusted,
  ],
  [
    'prints json by its own names, without what is empty',
    'credential-get --format=json',
    [
      0,
      '{"type":"lxd","name":"localhost","region":"default","credential":{"auth-type":"certificate","attrs":{"cert":"c","key":"k"}}}\n',
      '',
    ],
    trusted,
  ],
  [
    'needs trust',
    'credential-get',
    [1, '', 'ERROR cannot access cloud credentials: permission denied\n'],
  ],
  [
    'is not there on Kubernetes',
    'credential-get',
    [
      1,
      '',
      'ERROR cannot access cloud credentials: credential-get on a "caas" model not supported\n',
    ],
    { unit: { ...trusted.unit, model: { ...UNIT.model, type: 'kubernetes' } } },
  ],
  ['takes no word', 'credential-get x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
]);

it('credential-get of a cloud that nobody told is refused by name', () => {
  const what = 'credential-get of a cloud that the tree does not tell';
  const unit = { ...trusted.unit, cloudSpec: null };
  expect(run(['credential-get'], { unit }).answer).toEqual({ kind: 'unsupported', what });
});
