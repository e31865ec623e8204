/**
 * A container's files at a node: what lies over its image, with what became of each since the parent node, and how
 * many files of the image are as it brought them. These are counted, and listed where a small image comes.
 */
import { diff } from '../engine/files/diff.ts';
import { emptyDir } from '../engine/files/edit.ts';
import { laidOver, overlay } from '../engine/files/overlay.ts';
import { child, names } from '../engine/files/path.ts';
import type { Changes, Dir, Entry } from '../engine/files/tree.ts';
import { stableText } from '../engine/model/json.ts';
import type { Json } from '../engine/model/json.ts';
import type { Container } from '../engine/world/pebble/slice.ts';
import { atMost, FILES_MAX, fileTree } from './file-tree.ts';
import type { FileMark, FileNode, Leaf } from './file-tree.ts';
import { counted } from './values.ts';

/** A container with all the files of its image, over time. */
export type ContainerTimes = {
  readonly after: Container;
  /** What the event met: as at the parent node, with what the tree changed. Null: the container is new. */
  readonly met: Container | null;
  /** Null: there is no parent node, or the container was not there. */
  readonly before: Container | null;
  readonly isRoot: boolean;
};
export type ImageFiles = {
  readonly files: number;
  readonly unchanged: number;
  readonly size: number;
  /** The parent node had another image. */
  readonly replaced: boolean;
  /** Empty where it came earlier, and where it is too large. */
  readonly tree: readonly FileNode[];
};
export type ContainerFiles = {
  readonly tree: readonly FileNode[];
  readonly more: number;
  readonly marks: readonly FileMark[];
  readonly compared: boolean;
  readonly image: ImageFiles | null;
};

export function containerFiles(times: ContainerTimes): ContainerFiles {
  const { after, isRoot } = times;
  const marking = markingOf(times);
  const own = ownLeaves(after, marking);
  return {
    ...atMost(fileTree(own, marking.marks)),
    marks: own.flatMap(({ mark }) => mark ?? []),
    compared: !isRoot,
    image: imageFiles(times),
  };
}

type Marking = {
  readonly before: Dir;
  readonly changes: Changes;
  /** Of the changes; the others are what the tree changed before the event. */
  readonly byEvent: Changes;
  readonly marks: ReadonlyMap<string, FileMark>;
};

function markingOf({ after, met, before, isRoot }: ContainerTimes): Marking {
  const old = isRoot ? after.root : comparable(before, after);
  const changes = diff(old, after.root);
  const marks = Object.entries(changes).map(([path, change]): [string, FileMark] => {
    if (change.kind === 'removed') return [path, 'removed'];
    return [path, entryAt(old, path) ? 'changed' : 'added'];
  });
  const byEvent = isRoot ? {} : diff(comparable(met, after), after.root);
  return { before: old, changes, byEvent, marks: new Map(marks) };
}

/** The files that were there. Where the image is another, what lay over the old one, over the new one. */
function comparable(earlier: Container | null, { base }: Container): Dir {
  const image = base?.tree;
  if (earlier === null) return image ?? emptyDir();
  if (!image || earlier.base?.digest === base.digest) return earlier.root;
  return laidOver(image, overlay(earlier.base?.tree ?? emptyDir(), earlier.root));
}

/** What is listed one by one: all that is not as the image brought it, or became so since the parent. */
function ownLeaves(after: Container, marking: Marking): readonly Leaf[] {
  const image = after.base?.tree ?? emptyDir();
  const over = overlay(image, after.root, { times: false });
  const changed = Object.keys(marking.changes).filter((path) => path !== '');
  const found = new Set([...leafPaths(over.root), ...changed, ...Object.keys(over.gone)]);
  const onTheWay = new Set([...found].flatMap(folders));
  return [...found]
    .filter((path) => !onTheWay.has(path) || entryAt(after.root, path)?.kind !== 'dir')
    .sort()
    .map((path) => ownLeaf(path, { after, image, marking }));
}

type Among = { readonly after: Container; readonly image: Dir; readonly marking: Marking };

function ownLeaf(path: string, { after, image, marking }: Among): Leaf {
  const entry = entryAt(after.root, path);
  const old = entryAt(marking.before, path);
  const mark = marking.marks.get(path) ?? null;
  const brought = entryAt(image, path);
  const notes = [
    !entry && old?.kind === 'dir' ? `a directory, ${counted(filesIn(old), 'file')} in it` : '',
    brought && !entry ? 'of the image' : '',
    brought && entry && !sameFile(brought, entry) ? 'the image has another' : '',
    mark && brought && entry && sameFile(brought, entry) ? 'as in the image again' : '',
    mark && !Object.hasOwn(marking.byEvent, path) ? 'before the event' : '',
    !mark && !entry ? 'removed earlier' : '',
  ];
  return { path, entry: entry ?? { kind: 'removed' }, mark, notes: notes.filter(Boolean) };
}

function imageFiles({ after, before, isRoot }: ContainerTimes): ImageFiles | null {
  const { base } = after;
  if (!base?.tree) return null;
  const replaced = !isRoot && before !== null && before.base?.digest !== base.digest;
  const listed = (isRoot || before === null || replaced) && base.files <= FILES_MAX;
  const all = listed ? leafPaths(base.tree) : [];
  return {
    files: base.files,
    unchanged: unchanged(base.tree, after.root),
    size: base.size,
    replaced,
    tree: fileTree(all.map((path) => imageLeaf(path, base.tree as Dir))),
  };
}

function imageLeaf(path: string, image: Dir): Leaf {
  return { path, entry: entryAt(image, path) as Entry, mark: null, notes: [] };
}

/** Files, links and empty folders. */
function leafPaths(dir: Dir, at = ''): readonly string[] {
  return names(dir).flatMap((name) => {
    const entry = child(dir, name) as Entry;
    const inside = entry.kind === 'dir' ? leafPaths(entry, `${at}${name}/`) : [];
    return inside.length > 0 ? inside : [at + name];
  });
}

/** The folders that a path leads through. */
function folders(path: string): readonly string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}

/** Links are not followed. */
function entryAt(root: Dir, path: string): Entry | undefined {
  let entry: Entry | undefined = root;
  for (const name of path === '' ? [] : path.split('/'))
    entry = entry?.kind === 'dir' ? child(entry, name) : undefined;
  return entry;
}

function filesIn(entry: Entry): number {
  return unchanged(entry, entry);
}

/** How many files of `below` are the same in `entry`. */
function unchanged(below: Entry, entry: Entry | undefined): number {
  if (below.kind === 'file') return entry && sameFile(below, entry) ? 1 : 0;
  if (below.kind !== 'dir' || entry?.kind !== 'dir') return 0;
  return names(below)
    .map((name) => unchanged(child(below, name) as Entry, child(entry, name)))
    .reduce((sum, files) => sum + files, 0);
}

function sameFile(one: Entry, other: Entry): boolean {
  const bare = (entry: Entry): string =>
    stableText({ ...entry, modified: 0, entries: null } as unknown as Json);
  return one === other || bare(one) === bare(other);
}
