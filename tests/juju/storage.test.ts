/** storage-list, storage-get and storage-add answer as Juju's. Source: juju jujuc/storage-*.go, state/storage.go */
import { produce } from 'immer';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/engine/model/event.ts';
import type { JujuSlice, Storage } from '../../src/engine/world/juju/slice.ts';
import { attachStorage, commitProblems } from '../../src/engine/world/juju/storage.ts';
import { CHARM, run, shown, UNIT } from './unit.ts';

const disk = (location: string): Storage => ({ kind: 'filesystem', location, attached: true });
const unit: JujuSlice = {
  ...UNIT,
  storages: {
    'data/10': disk('/srv/10'),
    'data/2': disk('/srv/2'),
    'logs/3': { kind: 'block', location: '/dev/sdb', attached: true },
    'cache/4': { ...disk('/srv/4'), attached: false },
    'swap/5': { kind: 'block', location: '/dev/sdc', attached: false },
  },
};
const detaching: Event = { kind: 'storage', storage: 'data', id: 'data/2', phase: 'detaching' };
const pod: JujuSlice = { ...unit, machine: '', model: { ...unit.model, type: 'kubernetes' } };
const juju4: JujuSlice = { ...unit, version: '4.0.1' };

type Row = readonly [
  string,
  readonly string[],
  readonly [number, string, string],
  Parameters<typeof run>[1],
];
type Short = readonly [string, readonly string[], readonly [number, string, string]];
const ANSWERS: readonly (Row | Short)[] = [
  [
    'storage-list lists every attachment, the pending ones too, by name and number',
    ['storage-list'],
    [0, 'cache/4\ndata/2\ndata/10\nlogs/3\nswap/5\n', ''],
  ],
  ['storage-list takes a name', ['storage-list', 'data'], [0, 'data/2\ndata/10\n', '']],
  [
    'storage-list prints JSON',
    ['storage-list', 'data', '--format=json'],
    [0, '["data/2","data/10"]\n', ''],
  ],
  ['storage-list prints YAML', ['storage-list', 'logs', '--format', 'yaml'], [0, '- logs/3\n', '']],
  ['storage-list of none prints nothing', ['storage-list', 'nope'], [0, '', '']],
  [
    'storage-list of none is an empty JSON list',
    ['storage-list', 'nope', '--format=json'],
    [0, '[]\n', ''],
  ],
  [
    'storage-list takes one name',
    ['storage-list', 'a', 'b'],
    [2, '', 'ERROR unrecognized args: ["b"]\n'],
  ],
  [
    'storage-get prints a location',
    ['storage-get', '-s', 'data/2', 'location'],
    [0, '/srv/2\n', ''],
  ],
  ['storage-get prints a kind', ['storage-get', '-s', 'logs/3', 'kind'], [0, 'block\n', '']],
  [
    'storage-get prints all it knows',
    ['storage-get', '-s', 'logs/3'],
    [0, 'kind: block\nlocation: /dev/sdb\n', ''],
  ],
  [
    'storage-get prints JSON',
    ['storage-get', '-s', 'data/2', '--format=json'],
    [0, '{"kind":"filesystem","location":"/srv/2"}\n', ''],
  ],
  [
    'storage-get in a storage hook means its storage',
    ['storage-get', 'location'],
    [0, '/srv/2\n', ''],
    { unit, event: detaching },
  ],
  [
    'storage-get in a storage hook can mean another',
    ['storage-get', '-s', 'data/10', 'location'],
    [0, '/srv/10\n', ''],
    { unit, event: detaching },
  ],
  [
    'storage-get wants a storage',
    ['storage-get'],
    [2, '', 'ERROR no storage instance specified\n'],
  ],
  [
    'storage-get refuses what is no id',
    ['storage-get', '-s', 'data'],
    [2, '', 'ERROR invalid value "data" for option -s: invalid storage ID "data"\n'],
  ],
  [
    'storage-get refuses an unknown id',
    ['storage-get', '-s', 'data/9'],
    [
      2,
      '',
      'ERROR invalid value "data/9" for option -s: storage attachment data/9:web/0 not found\n',
    ],
  ],
  [
    'storage-get refuses an unknown id in the words of 4.0',
    ['storage-get', '-s', 'data/9'],
    [
      2,
      '',
      'ERROR invalid value "data/9" for option -s: storage instance not found for "data/9" "web/0"\n',
    ],
    { unit: juju4 },
  ],
  [
    'storage-get has nothing of a pending file system',
    ['storage-get', '-s', 'cache/4'],
    [
      2,
      '',
      'ERROR invalid value "cache/4" for option -s: getting filesystem attachment info: filesystem attachment "0/4" on "0" not provisioned\n',
    ],
  ],
  [
    'storage-get has nothing of a pending file system of a pod',
    ['storage-get', '-s', 'cache/4'],
    [
      2,
      '',
      'ERROR invalid value "cache/4" for option -s: getting filesystem attachment info: filesystem attachment "4" on "web/0" not provisioned\n',
    ],
    { unit: pod },
  ],
  [
    'storage-get has nothing of a pending device',
    ['storage-get', '-s', 'swap/5'],
    [
      2,
      '',
      'ERROR invalid value "swap/5" for option -s: getting volume info: volume "0/5" not provisioned\n',
    ],
  ],
  [
    'storage-get has nothing of a pending file system in 4.0',
    ['storage-get', '-s', 'cache/4'],
    [
      2,
      '',
      'ERROR invalid value "cache/4" for option -s: mount point for storage attachment "storage-cache-4" for unit "web/0" missing\n',
    ],
    { unit: juju4 },
  ],
  [
    'storage-get has nothing of a pending device in 4.0',
    ['storage-get', '-s', 'swap/5'],
    [
      2,
      '',
      'ERROR invalid value "swap/5" for option -s: storage attachment "storage-swap-5" for unit "web/0" not provisioned\n',
    ],
    { unit: juju4 },
  ],
  [
    'storage-get names an unknown attribute',
    ['storage-get', '-s', 'data/2', 'size'],
    [1, '', 'ERROR invalid storage attribute "size"\n'],
  ],
  [
    'storage-get takes one attribute',
    ['storage-get', '-s', 'data/2', 'kind', 'x'],
    [2, '', 'ERROR unrecognized args: ["x"]\n'],
  ],
  [
    'storage-add wants a storage',
    ['storage-add'],
    [2, '', 'ERROR storage add requires a storage directive\n'],
  ],
  [
    'storage-add wants name=count',
    ['storage-add', 'a=1=2'],
    [2, '', 'ERROR expected "name=constraints" or "name", got "a=1=2"\n'],
  ],
  [
    'storage-add wants a name',
    ['storage-add', '=2'],
    [2, '', 'ERROR expected "name=constraints" or "name", got "=2"\n'],
  ],
  [
    'storage-add has a word of its own in 4.0',
    ['storage-add', '=2'],
    [2, '', 'ERROR expected "name=directive" or "name", got "=2"\n'],
    { unit: juju4 },
  ],
  [
    'storage-add wants each storage once',
    ['storage-add', 'data', 'data=2'],
    [2, '', 'ERROR storage "data" specified more than once\n'],
  ],
  [
    'storage-add wants something behind the equals sign',
    ['storage-add', 'data='],
    [
      2,
      '',
      'ERROR cannot parse constraints for storage "data": storage constraints require at least one field to be specified\n',
    ],
  ],
  ...['0', '-676'].map((count): Short => [
    `storage-add refuses a count of ${count}`,
    ['storage-add', `data=${count}`],
    [
      2,
      '',
      `ERROR cannot parse constraints for storage "data": cannot parse count: count must be greater than zero, got "${count}"\n`,
    ],
  ]),
  ...['pool', '1M', 'pool,1,2GiB'].map((field): Short => [
    `storage-add refuses ${field}, which only an operator can choose`,
    ['storage-add', `data=${field}`],
    [2, '', 'ERROR only count can be specified for "data"\n'],
  ]),
  [
    'storage-add refuses a second pool',
    ['storage-add', 'data=a,b'],
    [
      2,
      '',
      'ERROR cannot parse constraints for storage "data": pool name is already set to "a", new value "b" not valid\n',
    ],
  ],
  [
    'storage-add of 4.0 refuses a second count',
    ['storage-add', 'data=1,2'],
    [
      2,
      '',
      'ERROR cannot parse directive for storage "data": storage instance count is already set to 1, new value 2 not valid\n',
    ],
    { unit: juju4 },
  ],
  [
    'storage-add refuses a negative size',
    ['storage-add', 'data=-5M'],
    [
      2,
      '',
      'ERROR cannot parse constraints for storage "data": cannot parse size: expected a non-negative number, got "-5"\n',
    ],
  ],
  [
    'storage-add refuses what is nothing of all that',
    ['storage-add', 'data=1_2'],
    [
      2,
      '',
      'ERROR cannot parse constraints for storage "data": unrecognized storage constraint "1_2" not valid\n',
    ],
  ],
];

