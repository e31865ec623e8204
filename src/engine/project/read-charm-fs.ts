/**
 * Finds the charm that a tree is about and reads the texts that declare it, from a folder or a
 * packed charm.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DECLARATION_FILES, type CharmSource } from '../charm/read-charm.ts';
import { Mistake, type Position } from '../model/mistake.ts';
import { readArchive } from './charm-archive.ts';
import { isCharmFolder, shownPath, upwards } from './charm-folder.ts';

/** `path` is absolute, `shown` relative to the project. */
export type CharmPlace = {
  readonly path: string;
  readonly shown: string;
  readonly packed: boolean;
};
export type CharmWanted = {
  readonly root: string;
  /** Relative to the root; absent: the charm of the project itself. */
  readonly treeFile?: string;
  /** As the tree says it, relative to its file. */
  readonly charm?: string;
  readonly at?: Position;
  /** The words it stands under, for messages. */
  readonly what?: string;
};

const NAMES: readonly string[] = DECLARATION_FILES;

function asked(path: string, { charm, at, what = 'charm' }: CharmWanted): string {
  const found = statSync(path, { throwIfNoEntry: false });
  const hint = "Name a charm's folder or a .charm, relative to the tree's file.";
  if (!found) throw new Mistake(`${what}: ${charm}: not found`, { at, hint });
  if (found.isDirectory() && !isCharmFolder(path)) {
    const message = `${what}: ${charm}: neither charmcraft.yaml nor metadata.yaml is there`;
    throw new Mistake(message, { at, hint });
  }
  return path;
}

/** Throws a Mistake, at the place the tree names its charm, when there is none. */
export function findCharm(wanted: CharmWanted): CharmPlace {
  const { root, treeFile, charm, at } = wanted;
  const folder = treeFile === undefined ? root : dirname(resolve(root, treeFile));
  const path =
    charm === undefined
      ? [...upwards(folder), root].find(isCharmFolder)
      : asked(resolve(folder, charm), wanted);
  if (path === undefined) {
    const hint = 'Say which: "charm: ../my-charm".';
    throw new Mistake('no charm in the folders above this tree', { at, hint });
  }
  return { path, shown: shownPath(root, path), packed: statSync(path).isFile() };
}

function textsOfArchive(path: string): Readonly<Record<string, string>> {
  const found = readArchive(path).filter(
    (entry) => entry.kind === 'file' && NAMES.includes(entry.path),
  );
  return Object.fromEntries(
    found.map((entry) => [entry.path, Buffer.from(entry.bytes()).toString('utf8')]),
  );
}

function textsOfFolder(path: string): Readonly<Record<string, string>> {
  const found = NAMES.filter((name) => existsSync(join(path, name)));
  return Object.fromEntries(found.map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

/** The charm's declarations as texts, for readCharm. */
export function readCharmSource({ path, shown, packed }: CharmPlace): CharmSource {
  return { folder: shown, files: packed ? textsOfArchive(path) : textsOfFolder(path) };
}
