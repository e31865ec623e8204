/** leader-get and leader-set answer as Juju 3's. Source: juju jujuc/leader-*.go, runner/context/leader.go */
import { describe, expect, it } from 'vitest';
import { openHook } from '../../src/engine/world/juju/hook.ts';
import { CONFIG_CHANGED, run, shown, UNIT } from './unit.ts';

const unit = { ...UNIT, leaderSettings: { token: 'abc', host: 'h' } };
const follower = { ...unit, leader: false };

describe('leader commands', () => {
  it.each([
    ['leader-get prints a value', ['leader-get', 'token'], [0, 'abc\n', ''], unit],
    ['leader-get prints nothing for an unknown key', ['leader-get', 'nope'], [0, '', ''], unit],
    [
      'leader-get has null for an unknown key',
      ['leader-get', 'nope', '--format=json'],
      [0, 'null\n', ''],
      unit,
    ],
    [
      'leader-get knows no key that objects have by nature',
      ['leader-get', 'constructor'],
      [0, '', ''],
      unit,
    ],
    ['leader-get prints all', ['leader-get'], [0, 'host: h\ntoken: abc\n', ''], unit],
    [
      'leader-get prints all for a dash',
      ['leader-get', '-', '--format=json'],
      [0, '{"host":"h","token":"abc"}\n', ''],
      unit,
    ],
    ['leader-get prints an empty mapping', ['leader-get'], [0, '{}\n', ''], UNIT],
    [
      'leader-get answers followers too',
      ['leader-get', 'token', '--format=yaml'],
      [0, 'abc\n', ''],
      follower,
    ],
    [
      'leader-get refuses a setting',
      ['leader-get', 'a=b'],
      [2, '', 'ERROR invalid key "a=b"\n'],
      unit,
    ],
    [
      'leader-get takes one key',
      ['leader-get', 'a', 'b'],
      [2, '', 'ERROR unrecognized args: ["b"]\n'],
      unit,
    ],
    [
      'leader-set wants key=value',
      ['leader-set', 'a'],
      [2, '', 'ERROR expected "key=value", got "a"\n'],
      unit,
    ],
    [
      'leader-set wants each key once',
      ['leader-set', 'a=1', 'a=2'],
      [2, '', 'ERROR key "a" specified more than once\n'],
      unit,
    ],
    [
      'leader-set is refused to a follower',
      ['leader-set', 'a=b'],
      [1, '', 'ERROR cannot write leadership settings: cannot write settings: not the leader\n'],
      follower,
    ],
  ] as const)('%s', (_title, argv, expected, of) => {
    expect(shown(argv, { unit: of })).toEqual(expected);
  });

  it('write at once, and an empty value deletes', () => {
    const { kept } = run(['leader-set', 'token=', 'port = 80 '], { unit });
    expect(kept.leaderSettings).toEqual({ host: 'h', port: '80' });
  });

  it('stay refused in a hook that was told once that it does not lead', () => {
    const opened = openHook(unit, CONFIG_CHANGED, 0);
    if (!opened.hook) throw new Error('no hook is open');
    const told = { ...opened, hook: { ...opened.hook, notLeader: true } };
    expect(shown(['leader-set', 'a=b'], { unit: told })[0]).toBe(1);
    expect(shown(['leader-set', 'a=b'], { unit: opened })[0]).toBe(0);
  });
});