describe('storage commands', () => {
  it.each(ANSWERS.map((row): Row => [row[0], row[1], row[2], row[3] ?? { unit }]))(
    '%s',
    (_title, argv, expected, more) => {
      expect(shown(argv, more)).toEqual(expected);
    },
  );

  it('ask for more instances at the commit, and every time for more', () => {
    const first = run(['storage-add', 'data=2', 'logs'], { unit });
    expect(first.answer).toEqual({ kind: 'reply', code: 0, out: '' });
    expect(first.kept.requestedStorages).toEqual({});
    expect(first.seen.requestedStorages).toEqual({ data: 2, logs: 1 });
    const second = run(['storage-add', 'data=5,1'], { unit: first.seen });
    expect(second.seen.requestedStorages).toEqual({ data: 3, logs: 1 });
  });
});

describe('attaching storage', () => {
  it('makes it readable, and answers one request for it', () => {
    const asking = { ...unit, requestedStorages: { cache: 2 } };
    const after = produce(asking, (draft) => attachStorage(draft, 'cache/4'));
    expect(after.storages['cache/4']?.attached).toBe(true);
    expect(after.requestedStorages).toEqual({ cache: 1 });
    const done = produce(after, (draft) => attachStorage(draft, 'cache/4'));
    expect(done.requestedStorages).toEqual({});
  });
});

