/** status-get and status-set. Source: juju jujuc/status-get.go, status-set.go, context/context.go. */
import { describe, expect, it } from 'vitest';
import { FOLLOWER, hook, table } from './rows.ts';
import { run, UNIT } from './unit.ts';

const led = {
  unit: { ...UNIT, appStatus: { status: 'blocked', message: 'no db', since: 5 } as const },
};
const NOT_LEADER = 'ERROR finding application status: this unit is not the leader\n';
const UNIT_WITH_DATA = '{"message":"agent initialising","status":"waiting","status-data":{}}';

table('status-get', [
  ['prints the bare status', 'status-get', [0, 'waiting\n', '']],
  ['is smart about it', 'status-get --format smart', [0, 'waiting\n', '']],
  ['prints a map in json', 'status-get --format=json', [0, '{"status":"waiting"}\n', '']],
  ['prints a map in yaml', 'status-get --format=yaml', [0, 'status: waiting\n', '']],
  [
    'includes data',
    'status-get --include-data',
    [0, 'message: agent initialising\nstatus: waiting\nstatus-data: {}\n', ''],
  ],
  [
    'prints what ops reads',
    'status-get --include-data --format=json --application=false',
    [0, `${UNIT_WITH_DATA}\n`, ''],
  ],
  ['takes no word', 'status-get x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
  ['--application prints the bare status', 'status-get --application', [0, 'blocked\n', ''], led],
  [
    '--application is the unit’s where the leader has set none',
    'status-get --application',
    [0, 'waiting\n', ''],
  ],
  [
    '--application prints a map in json',
    'status-get --application --format=json',
    [0, '{"application-status":{"status":"blocked","units":{"web/0":{"status":"waiting"}}}}\n', ''],
    led,
  ],
  [
    '--application prints a map in yaml',
    'status-get --application --format=yaml',
    [
      0,
      'application-status:\n  status: blocked\n  units:\n    web/0:\n      status: waiting\n',
      '',
    ],
    led,
  ],
  [
    '--application includes data',
    'status-get --application --include-data --format=json',
    [
      0,
      `{"application-status":{"message":"no db","status":"blocked","status-data":{},"units":{"web/0":${UNIT_WITH_DATA}}}}\n`,
      '',
    ],
    led,
  ],
  [
    '--application includes data where nothing is said of a format',
    'status-get --application --include-data',
    [
      0,
      [
        'application-status:',
        '  message: no db',
        '  status: blocked',
        '  status-data: {}',
        '  units:',
        '    web/0:',
        '      message: agent initialising',
        '      status: waiting',
        '      status-data: {}',
        '',
      ].join('\n'),
      '',
    ],
    led,
  ],
  [
    '--application is refused to a follower',
    'status-get --application',
    [1, '', NOT_LEADER],
    { unit: FOLLOWER },
  ],
]);

const ONE_OF = 'expected one of [maintenance blocked waiting active]';
table('status-set', [
  ['says nothing', 'status-set active', [0, '', '']],
  ['needs a status', 'status-set', [2, '', 'ERROR invalid args, require <status> [message]\n']],
  [
    'refuses another status',
    'status-set fine',
    [2, '', `ERROR invalid status "fine", ${ONE_OF}\n`],
  ],
  [
    'refuses a status that only Juju sets',
    'status-set error oops',
    [2, '', `ERROR invalid status "error", ${ONE_OF}\n`],
  ],
  [
    'refuses an unquoted message',
    'status-set active all good',
    [2, '', 'ERROR unrecognized args: ["good"]\n'],
  ],
  [
    'has no format',
    'status-set --format=json active',
    [2, '', 'ERROR option provided but not defined: --format\n'],
  ],
  [
    '--application needs leadership',
    'status-set --application=True active',
    [1, '', 'ERROR this unit is not the leader\n'],
    { unit: FOLLOWER },
  ],
]);

describe('status-set', () => {
  it('sets the unit’s status at once', () => {
    const { kept } = run(['status-set', '--application=False', 'active', '--', '-ready']);
    expect(kept.unitStatus).toEqual({ status: 'active', message: '-ready', since: 1000 });
    expect(kept.appStatus).toBeNull();
    expect(kept.stage.statusSet).toBe(true);
  });

  it('sets no message where none is given', () => {
    expect(run(['status-set', 'blocked']).kept.unitStatus.message).toBe('');
  });

  it('--application sets the application’s alone, at once', () => {
    const { kept } = run(['status-set', '--application', 'maintenance', 'wait']);
    expect(kept.appStatus).toEqual({ status: 'maintenance', message: 'wait', since: 1000 });
    expect(kept.unitStatus).toBe(UNIT.unitStatus);
    expect(kept.stage.statusSet).toBe(false);
  });
});

describe('the status in a hook', () => {
  it('stays what status-get told first', () => {
    const inHook = hook();
    expect(inHook.run('status-get')[1]).toBe('waiting\n');
    inHook.run('status-set active ready');
    expect(inHook.run('status-get')[1]).toBe('waiting\n');
    expect(inHook.run('status-get --include-data --format=json')[1]).toBe(`${UNIT_WITH_DATA}\n`);
    expect(inHook.seen.unitStatus.status).toBe('active');
  });

  it('is told as it was set when status-get comes after', () => {
    const inHook = hook();
    inHook.run('status-set active ready');
    expect(inHook.run('status-get')[1]).toBe('active\n');
  });

  it('of the application is read anew each time', () => {
    const inHook = hook();
    inHook.run('status-get --application');
    inHook.run('status-set --application blocked');
    expect(inHook.run('status-get --application')[1]).toBe('blocked\n');
  });
});
