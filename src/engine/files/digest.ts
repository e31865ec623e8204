/**
 * The digest of a tree, by contents: equal contents, equal digest, and the other way round. Each
 * directory's is made of its entries' and remembered, so that a changed tree costs its changed
 * directories. `modified` does not count.
 */
import { child, names } from './path.ts';
import type { Entry } from './tree.ts';

/** Bytes to `sha256:…`; handed in, since only host rooms have a hash. */
export type Digest = (bytes: Uint8Array) => string;

const encoder = new TextEncoder();
const known = new WeakMap<Digest, WeakMap<Entry, string>>();

function cacheOf(digest: Digest): WeakMap<Entry, string> {
  const cache = known.get(digest) ?? new WeakMap<Entry, string>();
  known.set(digest, cache);
  return cache;
}

function described(entry: Entry, digest: Digest): readonly unknown[] {
  const owned = [entry.kind, entry.mode, entry.user, entry.group];
  switch (entry.kind) {
    case 'file':
      return [...owned, entry.digest, entry.size, ...(entry.device ? [entry.device] : [])];
    case 'link':
      return [...owned, entry.target];
    case 'dir':
      return [...owned, names(entry).map((name) => [name, digestOf(child(entry, name)!, digest)])];
  }
}

/** The digest of an entry and all below it. */
export function digestOf(entry: Entry, digest: Digest): string {
  const cache = cacheOf(digest);
  const remembered = cache.get(entry);
  if (remembered !== undefined) return remembered;
  const made = digest(encoder.encode(JSON.stringify(described(entry, digest))));
  cache.set(entry, made);
  return made;
}
