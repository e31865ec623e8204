/** Files as a tree to unfold: folders with what is in them, as many lines as a page has room for. */
import { plainText } from '../chart/plain-text.ts';
import { fileRow } from './files-view.ts';
import type { FileRow } from './files-view.ts';
import { nested } from './nested.ts';
import type { Nested } from './nested.ts';
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

/** Files on a page about other things too. */
export const FILES_MAX = 60;
/** Fewer in a folder are worth showing. */
const FOLDED_FROM = 20;

/** Leaves under the folders on their way. A folder's own mark is in `folders`, by its path. */
export function fileTree(
  leaves: readonly Leaf[],
  folders: FolderMarks = new Map(),
): readonly FileNode[] {
  return nested(leaves).map((one) => nodeOf(one, folders));
}

function nodeOf({ name, path, item, below }: Nested<Leaf>, folders: FolderMarks): FileNode {
  if (item) return leafNode(name, item);
  const inside = below.map((one) => nodeOf(one, folders));
  return {
    name: plainText(name),
    mark: folders.get(path) ?? null,
    notes: [],
    row: null,
    below: inside,
    files: inside.reduce((sum, one) => sum + one.files, 0),
    marks: inside.flatMap(({ marks }) => marks),
  };
}

export type Cut = { readonly tree: readonly FileNode[]; readonly more: number };

/** Where there are too many, folders that are alike inside are one line; then marked ones come first. */
export function atMost(tree: readonly FileNode[], most: number = FILES_MAX): Cut {
  if (linesOf(tree).length <= most) return { tree, more: 0 };
  const folded = withoutCrowds(tree);
  const lines = linesOf(folded);
  const marked = lines.filter(({ marks }) => marks.length > 0);
  const others = lines.filter(({ marks }) => marks.length === 0);
  const ranked = [...marked, ...others];
  const kept = new Set(ranked.slice(0, most));
  const more = ranked.slice(most).reduce((sum, { files, marks }) => sum + atLeast(files, marks), 0);
  return { tree: only(kept, folded), more };
}

function linesOf(nodes: readonly FileNode[]): readonly FileNode[] {
  return nodes.flatMap((node) => (node.below.length === 0 ? [node] : linesOf(node.below)));
}

function only(kept: ReadonlySet<FileNode>, nodes: readonly FileNode[]): readonly FileNode[] {
  return nodes.flatMap((node) => {
    if (node.below.length === 0) return kept.has(node) ? [node] : [];
    const below = only(kept, node.below);
    return below.length > 0 ? [{ ...node, below }] : [];
  });
}

/** With folders of many files, of all of which the same became, as one line. */
function withoutCrowds(nodes: readonly FileNode[]): readonly FileNode[] {
  return nodes.map((node) => {
    const { row, files, marks } = node;
    const all = atLeast(files, marks);
    const alike = new Set(marks).size < 2 && [0, all].includes(marks.length);
    if (row === null && alike && all > FOLDED_FROM) return { ...node, below: [] };
    return { ...node, below: withoutCrowds(node.below) };
  });
}

/** Those that are no more are no files of a folder. */
function atLeast(files: number, marks: readonly FileMark[]): number {
  return Math.max(files, marks.length);
}

function leafNode(name: string, leaf: Leaf): FileNode {
  return {
    name: plainText(name),
    mark: leaf.mark,
    notes: leaf.notes,
    row: fileRow(`/${leaf.path}`, leaf.entry),
    below: [],
    files: leaf.entry.kind === 'removed' ? 0 : 1,
    marks: leaf.mark === null ? [] : [leaf.mark],
  };
}
