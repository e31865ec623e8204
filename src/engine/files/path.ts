/**
 * How a path leads through a tree: as the kernel walks it, links followed, never out of the root.
 * Source: path_resolution(7). Paths may start with `/` or not; both start at the root.
 * Not modelled: permissions (everything is walked as root), mounts.
 */
import { entryIn, namesApart, runsOf } from './runs.ts';
import type { Dir, Entry } from './tree.ts';

/** Why a path or a change of a tree is refused, by the name of errno(3). */
export type Fault =
  'EBUSY' | 'EEXIST' | 'EINVAL' | 'ELOOP' | 'ENAMETOOLONG' | 'ENOENT' | 'ENOTDIR' | 'ENOTEMPTY';

/**
 * `at`: the names from the root without links. `entry` is null when only the last name is missing.
 */
export type Found = { readonly at: readonly string[]; readonly entry: Entry | null };

const LINKS_MAX = 40;
const NAME_MAX = 255;
const encoder = new TextEncoder();

/** The entry of that very name; names like `constructor` are only names. */
export function child(dir: Dir, name: string): Entry | undefined {
  const runs = runsOf(dir);
  if (runs) return entryIn(runs, name);
  return Object.hasOwn(dir.entries, name) ? dir.entries[name] : undefined;
}

/** Names in a directory, sorted by code unit. */
export function names(dir: Dir): readonly string[] {
  const runs = runsOf(dir);
  return runs ? runs.flatMap((run) => run.map(([name]) => name)) : Object.keys(dir.entries).sort();
}

export function isEmpty(dir: Dir): boolean {
  return runsOf(dir) ? false : Object.keys(dir.entries).length === 0;
}

/** Sorted names of entries that are in one only, or not the very same in both. */
export function differing(before: Dir, after: Dir): readonly string[] {
  if (before === after) return [];
  const [one, other] = [runsOf(before), runsOf(after)];
  if (one && other) return namesApart(one, other);
  const all = new Set([...names(before), ...names(after)]);
  return [...all].filter((name) => child(before, name) !== child(after, name)).sort();
}

function parts(path: string): string[] {
  const trailing = path.endsWith('/') ? ['.'] : [];
  return [...path.split('/').filter((name) => name !== ''), ...trailing];
}

type Walk = { readonly stack: { name: string; dir: Dir }[]; links: number };

function here(root: Dir, walk: Walk): Dir {
  return walk.stack.at(-1)?.dir ?? root;
}

function at(walk: Walk): string[] {
  return walk.stack.map((step) => step.name);
}

/**
 * Follows a path. `last` says what becomes of a link at its end; a trailing slash always follows
 * it.
 */
export function resolve(
  root: Dir,
  path: string,
  last: 'follow' | 'keep' = 'follow',
): Found | Fault {
  const todo = parts(path);
  const walk: Walk = { stack: [], links: 0 };
  for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
    if (name === '.') continue;
    if (name === '..') {
      walk.stack.pop();
      continue;
    }
    if (encoder.encode(name).length > NAME_MAX) return 'ENAMETOOLONG';
    const entry = child(here(root, walk), name);
    if (!entry) {
      const missing = todo.every((rest) => rest === '.');
      return missing ? { at: [...at(walk), name], entry: null } : 'ENOENT';
    }
    if (entry.kind === 'link' && (todo.length > 0 || last === 'follow')) {
      walk.links += 1;
      if (walk.links > LINKS_MAX) return 'ELOOP';
      if (entry.target.startsWith('/')) walk.stack.length = 0;
      todo.unshift(...parts(entry.target));
    } else if (entry.kind === 'dir') {
      walk.stack.push({ name, dir: entry });
    } else {
      return todo.length > 0 ? 'ENOTDIR' : { at: [...at(walk), name], entry };
    }
  }
  return { at: at(walk), entry: here(root, walk) };
}

/** What a path leads to, links followed; undefined when nothing is there. */
export function lookup(root: Dir, path: string): Entry | undefined {
  const found = resolve(root, path);
  return typeof found === 'string' ? undefined : (found.entry ?? undefined);
}
