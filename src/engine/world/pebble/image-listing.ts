/**
 * The files of an image as one content of the store: what each path is, sorted, contents by digest. Everything is
 * root's and as old as the epoch, as in images that are built to be the same every time.
 */
import { names } from '../../files/path.ts';
import type { Change, Dir, Entry } from '../../files/tree.ts';
import type { Blobs } from '../../model/counterpart.ts';
import { stableText } from '../../model/json.ts';

const OWNED = { user: 'root', group: 'root', modified: 0 } as const;
type Listed =
  | { readonly kind: 'file'; readonly mode: number; readonly digest: string; readonly size: number }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'dir'; readonly mode: number };
/** By path, `/` between names, no leading slash; '' is the root. */
export type ImageListing = Readonly<Record<string, Listed>>;

const LINK_MODE = 0o777;
const ROOT: Listed = { kind: 'dir', mode: 0o755 };

export function listingBytes(listing: ImageListing): Uint8Array {
  return new TextEncoder().encode(stableText(listing));
}

function changeOf(listed: Listed): Change {
  return listed.kind === 'link'
    ? { ...listed, ...OWNED, mode: LINK_MODE }
    : ({ ...listed, ...OWNED } as Change);
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
function treeOf(listing: ImageListing): Dir {
  const { '': own, ...below } = listing;
  const root = { ...changeOf(own ?? ROOT), entries: {} } as Building;
  const dirs = new Map<string, Building>([['', root]]);
  for (const path of Object.keys(below).sort()) {
    const slash = path.lastIndexOf('/');
    const holder = dirs.get(path.slice(0, Math.max(slash, 0)));
    if (!holder) throw new Error(`an image lists ${path} and not its folder`);
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

const known = new WeakMap<Blobs, Map<string, Dir>>();

/** The files of the image whose listing this is: one tree for all who ask. */
export function imageTree(digest: string, blobs: Blobs): Dir {
  const trees = known.get(blobs) ?? new Map<string, Dir>();
  known.set(blobs, trees);
  const made =
    trees.get(digest) ??
    treeOf(JSON.parse(new TextDecoder().decode(blobs.get(digest))) as ImageListing);
  trees.set(digest, made);
  return made;
}
