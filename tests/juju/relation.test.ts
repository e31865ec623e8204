/** relation-ids, relation-list, relation-get, relation-set, relation-model-get. Source: juju jujuc/relation-*.go. */
import { describe, expect, it } from 'vitest';
import type { RelationEvent } from '../../src/engine/model/event.ts';
import { NEW_STAGE, newRelation } from '../../src/engine/world/juju/new-unit.ts';
import type { JujuSlice, Relation } from '../../src/engine/world/juju/slice.ts';
import { FOLLOWER, hook, table } from './rows.ts';
import { DB_CHANGED, run, shown, UNIT } from './unit.ts';

const inChanged = { event: DB_CHANGED };
const CREATED: RelationEvent = {
  kind: 'relation',
  endpoint: 'db',
  phase: 'created',
  relation: 1,
  app: 'postgresql',
};
const BROKEN: RelationEvent = { ...CREATED, phase: 'broken' };
const DB = UNIT.relations['db:1'] as Relation;
const PEERS: Relation = {
  ...newRelation({ id: 0, endpoint: 'replicas', app: 'web' }),
  localApp: { token: 't' },
  localUnit: { own: '1' },
  units: { 'web/1': { other: '2' } },
};
const CLUSTER: JujuSlice = {
  ...UNIT,
  relations: { ...UNIT.relations, 'replicas:0': PEERS, 'db:10': { ...DB, id: 10 } },
  stage: { ...UNIT.stage, joined: { ...UNIT.stage.joined, 'replicas:0': { 'web/1': true } } },
};
const cluster = { unit: CLUSTER };
const minion = { unit: { ...CLUSTER, leader: false } };
const NO_ID = 'ERROR no relation id specified\n';
const DENIED = 'ERROR permission denied\n';

