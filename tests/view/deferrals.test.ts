/** Deferrals are read from the notices that ops keeps, not guessed from names. */
import { expect, test } from 'vitest';
import type { Json } from '../../src/engine/model/json.ts';
import type { NodeRecord, SliceChanges } from '../../src/engine/record/format.ts';
import { changeGroups, changeSentence } from '../../src/view/changes.ts';
import { deferralsIn } from '../../src/view/deferrals.ts';
import { sampleRecords } from '../site/sample-records.ts';

const some = [...sampleRecords().records.values()].find((one) => one.parent !== null) as NodeRecord;
const notice = (event: string): Json => ({
  event_path: `Board/on/${event}[4]`,
  observer_path: 'Board',
  method_name: `_on_${event}`,
});
const table = (before: readonly Json[], after: readonly Json[]): SliceChanges => ({
  machine: [{ path: ['databases', '.unit-state.db', 'notice'], before, after }],
});
const node = (id: string, changed: SliceChanges): NodeRecord => ({ ...some, id, changed });

test('an arrow leads from where an event was put off to where it was handled', () => {
  const records = [
    node('a', table([], [notice('start')])),
    node('b', {}),
    node('c', table([notice('start')], [notice('start'), notice('stop')])),
    node('d', table([notice('start'), notice('stop')], [notice('stop')])),
  ];
  expect(deferralsIn(records)).toEqual([{ from: 'a', to: 'd', event: 'start' }]);
});

test('a database that comes with a notice in it counts', () => {
  const database = { notice: [notice('install')], snapshot: {} };
  const records = [
    node('a', { machine: [{ path: ['databases', '.unit-state.db'], after: database }] }),
    node('b', table([notice('install')], [])),
  ];
  expect(deferralsIn(records)).toEqual([{ from: 'a', to: 'b', event: 'install' }]);
});

test('a notice that was there before the path has no beginning to draw', () => {
  expect(deferralsIn([node('a', table([notice('start')], []))])).toEqual([]);
});

test('steps say it in words', () => {
  const words = (changed: SliceChanges) =>
    changeGroups(changed).flatMap((group) => group.rows.map(changeSentence));
  expect(words(table([], [notice('start')]))).toEqual(['start deferred']);
  expect(words(table([notice('start'), notice('stop')], [notice('stop')]))).toEqual([
    'start handled at last',
  ]);
});
