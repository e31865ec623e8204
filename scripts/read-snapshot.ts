/** The State of a live unit that a tree starts from, read and checked before anything is played. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Json } from '../src/engine/model/json.ts';
import { Mistake } from '../src/engine/model/mistake.ts';
import { rootState } from '../src/engine/play/root-state.ts';
import type { Using } from '../src/engine/play/using.ts';
import { openDatabaseWriter } from '../src/engine/project/write-database.ts';
import type { Definition } from '../src/engine/tree/definition.ts';
import { snapshotState } from '../src/engine/transition/jhack-snapshot.ts';

function snapshotOf({ file, root: { snapshot } }: Definition, folder: string): Json | null {
  if (snapshot === undefined) return null;
  const path = resolve(dirname(resolve(folder, file)), snapshot.file);
  const { at } = snapshot;
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const hint = "It is named relative to the tree's file.";
    throw new Mistake(`snapshot: ${snapshot.file}: no such file`, { at, hint });
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch (error) {
    const hint = 'jhack scenario snapshot UNIT --format json writes one.';
    throw new Mistake(`snapshot: ${snapshot.file}: ${(error as Error).message}`, { at, hint });
  }
}

type Stores = Pick<Using, 'charm' | 'blobs' | 'digest' | 'readDatabase'>;

/** What lays a tree's root over its snapshot; undefined where it has none. `folder`: the project's root. */
export async function readSnapshot(
  definition: Definition,
  { folder, stores }: { folder: string; stores: Stores },
): Promise<Using['begins']> {
  const snapshot = snapshotOf(definition, folder);
  if (snapshot === null) return undefined;
  const writeDatabase = await openDatabaseWriter();
  const begins: NonNullable<Using['begins']> = (base) =>
    snapshotState(snapshot, { ...stores, base, writeDatabase });
  try {
    rootState(definition.root, stores.charm, { ...stores, begins });
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    throw new Mistake(error.message, { at: definition.root.snapshot?.at });
  }
  return begins;
}
