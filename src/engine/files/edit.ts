/**
 * Changes of a tree: each gives a new tree that shares with the old one all but the directories on
 * the way. Nodes made here are frozen, so that trees can be shared safely and caches may hold on to
 * them.
 * Source: rename(2), mkdir(2), unlink(2) and rmdir(2), with coreutils' `mkdir -p` and `rm -r`.
 */
import type { Millis } from '../model/request.ts';
import { child, isEmpty, names, resolve, type Fault } from './path.ts';
import { countOf, dirOfRuns, FEW, inRuns, runsOf, withEntry, type Runs } from './runs.ts';
import type { Dir, Entry, File } from './tree.ts';

/** Who an entry belongs to and who may use it. */
export type Owner = { readonly mode: number; readonly user: string; readonly group: string };

const ROOT_OWNED: Owner = { mode: 0o755, user: 'root', group: 'root' };

/** A directory with nothing in it, of root and mode 0o755 unless said otherwise. */
export function emptyDir(modified: Millis = 0, owner: Owner = ROOT_OWNED): Dir {
  return Object.freeze({ kind: 'dir', ...owner, modified, entries: Object.freeze({}) });
}

/** A file whose contents are kept under a digest. `size` is in bytes. */
export function fileOf(
  content: { readonly digest: string; readonly size: number },
  modified: Millis,
  owner: Owner = { ...ROOT_OWNED, mode: 0o644 },
): File {
  return Object.freeze({ kind: 'file', ...owner, modified, ...content });
}

type Own = Omit<Dir, 'entries'>;

/** A directory with these entries, which are sorted. */
function dirOf(own: Own, runs: Runs): Dir {
  if (runs.length > FEW || countOf(runs) > FEW) return dirOfRuns(own, runs);
  const { kind, mode, user, group, modified } = own;
  const entries = Object.freeze(Object.fromEntries(runs.flat()));
  return Object.freeze({ kind, mode, user, group, modified, entries });
}

function toRuns(dir: Dir): Runs {
  return (
    runsOf(dir) ??
    inRuns(
      dir,
      names(dir).map((name) => [name, child(dir, name)!] as const),
    )
  );
}

/** A directory of its own mode, owner and time with what is in another. */
export function withEntriesOf(dir: Dir, own: Own): Dir {
  return dirOf(own, toRuns(dir));
}

/** The directory with another entry under a name, or without it when `entry` is null. */
export function withChild(dir: Dir, name: string, entry: Entry | null, own: Own = dir): Dir {
  return dirOf(own, withEntry(toRuns(dir), name, entry));
}

/**
 * Puts an entry at names without links; each directory on the way must be there. `now` marks its
 * directory.
 */
export function putAt(root: Dir, at: readonly string[], entry: Entry | null, now: Millis): Dir {
  const [name, ...rest] = at;
  if (name === undefined) throw new Error('the root of a tree cannot be replaced');
  if (rest.length === 0) {
    const { kind, mode, user, group } = root;
    return withChild(root, name, entry, { kind, mode, user, group, modified: now });
  }
  const next = child(root, name);
  if (next?.kind !== 'dir') throw new Error(`${name} is no directory of the tree`);
  return withChild(root, name, putAt(next, rest, entry, now));
}

/** Writes a file or link, over whatever but a directory is there. Its directory must exist. */
export function write(root: Dir, path: string, entry: Exclude<Entry, Dir>): Dir | Fault {
  const found = resolve(root, path, 'keep');
  if (typeof found === 'string') return found;
  if (found.entry?.kind === 'dir') return 'EEXIST';
  if (path.endsWith('/')) return found.entry ? 'ENOTDIR' : 'ENOENT';
  return putAt(root, found.at, entry, entry.modified);
}

/** Makes one directory; `EEXIST` when something is there, `ENOENT` when its parent is not. */
export function mkdir(root: Dir, path: string, dir: Dir): Dir | Fault {
  const found = resolve(root, path, 'keep');
  if (typeof found === 'string') return found;
  return found.entry ? 'EEXIST' : putAt(root, found.at, dir, dir.modified);
}

/**
 * Makes a directory and those above it that are missing, all alike; what is there already is left
 * as it is.
 */
export function mkdirAll(root: Dir, path: string, dir: Dir): Dir | Fault {
  let tree = root;
  const steps = path.split('/').filter((name) => name !== '');
  for (let depth = 1; depth <= steps.length; depth += 1) {
    const upTo = steps.slice(0, depth).join('/');
    const found = resolve(tree, upTo);
    if (typeof found === 'string') return found;
    if (found.entry && found.entry.kind !== 'dir') return 'ENOTDIR';
    if (found.entry) continue;
    const made = mkdir(tree, upTo, dir);
    if (typeof made === 'string') return made;
    tree = made;
  }
  return tree;
}

/**
 * Removes a file, link or empty directory; with `recursive` all below it too, and then nothing
 * there is no fault.
 */
export function remove(
  root: Dir,
  path: string,
  { now, recursive = false }: { readonly now: Millis; readonly recursive?: boolean },
): Dir | Fault {
  const found = resolve(root, path, 'keep');
  if (typeof found === 'string') return found === 'ENOENT' && recursive ? root : found;
  if (!found.entry) return recursive ? root : 'ENOENT';
  if (found.at.length === 0) return 'EBUSY';
  const full = found.entry.kind === 'dir' && !isEmpty(found.entry);
  if (full && !recursive) return 'ENOTEMPTY';
  return putAt(root, found.at, null, now);
}
