/**
 * What became of a tree, path by path, and the way back: laying changes over a tree.
 * Not counted: `modified`, so that files written again with the same bytes are no change.
 */
import { emptyDir, withChild, withEntriesOf } from './edit.ts';
import { child, differing } from './path.ts';
import type { Change, Changes, Dir, Entry, File } from './tree.ts';

/** The path of the tree's own mode and owner in Changes. */
const ROOT = '';

function sameOwner(a: Entry, b: Entry): boolean {
  return a.mode === b.mode && a.user === b.user && a.group === b.group;
}

/** Equal but for what is in a directory. */
/** Whether two files hold the same, or stand for the same device. */
export function sameFile(a: File, b: File): boolean {
  return a.digest === b.digest && a.size === b.size && a.device === b.device;
}

export function sameNode(a: Entry, b: Entry): boolean {
  if (!sameOwner(a, b)) return false;
  if (a.kind === 'file') return b.kind === 'file' && sameFile(a, b);
  if (a.kind === 'link') return b.kind === 'link' && a.target === b.target;
  return b.kind === 'dir';
}

function bare(entry: Entry): Change {
  if (entry.kind !== 'dir') return entry;
  const { kind, mode, user, group, modified } = entry;
  return { kind, mode, user, group, modified };
}

type Out = [string, Change][];

function compare(
  before: Entry | undefined,
  after: Entry | undefined,
  to: { path: string; out: Out },
): void {
  if (before === after) return;
  if (!after) {
    to.out.push([to.path, { kind: 'removed' }]);
    return;
  }
  if (!before || !sameNode(before, after)) to.out.push([to.path, bare(after)]);
  if (after.kind !== 'dir') return;
  const old = before?.kind === 'dir' ? before : emptyDir();
  for (const name of differing(old, after)) {
    const path = to.path === ROOT ? name : `${to.path}/${name}`;
    compare(child(old, name), child(after, name), { path, out: to.out });
  }
}

/** What to lay over `before` to get `after`. Directories that the two share are not looked into. */
export function diff(before: Dir, after: Dir): Changes {
  const out: Out = [];
  compare(before, after, { path: ROOT, out });
  return Object.fromEntries(out);
}

function changed(old: Entry | undefined, change: Change): Entry | null {
  if (change.kind === 'removed') return null;
  if (change.kind !== 'dir') return change;
  return withEntriesOf(old?.kind === 'dir' ? old : emptyDir(), change);
}

function laid(dir: Dir, steps: readonly string[], change: Change): Dir {
  const [name, ...rest] = steps;
  if (name === undefined) throw new Error('a change needs a path');
  const old = child(dir, name);
  if (rest.length === 0) return withChild(dir, name, changed(old, change));
  if (old?.kind !== 'dir') throw new Error(`changes are laid into ${name}, which is no directory`);
  return withChild(dir, name, laid(old, rest, change));
}

/** The tree with changes laid over it, in the order of their paths, parents first. */
export function apply(dir: Dir, changes: Changes): Dir {
  let tree = dir;
  for (const path of Object.keys(changes).sort()) {
    const change = changes[path]!;
    if (path !== ROOT) tree = laid(tree, path.split('/'), change);
    else if (change.kind === 'dir') tree = withEntriesOf(tree, change);
  }
  return tree;
}