table('relation-ids', [
  ['lists an endpoint', 'relation-ids db', [0, 'db:1\n', '']],
  ['sorts ids as texts', 'relation-ids db', [0, 'db:1\ndb:10\n', ''], cluster],
  ['prints json', 'relation-ids db --format=json', [0, '["db:1"]\n', '']],
  ['prints yaml', 'relation-ids db --format yaml', [0, '- db:1\n', '']],
  ['knows no other endpoint and does not mind', 'relation-ids nope', [0, '', '']],
  ['has an empty list in json', 'relation-ids nope --format=json', [0, '[]\n', '']],
  ['has an empty list in yaml', 'relation-ids nope --format=yaml', [0, '[]\n', '']],
  ['needs an endpoint', 'relation-ids', [2, '', 'ERROR no endpoint name specified\n']],
  ['takes the hook’s endpoint', 'relation-ids', [0, 'db:1\n', ''], inChanged],
  ['takes another in a relation hook', 'relation-ids replicas', [0, '', ''], inChanged],
  ['leaves out one that breaks', 'relation-ids db', [0, '', ''], { event: BROKEN }],
  ['takes one word', 'relation-ids db x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
  [
    'refuses another format',
    'relation-ids db --format=tabular',
    [2, '', 'ERROR invalid value "tabular" for option --format: unknown format "tabular"\n'],
  ],
]);

table('-r', [
  ['has to be given outside of relation hooks', 'relation-list', [2, '', NO_ID]],
  ['has the hook’s relation for default', 'relation-list', [0, 'postgresql/0\n', ''], inChanged],
  ['takes a number', 'relation-list -r 1', [0, 'postgresql/0\n', '']],
  ['takes any name before the number', 'relation-list --relation x:y:1', [0, 'postgresql/0\n', '']],
  ['wins over the hook’s', 'relation-list -r 0', [0, 'web/1\n', ''], { ...cluster, ...inChanged }],
  [
    'refuses an unknown relation',
    'relation-list -r db:9',
    [2, '', 'ERROR invalid value "db:9" for option -r: relation not found\n'],
  ],
  [
    'refuses what is no number',
    'relation-get --relation=db',
    [2, '', 'ERROR invalid value "db" for option --relation: invalid relation id\n'],
  ],
  [
    'keeps its = and is refused',
    'relation-get -r=1',
    [2, '', 'ERROR invalid value "=1" for option -r: invalid relation id\n'],
  ],
  [
    'knows no relation before install',
    'relation-list -r db:1',
    [2, '', 'ERROR invalid value "db:1" for option -r: relation not found\n'],
    { unit: { ...UNIT, stage: NEW_STAGE } },
  ],
]);

table('relation-list', [
  ['lists units that have joined', 'relation-list -r db:1', [0, 'postgresql/0\n', '']],
  ['prints json', 'relation-list -r db:1 --format=json', [0, '["postgresql/0"]\n', '']],
  ['prints yaml', 'relation-list -r db:1 --format=yaml', [0, '- postgresql/0\n', '']],
  ['has an empty list', 'relation-list -r db:10 --format=json', [0, '[]\n', ''], cluster],
  [
    'has all units where nobody knows who joined',
    'relation-list -r db:1',
    [0, 'postgresql/0\npostgresql/1\n', ''],
    { unit: { ...UNIT, stage: { ...UNIT.stage, history: 'unknown', joined: {} } } },
  ],
  [
    'has those who are said to have joined, whatever else is unknown',
    'relation-list -r db:1 --format=json',
    [0, '[]\n', ''],
    { unit: { ...UNIT, stage: { ...UNIT.stage, history: 'unknown', joined: { 'db:1': {} } } } },
  ],
  ['--app names the application', 'relation-list --app -r db:1', [0, 'postgresql\n', '']],
  ['--app prints json', 'relation-list --app -r 1 --format=json', [0, '"postgresql"\n', '']],
  ['--app of peers is this one', 'relation-list --app -r 0', [0, 'web\n', ''], cluster],
  ['takes no word', 'relation-list -r 1 x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
]);

table('relation-get', [
  ['reads the hook’s unit', 'relation-get host', [0, 'a\n', ''], inChanged],
  ['reads everything', 'relation-get', [0, 'host: a\n', ''], inChanged],
  ['reads everything by a dash', 'relation-get -', [0, 'host: a\n', ''], inChanged],
  ['reads everything by an empty key', ['relation-get', ''], [0, 'host: a\n', ''], inChanged],
  [
    'reads another unit',
    'relation-get -r db:1 - postgresql/1 --format=json',
    [0, '{"host":"b"}\n', ''],
  ],
  ['prints yaml', 'relation-get -r db:1 host postgresql/1 --format=yaml', [0, 'b\n', '']],
  ['prints nothing for a missing key', 'relation-get nope', [0, '', ''], inChanged],
  [
    'has null for a missing key in json',
    'relation-get nope --format=json',
    [0, 'null\n', ''],
    inChanged,
  ],
  ['reads its own databag', 'relation-get -r 1 private-address web/0', [0, '192.0.2.10\n', '']],
  ['has no key of JavaScript’s', 'relation-get toString', [0, '', ''], inChanged],
  [
    'quotes numbers in YAML',
    'relation-get -r 1 - web/0',
    [0, 'port: "5432"\n', ''],
    { unit: { ...UNIT, relations: { 'db:1': { ...DB, localUnit: { port: '5432' } } } } },
  ],
  [
    'reads the remote application',
    'relation-get -r 1 --app endpoints postgresql',
    [0, '192.0.2.20:5432\n', ''],
  ],
  [
    'reads the application of a unit',
    'relation-get -r 1 --app endpoints postgresql/7',
    [0, '192.0.2.20:5432\n', ''],
  ],
  [
    '--app has the hook’s application for default',
    'relation-get --app endpoints',
    [0, '192.0.2.20:5432\n', ''],
    inChanged,
  ],
  [
    'means the application where the hook has no unit',
    'relation-get endpoints',
    [0, '192.0.2.20:5432\n', ''],
    { event: CREATED },
  ],
  ['reads the own application as leader', 'relation-get -r 1 --app wanted web', [0, 'yes\n', '']],
  [
    'is denied the own application as follower',
    'relation-get -r 1 --app - web',
    [1, '', DENIED],
    { unit: FOLLOWER },
  ],
  [
    'reads the own application of peers as follower',
    'relation-get -r 0 --app token web/0',
    [0, 't\n', ''],
    minion,
  ],
  [
    'is denied an application that is not related',
    'relation-get -r 1 --app - redis',
    [1, '', DENIED],
  ],
  ['is denied a unit that is not related', 'relation-get -r 1 - redis/0', [1, '', DENIED]],
  [
    'wants to know of whom',
    'relation-get -r 1',
    [2, '', 'ERROR no unit or application specified\n'],
  ],
  [
    'wants to know of which application',
    'relation-get -r 1 --app',
    [2, '', 'ERROR no unit or application specified\n'],
  ],
  ['wants a relation first', 'relation-get - postgresql', [2, '', NO_ID]],
  [
    'refuses an application for a unit',
    'relation-get -r 1 - postgresql',
    [2, '', 'ERROR expected unit name, got application name "postgresql"\n'],
  ],
  [
    'refuses what is no unit',
    'relation-get -r 1 - unit//0',
    [2, '', 'ERROR invalid unit name "unit//0"\n'],
  ],
  [
    'refuses a unit with a zero before its number',
    'relation-get -r 1 - a/01',
    [2, '', 'ERROR invalid unit name "a/01"\n'],
  ],
  ['takes two words', 'relation-get -r 1 - a/0 b', [2, '', 'ERROR unrecognized args: ["b"]\n']],
  [
    'is not confused by what a databag says',
    'relation-get -r 1 code web/0',
    [0, '1\n', ''],
    {
      unit: { ...UNIT, relations: { 'db:1': { ...DB, localUnit: { kind: 'reply', code: '1' } } } },
    },
  ],
]);

table('relation-model-get', [
  ['tells this model', 'relation-model-get -r 1', [0, `uuid: ${UNIT.model.uuid}\n`, '']],
  [
    'tells another model',
    'relation-model-get --format=json',
    [0, '{"uuid":"22222222-2222-4222-8222-222222222222"}\n', ''],
    {
      ...inChanged,
      unit: {
        ...UNIT,
        relations: { 'db:1': { ...DB, remoteModel: '22222222-2222-4222-8222-222222222222' } },
      },
    },
  ],
  ['needs a relation', 'relation-model-get', [2, '', NO_ID]],
  ['takes no word', 'relation-model-get -r 1 x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
]);

table('relation-set', [
  ['says nothing', 'relation-set -r 1 a=b', [0, '', '']],
  ['may set nothing', 'relation-set -r 1', [0, '', '']],
  ['needs a relation', 'relation-set a=b', [2, '', NO_ID]],
  ['wants key=value', 'relation-set -r 1 a', [2, '', 'ERROR expected "key=value", got "a"\n']],
  ['wants a key', 'relation-set -r 1 =a', [2, '', 'ERROR expected "key=value", got "=a"\n']],
  [
    'wants a key once',
    'relation-set -r 1 a=1 a=2',
    [2, '', 'ERROR key "a" specified more than once\n'],
  ],
  [
    '--app needs leadership',
    'relation-set -r 1 --app a=b',
    [1, '', 'ERROR cannot write relation settings\n'],
    { unit: FOLLOWER },
  ],
  [
    'misses a file',
    'relation-set -r 1 --file nope',
    [1, '', 'ERROR open /nope: no such file or directory\n'],
  ],
  [
    'warns of --format',
    'relation-set -r 1 --format json a=b',
    [0, '', '--format flag deprecated for command "relation-set"'],
  ],
  [
    'warns of --format before it fails',
    'relation-set -r 1 --format=x --app a=b',
    [
      1,
      '',
      '--format flag deprecated for command "relation-set"ERROR cannot write relation settings\n',
    ],
    { unit: FOLLOWER },
  ],
  [
    'does not warn of what it cannot read',
    'relation-set -r 1 --format=x a',
    [2, '', 'ERROR expected "key=value", got "a"\n'],
  ],
  ['has no -o', 'relation-set -o f', [2, '', 'ERROR option provided but not defined: -o\n']],
]);

describe('relation-set', () => {
  function written(argv: readonly string[], stdin?: string): Partial<Relation> {
    const more = stdin === undefined ? {} : { stdin };
    const { seen } = run(['relation-set', '-r', 'db:1', ...argv], more);
    const { localApp, localUnit } = seen.relations['db:1'] as Relation;
    return { localApp, localUnit };
  }

  it('writes to the unit’s databag', () => {
    expect(written(['a= b ', 'c=d=e']).localUnit).toEqual({
      'private-address': '192.0.2.10',
      a: 'b',
      c: 'd=e',
    });
  });

  it('deletes a key by an empty value', () => {
    expect(written(['private-address=']).localUnit).toEqual({});
    expect(written(['nope=']).localUnit).toEqual(DB.localUnit);
  });

  it('--app writes to the application’s databag', () => {
    expect(written(['--app', 'wanted=', 'new=1']).localApp).toEqual({ new: '1' });
    expect(written(['--app', 'new=1']).localUnit).toEqual(DB.localUnit);
  });

  it.each([
    ['a map', '{a: b, c: d}', { a: 'b', c: 'd' }],
    [
      'numbers and words as they are written',
      'a: 1.50\nb: yes\nc: 007',
      { a: '1.50', b: 'yes', c: '007' },
    ],
    ['nothing', '', {}],
    ['an empty map', '{}', {}],
    ['a value of nothing, which deletes', 'private-address:', {}],
    ['the last of two values', 'a: 1\na: 2', { a: '2' }],
    ['quoted and long texts', 'a: "~"\nb: |\n  x\n  y\n', { a: '~', b: 'x\ny\n' }],
    ['what an alias names', 'a: &x b\nc: *x', { a: 'b', c: 'b' }],
    ['the first of two documents', 'a: b\n---\nc: d', { a: 'b' }],
  ])('reads %s from a file', (_title, text, expected) => {
    const { 'private-address': _own, ...others } = written(['--file', '-'], text).localUnit ?? {};
    expect(others).toEqual(expected);
    if (text.includes('private')) expect(_own).toBeUndefined();
  });

  it.each([
    ['a word', 'haha', 'line 1: cannot unmarshal !!str `haha` into map[string]string'],
    [
      'words',
      'foo=bar ham=eggs',
      'line 1: cannot unmarshal !!str `foo=bar...` into map[string]string',
    ],
    ['a number', '# none\n5', 'line 2: cannot unmarshal !!int `5` into map[string]string'],
    ['a list', '\n- a', 'line 2: cannot unmarshal !!seq into map[string]string'],
    ['a list among the values', 'a: 1\nb:\n- x', 'line 3: cannot unmarshal !!seq into string'],
    ['a map among the values', 'a: {b: c}', 'line 1: cannot unmarshal !!map into string'],
    [
      'several of them',
      'a: [x]\nb: [y]',
      'line 1: cannot unmarshal !!seq into string\n  line 2: cannot unmarshal !!seq into string',
    ],
  ])('refuses %s in the file', (_title, stdin, why) => {
    expect(shown(['relation-set', '-r', '1', '--file=-'], { stdin })).toEqual([
      1,
      '',
      `ERROR yaml: unmarshal errors:\n  ${why}\n`,
    ]);
  });

  it.each(['a: "b', 'a: !!binary aGk=', '<<: {a: b}', 'a: *x'])(
    'does not guess what Go makes of %j',
    (stdin) => {
      const { answer } = run(['relation-set', '-r', '1', '--file=-'], { stdin });
      expect(answer.kind).toBe('unsupported');
    },
  );

  it('lets words win over the file', () => {
    expect(written(['--file=-', 'a=word'], '{a: file, b: file}').localUnit).toMatchObject({
      a: 'word',
      b: 'file',
    });
  });

  it('is read back within the hook, and waits for the commit', () => {
    const inHook = hook();
    inHook.run('relation-set -r 1 a=b');
    inHook.run('relation-set -r 1 --app wanted=no');
    expect(inHook.run('relation-get -r 1 a web/0')).toEqual([0, 'b\n', '']);
    expect(inHook.run('relation-get -r 1 --app wanted web')).toEqual([0, 'no\n', '']);
    expect(inHook.kept.relations).toBe(UNIT.relations);
  });

  it('takes a key that a reply has', () => {
    expect(written(['kind=reply', 'code=0']).localUnit).toMatchObject({ kind: 'reply', code: '0' });
  });
});

/** The remote side writes while the hook runs, or between two of them. */
function rewritten(slice: JujuSlice): JujuSlice {
  const relation = slice.relations['db:1'] as Relation;
  const units = { 'postgresql/0': { host: 'new' }, 'postgresql/1': { host: 'new' } };
  const changed = { ...relation, units, remoteApp: { endpoints: 'new' } };
  return { ...slice, relations: { ...slice.relations, 'db:1': changed } };
}

describe('what others write', () => {
  const readAll = [
    'relation-get -r 1 host postgresql/0',
    'relation-get -r 1 host postgresql/1',
    'relation-get -r 1 --app endpoints postgresql',
  ];

  it('is seen as it was when the hook read it first', () => {
    const inHook = hook();
    const first = readAll.map((command) => inHook.run(command)[1]);
    inHook.meanwhile(rewritten);
    expect(readAll.map((command) => inHook.run(command)[1])).toEqual(first);
  });

  it('is seen by a hook that had not read it yet', () => {
    const inHook = hook();
    inHook.meanwhile(rewritten);
    expect(readAll.map((command) => inHook.run(command)[1])).toEqual(['new\n', 'new\n', 'new\n']);
  });

  it('is news to the next hook, but for members', () => {
    const first = hook();
    for (const command of readAll) first.run(command);
    const next = hook(rewritten(first.kept));
    expect(readAll.map((command) => next.run(command)[1])).toEqual(['a\n', 'new\n', 'new\n']);
  });

  it('stays known although the hook fails', () => {
    const first = hook();
    first.run('relation-get -r 1 host postgresql/0');
    expect(first.kept.relations['db:1']?.known).toEqual({ 'postgresql/0': { host: 'a' } });
  });

  it('of the own application is fixed for a follower among peers', () => {
    const inHook = hook({ ...CLUSTER, leader: false });
    inHook.run('relation-get -r 0 --app token web');
    inHook.meanwhile((slice) => ({
      ...slice,
      relations: { ...slice.relations, 'replicas:0': { ...PEERS, localApp: { token: 'new' } } },
    }));
    expect(inHook.run('relation-get -r 0 --app token web')[1]).toBe('t\n');
  });

  it('can still be read when its unit departs', () => {
    const departed: RelationEvent = { ...CREATED, phase: 'departed', unit: 'postgresql/0' };
    const unit = { ...UNIT, stage: { ...UNIT.stage, joined: { 'db:1': {} } } };
    expect(shown(['relation-get', 'host'], { unit, event: departed })).toEqual([0, 'a\n', '']);
    expect(shown(['relation-list'], { unit, event: departed })).toEqual([0, '', '']);
  });
});
