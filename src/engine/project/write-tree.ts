/**
 * Files of a State as a real folder. What a charm named is never followed: nothing is written through a link, and a
 * name that would lead out of its directory is no name of a tree. Modes are kept for who looks, without setuid and the
 * like; owners are not, since only root could.
 */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { names, child } from '../files/path.ts';
import type { Change, Changes, Dir, Entry } from '../files/tree.ts';
import type { Blobs } from '../model/counterpart.ts';

const PERMISSIONS = 0o777;
/** The one who looks must get in, whatever the charm said. */
const OWNERS = { dir: 0o700, file: 0o400 };

function writeEntry(path: string, entry: Entry, blobs: Blobs): void {
  if (entry.kind === 'dir') return writeTree(path, entry, blobs);
  if (entry.kind === 'link') return symlinkSync(entry.target, path);
  writeFileSync(path, blobs.get(entry.digest), { flag: 'wx' });
  chmodSync(path, (entry.mode & PERMISSIONS) | OWNERS.file);
}

/** Writes a directory of a State to a path where nothing is yet, or an empty folder. */
export function writeTree(path: string, dir: Dir, blobs: Blobs): void {
  mkdirSync(path, { recursive: true });
  for (const name of names(dir)) writeEntry(join(path, name), child(dir, name) as Entry, blobs);
  chmodSync(path, (dir.mode & PERMISSIONS) | OWNERS.dir);
}

type Written = Exclude<Change, { kind: 'removed' }>;

function writeChange(path: string, change: Written, blobs: Blobs): void {
  if (change.kind === 'dir') {
    mkdirSync(path, { recursive: true });
    return;
  }
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeEntry(path, change, blobs);
}

/** Lays changes over a folder that was written here. Parents come first in them, so no link is on the way. */
export function writeChanges(folder: string, changes: Changes, blobs: Blobs): void {
  for (const [path, change] of Object.entries(changes)) {
    const place = join(folder, path);
    if (change.kind === 'removed') rmSync(place, { recursive: true, force: true });
    else writeChange(place, change, blobs);
  }
}
