/**
 * What lies over a tree that many others have below them: what is other or new, with the directories on the way there,
 * and what is gone. What two trees share is not looked into, so that it costs what differs.
 */
import { sameFile } from './diff.ts';
import { child, differing, names } from './path.ts';
import type { Dir, Entry } from './tree.ts';

/** `gone`: paths of the tree below that are no more, `/` between names, no leading slash. */
export type Over = { readonly root: Dir; readonly gone: Readonly<Record<string, true>> };

type Ignoring = { readonly times: boolean };
type Found = { readonly gone: string[] } & Ignoring;

function sameOwn(below: Entry, entry: Entry, { times }: Ignoring): boolean {
  if (below.mode !== entry.mode || below.user !== entry.user || below.group !== entry.group) {
    return false;
  }
  if (times && below.modified !== entry.modified) return false;
  if (entry.kind === 'file') {
    return below.kind === 'file' && sameFile(below, entry);
  }
  if (entry.kind === 'link') return below.kind === 'link' && below.target === entry.target;
  return below.kind === 'dir';
}

/** The entry as it lies over the one below, or null when the two are the same. */
function entryOver(below: Entry | undefined, entry: Entry, at: string, found: Found): Entry | null {
  if (below === entry) return null;
  if (below?.kind === 'dir' && entry.kind === 'dir') {
    const over = dirOver(below, entry, at, found);
    const bare = Object.keys(over.entries).length === 0;
    return bare && sameOwn(below, entry, found) ? null : over;
  }
  return below && sameOwn(below, entry, found) ? null : entry;
}

function withEntries(
  { kind, mode, user, group, modified }: Dir,
  entries: readonly (readonly [string, Entry])[],
): Dir {
  const all = Object.freeze(Object.fromEntries(entries));
  return Object.freeze({ kind, mode, user, group, modified, entries: all });
}

function dirOver(below: Dir, dir: Dir, at: string, found: Found): Dir {
  const path = (name: string): string => (at === '' ? name : `${at}/${name}`);
  const entries = differing(below, dir).flatMap((name): [string, Entry][] => {
    const entry = child(dir, name);
    if (!entry) found.gone.push(path(name));
    const over = entry ? entryOver(child(below, name), entry, path(name), found) : null;
    return over ? [[name, over]] : [];
  });
  return withEntries(dir, entries);
}

/** What makes `tree` of the tree below it. Without `times`, when entries were modified does not count. */
export function overlay(below: Dir, tree: Dir, { times = true }: Partial<Ignoring> = {}): Over {
  const gone: string[] = [];
  const root = below === tree ? withEntries(tree, []) : dirOver(below, tree, '', { gone, times });
  return { root, gone: Object.fromEntries(gone.sort().map((path) => [path, true] as const)) };
}

/** The names that are gone right here, and the paths that are gone further down, by the name they begin with. */
function goneAt(gone: readonly string[]) {
  const here = new Set(gone.filter((path) => !path.includes('/')));
  const below = new Map<string, string[]>();
  for (const path of gone) {
    const slash = path.indexOf('/');
    if (slash < 0) continue;
    const name = path.slice(0, slash);
    below.set(name, [...(below.get(name) ?? []), path.slice(slash + 1)]);
  }
  return { here, below };
}

function merged(below: Dir, over: Dir | null, gone: readonly string[]): Dir {
  const lost = goneAt(gone);
  const kept = names(below).filter((name) => !lost.here.has(name));
  const all = new Set([...kept, ...(over ? names(over) : [])]);
  const entries = [...all].map((name): [string, Entry] => {
    const old = lost.here.has(name) ? undefined : child(below, name);
    const own = over ? child(over, name) : undefined;
    const further = lost.below.get(name) ?? [];
    if (old?.kind !== 'dir' || (own && own.kind !== 'dir')) return [name, own ?? old!];
    return [name, own || further.length > 0 ? merged(old, own ?? null, further) : old];
  });
  return withEntries(over ?? below, entries);
}

/** The tree that `over` makes of the one below: what `overlay` was taken of. */
export function laidOver(below: Dir, over: Over): Dir {
  return merged(below, over.root, Object.keys(over.gone));
}
