/**
 * A folder as the root of a container's image: every file is put into the store and the folder becomes a listing there.
 * Links are kept as they are and never followed, so that what they name is looked for inside the container alone.
 * Permissions are those of the folder, but for the group's write permission, which a umask may have left or not. Owners
 * are not: everything is root's.
 */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Blobs } from '../model/counterpart.ts';
import { Mistake } from '../model/mistake.ts';
import type { ReadImage } from '../tree/definition.ts';
import { listingBytes, type Listing } from '../files/listing.ts';
import { LAYERS_FOLDER } from '../world/pebble/image-layers.ts';

/** What an image may come to. Sizes in bytes. */
export type ImageLimits = {
  readonly entries: number;
  readonly file: number;
  readonly all: number;
};
export const IMAGE_LIMITS: ImageLimits = { entries: 50_000, file: 256 << 20, all: 1 << 30 };

type Listed = Listing[string];
type Reading = {
  readonly blobs: Blobs;
  readonly limits: ImageLimits;
  readonly listing: Record<string, Listed>;
  entries: number;
  size: number;
};

const OTHERS_WRITE = 0o002;
const GROUP_WRITES = 0o020;

function modeOf({ mode }: Stats): number {
  const own = mode & 0o777;
  return own & OTHERS_WRITE ? own : own & ~GROUP_WRITES;
}

function named(bytes: Buffer, folder: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const shown = bytes.toString('latin1').replace(/[^ -~]/g, '?');
    throw new Mistake(`image: the name ${shown} in ${folder} is no UTF-8`, {
      hint: 'Give it another name.',
    });
  }
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / (1 << 20))} MB`;
}

function checkSize(reading: Reading, path: string, size: number): void {
  const { file, all } = reading.limits;
  if (size > file) {
    const hint = `Each file may have ${megabytes(file)}: leave out what the charm does not look at.`;
    throw new Mistake(`image: ${path} has ${megabytes(size)}`, { hint });
  }
  reading.size += size;
  if (reading.size <= all) return;
  const hint = 'Leave out what the charm does not look at.';
  throw new Mistake(`image: its files come to more than ${megabytes(all)}`, { hint });
}

function count(reading: Reading): void {
  reading.entries += 1;
  const { entries } = reading.limits;
  if (reading.entries <= entries) return;
  const hint = 'Leave out what the charm does not look at.';
  throw new Mistake(`image: it has more than ${entries} files and folders`, { hint });
}

function readFile(reading: Reading, at: string, { path, stats }: { path: string; stats: Stats }) {
  checkSize(reading, path, stats.size);
  const bytes = readFileSync(at);
  const digest = reading.blobs.put(bytes);
  return { kind: 'file', mode: modeOf(stats), digest, size: bytes.length } as const;
}

function readEntry(reading: Reading, at: string, path: string): void {
  count(reading);
  const stats = lstatSync(at);
  if (stats.isDirectory()) {
    reading.listing[path] = { kind: 'dir', mode: modeOf(stats) };
    readFolder(reading, at, path);
  } else if (stats.isFile()) reading.listing[path] = readFile(reading, at, { path, stats });
  else if (stats.isSymbolicLink()) {
    reading.listing[path] = { kind: 'link', target: readlinkSync(at) };
  } else {
    const hint = 'Leave it out: an image has files, folders and symbolic links.';
    throw new Mistake(`image: ${path} is a device, a pipe or a socket`, { hint });
  }
}

function readFolder(reading: Reading, at: string, path: string): void {
  const names = readdirSync(at, { encoding: 'buffer' }).map((name) => named(name, `/${path}`));
  for (const name of names.sort()) {
    readEntry(reading, join(at, name), path === '' ? name : `${path}/${name}`);
  }
}

function cannotRead(error: unknown): never {
  if (error instanceof Mistake) throw error;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  throw new Mistake(`image: ${path ?? 'a file'} cannot be read: ${code}`);
}

function isFolder(at: string): boolean {
  return lstatSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The image in a folder, every content of it in the store. Throws a Mistake without a place. */
export function readImage(
  folder: string,
  blobs: Blobs,
  limits: ImageLimits = IMAGE_LIMITS,
): ReadImage {
  if (!isFolder(folder)) throw new Mistake('image: no such folder');
  const reading: Reading = { blobs, limits, listing: {}, entries: 0, size: 0 };
  try {
    reading.listing[''] = { kind: 'dir', mode: modeOf(lstatSync(folder)) };
    readFolder(reading, folder, '');
  } catch (error) {
    cannotRead(error);
  }
  const digest = blobs.put(listingBytes(reading.listing));
  const files = Object.values(reading.listing).filter(({ kind }) => kind === 'file').length;
  return { digest, files, size: reading.size };
}

/** The files of a folder of layers, as they would be in an image. */
export function readLayersFolder(folder: string, blobs: Blobs) {
  if (!isFolder(folder)) throw new Mistake('layers: no such folder');
  const reading: Reading = { blobs, limits: IMAGE_LIMITS, listing: {}, entries: 0, size: 0 };
  readFolder(reading, folder, '');
  const files = Object.entries(reading.listing).flatMap(([path, listed]) =>
    listed.kind === 'file' ? [[`${LAYERS_FOLDER}/${path}`, listed] as const] : [],
  );
  return Object.fromEntries(files.map(([path, { digest, size }]) => [path, { digest, size }]));
}
