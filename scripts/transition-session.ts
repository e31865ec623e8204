/**
 * What playing single transitions needs, opened once: charms made ready by their path, stages kept open by charm and
 * unit, and the stores. Contents are kept in memory for one transition only.
 */
import { existsSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCharm } from '../src/engine/charm/read-charm.ts';
import { openStage } from '../src/engine/dispatch/open-stage.ts';
import type { Charm } from '../src/engine/model/charm.ts';
import type { Limits, Stage } from '../src/engine/model/dispatch.ts';
import { Mistake } from '../src/engine/model/mistake.ts';
import type { PreparedCharm } from '../src/engine/model/prepared.ts';
import { sha256 } from '../src/engine/project/digest.ts';
import { prepareCharm } from '../src/engine/project/prepare-charm.ts';
import { findCharm, readCharmSource } from '../src/engine/project/read-charm-fs.ts';
import { readLoader, type Loader } from '../src/engine/project/read-loader.ts';
import { openDatabaseReader } from '../src/engine/project/read-database.ts';
import { openWorkFolder } from '../src/engine/project/work-folder.ts';
import { openDatabaseWriter } from '../src/engine/project/write-database.ts';
import { MACHINE_COMMANDS } from '../src/engine/world/machine/counterpart.ts';
import { limitsOf } from './limits.ts';
import { stageFolders } from './stage-folders.ts';

export type TransitionOptions = {
  /** Charms are named relative to it, and made ready in its `.playbill/`. */
  readonly cwd: string;
  readonly python?: string;
  readonly sandbox?: boolean;
  readonly freshInterpreter?: boolean;
  readonly limits?: Partial<Limits>;
  /** Told, line by line, what takes time. */
  readonly progress?: (line: string) => void;
};
export type ReadyCharm = { readonly charm: Charm; readonly prepared: PreparedCharm };
export type TransitionSession = AsyncDisposable & {
  readonly options: TransitionOptions;
  readonly limits: Limits;
  readonly loader: Loader;
  readonly digest: typeof sha256;
  readonly readDatabase: Awaited<ReturnType<typeof openDatabaseReader>>;
  readonly writeDatabase: Awaited<ReturnType<typeof openDatabaseWriter>>;
  charm(path: string): Promise<ReadyCharm>;
  /** The stage of a unit of a charm; those that were not asked for the longest time are closed. */
  stage(ready: ReadyCharm, unit: string): Promise<Stage>;
};

/** A stage holds an interpreter with the charm's libraries in it. */
const STAGES_MAX = 6;

async function readyCharm(path: string, options: TransitionOptions): Promise<ReadyCharm> {
  const { cwd, python, progress } = options;
  const source = resolve(cwd, path);
  if (!existsSync(source)) {
    const hint = "Name a charm's folder or a .charm, relative to the folder this runs in.";
    throw new Mistake(`charm: ${path}: not found`, { hint });
  }
  const root = statSync(source).isFile() ? cwd : source;
  const charm = readCharm(readCharmSource(findCharm({ root, charm: source })));
  const prepared = await prepareCharm({
    source,
    charm,
    workFolder: join(cwd, '.playbill'),
    progress: progress ?? (() => undefined),
    ...(python === undefined ? {} : { python }),
  });
  return { charm, prepared };
}

/** Where metadata says that storage is mounted, instance numbers aside. */
function storageLocations(charm: Charm): readonly string[] {
  const named = Object.values(charm.storage).map(({ location }) => location);
  return named.filter((location) => typeof location === 'string');
}

type Opened = { readonly stage: Stage; close(): Promise<void> };

type Opening = {
  readonly unit: string;
  readonly options: TransitionOptions;
  readonly workFolder: string;
  readonly loader: Loader;
};

async function openUnit(
  { charm, prepared }: ReadyCharm,
  { unit, options, workFolder, loader }: Opening,
): Promise<Opened> {
  const stage = await openStage({
    prepared,
    unit,
    workFolder,
    sandbox: options.sandbox === false ? 'none' : 'namespaces',
    machineCommands: MACHINE_COMMANDS,
    containers: Object.keys(charm.containers),
    locations: storageLocations(charm),
    ...loader.places,
    freshInterpreter: options.freshInterpreter ?? false,
  });
  return {
    stage,
    async close() {
      await stage[Symbol.asyncDispose]();
      rmSync(workFolder, { recursive: true, force: true });
    },
  };
}

/** Stages by charm and unit, the one asked for last at the end. */
function stageKeeper(options: TransitionOptions, loader: Loader) {
  const folders = stageFolders(join(options.cwd, '.playbill'));
  const opened = new Map<string, Promise<Opened>>();
  const close = async (key: string): Promise<void> => {
    const stage = opened.get(key);
    opened.delete(key);
    await (await stage?.catch(() => undefined))?.close();
  };
  return {
    async stage(ready: ReadyCharm, unit: string): Promise<Stage> {
      const key = JSON.stringify([ready.prepared.folder, ready.prepared.python?.lock, unit]);
      const known = opened.get(key);
      opened.delete(key);
      const [oldest] = opened.keys();
      if (!known && oldest !== undefined && opened.size >= STAGES_MAX) await close(oldest);
      const next = known ?? openUnit(ready, { unit, options, loader, workFolder: folders.make() });
      opened.set(key, next);
      return (await next).stage;
    },
    async closeAll(): Promise<void> {
      await Promise.all([...opened.keys()].map(close));
    },
  };
}

type ReadDatabase = TransitionSession['readDatabase'];

/** Databases that were read last: one transition reads its own twice, and the next often leaves the same again. */
const READ_MAX = 32;

function readOnce(read: ReadDatabase): ReadDatabase {
  const known = new Map<string, ReturnType<ReadDatabase>>();
  return (bytes) => {
    const digest = sha256(bytes);
    const found = known.get(digest);
    if (found !== undefined) return found;
    const tables = read(bytes);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= READ_MAX) known.delete(oldest);
    known.set(digest, tables);
    return tables;
  };
}

export async function openTransitions(options: TransitionOptions): Promise<TransitionSession> {
  openWorkFolder(join(options.cwd, '.playbill'));
  const charms = new Map<string, Promise<ReadyCharm>>();
  const loader = readLoader(join(options.cwd, '.playbill'));
  const stages = stageKeeper(options, loader);
  return {
    options,
    limits: limitsOf(options.limits),
    loader,
    digest: sha256,
    readDatabase: readOnce(await openDatabaseReader()),
    writeDatabase: await openDatabaseWriter(),
    charm(path) {
      const known = charms.get(path) ?? readyCharm(path, options);
      charms.set(path, known);
      return known;
    },
    stage: stages.stage,
    [Symbol.asyncDispose]: stages.closeAll,
  };
}
