/** is-leader, application-version-set and juju-log. Source: juju jujuc, context/leader.go. */
import { describe, expect, it } from 'vitest';
import { parseArguments, type Parsed } from '../../src/engine/world/juju/arguments.ts';
import { jujuLog, logLines } from '../../src/engine/world/juju/log.ts';
import { FOLLOWER, hook, table } from './rows.ts';
import { run, UNIT } from './unit.ts';

const follower = { unit: FOLLOWER };

table('is-leader', [
  ['prints True', 'is-leader', [0, 'True\n', '']],
  ['prints False', 'is-leader', [0, 'False\n', ''], follower],
  ['prints json', 'is-leader --format=json', [0, 'false\n', ''], follower],
  ['prints yaml', 'is-leader --format=yaml', [0, 'true\n', '']],
  ['takes no word', 'is-leader x y', [2, '', 'ERROR unrecognized args: ["x" "y"]\n']],
]);

describe('is-leader in a hook', () => {
  it('stays no once it said no', () => {
    const inHook = hook(FOLLOWER);
    expect(inHook.run('is-leader')[1]).toBe('False\n');
    inHook.meanwhile((slice) => ({ ...slice, leader: true }));
    expect(inHook.run('is-leader')[1]).toBe('False\n');
    expect(inHook.run('relation-set -r 1 --app a=b')[0]).toBe(1);
    expect(inHook.run('status-set --application active')[0]).toBe(1);
  });

  it('asks anew after it said yes', () => {
    const inHook = hook();
    expect(inHook.run('is-leader')[1]).toBe('True\n');
    inHook.meanwhile((slice) => ({ ...slice, leader: false }));
    expect(inHook.run('is-leader')[1]).toBe('False\n');
  });

  it('is no for good after another command was refused', () => {
    const inHook = hook(FOLLOWER);
    inHook.run('status-get --application');
    inHook.meanwhile((slice) => ({ ...slice, leader: true }));
    expect(inHook.run('is-leader')[1]).toBe('False\n');
  });
});

table('application-version-set', [
  ['says nothing', 'application-version-set 1.2', [0, '', '']],
  ['needs a version', 'application-version-set', [2, '', 'ERROR no version specified\n']],
  ['takes one word', 'application-version-set 1 2', [2, '', 'ERROR unrecognized args: ["2"]\n']],
]);

it('application-version-set sets the version at once', () => {
  expect(run(['application-version-set', '1.2']).kept.workloadVersion).toBe('1.2');
  expect(run(['application-version-set', '']).kept.workloadVersion).toBe('');
});

table('juju-log', [
  ['says nothing', 'juju-log hello there', [0, '', '']],
  ['may log an empty message', ['juju-log', ''], [0, '', '']],
  ['wants a message', 'juju-log', [2, '', 'ERROR no message specified\n']],
  ['wants a level', 'juju-log -l', [2, '', 'ERROR option needs an argument: -l\n']],
  [
    'warns of --format',
    'juju-log --format=json x',
    [0, '', '--format flag deprecated for command "juju-log"'],
  ],
]);

describe('the lines of juju-log', () => {
  function lines(argv: readonly string[], relation = ''): readonly string[] {
    const parsed = parseArguments(argv, jujuLog.flags) as Parsed;
    return logLines(parsed, relation).map(({ level, message }) => `${level} ${message}`);
  }

  it.each<[string, readonly string[], readonly string[]]>([
    ['are of level INFO', ['hello', 'there'], ['INFO hello there']],
    ['have the level given', ['-l', 'ERROR', 'x'], ['ERROR x']],
    ['take a level in small letters', ['--log-level=critical', 'x'], ['CRITICAL x']],
    ['know a short name of WARNING', ['-lwarn', 'x'], ['WARNING x']],
    [
      'are of level DEBUG with --debug, whatever else',
      ['--debug', '-l', 'ERROR', 'x'],
      ['DEBUG x'],
    ],
    ['take no level for INFO', ['-l', '', 'x'], ['INFO x']],
    ['are none of level UNSPECIFIED', ['-l', 'unspecified', 'x'], []],
    [
      'warn of a level that there is not',
      ['-l', 'loud', 'x'],
      ['WARNING Specified log level of "loud" is not valid', 'INFO x'],
    ],
  ])('%s', (_title, argv, expected) => {
    expect(lines(argv)).toEqual(expected);
  });

  it('name the relation of the hook', () => {
    expect(lines(['-l', 'loud', 'x'], 'db:1')).toEqual([
      'WARNING Specified log level of "loud" is not valid',
      'INFO db:1: x',
    ]);
  });
});

it('a command of no Juju is refused by name', () => {
  const what = 'hook command relation-forget';
  expect(run(['relation-forget', '--help']).answer).toEqual({ kind: 'unsupported', what });
});

it('a command that only asks leaves the unit alone', () => {
  expect(run(['config-get']).seen).toBe(UNIT);
});

it.each([
  ['out', '/charm/hooks/out'],
  ['../a/./b', '/charm/a/b'],
  ['/tmp//x', '/tmp/x'],
  ['../../../x', '/x'],
])('an output file %s is where the command runs', (path, expected) => {
  const { answer } = run(['is-leader', '-o', path], { cwd: '/charm/hooks' });
  expect(answer).toMatchObject({ out: '', files: [{ path: expected, parents: false }] });
});
