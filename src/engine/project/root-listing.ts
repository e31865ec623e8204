/**
 * A root being read, wherever it comes from: its entries are put into a listing, and what cannot be part of a machine's
 * root is refused by name. Links are kept as they are and never followed: what they name is looked for in the machine.
 * Left out: what lies below /dev, /proc, /run and /sys, which a machine that has booted makes itself.
 */
import type { Listed, Listing } from '../files/listing.ts';
import { listingBytes } from '../files/listing.ts';
import type { Blobs } from '../model/counterpart.ts';
import { Mistake } from '../model/mistake.ts';
import type { ReadRoot } from '../tree/machine-spec.ts';
import { accountTexts } from '../world/machine/bases/accounts.ts';
import type { ImageLimits } from './read-image.ts';

/** What a root may come to. The sandbox has it in memory. */
export const ROOT_LIMITS: ImageLimits = { entries: 100_000, file: 256 << 20, all: 1 << 30 };

const LEFT_OUT = /^(?:dev|proc|run|sys)\//;
/** Where the sandbox puts something of its own: a link would lead it elsewhere. */
const FOLDERS = `charm dev dev/shm etc home opt opt/playbill opt/python proc root run sys tmp usr
usr/bin usr/lib usr/sbin var var/lib var/lib/juju`.split(/\s+/);
/** Below this, and for nobody, every Ubuntu has the same names. */
const ALIKE = 100;
const NOBODY = 65534;

export type RootReading = {
  readonly blobs: Blobs;
  readonly limits: ImageLimits;
  readonly listing: Record<string, Listed>;
  size: number;
};

export function beginRoot(blobs: Blobs, limits: ImageLimits): RootReading {
  return { blobs, limits, listing: { '': { kind: 'dir', mode: 0o755 } }, size: 0 };
}

export function isLeftOut(path: string): boolean {
  return LEFT_OUT.test(path);
}

function namesOf(file: string): ReadonlyMap<number, string> {
  const lines = (accountTexts('22.04')[file] ?? '').split('\n').map((line) => line.split(':'));
  const all = lines.map(([name = '', , id]) => [Number(id), name] as const);
  return new Map(all.filter(([id, name]) => name !== '' && (id < ALIKE || id === NOBODY)));
}

const users = namesOf('etc/passwd');
const groups = namesOf('etc/group');

/** Owners as a listing has them. */
export function ownersFor(uid: number, gid: number) {
  return {
    ...(uid === 0 ? {} : { user: users.get(uid) ?? String(uid) }),
    ...(gid === 0 ? {} : { group: groups.get(gid) ?? String(gid) }),
  };
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / (1 << 20))} MB`;
}

const LEAVE_OUT = 'Leave out what the charm does not look at.';

/** To be asked before the bytes are read. */
export function checkFileSize(reading: RootReading, path: string, size: number): void {
  const { file, all } = reading.limits;
  if (size > file) {
    const hint = `Each file may have ${megabytes(file)}: leave out what the charm does not look at.`;
    throw new Mistake(`/${path} has ${megabytes(size)}`, { hint });
  }
  if (reading.size + size <= all) return;
  throw new Mistake(`its files come to more than ${megabytes(all)}`, { hint: LEAVE_OUT });
}

function makeFolders(reading: RootReading, path: string): void {
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  const there = reading.listing[folder];
  if (!there) {
    makeFolders(reading, folder);
    add(reading, folder, { kind: 'dir', mode: 0o755 });
  } else if (there.kind !== 'dir') {
    throw new Mistake(`/${path} lies below /${folder}, which is no folder`);
  }
}

export function add(reading: RootReading, path: string, listed: Listed): void {
  const before = Object.hasOwn(reading.listing, path) ? reading.listing[path] : undefined;
  if (before && before.kind !== listed.kind) {
    throw new Mistake(`/${path} is in it twice: as ${before.kind} and as ${listed.kind}`);
  }
  if (listed.kind !== 'dir' && FOLDERS.includes(path)) {
    throw new Mistake(`/${path} is no folder`, { hint: 'A machine has a folder there.' });
  }
  if (path !== '') makeFolders(reading, path);
  Object.defineProperty(reading.listing, path, {
    value: listed,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  if (!before) count(reading);
}

const counted = new WeakMap<RootReading, number>();

function count(reading: RootReading): void {
  const all = (counted.get(reading) ?? 0) + 1;
  counted.set(reading, all);
  const { entries } = reading.limits;
  if (all <= entries) return;
  throw new Mistake(`it has more than ${entries} files and folders`, { hint: LEAVE_OUT });
}

/** A file's content into the store. */
export function addFile(
  reading: RootReading,
  path: string,
  { bytes, ...owned }: { bytes: Uint8Array; mode: number; user?: string; group?: string },
): void {
  checkFileSize(reading, path, bytes.length);
  reading.size += bytes.length;
  const digest = reading.blobs.put(bytes);
  add(reading, path, { kind: 'file', ...owned, digest, size: bytes.length });
}

/** The release that the root says it is of, when that is one there are packages and units of. */
function releaseOf(listing: Listing, blobs: Blobs): ReadRoot['release'] {
  for (const path of ['etc/os-release', 'usr/lib/os-release']) {
    const listed = listing[path];
    if (listed?.kind !== 'file') continue;
    const text = new TextDecoder().decode(blobs.get(listed.digest));
    if (!/^ID="?ubuntu"?$/m.test(text)) return undefined;
    const version = /^VERSION_ID="?(22\.04|24\.04)"?$/m.exec(text)?.[1];
    return version === undefined ? undefined : (`ubuntu@${version}` as ReadRoot['release']);
  }
  return undefined;
}

/** The listing in the store, and what it comes to. */
export function endRoot({ blobs, listing, size }: RootReading): ReadRoot {
  const digest = blobs.put(listingBytes(listing));
  const files = Object.values(listing).filter(({ kind }) => kind === 'file').length;
  const release = releaseOf(listing, blobs);
  return { digest, files, size, ...(release === undefined ? {} : { release }) };
}
