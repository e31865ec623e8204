/** What holds of secrets whatever a hook does with them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Secret } from '../../src/engine/world/juju/secret-slice.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import { latest } from '../../src/engine/world/juju/secret-view.ts';
import { APP, KEEPER, openSecretHook, OWN, THEIRS, type Hook } from './secret-rig.ts';

const IDS = [OWN, APP, THEIRS, 'c0000000000000000f60', 'new'];
const id = fc.constantFrom(...IDS);
const label = fc.constantFrom('mine', 'ours', 'db', 'x', 'y');
const words = (...parts: readonly fc.Arbitrary<string | undefined>[]): fc.Arbitrary<string[]> =>
  fc.tuple(...parts).map((all) => all.filter((part) => part !== undefined));
const is = (word: string): fc.Arbitrary<string> => fc.constant(word);
const maybe = (part: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> =>
  fc.option(part, { nil: undefined });
const named = label.map((text) => `--label=${text}`);
const content = fc.constantFrom('password=first', 'password=a', 'password=b');
const rotate = fc.constantFrom('--rotate=daily', '--rotate=never');
const expire = is('--expire=1h');

/** Any hook command about secrets; `new` stands for the secret that the hook made last. */
const COMMAND = fc.oneof(
  words(is('secret-add'), maybe(named), maybe(rotate), maybe(expire), content),
  words(is('secret-add'), is('--owner=unit'), maybe(named), content),
  words(is('secret-set'), id, maybe(content), maybe(named), maybe(rotate), maybe(expire)),
  words(is('secret-get'), id, maybe(named), maybe(fc.constantFrom('--peek', '--refresh'))),
  words(is('secret-get'), named, maybe(fc.constantFrom('--peek', '--refresh'))),
  words(is('secret-info-get'), id),
  words(is('secret-ids')),
  words(is('secret-grant'), id, is('-r'), is('db:1'), maybe(is('--unit=postgresql/0'))),
  words(is('secret-revoke'), id, fc.constantFrom('--app=postgresql', '--unit=postgresql/0')),
  words(is('secret-remove'), id, maybe(is('--revision=1'))),
);
type Commands = readonly (readonly string[])[];

function play(unit: JujuSlice, commands: Commands): { hook: Hook; answers: readonly unknown[] } {
  const hook = openSecretHook(unit);
  let made = OWN;
  const answers = commands.map((argv) => {
    const answer = hook.answer(argv.map((word) => (word === 'new' ? made : word)));
    if (answer.kind === 'reply' && argv[0] === 'secret-add' && answer.code === 0)
      made = String(answer.out).trim();
    return answer;
  });
  return { hook, answers };
}

/** What of a secret lands at the commit only. */
function committed(secret: Secret): Secret {
  return { ...secret, tracked: null, label: '', readerLabel: '' };
}

function hooks(check: (unit: JujuSlice, commands: Commands) => void): void {
  const unit = fc.record({
    leader: fc.boolean(),
    version: fc.constantFrom('3.1.6', '3.6.14', '4.0.1'),
  });
  fc.assert(
    fc.property(unit, fc.array(COMMAND, { maxLength: 12 }), (more, commands) => {
      check({ ...KEEPER, ...more }, commands);
    }),
    { numRuns: 300 },
  );
}

describe('in any hook', () => {
  it('a command is answered, and the same way each time', () => {
    hooks((unit, commands) => {
      const { answers, hook } = play(unit, commands);
      const again = play(unit, commands);
      expect(again.answers).toEqual(answers);
      expect(again.hook.seen).toEqual(hook.seen);
    });
  });

  it('that fails, secrets keep all but labels and what is tracked', () => {
    hooks((unit, commands) => {
      const { kept } = play(unit, commands).hook;
      expect(Object.keys(kept.secrets)).toEqual(Object.keys(unit.secrets));
      for (const [key, secret] of Object.entries(kept.secrets))
        expect(committed(secret)).toEqual(committed(unit.secrets[key]!));
    });
  });

  it('a secret gains one revision at most, and none that is not its owner’s changes', () => {
    hooks((unit, commands) => {
      const { seen } = play(unit, commands).hook;
      for (const [key, secret] of Object.entries(seen.secrets)) {
        const before = unit.secrets[key];
        expect(latest(secret)).toBeLessThanOrEqual(before ? latest(before) + 1 : 1);
        if (key === THEIRS) expect(committed(secret)).toEqual(committed(before!));
      }
    });
  });

  it('what is tracked is a revision that the secret has or had', () => {
    hooks((unit, commands) => {
      const { seen } = play(unit, commands).hook;
      for (const secret of Object.values(seen.secrets))
        expect(secret.tracked ?? 1).toBeLessThanOrEqual(latest(secret));
    });
  });
});
