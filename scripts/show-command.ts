/** `playbill show NODE`: one node in the terminal, in the order a reader asks: how it stands, what changed, why. */
import { nearest } from '../src/engine/model/nearest.ts';
import { Mistake } from '../src/engine/model/mistake.ts';
import { stableText } from '../src/engine/model/json.ts';
import { findProject } from '../src/engine/project/find-project.ts';
import { readRecords, type Records } from '../src/engine/project/records-fs.ts';
import type { IndexTree, NodeRecord } from '../src/engine/record/format.ts';
import { changeGroups, changeSentence } from '../src/view/changes.ts';
import { entryViews } from '../src/view/entry-view.ts';
import { faultSentence } from '../src/view/fault-words.ts';
import { outcomeView } from '../src/view/outcome-words.ts';
import { stateAt } from '../src/view/state-at.ts';
import { statusView } from '../src/view/status-view.ts';
import { printable } from './printable.ts';

function treeWith(records: Records, id: string): IndexTree {
  const { trees } = records.index;
  const found = trees.find(({ nodes }) => nodes.some((node) => node.id === id));
  if (found) return found;
  const near = nearest(
    id,
    trees.flatMap(({ nodes }) => nodes.map((node) => node.id)),
  );
  throw new Mistake(`there is no node ${id}`, {
    hint: near === undefined ? 'playbill play lists nodes; run it first' : `did you mean ${near}?`,
  });
}

/** The records from the root down to the node. */
function chainTo(records: Records, tree: IndexTree, id: string): readonly NodeRecord[] {
  const parent = tree.nodes.find((node) => node.id === id)?.parent ?? null;
  const above = parent === null ? [] : chainTo(records, tree, parent);
  return [...above, records.node(id)];
}

function statusLines(
  chain: readonly NodeRecord[],
  records: Records,
  tree: IndexTree,
): readonly string[] {
  const charm = records.index.charms.find(({ name }) => name === tree.charm);
  const { app, unit } = statusView(stateAt(chain), charm);
  const name = `${unit.name}${unit.leader ? '*' : ''}`;
  return [
    `App   ${app.name}  ${app.version}  ${app.status.word}  ${app.message}`,
    `Unit  ${name}  ${unit.workload.word}  ${unit.agent}  ${unit.address}  ${unit.ports}  ${unit.message}`,
  ].map((line) => line.trimEnd());
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function changeLines(record: NodeRecord): readonly string[] {
  return changeGroups(record.changed, record.entries).flatMap(({ rows }) =>
    rows.map((row) => `${changeSentence(row)}${row.by ? `  (${row.by.text})` : ''}`),
  );
}

function deltaLines(record: NodeRecord): readonly string[] {
  return record.deltas.flatMap((delta) =>
    changeGroups(delta.changed).flatMap(({ rows }) => rows.map(changeSentence)),
  );
}

const LINES_MAX = 12;

/** A part under its title; long answers are cut, what went wrong is not. */
function partLines(title: string, text: string, whole: boolean): readonly string[] {
  const lines = text.trimEnd().split('\n');
  if (lines.length === 1) return [`    ${title}: ${lines[0]}`];
  const shown = whole ? lines : lines.slice(0, LINES_MAX);
  const left = lines.length - shown.length;
  const more = left > 0 ? [`      … ${left} more lines (--json has them)`] : [];
  return [`    ${title}:`, ...shown.map((line) => `      ${line}`), ...more];
}

function happenedLines(record: NodeRecord): readonly string[] {
  return entryViews(record).flatMap(({ label, line, parts, tone }) => [
    `${label.padEnd(14)} ${line}`,
    ...parts.flatMap(({ title, shown }) => partLines(title, shown.text, tone === 'bad')),
  ]);
}

function nodeText(chain: readonly NodeRecord[], records: Records, tree: IndexTree): string {
  const record = chain.at(-1);
  if (!record) throw new Error('a chain has at least the node itself');
  const outcome = outcomeView(record.outcome);
  const lines = [
    `${record.id}  ${outcome.word}`,
    outcome.sentence,
    ...(record.about === undefined ? [] : [record.about]),
    ...(record.sameAs === undefined
      ? []
      : [`It leaves the unit as ${record.sameAs} does, which is followed in its place.`]),
    '',
    ...statusLines(chain, records, tree),
    ...section('Why', [
      ...outcome.problems.flatMap(({ text, hint }) => (hint === '' ? [text] : [text, `  ${hint}`])),
      ...outcome.reason.split('\n').filter((line) => line !== ''),
    ]),
    ...section(
      'Juju would not',
      (record.irregular ?? []).map(({ message }) => message),
    ),
    ...section('What the tree let go wrong', (record.faults ?? []).map(faultSentence)),
    ...section(
      'Not simulated',
      record.unmet.map(({ what, rule }) => (rule ? `${what}\n${rule}` : what)),
    ),
    ...section(
      'Not as expected',
      record.unexpected.map(
        (one) => `${one.path}: expected ${String(one.expected)}, found ${String(one.actual)}`,
      ),
    ),
    ...section('Laid before the event', deltaLines(record)),
    ...section('Changed', changeLines(record)),
    ...section('What happened', happenedLines(record)),
  ];
  return `${lines.join('\n')}\n`;
}

export function showCommand(id: string, options: { json?: boolean }): void {
  const records = readRecords(findProject(process.cwd()).recordsFolder);
  const tree = treeWith(records, id);
  const chain = chainTo(records, tree, id);
  process.stdout.write(
    options.json ? stableText(chain.at(-1)) : printable(nodeText(chain, records, tree)),
  );
}
