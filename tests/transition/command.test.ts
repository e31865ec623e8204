/** `playbill transition` as a program: lines in, a line out for each, in order, and the exit code. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHARM } from './lines.ts';

const PROGRAM = join(process.cwd(), 'bin/playbill.js');

function run(lines: readonly string[], ...args: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, 'transition', ...args], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  const answers = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { answers, stderr, status };
}

function line(event: unknown, state: object = {}): string {
  return JSON.stringify({ charm: CHARM, state, event });
}

describe('playbill transition', () => {
  it('answers each line in order and ends with 0, whatever becomes of the charm', () => {
    const failing = line('config-changed', { juju: { config: { fail: true } } });
    const { answers, status } = run([line('install'), '', failing, line('start')]);
    expect(answers.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'played' },
      { kind: 'failed', reason: 'ValueError: no such page' },
      { kind: 'played' },
    ]);
    expect(status).toBe(0);
  });

  it('gives a line that cannot be played its error, plays the others, and ends with 1', () => {
    const { answers, status, stderr } = run([
      'nonsense',
      '[]',
      '{"charm": "x"}',
      '{"charm": 1, "state": {}, "event": "install"}',
      '{"charm": "nowhere", "state": {}, "event": "install"}',
      line({ kind: 'lifecycle', name: 'instal' }),
      line('install'),
    ]);
    const errors = answers.map(({ error }) => error);
    expect(errors.slice(0, 3)).toEqual([
      expect.stringContaining('the line is no JSON'),
      'the line is no JSON object\n  Write {"charm": …, "state": …, "event": …}.',
      'the line has no state, event',
    ]);
    expect(errors.slice(3)).toEqual([
      'charm: must be a path',
      expect.stringContaining('charm: nowhere: not found'),
      'event.name: must be equal to one of the allowed values',
      undefined,
    ]);
    expect(answers.at(-1)).toMatchObject({ outcome: { kind: 'played' } });
    expect(status).toBe(1);
    expect(stderr).not.toContain('    at ');
  });

  it('reads lines of recorded transitions in the dialect of ops.testing', () => {
    const recorded = {
      charm: CHARM,
      state_in: { leader: true },
      event: { name: 'leader_elected' },
    };
    const { answers, status } = run([JSON.stringify(recorded)], '--dialect', 'scenario');
    expect(answers).toMatchObject([
      { outcome: { kind: 'played' }, exception: null, state: { app_status: { name: 'active' } } },
    ]);
    expect(status).toBe(0);
  });

  it('knows no other dialect', () => {
    const { answers, status, stderr } = run([], '--dialect', 'harness');
    expect({ answers, status }).toEqual({ answers: [], status: 1 });
    expect(stderr).toBe('there is no dialect harness\n  playbill or scenario\n');
  });
});
