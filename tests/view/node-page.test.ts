/** What a node's page says. */
import { expect, test } from 'vitest';
import { treeShape } from '../../src/chart/shape.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { IndexTree, NodeRecord } from '../../src/engine/record/format.ts';
import type { State } from '../../src/engine/world/state.ts';
import { nodePage } from '../../src/view/node-page.ts';
import { nodeRest } from '../../src/view/node-rest.ts';
import type { NodePage } from '../../src/view/node-page.ts';
import { sampleRecords } from '../site/sample-records.ts';

const sample = sampleRecords();
const blobs: Blobs = {
  put: () => '',
  get: (digest) =>
    new TextEncoder().encode(sample.blobs.get(digest.replace('sha256:', '')) ?? 'missing'),
};
function pageOf(id: string): NodePage {
  const tree = sample.index.trees.find((one) =>
    one.nodes.some((node) => node.id === id),
  ) as IndexTree;
  const record = sample.records.get(id) as NodeRecord;
  const state = sample.states.get(id) as State;
  const parent = record.parent === null ? null : (sample.states.get(record.parent) as State);
  const shape = treeShape(tree);
  return nodePage({
    index: sample.index,
    tree,
    shape,
    record,
    state,
    parent,
    blobs,
    rest: nodeRest(record, state),
  });
}
const rowsOf = (page: NodePage) => page.changed.groups.flatMap((group) => group.rows);

test('a changed value names the call that wrote it', () => {
  const row = rowsOf(pageOf('pennant-life/flying')).find((one) => one.subject === 'unit status');
  expect(row).toMatchObject({
    kind: 'changed',
    before: { text: 'maintenance' },
    after: { text: 'active' },
    by: { seq: 4, text: "status-set active 'flying red'" },
  });
});

test('a file that came is shown by its path, with its contents at hand', () => {
  const row = rowsOf(pageOf('board-life/ready')).find(
    (one) => one.subject === 'board: /etc/board.ini',
  );
  expect(row?.after?.text).toBe('file 0644, 39 bytes');
  expect(sample.blobs.has(row?.after?.digest?.replace('sha256:', '') ?? '')).toBe(true);
});

test('moments and stages are told apart from what the charm did', () => {
  const page = pageOf('board-life/ready');
  expect(rowsOf(page).map((row) => row.subject)).not.toContain('board: nextChange');
  expect(
    page.changed.groups.flatMap((group) => group.bookkeeping).map((row) => row.subject),
  ).toContain('board: nextChange');
});

test('a relation that a delta added is told by its databags', () => {
  const [delta] = pageOf('board-life/ready/golden/database-relation-created').deltas;
  const subjects = delta?.changes.groups.flatMap((group) => group.rows.map((row) => row.subject));
  expect(delta?.about).toBe('juju integrate notice-board pg');
  expect(subjects).toContain('relation database:0');
  expect(subjects).toContain("database:0, remote application's databag: endpoints");
  expect(subjects).toContain("database:0, pg/0's databag: ready");
});

test('the header is what juju status shows: an agent in error hides the workload', () => {
  const page = pageOf('board-life/ready/golden/database-leaves/database-relation-broken');
  expect(page.status.unit).toMatchObject({
    name: 'notice-board/0',
    leader: true,
    agent: 'idle',
    workload: { word: 'error', mark: 'status-error' },
    message: 'hook failed: "database-relation-broken"',
  });
});

test('each outcome says what it means', () => {
  const sentence = (id: string) => pageOf(id).outcome.sentence;
  expect(sentence('pennant-life/flying/torn/stop')).toMatch(
    /^The charm exited with code 3\. .* dropped/,
  );
  expect(sentence('pennant-life/flying/twice/install')).toMatch(/never deliver/);
  expect(sentence('pennant-life/flying/refused/update-status')).toMatch(/refused to commit/);
  expect(sentence('pennant-life/flying/bad-colour/config-changed/start')).toMatch(
    /limit of time \(30 s\)/,
  );
  expect(pageOf('pennant-life/flying/torn/stop/remove')).toMatchObject({
    outcome: { cause: 'pennant-life/flying/torn/stop' },
    causeHref: '../stop.html',
  });
});

