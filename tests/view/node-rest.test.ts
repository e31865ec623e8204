/** What a node's page has no room for: told by how much there is, and whole on pages of its own. */
import { expect, test } from 'vitest';
import type { Call, NodeRecord } from '../../src/engine/record/format.ts';
import type { State } from '../../src/engine/world/state.ts';
import { writersOf } from '../../src/view/change-writers.ts';
import { changeParts, fittingChanges, partsBy } from '../../src/view/change-fold.ts';
import type { ChangeGroup } from '../../src/view/changes.ts';
import { changeGroups } from '../../src/view/changes.ts';
import { entryPlace, nodeRest } from '../../src/view/node-rest.ts';
import { sampleRecords } from '../site/sample-records.ts';

const sample = sampleRecords();
const CROWD = 'board-life/ready/golden/many-cards/config-changed';
const restOf = (id: string) =>
  nodeRest(sample.records.get(id) as NodeRecord, sample.states.get(id) as State);
const config = (count: number, value = 'v') =>
  changeGroups({
    juju: Array.from({ length: count }, (_, at) => ({
      path: ['config', `option-${at}`],
      after: value,
    })),
  });
const rowsOf = (groups: readonly ChangeGroup[]) => groups.flatMap((group) => group.rows);
const files = (count: number, folder: string) =>
  changeGroups({
    pebble: Array.from({ length: count }, (_, at) => ({
      path: ['containers', 'web', 'root', 'entries', folder, 'entries', `f${at}`],
      after: { kind: 'file', mode: 0o644, digest: `sha256:${at}`, size: 9 },
    })),
  });

test('a page that has room for all changes shows them all', () => {
  const groups = config(60);
  expect(fittingChanges(groups)).toEqual({ groups, elsewhere: 0 });
});

test('files of one folder are one row where there are too many, and others stay', () => {
  const some = [...config(3), ...files(700, 'srv')];
  const { groups, elsewhere } = fittingChanges(some);
  expect(rowsOf(groups).map(({ subject }) => subject)).toEqual([
    'config option-0',
    'config option-1',
    'config option-2',
    'web: /srv/ (700 files)',
  ]);
  expect(rowsOf(groups).at(-1)).toMatchObject({ kind: 'added', after: { text: '700 added' } });
  expect(elsewhere).toBe(700);
});

test('a file of which two values changed is one file', () => {
  const path = (at: number) => ['containers', 'web', 'root', 'entries', 'etc', 'entries', `f${at}`];
  const changed = Array.from({ length: 40 }, (_, at) =>
    ['digest', 'size'].map((field) => ({ path: [...path(at), field], before: '1', after: '2' })),
  ).flat();
  const { groups } = fittingChanges(changeGroups({ pebble: changed }));
  expect(rowsOf(groups)).toMatchObject([
    { subject: 'web: /etc/ (40 files)', kind: 'changed', after: { text: '40 changed' } },
  ]);
});

test.each([
  ['many', config(500)],
  ['long', config(20, 'x'.repeat(7000))],
])('where there are too %s values, the first are shown and the others counted', (_, groups) => {
  const all = rowsOf(groups).length;
  const fitting = fittingChanges(groups);
  expect(rowsOf(fitting.groups).length).toBeGreaterThan(0);
  expect(rowsOf(fitting.groups).length + fitting.elsewhere).toBe(all);
  expect(changeParts(groups).flatMap(rowsOf)).toEqual(rowsOf(groups));
});

test('what is too much for one part is in the next, and nothing is lost', () => {
  const words = ['aaa', 'b', 'cccccccccc', 'd', 'e'];
  expect(partsBy(words, ({ length }) => length, 3, 5)).toEqual([
    ['aaa', 'b'],
    ['cccccccccc'],
    ['d', 'e'],
  ]);
});

test('seven hundred files pushed one by one are all there, each with the call that wrote it', () => {
  const rest = restOf(CROWD);
  expect(rest.event.elsewhere).toBe(700);
  const rows = rest.changed.flatMap(({ groups }) => rowsOf(groups));
  const cards = rows.filter(({ subject }) => subject.includes('/srv/cards/'));
  expect(cards).toHaveLength(700);
  expect(new Set(cards.map(({ by }) => by?.seq)).size).toBe(700);
  expect(rest.happened.flat()).toHaveLength(700);
  expect(rest.happened.flat().slice(0, rest.entries.length)).toEqual(rest.entries);
});

test('a call is found on the page that has it', () => {
  const rest = restOf(CROWD);
  const to = entryPlace(CROWD, rest, `changed/1/${CROWD}.html`);
  expect(to(1)).toBe(`../../../../../../nodes/${CROWD}.html#e1`);
  expect(to(700)).toMatch(/happened\/3\/.*config-changed\.html#e700$/);
  expect(entryPlace(CROWD, rest, `nodes/${CROWD}.html`)(1)).toBe('#e1');
});

test('a State says how many files there are where they are all there is to see', () => {
  const { stateText, state } = restOf(CROWD);
  expect(state).toEqual([]);
  expect(stateText).toContain('"root": "704 files: the file browser has them"');
});

test('a State that is too long for a page is in parts that are whole together', () => {
  const record = sample.records.get(CROWD) as NodeRecord;
  const state = sample.states.get(CROWD) as State;
  const config = Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`o${at}`, 'value']));
  const { stateText, state: parts } = nodeRest(record, {
    ...state,
    juju: { ...state.juju, config },
  });
  expect(stateText).toBe('');
  expect(parts.length).toBeGreaterThan(2);
  expect(JSON.parse(parts.join('\n'))).toMatchObject({ juju: { config } });
});

test('a value is written by the last call with an effect on it, above it or below it', () => {
  const call = (seq: number, ...effects: readonly (readonly string[])[]): Call => ({
    kind: 'call',
    seq,
    to: 'juju',
    at: 0,
    request: { kind: 'commands', argv: ['x'] },
    answer: { code: 0 },
    effects: effects.map((path) => ({ path, when: 'now' })),
  });
  const writer = writersOf([
    call(1, ['relations', 'db:0']),
    call(2, ['relations', 'db:0', 'localApp', 'a']),
    call(3, ['clock', 'now'], ['ports']),
    call(4, ['juju']),
  ]);
  expect(writer('juju', ['relations', 'db:0', 'localApp', 'b'])?.seq).toBe(1);
  expect(writer('juju', ['relations', 'db:0', 'localApp', 'a'])?.seq).toBe(2);
  expect(writer('juju', ['relations'])?.seq).toBe(2);
  expect(writer('juju', ['ports', '80/tcp'])?.seq).toBe(3);
  expect(writer('clock', ['now'])?.seq).toBe(3);
  expect(writer('juju', ['config'])).toBeUndefined();
});
