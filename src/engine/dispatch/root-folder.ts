/**
 * A container's root as a folder of the host, for a sandbox to lie over: filled with what differs from what it holds
 * already, and read for what a program made of it. No process of a sandbox lives while this writes or reads contents.
 * Not modelled: owners, devices, pipes and sockets, names that are no UTF-8: what a program makes of these is taken
 * away; and what it removes of what lies beneath the container's own files is there again.
 */
import { Buffer } from 'node:buffer';
import {
  chmodSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs';
import { join } from 'node:path';
import { apply } from '../files/diff.ts';
import { emptyDir, withChild } from '../files/edit.ts';
import { child, differing } from '../files/path.ts';
import type { Change, Changes, Dir, Entry } from '../files/tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Millis } from '../model/request.ts';

/** What is of the sandbox's own making at the top of a root. */
const MOUNTED = ['proc', 'dev', 'sys'];
/** Directories are kept open to their owner, so that an ordinary user can read them. */
const OPEN = 0o700;
const MODE = 0o777;

type Seen = {
  readonly kind: 'file' | 'dir' | 'link';
  readonly mode: number;
  readonly mark: string;
};
/** What is in the folder, by path without a leading slash, directories before what is in them. */
export type Scan = ReadonlyMap<string, Seen>;
/** Who what is new belongs to, when it was made, and how many bytes of files there may be. */
export type Making = {
  readonly owner: { readonly user: string; readonly group: string };
  readonly now: Millis;
  readonly bytes: number;
};

export type RootFolder = {
  readonly path: string;
  /** Makes the folder hold this. */
  fill(root: Dir, blobs: Blobs): void;
  scan(): Scan;
  /** What was made of the root since the scan; null: more than there may be. From then on the folder holds that. */
  changes(before: Scan, making: Making, blobs: Blobs): Changes | null;
  /** Nobody knows what it holds: it begins anew. */
  forget(): void;
  /** Nothing is to be left of it. */
  clear(): void;
};

function isOpenAnyway(entry: Entry): number {
  return entry.kind === 'dir' ? entry.mode | OPEN : entry.mode;
}

function setTime(path: string, modified: Millis): void {
  lutimesSync(path, modified / 1000, modified / 1000);
}

function same(a: Entry, b: Entry): boolean {
  if (a.mode !== b.mode || a.modified !== b.modified) return false;
  if (a.kind === 'file') return b.kind === 'file' && a.digest === b.digest;
  if (a.kind === 'link') return b.kind === 'link' && a.target === b.target;
  return b.kind === 'dir';
}

function layEntry(path: string, [before, entry]: [Entry | undefined, Entry], blobs: Blobs): void {
  const stays = before?.kind === 'dir' && entry.kind === 'dir';
  if (before && !stays) rmSync(path, { recursive: true, force: true });
  if (entry.kind === 'link') symlinkSync(entry.target, path);
  if (entry.kind === 'file') writeFileSync(path, blobs.get(entry.digest), { flag: 'wx' });
  if (entry.kind !== 'dir') {
    if (entry.kind === 'file') chmodSync(path, entry.mode);
    return setTime(path, entry.modified);
  }
  if (!stays) mkdirSync(path);
  chmodSync(path, isOpenAnyway(entry));
  layDir(path, [before?.kind === 'dir' ? before : emptyDir(), entry], blobs);
}

/** What two directories share is not looked into. A directory's time is set once nothing more comes into it. */
function layDir(path: string, [before, after]: [Dir, Dir], blobs: Blobs): void {
  for (const name of differing(before, after)) {
    const old = child(before, name);
    const entry = child(after, name);
    if (!entry) rmSync(join(path, name), { recursive: true, force: true });
    else if (!old || entry.kind === 'dir' || !same(old, entry))
      layEntry(join(path, name), [old, entry], blobs);
  }
  setTime(path, after.modified);
}

function withoutMounted(root: Dir): Dir {
  return MOUNTED.filter((name) => child(root, name)).reduce<Dir>(
    (dir, name) => withChild(dir, name, null),
    root,
  );
}

function kindOf(info: BigIntStats): Seen['kind'] | null {
  if (info.isDirectory()) return 'dir';
  if (info.isSymbolicLink()) return 'link';
  return info.isFile() ? 'file' : null;
}

function list(folder: string, mode: number): readonly Buffer[] {
  if ((mode & OPEN) !== OPEN) chmodSync(folder, mode | OPEN);
  return readdirSync(folder, { encoding: 'buffer' }).sort(Buffer.compare);
}

/** `keep`: what is odd stays, as a sandbox may be about to use it. */
function scanInto(found: Map<string, Seen>, root: string, [at, keep]: [string, boolean]): void {
  const folder = join(root, at);
  const mode = Number(lstatSync(folder).mode) & MODE;
  for (const bytes of list(folder, mode)) {
    const name = bytes.toString('utf8');
    const path = at === '' ? name : `${at}/${name}`;
    const whole = Buffer.concat([Buffer.from(`${folder}/`), bytes]);
    const info = lstatSync(whole, { bigint: true });
    const kind = bytes.equals(Buffer.from(name)) ? kindOf(info) : null;
    if (kind === null) {
      if (!keep) rmSync(whole, { recursive: true, force: true });
      continue;
    }
    const times = `${info.mtimeNs} ${info.ctimeNs}`;
    const mark = kind === 'dir' ? '' : `${info.ino} ${info.size} ${times}`;
    found.set(path, { kind, mode: Number(info.mode) & MODE, mark });
    if (kind === 'dir') scanInto(found, root, [path, keep]);
  }
}

function scanOf(root: string, keep: boolean): Map<string, Seen> {
  const found = new Map<string, Seen>();
  scanInto(found, root, ['', keep]);
  return found;
}

function entryAt(root: Dir, path: string): Entry | undefined {
  return path
    .split('/')
    .reduce<Entry | undefined>(
      (at, name) => (at?.kind === 'dir' ? child(at, name) : undefined),
      root,
    );
}

function isAsItWas(now: Seen, before: Seen | undefined, known: Entry): boolean {
  if (!before || before.kind !== now.kind || known.kind !== now.kind) return false;
  return before.mark === now.mark && before.mode === now.mode;
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

type Reading = Making & { readonly blobs: Blobs; left: number };

/** Null: it is larger than what is left of the bytes that there may be. */
function read(path: string, seen: Seen, { left, blobs, ...making }: Reading, known?: Entry) {
  const { user, group } = known ?? making.owner;
  const own = { user, group, modified: making.now };
  if (seen.kind === 'link') {
    return { kind: 'link', mode: 0o777, ...own, target: readlinkSync(path) } as const;
  }
  if (seen.kind === 'dir') {
    const opened = known?.kind === 'dir' && isOpenAnyway(known) === seen.mode;
    return { kind: 'dir', mode: opened ? known.mode : seen.mode, ...own } as const;
  }
  if (lstatSync(path).size > left) return null;
  if ((seen.mode & 0o400) === 0) chmodSync(path, seen.mode | 0o400);
  const bytes = readFileSync(path);
  chmodSync(path, seen.mode);
  const digest = blobs.put(bytes);
  return { kind: 'file', mode: seen.mode, ...own, digest, size: bytes.length } as const;
}

function changesIn(
  folder: string,
  { root, before, after }: { root: Dir; before: Scan; after: Scan },
  reading: Reading,
): Changes | null {
  const changes: Record<string, Change> = {};
  /** Directories in which something came or went. */
  const touched = new Set<string>();
  for (const [path, seen] of after) {
    const known = entryAt(root, path);
    if (known && isAsItWas(seen, before.get(path), known)) continue;
    const likewise = known?.kind === seen.kind ? known : undefined;
    const change = read(join(folder, path), seen, reading, likewise);
    if (change === null) return null;
    if (change.kind === 'file') reading.left -= change.size;
    changes[path] = change;
    if (!likewise) touched.add(parentOf(path));
  }
  for (const path of before.keys()) {
    const parent = parentOf(path);
    const goesWithParent = parent !== '' && after.get(parent)?.kind !== 'dir';
    if (after.has(path) || !entryAt(root, path) || goesWithParent) continue;
    changes[path] = { kind: 'removed' };
    touched.add(parent);
  }
  for (const path of touched) {
    const seen = after.get(path);
    const known = entryAt(root, path);
    if (!seen || known?.kind !== 'dir' || changes[path]) continue;
    changes[path] = read(join(folder, path), seen, reading, known)!;
  }
  return Object.fromEntries(Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Directories in it may be closed to an ordinary user until they have been looked through. */
function clear(path: string): void {
  mkdirSync(path, { recursive: true });
  scanOf(path, false);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
}

export function openRootFolder(path: string): RootFolder {
  let holds: Dir | null = null;
  return {
    path,
    fill(whole, blobs) {
      const root = withoutMounted(whole);
      if (!holds) clear(path);
      const before = holds ?? emptyDir();
      // Until it is done, nobody knows.
      holds = null;
      chmodSync(path, isOpenAnyway(root));
      if (before !== root) layDir(path, [before, root], blobs);
      holds = root;
    },
    scan: () => scanOf(path, true),
    changes(before, making, blobs) {
      const root = holds;
      if (!root) throw new Error('a root is read that was not filled');
      holds = null;
      const after = scanOf(path, false);
      const changes = changesIn(
        path,
        { root, before, after },
        { ...making, blobs, left: making.bytes },
      );
      if (changes === null) return null;
      const next = apply(root, changes);
      // As the entries say, and not when the host did it.
      for (const at of Object.keys(changes).reverse()) {
        if (changes[at]!.kind !== 'removed') setTime(join(path, at), making.now);
      }
      holds = next;
      return changes;
    },
    forget() {
      holds = null;
    },
    clear() {
      holds = null;
      clear(path);
    },
  };
}
