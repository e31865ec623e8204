/**
 * Joins what playing needs: the project's trees and charms, prepared and staged, and the stores in its work folder.
 * Every tree file is read and checked before anything is played; records are written when all is played.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Charm } from '../src/engine/model/charm.ts';
import type { Outcome, Unmet } from '../src/engine/model/outcome.ts';
import { evaluateTree, type Evaluated } from '../src/engine/play/evaluate-tree.ts';
import type { Using } from '../src/engine/play/using.ts';
import { findProject, type Project } from '../src/engine/project/find-project.ts';
import { writeRecords } from '../src/engine/project/records-fs.ts';
import { openWorkFolder } from '../src/engine/project/work-folder.ts';
import {
  FORMAT,
  type IndexCharm,
  type IndexNode,
  type IndexTree,
  type NodeRecord,
} from '../src/engine/record/format.ts';
import { indexNode } from '../src/engine/record/index-of.ts';
import type { Definition, Expect } from '../src/engine/tree/definition.ts';
import {
  openSession,
  readyCharm,
  usingWithUpgrades,
  withResources,
  type PlayOptions,
  type Session,
} from './play-session.ts';
import { readTrees, type CharmOfTrees } from './read-trees.ts';

export type PlayEvent =
  | { readonly kind: 'note'; readonly text: string }
  | {
      readonly kind: 'tree';
      readonly name: string;
      readonly title: string;
      readonly charm: string;
      readonly nodes: number;
    }
  | {
      readonly kind: 'node';
      readonly id: string;
      readonly outcome: Outcome;
      readonly source: Evaluated['source'];
      readonly unmet: readonly Unmet[];
      readonly unexpected: NodeRecord['unexpected'];
      readonly asExpected: boolean;
    };
export type Counts = {
  outcomes: Record<string, number>;
  dispatched: number;
  cached: number;
  unmet: number;
  unexpected: number;
};
/** `code`: 0, or 3 when a node is not as expected. */
export type Played = { readonly project: Project; readonly counts: Counts; readonly code: 0 | 3 };
type Tell = (event: PlayEvent) => void;

/** Nothing the author expected is otherwise, and what went wrong was expected to. */
function isAsExpected(
  record: NodeRecord,
  expect: Expect | undefined,
  fine: ReadonlyMap<string, boolean>,
): boolean {
  const { outcome } = record;
  if (record.unexpected.length > 0) return false;
  if (outcome.kind === 'parent-failed') return fine.get(outcome.node) ?? false;
  const wellEnded = ['root', 'played'].includes(outcome.kind) || expect?.outcome !== undefined;
  return wellEnded && (record.unmet.length === 0 || expect?.unmet !== undefined);
}

function count(counts: Counts, evaluated: Evaluated, fine: boolean): void {
  const { record, source } = evaluated;
  counts.outcomes[record.outcome.kind] = (counts.outcomes[record.outcome.kind] ?? 0) + 1;
  if (source === 'dispatched') counts.dispatched += 1;
  if (source === 'cached') counts.cached += 1;
  if (record.unmet.length > 0) counts.unmet += 1;
  if (!fine) counts.unexpected += 1;
}

type TreePlayed = {
  tree: IndexTree;
  records: readonly NodeRecord[];
  dispatched: readonly string[];
};

async function playTree(
  definition: Definition,
  using: Using,
  { counts, charm, tell }: { counts: Counts; charm: Charm; tell: Tell },
): Promise<TreePlayed> {
  const { name, title, nodes } = definition;
  tell({ kind: 'tree', name, title, charm: charm.name, nodes: nodes.length });
  const expected = new Map(nodes.map((node) => [node.id, node.expect]));
  const fine = new Map<string, boolean>();
  const records: NodeRecord[] = [];
  const lines: IndexNode[] = [];
  const dispatched: string[] = [];
  for await (const evaluated of evaluateTree(definition, using)) {
    const { record, state, source } = evaluated;
    const asExpected = isAsExpected(record, expected.get(record.id), fine);
    fine.set(record.id, asExpected);
    count(counts, evaluated, asExpected);
    records.push(record);
    lines.push(indexNode(record, state));
    if (source === 'dispatched') dispatched.push(record.id);
    const { id, outcome, unmet, unexpected } = record;
    tell({ kind: 'node', id, outcome, source, unmet, unexpected, asExpected });
  }
  const about = definition.about === undefined ? {} : { about: definition.about };
  const tree = { name, title, ...about, charm: charm.name, file: definition.file, nodes: lines };
  return { tree, records, dispatched };
}

async function playAll(
  session: Session,
  charms: readonly CharmOfTrees[],
  tell: Tell,
): Promise<Counts> {
  const counts: Counts = { outcomes: {}, dispatched: 0, cached: 0, unmet: 0, unexpected: 0 };
  const played: TreePlayed[] = [];
  const indexed: IndexCharm[] = [];
  const note = (text: string): void => tell({ kind: 'note', text });
  for (const source of charms) {
    const ready = await readyCharm(session, source, note);
    indexed.push(ready.indexed);
    for (const of of source.trees) {
      const using = await usingWithUpgrades(session, { charm: ready, of }, note);
      played.push(await playTree(of.tree, using, { counts, charm: ready.charm, tell }));
    }
  }
  const { project, shared } = session;
  const trees = played.map(({ tree }) => tree).sort((a, b) => (a.file < b.file ? -1 : 1));
  const index = { format: FORMAT, charms: indexed, trees } as const;
  const nodes = played.flatMap(({ records }) => records);
  writeRecords(project.recordsFolder, { index, nodes, blobs: shared.blobs });
  const fresh = played.flatMap(({ dispatched }) => dispatched);
  writeFileSync(join(project.workFolder, 'played.json'), `${JSON.stringify(fresh)}\n`);
  return counts;
}

/** Plays every tree of the project around `cwd` and writes its records. Throws Mistakes before anything is played. */
export async function playProject(cwd: string, options: PlayOptions, tell: Tell): Promise<Played> {
  const project = findProject(cwd, options.trees === undefined ? {} : { trees: options.trees });
  const charms = await readTrees(project);
  openWorkFolder(project.workFolder);
  await using stages = new AsyncDisposableStack();
  const session = await openSession(project, options, stages);
  const counts = await playAll(session, await withResources(session, charms), tell);
  return { project, counts, code: counts.unexpected === 0 ? 0 : 3 };
}
