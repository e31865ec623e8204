/** Differences of states: each changed value with its path, nothing that is equal, and enough to go from one to the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/engine/model/json.ts';
import { difference } from '../../src/engine/record/difference.ts';
import { applyChanges } from '../../src/view/state-at.ts';

const value = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 3 }).filter((key) => key !== 'kind'),
  fc.oneof(
    fc.integer(),
    fc.string(),
    fc.array(fc.integer(), { maxLength: 3 }),
    fc.dictionary(
      fc.string({ minLength: 1, maxLength: 2 }).filter((key) => key !== 'kind'),
      fc.integer(),
      { maxKeys: 3 },
    ),
  ),
  { maxKeys: 4 },
);

describe('a difference', () => {
  it('names each value that changed, came or went', () => {
    const before = { a: 1, b: { c: 'x', d: [1] }, gone: true };
    const after = { a: 1, b: { c: 'y', d: [1] }, came: null };
    expect(difference(before, after)).toEqual([
      { path: ['b', 'c'], before: 'x', after: 'y' },
      { path: ['came'], after: null },
      { path: ['gone'], before: true },
    ]);
  });

  it('shows a file as one thing', () => {
    const file = (digest: string) => ({ f: { kind: 'file', mode: 420, digest } });
    expect(difference(file('a'), file('b'))).toHaveLength(1);
  });

  it('is empty for equal values and leads from one value to the other', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(difference(before as Json, structuredClone(before) as Json)).toEqual([]);
        expect(applyChanges(before, difference(before as Json, after as Json))).toEqual(after);
      }),
    );
  });
});
