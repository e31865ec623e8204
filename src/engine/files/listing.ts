/**
 * A tree of files as one content of the store: what each path is, sorted, contents by digest. Everything is as old as
 * the epoch, as in images that are built to be the same every time, and root's where no other owner is said.
 */
import { names } from './path.ts';
import type { Change, Dir, Entry } from './tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import { stableText } from '../model/json.ts';

const OWNED = { user: 'root', group: 'root', modified: 0 } as const;
/** Absent: root's. */
type Owners = { readonly user?: string; readonly group?: string };
export type Listed = Owners &
  (
    | {
        readonly kind: 'file';
        readonly mode: number;
        readonly digest: string;
        readonly size: number;
      }
    | { readonly kind: 'link'; readonly target: string }
    | { readonly kind: 'dir'; readonly mode: number }
  );
/** By path, `/` between names, no leading slash; '' is the root. */
export type Listing = Readonly<Record<string, Listed>>;

const LINK_MODE = 0o777;
const ROOT: Listed = { kind: 'dir', mode: 0o755 };

export function listingBytes(listing: Listing): Uint8Array {
  return new TextEncoder().encode(stableText(listing));
}

/** The listing that is in the store under this digest. */
export function listingOf(digest: string, blobs: Blobs): Listing {
  return JSON.parse(new TextDecoder().decode(blobs.get(digest))) as Listing;
}

function changeOf(listed: Listed): Change {
  return listed.kind === 'link'
    ? { ...OWNED, ...listed, mode: LINK_MODE }
    : ({ ...OWNED, ...listed } as Change);
}

function frozen(dir: Dir): Dir {
  const entries = names(dir).map((name): [string, Entry] => {
    const entry = dir.entries[name]!;
    return [name, entry.kind === 'dir' ? frozen(entry) : Object.freeze(entry)];
  });
  return Object.freeze({ ...dir, entries: Object.freeze(Object.fromEntries(entries)) });
}

type Building = Omit<Dir, 'entries'> & { readonly entries: Record<string, Entry> };

/** All at once: laying one path after the other copies its folders again and again. */
function treeOf(listing: Listing): Dir {
  const { '': own, ...below } = listing;
  const root = { ...changeOf(own ?? ROOT), entries: {} } as Building;
  const dirs = new Map<string, Building>([['', root]]);
  for (const path of Object.keys(below).sort()) {
    const slash = path.lastIndexOf('/');
    const holder = dirs.get(path.slice(0, Math.max(slash, 0)));
    if (!holder) throw new Error(`a listing has ${path} and not its folder`);
    const change = changeOf(below[path]!);
    const entry = (change.kind === 'dir' ? { ...change, entries: {} } : change) as Entry;
    if (entry.kind === 'dir') dirs.set(path, entry as Building);
    Object.defineProperty(holder.entries, path.slice(slash + 1), {
      value: entry,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return frozen(root);
}

/** By what reads the store: who looks at pages puts nothing into it, and has one of its own for that. */
const known = new WeakMap<Blobs['get'], Map<string, Dir>>();

/** The files of the listing that has this digest: one tree for all who ask. */
export function listedTree(digest: string, blobs: Blobs): Dir {
  const trees = known.get(blobs.get) ?? new Map<string, Dir>();
  known.set(blobs.get, trees);
  const made = trees.get(digest) ?? treeOf(listingOf(digest, blobs));
  trees.set(digest, made);
  return made;
}