test('the plan is what the layers make together', () => {
  const [container] = pageOf('board-life/ready').containers;
  expect(container?.plan).toContain('command: /bin/board --listen :8000');
  expect(container?.services).toEqual([
    { name: 'board', startup: 'enabled', current: 'active', command: '/bin/board --listen :8000' },
  ]);
});

test('entries keep their order and refusals stand out', () => {
  const { entries } = pageOf('board-life/ready');
  expect(entries.map((entry) => entry.label).slice(0, 3)).toEqual([
    'event emitted',
    'observer called',
    'Pebble in board',
  ]);
  expect(entries.find((entry) => entry.line.includes('nope'))).toMatchObject({
    tone: 'bad',
    parts: [{ title: 'answer 404' }],
  });
});

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [];
}

test('nothing a charm wrote keeps its terminal escapes', () => {
  const strings = [...sample.records.keys()].flatMap((id) => stringsIn(pageOf(id)));
  expect(strings.some((text) => text.includes('window.pwned'))).toBe(true);
  // oxlint-disable-next-line no-control-regex
  for (const text of strings) expect(text).not.toMatch(/[\u001b\u202e\u0007]/);
});

test('what is wrong with an event comes with the rule it breaks and what would make it right', () => {
  const { outcome } = pageOf('pennant-life/flying/twice/install');
  expect(outcome.problems).toEqual([
    {
      text: 'install was delivered already',
      rule: 'install-once',
      hint: 'Leave it out: {config-changed: }.',
    },
  ]);
});

test('each thing that the tree let go wrong is a sentence', () => {
  const { faults } = pageOf('pennant-life/flying/refused/update-status');
  expect(faults.slice(1)).toEqual([
    'The 2nd open-port fails with code 1: ERROR no',
    'Pebble in board cannot be reached',
    'Leadership is lost at the first is-leader',
    'The machine dies at the 3rd juju-log, and the hook is run again',
  ]);
});

test('an upgrade is told, and why Juju would not have delivered an event', () => {
  const page = pageOf('pennant-life/flying/new-cloth/upgrade-charm');
  expect([page.upgrade, page.irregular[0]?.text]).toEqual(['git:v2', 'the unit has not started']);
});

test('secrets and storage are tables, and a table with nothing in it is left out', () => {
  const { unitData } = pageOf('pennant-life/flying/new-cloth/upgrade-charm');
  expect(unitData.map(({ title }) => title)).toEqual(['Secrets', 'Storage']);
  const [secret] = unitData[0]?.rows ?? [];
  expect(secret?.slice(0, 6)).toEqual(['dye', 'this application', '2', '1', 'monthly', 'pole']);
  expect(unitData[1]?.rows).toEqual([['chest/0', 'filesystem', '/srv/chest', 'yes']]);
  expect(pageOf('pennant-life').unitData).toEqual([]);
});

test('what Juju keeps for itself is told apart from what the charm did', () => {
  const page = pageOf('pennant-life/flying/new-cloth/upgrade-charm');
  expect(rowsOf(page).map((row) => row.subject)).toContain('secret d0aaaaaaaaaaaaaaaaaa');
});

test('what the charm left on storage is shown by location', () => {
  const [journal] = pageOf('pennant-life/flying/new-cloth/upgrade-charm').folders;
  expect(journal?.path).toBe('/srv/chest');
  expect(journal?.files.map(({ path }) => path)).toEqual(['coins']);
  const rows = rowsOf(pageOf('pennant-life/flying/new-cloth/upgrade-charm'));
  expect(rows.map(({ subject }) => subject)).toContain('/srv/chest');
});
