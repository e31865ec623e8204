/** Hook commands print what Juju prints and fail as Juju fails. Source: juju jujuc. */
import { describe, expect, it } from 'vitest';
import { CONFIG_CHANGED, DB_CHANGED, run, shown, UNIT } from './unit.ts';

const follower = { unit: { ...UNIT, leader: false } };
const inAction = {
  event: { kind: 'action', name: 'backup', params: {} } as const,
  unit: {
    ...UNIT,
    action: {
      name: 'backup',
      params: { to: { host: 'h' }, n: 2 },
      results: {},
      log: [],
      failure: null,
    },
  },
};
const inChanged = { event: DB_CHANGED };

const ANSWERS: readonly [
  string,
  readonly string[],
  readonly [number, string, string],
  Parameters<typeof run>[1]?,
][] = [
  ['config-get prints a value bare', ['config-get', 'slug'], [0, 'hello\n', '']],
  ['config-get prints nothing for an option without value', ['config-get', 'workers'], [0, '', '']],
  ['config-get prints nothing for an unknown option', ['config-get', 'nope'], [0, '', '']],
  [
    'config-get leaves unset options out of json',
    ['config-get', '--format=json'],
    [0, '{"debug":false,"slug":"hello"}\n', ''],
  ],
  [
    'config-get --all has them all',
    ['config-get', '-a', '--format', 'json'],
    [0, '{"debug":false,"slug":"hello","workers":null}\n', ''],
  ],
  ['config-get shows booleans as True and False', ['config-get', 'debug'], [0, 'False\n', '']],
  [
    'config-get refuses --all with a key',
    ['config-get', '--all', 'slug'],
    [2, '', 'ERROR cannot use argument --all together with key "slug"\n'],
  ],
  [
    'an unknown flag is an argument error',
    ['config-get', '--nope'],
    [2, '', 'ERROR option provided but not defined: --nope\n'],
  ],
  [
    'left-over words are an argument error',
    ['is-leader', 'x', 'y'],
    [2, '', 'ERROR unrecognized args: ["x" "y"]\n'],
  ],
  ['is-leader prints True', ['is-leader'], [0, 'True\n', '']],
  ['is-leader prints json', ['is-leader', '--format=json'], [0, 'false\n', ''], follower],
  [
    'status-set refuses an unknown status',
    ['status-set', 'fine'],
    [2, '', 'ERROR invalid status "fine", expected one of [maintenance blocked waiting active]\n'],
  ],
  [
    'status-set needs a status',
    ['status-set'],
    [2, '', 'ERROR invalid args, require <status> [message]\n'],
  ],
  [
    'status-set refuses an unquoted message',
    ['status-set', 'active', 'all', 'good'],
    [2, '', 'ERROR unrecognized args: ["good"]\n'],
  ],
  [
    'status-set --application needs leadership',
    ['status-set', '--application=True', 'active'],
    [1, '', 'ERROR setting application status: this unit is not the leader\n'],
    follower,
  ],
  ['status-get prints the bare status', ['status-get'], [0, 'waiting\n', '']],
  [
    'status-get prints what ops reads',
    ['status-get', '--include-data', '--format=json', '--application=false'],
    [0, '{"message":"agent initialising","status":"waiting","status-data":{}}\n', ''],
  ],
  [
    'status-get --application is refused to a follower',
    ['status-get', '--application'],
    [1, '', 'ERROR finding application status: this unit is not the leader\n'],
    follower,
  ],
  [
    'relation-ids lists an endpoint',
    ['relation-ids', 'db', '--format=json'],
    [0, '["db:1"]\n', ''],
  ],
  [
    'relation-ids knows no other endpoint and does not mind',
    ['relation-ids', 'nope', '--format=json'],
    [0, '[]\n', ''],
  ],
  [
    'relation-ids needs an endpoint outside of relation hooks',
    ['relation-ids'],
    [2, '', 'ERROR no endpoint name specified\n'],
  ],
  ['relation-ids takes the hook’s endpoint', ['relation-ids'], [0, 'db:1\n', ''], inChanged],
  [
    'relation-list lists units that have joined',
    ['relation-list', '--format=json', '-r', 'db:1'],
    [0, '["postgresql/0"]\n', ''],
  ],
  [
    'relation-list --app names the application',
    ['relation-list', '--format=json', '--app', '-r', 'db:1'],
    [0, '"postgresql"\n', ''],
  ],
  [
    'an unknown relation is an argument error',
    ['relation-list', '-r', 'db:9'],
    [2, '', 'ERROR invalid value "db:9" for option -r: relation not found\n'],
  ],
  ['relation-get reads the hook’s unit', ['relation-get', 'host'], [0, 'a\n', ''], inChanged],
  [
    'relation-get reads another unit',
    ['relation-get', '-r', 'db:1', '--format=json', '-', 'postgresql/1'],
    [0, '{"host":"b"}\n', ''],
  ],
  [
    'relation-get --app reads the remote application',
    ['relation-get', '--format=json', '-r', 'db:1', '--app', '-', 'postgresql'],
    [0, '{"endpoints":"192.0.2.20:5432"}\n', ''],
  ],
  [
    'relation-get prints nothing for a missing key',
    ['relation-get', 'nope'],
    [0, '', ''],
    inChanged,
  ],
  [
    'relation-get --app of the own application is the leader’s',
    ['relation-get', '-r', 'db:1', '--app', 'wanted', 'web'],
    [0, 'yes\n', ''],
  ],
  [
    'a follower may not read its application’s databag',
    ['relation-get', '-r', 'db:1', '--app', '-', 'web'],
    [1, '', 'ERROR permission denied\n'],
    follower,
  ],
  [
    'relation-get wants to know of whom',
    ['relation-get', '-r', 'db:1'],
    [2, '', 'ERROR no unit or application specified\n'],
  ],
  [
    'relation-get refuses an application for a unit',
    ['relation-get', '-r', 'db:1', '-', 'postgresql'],
    [2, '', 'ERROR expected unit name, got application name "postgresql"\n'],
  ],
  [
    'relation-set --app needs leadership',
    ['relation-set', '-r', 'db:1', '--app', 'a=b'],
    [1, '', 'ERROR cannot write relation settings\n'],
    follower,
  ],
  [
    'relation-set wants key=value',
    ['relation-set', '-r', 'db:1', 'a'],
    [2, '', 'ERROR expected "key=value", got "a"\n'],
  ],
  ['juju-log wants a message', ['juju-log'], [2, '', 'ERROR no message specified\n']],
  [
    'open-port names a bad protocol',
    ['open-port', '80/sctp'],
    [2, '', 'ERROR invalid protocol "sctp", expected "tcp", "udp", or "icmp"\n'],
  ],
  [
    'open-port refuses ports past 65535',
    ['open-port', '0-70000'],
    [2, '', 'ERROR port range bounds must be between 0 and 65535, got 0-70000\n'],
  ],
  [
    'network-get prints one address',
    ['network-get', 'db', '--ingress-address'],
    [0, '192.0.2.10\n', ''],
  ],
  [
    'network-get knows extra bindings',
    ['network-get', 'admin', '--bind-address'],
    [0, '192.0.2.10\n', ''],
  ],
  [
    'network-get knows no other binding',
    ['network-get', 'nope'],
    [1, '', 'ERROR no network config found for binding "nope"\n'],
  ],
  ['action-get reads a nested parameter', ['action-get', 'to.host'], [0, 'h\n', ''], inAction],
  [
    'action-get prints all parameters',
    ['action-get', '--format=json'],
    [0, '{"n":2,"to":{"host":"h"}}\n', ''],
    inAction,
  ],
  [
    'action commands need an action',
    ['action-set', 'a=b'],
    [1, '', 'ERROR not running an action\n'],
  ],
  [
    'action-set refuses reserved keys',
    ['action-set', 'stdout=x'],
    [2, '', 'ERROR cannot set reserved action key "stdout"\n'],
    inAction,
  ],
];

