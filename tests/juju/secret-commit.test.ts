/** What the controller refuses of a hook's secrets. */
import { describe, expect, it } from 'vitest';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { APP, KEEPER, openSecretHook, OWN, THEIRS } from './secret-rig.ts';

const exists = (label: string): string => `secret with label "${label}" already exists`;
const COMMITS: readonly [string, readonly (readonly string[])[], string | undefined, JujuSlice?][] =
  [
    ['nothing of a hook that asks for nothing', [['secret-ids']], undefined],
    ['nothing of a new label', [['secret-add', '--label=new', 'key=x']], undefined],
    [
      'a label that another of the application’s has',
      [['secret-add', '--label=ours', 'key=x']],
      `creating secrets: ${exists('ours')}`,
    ],
    [
      'a label of the unit’s that the application has',
      [['secret-add', '--owner=unit', '--label=ours', 'key=x']],
      `creating secrets: ${exists('ours')}`,
    ],
    [
      'a label of the application’s that a unit has',
      [['secret-add', '--label=mine', 'key=x']],
      `creating secrets: ${exists('mine')}`,
    ],
    [
      'a label under which the unit reads another',
      [['secret-add', '--owner=unit', '--label=db', 'key=x']],
      `creating secrets: ${exists('db')}`,
    ],
    [
      'nothing of a label that only another owner has',
      [['secret-add', '--label=not for us', 'key=x']],
      undefined,
    ],
    [
      'a label that is taken by setting it',
      [['secret-set', OWN, '--label=ours']],
      `updating secrets: ${exists('ours')}`,
    ],
    ['nothing of a label set to what it is', [['secret-set', OWN, '--label=mine']], undefined],
    [
      'a label that a secret made in the hook has by then',
      [
        ['secret-add', '--label=new', 'key=x'],
        ['secret-set', OWN, '--label=new'],
      ],
      `updating secrets: ${exists('new')}`,
    ],
    [
      'every label of a step at once',
      [
        ['secret-add', '--label=ours', 'key=x'],
        ['secret-add', '--label=mine', 'key=x'],
      ],
      `creating secrets: ${exists('ours')}\n${exists('mine')}`,
    ],
    [
      'nothing of the label of a secret that it removes',
      [
        ['secret-remove', APP],
        ['secret-add', '--label=ours', 'key=x'],
      ],
      undefined,
    ],
    [
      'such a label in Juju 4, which removes last',
      [
        ['secret-remove', APP],
        ['secret-add', '--label=ours', 'key=x'],
      ],
      `creating secrets: ${exists('ours')}`,
      { ...KEEPER, version: '4.0.1' },
    ],
    [
      'the first step that fails only',
      [
        ['secret-set', THEIRS, 'key=x'],
        ['secret-remove', THEIRS],
        ['secret-add', '--label=ours', 'key=x'],
      ],
      'removing secrets: permission denied',
    ],
    [
      'a follower who changes what its application owns',
      [['secret-set', APP, 'password=x']],
      'updating secrets: "web/0" is not leader of "web"',
      { ...KEEPER, leader: false },
    ],
  ];

describe('the controller', () => {
  it.each(COMMITS)('refuses %s', (_, commands, wanted, unit = KEEPER) => {
    const hook = openSecretHook(unit);
    for (const argv of commands) expect(hook.run(argv)[0]).toBe(0);
    expect(hook.problems.map(({ message }) => message)).toEqual(
      wanted === undefined ? [] : [`cannot apply changes: ${wanted}`],
    );
  });
});
