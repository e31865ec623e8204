/**
 * Random programs of hook commands, run by ops.testing and by the engine from the same states: the states that they
 * leave are equal, but where Juju's own source says otherwise. PLAYBILL_DIFFERENTIAL_RUNS and _SEED say how many
 * batches are drawn, and from which seed: it is in the test's name. `npm run differential` draws many, from a new one.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyCase, machineCase } from './arbitrary-case.ts';
import type { Case } from './case.ts';
import { openOurs } from './play-ours.ts';
import { openPeer } from './play-peer.ts';
import { FAILING_COMMIT, FAILING_HOOK } from './failure.ts';
import { RULES } from './juju-differs.ts';
import { playBoth, verdictText, type Player, type Verdict } from './play-both.ts';
import { PLANTED, plant } from './planted.ts';
import { RARE } from './rare-programs.ts';

const { PLAYBILL_DIFFERENTIAL_RUNS, PLAYBILL_DIFFERENTIAL_SEED } = process.env;
const RUNS = Number(PLAYBILL_DIFFERENTIAL_RUNS ?? 10);
const LONG = RUNS >= 200;
const SEED = Number(PLAYBILL_DIFFERENTIAL_SEED ?? (LONG ? Date.now() % 2 ** 31 : 20261121));
/** So many batches need every rule at least once: one that they do not need says nothing. */
const NEEDING_EVERY_RULE = 1000;
/** Cases to a batch: one dispatch of the peer plays them all. */
const BATCH = 16;

const EVERY_RULE = [FAILING_HOOK, FAILING_COMMIT, ...RULES].map(({ rule }) => rule);

let players: { peer: Player; ours: Player };
const open = new AsyncDisposableStack();
beforeAll(async () => {
  players = { peer: open.use(await openPeer()), ours: open.use(await openOurs()) };
});
afterAll(() => open.disposeAsync());

function batchOf(drawn: fc.Arbitrary<Case>): fc.Arbitrary<Case[]> {
  return fc.array(drawn, { minLength: 1, maxLength: BATCH, size: 'max' });
}

function wrongOf(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.filter(({ wrong }) => wrong.length > 0).map(verdictText);
}

describe(`${RUNS} batches from seed ${SEED}`, () => {
  it(
    'are played by the engine as Juju would by the side of ops.testing',
    { timeout: 7_200_000 },
    async () => {
      const met = new Set<string>();
      const property = fc.asyncProperty(batchOf(anyCase), async (cases) => {
        const verdicts = await playBoth(cases, players);
        for (const verdict of verdicts) verdict.met.forEach((rule) => met.add(rule));
        expect(wrongOf(verdicts)).toEqual([]);
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
      const idle = EVERY_RULE.filter((rule) => !met.has(rule));
      expect(RUNS >= NEEDING_EVERY_RULE ? idle : []).toEqual([]);
    },
  );
});

describe('a charm', () => {
  it.each(RARE)('is played as Juju would when it %s', async (_, one) => {
    expect(wrongOf(await playBoth([one], players))).toEqual([]);
  });
});

describe('a wrong answer', () => {
  it.each(PLANTED)('is noticed: $about', async (planted) => {
    const property = fc.asyncProperty(batchOf(machineCase), async (cases) => {
      expect(wrongOf(await playBoth(cases, players))).toEqual([]);
    });
    const mistake = plant(planted);
    const found = await fc.check(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
    mistake[Symbol.dispose]();
    // Without the mistake the same cases are played as they should be.
    const [cases = []] = found.counterexample ?? [];
    expect(cases.length).toBeGreaterThan(0);
    expect(wrongOf(await playBoth(cases, players))).toEqual([]);
  });
});
