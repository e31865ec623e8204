/**
 * A root's files along a trace: which were other at some node of it, and since when. A root is whatever has a tree of
 * files: a container, or a machine. What two nodes share is not looked into.
 */
import { sameNode } from '../engine/files/diff.ts';
import { emptyDir } from '../engine/files/edit.ts';
import { child, names } from '../engine/files/path.ts';
import type { Dir, Entry } from '../engine/files/tree.ts';
import type { FileMark } from './file-tree.ts';

/** What a path was from a node of the trace on, by its number from the root; null: nothing was there. */
export type Version = { readonly from: number; readonly entry: Entry | null };
export type RootHistory = {
  /** What it is at a node that does not speak of it: empty, or what a machine began with. */
  readonly began: Dir;
  /** At each node of the trace, the root of the tree of events first. */
  readonly trees: readonly Dir[];
  /** Oldest first, by path. A path that was the same all along is not in it. */
  readonly versions: ReadonlyMap<string, readonly Version[]>;
};
/** What became of a file, against which nodes of the trace. */
export type Mark = { readonly mark: FileMark; readonly against: readonly number[] };

/** A root that was not spoken of at so many nodes. */
export function absent(nodes: number, began: Dir = emptyDir()): RootHistory {
  return { began, trees: Array.from({ length: nodes }, () => began), versions: new Map() };
}

/** With one more node. */
export function continued(history: RootHistory, tree: Dir): RootHistory {
  const { began, trees, versions } = history;
  const last = trees.at(-1);
  if (!last) return { began, trees: [tree], versions };
  const changed = changedEntries(last, tree);
  if (changed.size === 0) return { began, trees: [...trees, tree], versions };
  const all = new Map(versions);
  for (const [path, { before, after }] of changed) {
    const earlier = versions.get(path) ?? [{ from: 0, entry: before }];
    all.set(path, [...earlier, { from: trees.length, entry: after }]);
  }
  return { began, trees: [...trees, tree], versions: all };
}

type Both = { readonly before: Entry | null; readonly after: Entry | null };

/** Every path that came, went or became another, all the way down. */
export function changedEntries(before: Dir, after: Dir): ReadonlyMap<string, Both> {
  const out = new Map<string, Both>();
  compare({ before, after }, '', out);
  return out;
}

function compare({ before, after }: Both, path: string, out: Map<string, Both>): void {
  if (before === after) return;
  if (!before || !after || !sameNode(before, after)) out.set(path, { before, after });
  const held = [before, after].flatMap((entry) => (entry?.kind === 'dir' ? [entry] : []));
  for (const name of new Set(held.flatMap(names))) {
    const at = path === '' ? name : `${path}/${name}`;
    compare({ before: childOf(before, name), after: childOf(after, name) }, at, out);
  }
}

function childOf(entry: Entry | null, name: string): Entry | null {
  return entry?.kind === 'dir' ? (child(entry, name) ?? null) : null;
}

/** Links are not followed. */
export function entryAt(root: Dir, path: string): Entry | null {
  let entry: Entry | null = root;
  for (const name of path === '' ? [] : path.split('/')) entry = childOf(entry, name);
  return entry;
}

/** What became of a path with these versions, against each node before the last. */
export function marksOf(versions: readonly Version[], nodes: number): readonly Mark[] {
  const now = versions.at(-1)?.entry ?? null;
  const against = new Map<FileMark, number[]>();
  let at = 0;
  for (let node = 0; node < nodes - 1; node += 1) {
    while ((versions[at + 1]?.from ?? Infinity) <= node) at += 1;
    const mark = markOf({ before: versions[at]?.entry ?? null, after: now });
    if (mark) against.set(mark, [...(against.get(mark) ?? []), node]);
  }
  return [...against].map(([mark, found]) => ({ mark, against: found }));
}

/** What became of an entry; null when nothing did. */
export function markOf({ before, after }: Both): FileMark | null {
  if (!before) return after ? 'added' : null;
  if (!after) return 'removed';
  return sameNode(before, after) ? null : 'changed';
}
