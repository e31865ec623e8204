/** What holds for every hook command, whatever it is given. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookCommandNames, HOOK_COMMANDS } from '../../src/engine/world/juju/table.ts';
import { CONFIG_CHANGED, DB_CHANGED, run, UNIT } from './unit.ts';

const WORDS = [
  '-',
  '--',
  '',
  'db',
  'db:1',
  '-r',
  '-r1',
  '--app',
  'a=b',
  '=',
  '80/tcp',
  '--format=yaml',
];
const word = fc.oneof(
  fc.constantFrom(...WORDS, 'postgresql/0', 'web', 'active', 'secret:x', '--file', '-o', 'data/0'),
  fc.string({ maxLength: 6 }),
);

function ended(argv: readonly string[], event = CONFIG_CHANGED): void {
  const { answer, kept, seen } = run(argv, { event });
  if (answer.kind === 'unsupported') {
    expect(answer.what).not.toBe('');
    return;
  }
  if (answer.kind !== 'reply') throw new Error(answer.kind);
  expect([0, 1, 2]).toContain(answer.code);
  if (answer.code === 0) return;
  expect(answer.err).toMatch(/ERROR [^]+\n$/);
  expect(String(answer.out)).toBe('');
  if (answer.code === 2) expect([kept, seen]).toEqual([UNIT, UNIT]);
}

describe.each(hookCommandNames(UNIT))('%s', (name) => {
  it('answers any words, and writes nothing when it cannot read them', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), fc.boolean(), (words, inRelation) => {
        ended([name, ...words], inRelation ? DB_CHANGED : CONFIG_CHANGED);
      }),
    );
  });

  it('refuses an option that it has not', () => {
    const message = 'ERROR option provided but not defined: --no-such-option\n';
    expect(run([name, '--no-such-option']).answer).toMatchObject({ code: 2, err: message });
  });

  it('wants the value of each option that takes one', () => {
    for (const [flag, { kind, short }] of Object.entries(HOOK_COMMANDS[name]?.flags ?? {})) {
      if (kind === 'yes') continue;
      const dashes = flag.length > 1 ? '--' : '-';
      const needs = (option: string): object => ({
        code: 2,
        err: `ERROR option needs an argument: ${option}\n`,
      });
      expect(run([name, `${dashes}${flag}`]).answer).toMatchObject(needs(`${dashes}${flag}`));
      if (short) expect(run([name, `-${short}`]).answer).toMatchObject(needs(`-${short}`));
    }
  });
});
