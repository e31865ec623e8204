/**
 * Joins what playing needs: the project's trees and charms, prepared and staged, and the stores in its work folder.
 * Every tree file is read and checked before anything is played; records are written when all is played.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStage, type OpenStage } from '../src/engine/dispatch/open-stage.ts';
import type { Charm } from '../src/engine/model/charm.ts';
import type { Stage } from '../src/engine/model/dispatch.ts';
import type { Outcome, Unmet } from '../src/engine/model/outcome.ts';
import { evaluateTree, type Evaluated } from '../src/engine/play/evaluate-tree.ts';
import type { Using } from '../src/engine/play/using.ts';
import { blobsOnDisk } from '../src/engine/project/blobs-fs.ts';
import { nodesOnDisk } from '../src/engine/project/cache-fs.ts';
import { sha256 } from '../src/engine/project/digest.ts';
import { engineVersion } from '../src/engine/project/engine-version.ts';
import { findProject, type Project } from '../src/engine/project/find-project.ts';
import { prepareCharm, type ShippedCharm } from '../src/engine/project/prepare-charm.ts';
import { openDatabaseReader } from '../src/engine/project/read-database.ts';
import { readLoader, type Loader } from '../src/engine/project/read-loader.ts';
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
import { MACHINE_COMMANDS } from '../src/engine/world/machine/counterpart.ts';
import { limitsOf } from './limits.ts';
import { readSnapshot } from './read-snapshot.ts';
import { readContainerFiles } from './read-container-files.ts';
import { readResources } from './read-resources.ts';
import { readTrees, type CharmOfTrees, type TreeOfCharm } from './read-trees.ts';
import type { FoundCharm } from './read-upgrades.ts';
import { stageFolders } from './stage-folders.ts';

export type PlayOptions = {
  readonly trees?: string;
  readonly python?: string;
  readonly force?: boolean;
  readonly sandbox?: boolean;
  /** Every Python event in an interpreter of its own: slow, and the check of the fork server. */
  readonly freshInterpreter?: boolean;
};
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
type Note = (text: string) => void;

/** A charm that trees are about, made ready once, with its stage opened when it is first needed. */
type ReadyCharm = {
  readonly charm: Charm;
  readonly prepared: ShippedCharm;
  readonly indexed: IndexCharm;
  readonly stage: (unit: string) => Promise<Stage>;
};
type Session = {
  readonly project: Project;
  readonly options: PlayOptions;
  readonly stages: AsyncDisposableStack;
  readonly folders: ReturnType<typeof stageFolders>;
  readonly shared: Pick<Using, 'store' | 'blobs' | 'digest' | 'readDatabase' | 'force'>;
  readonly engine: string;
  readonly loader: Loader;
  /** By path: a charm may be that of several trees, and be upgraded to by others. */
  readonly ready: Map<string, Promise<ReadyCharm>>;
};

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

async function openSession(
  project: Project,
  options: PlayOptions,
  stages: AsyncDisposableStack,
): Promise<Session> {
  return {
    project,
    options,
    stages,
    folders: stageFolders(project.workFolder),
    engine: engineVersion(),
    loader: readLoader(project.workFolder),
    ready: new Map(),
    shared: {
      store: nodesOnDisk(project.workFolder),
      blobs: blobsOnDisk(project.workFolder),
      digest: sha256,
      readDatabase: await openDatabaseReader(),
      force: options.force ?? false,
    },
  };
}

/** What the host does not allow, and what makes every event dearer, once per stage. */
function stageNotes({ rungs, left }: OpenStage, charm: Charm): readonly string[] {
  const dearer = Object.entries(left).map(([name, why]) => `${name} (${why})`);
  return [
    ...rungs.map((rung) => `On this host: ${rung}.`),
    ...(dearer.length > 0 ? [`${charm.name} imports in each event: ${dearer.join(', ')}.`] : []),
  ];
}

/** Where metadata says that storage is mounted, instance numbers aside. */
function storageLocations(charm: Charm): readonly string[] {
  const named = Object.values(charm.storage).map(({ location }) => location);
  return named.filter((location) => typeof location === 'string');
}

