/** juju-reboot answers as Juju's. Source: juju jujuc/reboot.go, runner/context/context.go */
import { describe, expect, it } from 'vitest';
import { openHook } from '../../src/engine/world/juju/hook.ts';
import { rebootProblems } from '../../src/engine/world/juju/reboot.ts';
import { run, shown, UNIT } from './unit.ts';

const pod = { ...UNIT, model: { ...UNIT.model, type: 'kubernetes' as const } };
const inAction = openHook(UNIT, { kind: 'action', name: 'backup', params: {} }, 0);
const REFUSED = [1, '', 'ERROR juju-reboot is not supported when running an action.\n'];

describe('juju-reboot', () => {
  it('waits for the end of the hook, and is dropped when that fails', () => {
    const { answer, kept, seen } = run(['juju-reboot']);
    expect(answer).toEqual({ kind: 'reply', code: 0, out: '' });
    expect([kept.rebooting, seen.rebooting]).toEqual([false, true]);
    expect(rebootProblems(kept, seen)).toEqual([]);
  });

  it('with --now ends the hook', () => {
    const { answer, seen } = run(['juju-reboot', '--now']);
    expect(answer).toEqual({ kind: 'end', end: { kind: 'rebooted' } });
    expect(seen).toBe(UNIT);
  });

  it('is refused in an action', () => {
    expect(shown(['juju-reboot'], { unit: inAction })).toEqual(REFUSED);
    expect(shown(['juju-reboot', '--now'], { unit: inAction })).toEqual(REFUSED);
  });

  it('takes no words', () => {
    expect(shown(['juju-reboot', 'now'])).toEqual([2, '', 'ERROR unrecognized args: ["now"]\n']);
  });

  it('in a pod answers, and fails the hook once its changes are in', () => {
    const { answer, kept, seen } = run(['juju-reboot'], { unit: pod });
    expect(answer).toEqual({ kind: 'reply', code: 0, out: '' });
    const message = 'unit "web/0" is not assigned to a machine';
    expect(rebootProblems(kept, seen)).toEqual([{ message }]);
    expect(rebootProblems(seen, seen)).toEqual([]);
  });

  it('with --now in a pod kills the hook, and nothing reboots', () => {
    const { answer } = run(['juju-reboot', '--now'], { unit: pod });
    expect(answer).toEqual({ kind: 'end', end: { kind: 'killed', signal: 'SIGKILL' } });
  });
});
