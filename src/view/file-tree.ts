/** Files as a tree to unfold: folders with what is in them, so many files at most, so deep at most. */
import { plainText } from '../chart/plain-text.ts';
import { fileRow } from './files-view.ts';
import type { FileRow } from './files-view.ts';
import type { Change } from '../engine/files/tree.ts';

/** What became of it since the parent node. */
export type FileMark = 'added' | 'changed' | 'removed';
/** A file, a link, an empty folder or what is no more, by its path without a leading slash. */
export type Leaf = {
  readonly path: string;
  readonly entry: Change;
  readonly mark: FileMark | null;
  readonly notes: readonly string[];
};
export type FolderMarks = ReadonlyMap<string, FileMark>;
export type FileNode = {
  /** Made safe to show. */
  readonly name: string;
  readonly mark: FileMark | null;
  readonly notes: readonly string[];
  /** Null for a folder with something in it. */
  readonly row: FileRow | null;
  readonly below: readonly FileNode[];
  /** How many are in a folder, all the way down, and the marks among them and those that are no more. */
  readonly files: number;
  readonly marks: readonly FileMark[];
};

export const FILES_MAX = 500;
/** Further down, a path is one line: folders in folders need room at the side. */
const DEEPEST = 8;

export type Cut = { readonly leaves: readonly Leaf[]; readonly more: number };

/** The marked ones first when there are too many; in the order of their paths. */
export function atMost(leaves: readonly Leaf[], most: number = FILES_MAX): Cut {
  if (leaves.length <= most) return { leaves, more: 0 };
  const ranked = [
    ...leaves.filter(({ mark }) => mark !== null),
    ...leaves.filter(({ mark }) => mark === null),
  ];
  const kept = new Set(ranked.slice(0, most));
  return { leaves: leaves.filter((leaf) => kept.has(leaf)), more: leaves.length - most };
}

/** Leaves under the folders on their way. A folder's own mark is in `folders`, by its path. */
export function fileTree(
  leaves: readonly Leaf[],
  folders: FolderMarks = new Map(),
): readonly FileNode[] {
  return nodesBelow(leaves, { at: '', depth: 0, folders });
}

type Place = { readonly at: string; readonly depth: number; readonly folders: FolderMarks };

function nodesBelow(leaves: readonly Leaf[], place: Place): readonly FileNode[] {
  const byName = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const rest = leaf.path.slice(place.at.length);
    const name = place.depth < DEEPEST ? (rest.split('/')[0] as string) : rest;
    const held = byName.get(name);
    if (held) held.push(leaf);
    else byName.set(name, [leaf]);
  }
  return [...byName.keys()].sort().map((name) => nodeOf(name, byName.get(name) as Leaf[], place));
}

function nodeOf(name: string, leaves: readonly Leaf[], place: Place): FileNode {
  const path = place.at + name;
  const own = leaves.find((leaf) => leaf.path === path);
  if (own) return leafNode(name, own);
  const inside = { ...place, at: `${path}/`, depth: place.depth + 1 };
  return {
    name: plainText(name),
    mark: place.folders.get(path) ?? null,
    notes: [],
    row: null,
    below: nodesBelow(leaves, inside),
    files: leaves.filter(({ entry }) => entry.kind !== 'removed').length,
    marks: leaves.flatMap(({ mark }) => mark ?? []),
  };
}

function leafNode(name: string, leaf: Leaf): FileNode {
  return {
    name: plainText(name),
    mark: leaf.mark,
    notes: leaf.notes,
    row: fileRow(`/${leaf.path}`, leaf.entry),
    below: [],
    files: 1,
    marks: leaf.mark === null ? [] : [leaf.mark],
  };
}
