/**
 * What playing any tree of a project needs, opened once: the stores in its work folder, its charms prepared, and their
 * stages.
 */
import { rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { openStage, type OpenStage } from '../src/engine/dispatch/open-stage.ts';
import type { Charm } from '../src/engine/model/charm.ts';
import type { Stage } from '../src/engine/model/dispatch.ts';
import type { Using } from '../src/engine/play/using.ts';
import { blobsOnDisk } from '../src/engine/project/blobs-fs.ts';
import { nodesOnDisk } from '../src/engine/project/cache-fs.ts';
import { sha256 } from '../src/engine/project/digest.ts';
import { engineVersion } from '../src/engine/project/engine-version.ts';
import type { Project } from '../src/engine/project/find-project.ts';
import { prepareCharm, type ShippedCharm } from '../src/engine/project/prepare-charm.ts';
import { openDatabaseReader } from '../src/engine/project/read-database.ts';
import { readLoader, type Loader } from '../src/engine/project/read-loader.ts';
import type { IndexCharm } from '../src/engine/record/format.ts';
import type { Definition } from '../src/engine/tree/definition.ts';
import { MACHINE_COMMANDS } from '../src/engine/world/machine/counterpart.ts';
import { limitsOf } from './limits.ts';
import { readContainerFiles } from './read-container-files.ts';
import { readMachineRoots } from './read-machine-roots.ts';
import { readResources } from './read-resources.ts';
import { readSnapshot } from './read-snapshot.ts';
import type { CharmOfTrees, TreeOfCharm } from './read-trees.ts';
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
type Note = (text: string) => void;

/** A charm that trees are about, made ready once, with its stage opened when it is first needed. */
export type ReadyCharm = {
  readonly charm: Charm;
  readonly prepared: ShippedCharm;
  readonly indexed: IndexCharm;
  readonly stage: (unit: string) => Promise<Stage>;
  /** One of its own, with a terminal for a shell. */
  readonly shellStage: (unit: string, terminal: Server) => Promise<Stage>;
};
export type Session = {
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

/** A session: what all trees share. Stages that it opens are put on the stack. */
export async function openSession(
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
    terminal,
  }: { prepared: ShippedCharm; charm: Charm; unit: string; note: Note; terminal?: Server },
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
      ...(terminal === undefined ? {} : { terminal }),
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
  const about = { prepared, charm, note };
  return {
    charm,
    prepared,
    indexed,
    stage: stageOpener(session, about),
    shellStage: (unit, terminal) => openStageOf(session, { ...about, unit, terminal }),
  };
}

/** Prepared once, however many trees are about it. */
export function readyCharm(session: Session, source: FoundCharm, note: Note): Promise<ReadyCharm> {
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
export async function usingWithUpgrades(
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

/** The charms with the trees' resources, images and files read. */
export async function withResources(
  { project, shared }: Session,
  charms: readonly CharmOfTrees[],
): Promise<readonly CharmOfTrees[]> {
  const { root } = project;
  const reading = { root, blobs: shared.blobs, images: new Map(), roots: new Map() };
  const read: CharmOfTrees[] = [];
  for (const source of charms) {
    const trees: TreeOfCharm[] = [];
    for (const of of source.trees) {
      const rooted = await readMachineRoots(of.tree, reading);
      const resourced = readResources(rooted, project, shared.blobs);
      trees.push({ ...of, tree: readContainerFiles(resourced, reading) });
    }
    read.push({ ...source, trees });
  }
  return read;
}
