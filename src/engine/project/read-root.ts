/**
 * A machine's root from a folder or a packed one, every content of it in the store.
 *
 * Whom the folder itself belongs to stands for root, as files of whoever unpacked it do; all others keep their numbers.
 * Where that is not the host's root, the group's write permission is whatever a umask left, and does not count.
 * Not modelled: extended attributes, capabilities of files, times.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Blobs } from '../model/counterpart.ts';
import { Mistake } from '../model/mistake.ts';
import type { ReadRoot } from '../tree/machine-spec.ts';
import type { ImageLimits } from './read-image.ts';
import { readPackedRoot } from './read-root-packed.ts';
import {
  ROOT_LIMITS,
  add,
  addFile,
  beginRoot,
  checkFileSize,
  endRoot,
  isLeftOut,
  ownersFor,
  type RootReading,
} from './root-listing.ts';

type Folder = { readonly reading: RootReading; readonly folder: string; readonly top: Stats };

function ownedBy({ uid, gid, mode }: Stats, top: Stats) {
  const owners = ownersFor(uid === top.uid ? 0 : uid, gid === top.gid ? 0 : gid);
  const bits = mode & 0o7777;
  return { ...owners, mode: top.uid === 0 || bits & 0o002 ? bits : bits & ~0o020 };
}

function named(bytes: Buffer, folder: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const shown = bytes.toString('latin1').replace(/[^ -~]/g, '?');
    const hint = 'Give it another name.';
    throw new Mistake(`the name ${shown} in /${folder} is no UTF-8`, { hint });
  }
}

function readEntry(from: Folder, path: string): void {
  const { reading, folder, top } = from;
  const at = join(folder, path);
  const stats = lstatSync(at);
  const { mode, ...owners } = ownedBy(stats, top);
  if (stats.isDirectory()) {
    add(reading, path, { kind: 'dir', mode, ...owners });
    readFolder(from, path);
  } else if (stats.isFile()) {
    checkFileSize(reading, path, stats.size);
    addFile(reading, path, { bytes: readFileSync(at), mode, ...owners });
  } else if (stats.isSymbolicLink()) {
    add(reading, path, { kind: 'link', target: readlinkSync(at), ...owners });
  } else {
    const hint = 'Leave it out: a root has files, folders and symbolic links.';
    throw new Mistake(`/${path} is a device, a pipe or a socket`, { hint });
  }
}

function readFolder(from: Folder, path: string): void {
  const entries = readdirSync(join(from.folder, path), { encoding: 'buffer' });
  for (const name of entries.map((one) => named(one, path)).sort()) {
    const below = path === '' ? name : `${path}/${name}`;
    if (!isLeftOut(below)) readEntry(from, below);
  }
}

function readRootFolder(folder: string, blobs: Blobs, limits: ImageLimits): ReadRoot {
  const reading = beginRoot(blobs, limits);
  try {
    readFolder({ reading, folder, top: lstatSync(folder) }, '');
  } catch (error) {
    if (error instanceof Mistake) throw error;
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Mistake(`${path ?? 'a file'} cannot be read: ${code}`);
  }
  return endRoot(reading);
}

/** Throws a Mistake without a place. */
export async function readRoot(
  place: string,
  blobs: Blobs,
  limits: ImageLimits = ROOT_LIMITS,
): Promise<ReadRoot> {
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return readRootFolder(place, blobs, limits);
  if (stats?.isFile()) return await readPackedRoot(place, blobs, limits);
  throw new Mistake('no such folder or archive', {
    hint: 'A root is a folder or a .tar, .tar.gz or .tar.zst, named relative to the tree’s file.',
  });
}
