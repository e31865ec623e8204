/** A node's State is rebuilt from what the records say changed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../src/engine/model/json.ts';
import { difference, stateDifference } from '../../src/engine/record/difference.ts';
import { equalJson } from '../../src/engine/record/equal.ts';
import type { NodeRecord } from '../../src/engine/record/format.ts';
import type { State } from '../../src/engine/world/state.ts';
import { applyChanges, stateAt } from '../../src/view/state-at.ts';
import { sampleRecords } from '../site/sample-records.ts';

const json = fc.dictionary(
  fc.oneof(fc.constantFrom('a', 'b', 'entries', '__proto__', 'constructor'), fc.string()),
  fc.jsonValue({ maxDepth: 3 }),
) as fc.Arbitrary<Record<string, Json>>;

test('any two values: the first with the changes between them applied is the second', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const applied = applyChanges<Json>(before, difference(before, after));
      expect(equalJson(applied, after)).toBe(true);
    }),
  );
});

test('applying changes leaves the value they are applied to alone', () => {
  const before = { a: { b: 1 } };
  expect(applyChanges(before, [{ path: ['a', 'b'], before: 1, after: 2 }])).toEqual({
    a: { b: 2 },
  });
  expect(before).toEqual({ a: { b: 1 } });
});

test('members removed from a list leave no holes', () => {
  expect(applyChanges({ a: [1, 2, 3] }, [{ path: ['a', '1'], before: 2 }])).toEqual({ a: [1, 3] });
});

test('a change that leads nowhere is an error, not a guess', () => {
  expect(() => applyChanges({}, [{ path: ['a', 'b'], after: 1 }])).toThrow('leads nowhere: a › b');
});

test('every sample node has the State it was recorded from', () => {
  const { records, states } = sampleRecords();
  expect(records.size).toBeGreaterThan(50);
  for (const [id, state] of states) {
    const chain: NodeRecord[] = [];
    for (let at: string | null = id; at !== null;) {
      const record: NodeRecord = records.get(at) as NodeRecord;
      chain.unshift(record);
      at = record.parent;
    }
    expect(stateAt(chain)).toEqual(state);
  }
});

test('what comes to a part of the machine that was empty is told by itself, and is in the State rebuilt', () => {
  const { records, states } = sampleRecords();
  const [id, bare] = [...states].find(([one]) => records.get(one)?.parent === null) ?? [];
  const root = records.get(id ?? '') as NodeRecord;
  const file = { kind: 'link', target: 'x', mode: 0o777, user: 'root', group: 'root', modified: 0 };
  const state = bare as State;
  const with2 = { ...state, machine: { ...state.machine, root: { 'etc/a': file, 'etc/b': file } } };
  const steps = [state, with2 as State, state];
  const chain = steps.slice(1).map((after, at): NodeRecord => {
    const changed = stateDifference(steps[at] as State, after);
    expect(changed.machine?.map(({ path }) => path.join(' '))).toEqual([
      'root etc/a',
      'root etc/b',
    ]);
    return { ...root, id: String(at), deltas: [], changed };
  });
  expect(stateAt([root, ...chain.slice(0, 1)])).toEqual(with2);
  expect(stateAt([root, ...chain])).toEqual(state);
});

test('a chain that does not start at a root is refused', () => {
  const child = [...sampleRecords().records.values()].find(
    (record) => record.parent !== null,
  ) as NodeRecord;
  expect(() => stateAt([child])).toThrow('carries no State');
});