describe('a hook command', () => {
  it.each(ANSWERS)('%s', (_title, argv, expected, more) => {
    expect(shown(argv, more ?? {})).toEqual(expected);
  });

  it('with an option that is not simulated is refused by name', () => {
    const ports = run(['open-port', '--endpoints', 'db', '80']).answer;
    expect(ports).toEqual({ kind: 'unsupported', what: 'open-port --endpoints' });
  });

  it('that is not simulated is refused by name', () => {
    expect(run(['secret-add', '--file=/x'], { stdin: '- no map' }).answer).toEqual({
      kind: 'unsupported',
      what: 'a file of secrets that is no map of texts',
    });
  });
});

describe('what a hook command writes', () => {
  it('status-set lands at once', () => {
    const { kept } = run(['status-set', '--application=False', 'active', '--', 'ready']);
    expect(kept.unitStatus).toEqual({ status: 'active', message: 'ready', since: 1000 });
    expect(kept.stage.statusSet).toBe(true);
  });

  it('relation-set waits for the commit and is read back within the hook', () => {
    const { kept, seen } = run(['relation-set', '-r', 'db:1', '--app', '--file', '-'], {
      stdin: '{"wanted":"","new":"1"}',
    });
    expect(seen.relations['db:1']?.localApp).toEqual({ new: '1' });
    expect(kept).toBe(UNIT);
  });

  it('ports open at the commit, and closing one undoes it', () => {
    const { kept, seen } = run(['open-port', '8080']);
    expect([Object.keys(kept.ports), Object.keys(seen.ports)]).toEqual([[], ['8080/tcp']]);
    expect(run(['close-port', '8080/tcp'], { unit: seen }).seen.ports).toEqual({});
    expect(
      shown(['opened-ports'], {
        unit: { ...UNIT, ports: { '8080/udp': [], '90/tcp': [], '9/tcp': [] } },
      }),
    ).toEqual([0, '9/tcp\n90/tcp\n8080/udp\n', '']);
  });

  it('a port that overlaps an open range is refused', () => {
    const unit = { ...UNIT, ports: { '80/tcp': [] } };
    expect(shown(['open-port', '70-90/tcp'], { unit })[2]).toBe(
      'ERROR cannot open 70-90/tcp (unit "web/0"): port range conflicts with 80/tcp (unit "web/0")\n',
    );
  });

  it('action results nest by their dots, and survive a failing action', () => {
    const { kept } = run(['action-set', 'a.b=1', 'a.c=2'], inAction);
    expect(kept.action?.results).toEqual({ a: { b: '1', c: '2' } });
    expect(run(['action-fail'], inAction).kept.action?.failure).toMatch(
      /^action failed without reason/,
    );
  });

  it('leaves the unit alone when only asked', () => {
    expect(run(['config-get'], { event: CONFIG_CHANGED }).seen).toBe(UNIT);
  });
});