describe('the controller, asked for more storage at the commit,', () => {
  const charm = {
    ...CHARM,
    storage: {
      data: { type: 'filesystem', multiple: { range: '1-3' } },
      logs: { type: 'block' },
      many: { type: 'filesystem', multiple: { range: '4+' } },
      exactly: { type: 'filesystem', multiple: { range: 2 } },
    },
  };
  it.each([
    ['takes what the charm allows', { data: 1 }, []],
    [
      'refuses more than the charm allows',
      { data: 2 },
      [
        'adding "data" storage to web/0: attaching 2 storage instances brings the total to 4, exceeding the maximum of 3',
      ],
    ],
    [
      'refuses another one of a single one',
      { logs: 1 },
      ['adding "logs" storage to web/0: cannot attach, storage is singular'],
    ],
    [
      'refuses fewer than the charm needs',
      { many: 1 },
      [
        'adding "many" storage to web/0: attaching 1 storage instance brings the total to 1, which is less than the minimum of 4',
      ],
    ],
    ['has no limit above where the charm names none', { many: 40 }, []],
    [
      'knows ranges of one number',
      { exactly: 3 },
      [
        'adding "exactly" storage to web/0: attaching 3 storage instances brings the total to 3, exceeding the maximum of 2',
      ],
    ],
    [
      'knows no other storage',
      { nope: 1 },
      ['adding storage nope for unit-web-0: storage "nope" not found'],
    ],
  ] as const)('%s', (_title, requestedStorages, messages) => {
    const seen = { ...unit, requestedStorages };
    const problems = commitProblems(unit, seen, charm);
    const expected = messages.map((why) => `cannot apply changes: ${why}`);
    expect(problems.map(({ message }) => message)).toEqual(expected);
  });

  it('says nothing of what earlier hooks have asked for', () => {
    const kept = { ...unit, requestedStorages: { nope: 1 } };
    expect(commitProblems(kept, kept, charm)).toEqual([]);
  });
});