async function openStageOf(
  session: Session,
  {
    prepared,
    charm,
    unit,
    note,
  }: { prepared: ShippedCharm; charm: Charm; unit: string; note: Note },
): Promise<Stage> {
  const workFolder = session.folders.make();
  session.stages.defer(() => rmSync(workFolder, { recursive: true, force: true }));
  const stage = session.stages.use(
    await openStage({
      prepared,
      unit,
      workFolder,
      sandbox: session.options.sandbox === false ? 'none' : 'namespaces',
      machineCommands: MACHINE_COMMANDS,
      containers: Object.keys(charm.containers),
      locations: storageLocations(charm),
      ...session.loader.places,
      freshInterpreter: session.options.freshInterpreter ?? false,
    }),
  );
  stageNotes(stage, charm).forEach(note);
  return stage;
}

/** One stage per unit name, opened when its first node is dispatched and kept until everything is played. */
function stageOpener(
  session: Session,
  about: { prepared: ShippedCharm; charm: Charm; note: Note },
): ReadyCharm['stage'] {
  const opened = new Map<string, Promise<Stage>>();
  return (unit) => {
    const known = opened.get(unit) ?? openStageOf(session, { ...about, unit });
    opened.set(unit, known);
    return known;
  };
}

async function makeReady(session: Session, source: FoundCharm, note: Note): Promise<ReadyCharm> {
  const { project, options } = session;
  const { charm } = source;
  const prepared = await prepareCharm({
    source: source.path,
    charm,
    workFolder: project.workFolder,
    progress: note,
    ...(options.python === undefined ? {} : { python: options.python }),
  });
  const indexed: IndexCharm = {
    name: charm.name,
    ...(charm.title === undefined ? {} : { title: charm.title }),
    ...(charm.summary === undefined ? {} : { summary: charm.summary }),
    source: source.shown,
    digest: prepared.digest,
    environment: prepared.python?.description ?? 'no Python environment',
  };
  return { charm, prepared, indexed, stage: stageOpener(session, { prepared, charm, note }) };
}

function readyCharm(session: Session, source: FoundCharm, note: Note): Promise<ReadyCharm> {
  const known = session.ready.get(source.path) ?? makeReady(session, source, note);
  session.ready.set(source.path, known);
  return known;
}

function usingFor(session: Session, ready: ReadyCharm, definition: Definition): Using {
  const app = definition.root.state.app ?? ready.charm.name;
  const unit = `${app}/${definition.root.state.unit ?? 0}`;
  return {
    ...session.shared,
    charm: ready.charm,
    stage: () => ready.stage(unit),
    limits: limitsOf(definition.limits),
    inputs: {
      engine: session.engine,
      charm: ready.prepared.digest,
      environment: ready.prepared.python?.lock ?? '',
      loader: session.loader.digest,
    },
    shipped: ready.prepared.shipped,
  };
}

/** What the tree is played with, and what each charm it upgrades to is: from each it can go on to any. */
async function usingWithUpgrades(
  session: Session,
  { charm, of }: { charm: ReadyCharm; of: TreeOfCharm },
  note: Note,
): Promise<Using> {
  const upgrades: Record<string, Using> = {};
  for (const [to, found] of Object.entries(of.upgrades)) {
    const next = await readyCharm(session, found, note);
    upgrades[to] = { ...usingFor(session, next, of.tree), upgrades };
  }
  const stores = { ...session.shared, charm: charm.charm };
  const begins = await readSnapshot(of.tree, { folder: session.project.root, stores });
  const own = usingFor(session, charm, of.tree);
  return { ...own, ...(begins === undefined ? {} : { begins }), upgrades };
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

function withResources({ project, shared }: Session, charms: readonly CharmOfTrees[]) {
  const reading = { root: project.root, blobs: shared.blobs, images: new Map() };
  return charms.map((source) => ({
    ...source,
    trees: source.trees.map((of) => ({
      ...of,
      tree: readContainerFiles(readResources(of.tree, project, shared.blobs), reading),
    })),
  }));
}

/** Plays every tree of the project around `cwd` and writes its records. Throws Mistakes before anything is played. */
export async function playProject(cwd: string, options: PlayOptions, tell: Tell): Promise<Played> {
  const project = findProject(cwd, options.trees === undefined ? {} : { trees: options.trees });
  const charms = await readTrees(project);
  openWorkFolder(project.workFolder);
  await using stages = new AsyncDisposableStack();
  const session = await openSession(project, options, stages);
  const counts = await playAll(session, withResources(session, charms), tell);
  return { project, counts, code: counts.unexpected === 0 ? 0 : 3 };
}
