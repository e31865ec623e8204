/**
 * A machine's root as changes over its base, for programs that look at it and change it with no process of their own:
 * where there is no sandbox, and while a tree's words are laid. No file of the host is seen or touched.
 * Not modelled: links on the way to a path.
 */
import type { Change, Changes } from './tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Found, Millis, Reply, RootChange } from '../model/request.ts';

export type BareRoot = {
  look(paths: readonly string[]): Readonly<Record<string, Found>>;
  change(root: NonNullable<Reply['root']>, now: Millis): void;
  /** All of it, parents first. */
  changes(): Changes;
};

/** Folders that every machine has. */
const TOPS = ['/', '/etc', '/opt', '/run', '/tmp', '/usr', '/var'];

type Known = Map<string, Change>;

function foundAs(change: Change, blobs: Blobs): Found | null {
  switch (change.kind) {
    case 'removed':
      return null;
    case 'link':
      return { kind: 'link', target: change.target };
    case 'dir':
      return { kind: 'dir', mode: change.mode };
    case 'file':
      return { kind: 'file', mode: change.mode, bytes: blobs.get(change.digest) };
  }
}

/** Whether an absolute path is what a look asked for. */
function isAsked(asked: string, path: string): boolean {
  const stars = /\/(\*\*?)$/.exec(asked)?.[1];
  if (stars === undefined) return asked === path;
  const folder = asked.slice(0, -stars.length);
  if (!path.startsWith(folder)) return false;
  return stars === '**' || !path.slice(folder.length).includes('/');
}

function asChange(change: RootChange, now: Millis, blobs: Blobs): Change {
  if (change.kind === 'removed') return change;
  const { user = 'root', group = 'root' } = change;
  const owned = { user, group, modified: now };
  switch (change.kind) {
    case 'link':
      return { ...owned, kind: 'link', mode: 0o777, target: change.target };
    case 'dir':
      return { ...owned, kind: 'dir', mode: change.mode };
    case 'file': {
      const { bytes, mode } = change;
      return { ...owned, kind: 'file', mode, digest: blobs.put(bytes), size: bytes.length };
    }
  }
}

function forgetBelow(known: Known, path: string): void {
  for (const other of [...known.keys()]) if (other.startsWith(`${path}/`)) known.delete(other);
}

function makeParents(known: Known, path: string, now: Millis): void {
  const names = path.split('/').slice(0, -1);
  names.forEach((_name, index) => {
    const folder = names.slice(0, index + 1).join('/');
    const there = known.get(folder);
    if (there && there.kind !== 'removed') return;
    known.set(folder, { kind: 'dir', mode: 0o755, user: 'root', group: 'root', modified: now });
  });
}

export function openBareRoot(earlier: Changes, blobs: Blobs): BareRoot {
  const known: Known = new Map(Object.entries(earlier));
  return {
    look(paths) {
      const found: Record<string, Found> = {};
      for (const path of paths) if (TOPS.includes(path)) found[path] = { kind: 'dir', mode: 0o755 };
      for (const [path, change] of known) {
        if (!paths.some((asked) => isAsked(asked, `/${path}`))) continue;
        const one = foundAs(change, blobs);
        if (one) found[`/${path}`] = one;
      }
      return found;
    },
    change(root, now) {
      for (const [absolute, change] of Object.entries(root)) {
        const path = absolute.slice(1);
        if (change.kind !== 'dir') forgetBelow(known, path);
        if (change.kind !== 'removed') makeParents(known, path, now);
        known.set(path, asChange(change, now, blobs));
      }
    },
    changes: () => Object.fromEntries([...known].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
