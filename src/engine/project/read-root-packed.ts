/**
 * A machine's root from a tar archive, plain or packed with gzip or zstd, as its first bytes say. Nothing is written on
 * the host: contents go into the store, names into a listing.
 * Source: POSIX.1-2001 pax; GNU tar's format, as tar-stream reads them.
 * Not modelled: sparse files, extended attributes, times.
 */
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract, type ExtractEvents, type Header } from 'tar-stream';
import type { Listed } from '../files/listing.ts';
import type { Blobs } from '../model/counterpart.ts';
import { Mistake } from '../model/mistake.ts';
import type { ReadRoot } from '../tree/machine-spec.ts';
import type { ImageLimits } from './read-image.ts';
import {
  add,
  addFile,
  beginRoot,
  checkFileSize,
  endRoot,
  isLeftOut,
  ownersFor,
  type RootReading,
} from './root-listing.ts';

type Entry = ExtractEvents['entry'][1];
const GZIP = '1f8b';
const ZSTD = '28b52ffd';
/** Of an archive's own, for each entry: its header, a longer name, what fills its last block. */
const AROUND = 4096;
/** Of its own besides, and what is on its way. */
const SLACK = 1 << 20;

function firstBytes(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(4);
    return bytes.subarray(0, readSync(handle, bytes)).toString('hex');
  } finally {
    closeSync(handle);
  }
}

function unpacking(file: string): readonly Transform[] {
  const first = firstBytes(file);
  if (first.startsWith(GZIP)) return [createGunzip()];
  return first === ZSTD ? [createZstdDecompress()] : [];
}

/** Lets through as much as an archive within limits can have: a small one may unpack to anything. */
function atMost(bytes: number): Transform {
  let left = bytes;
  return new Transform({
    transform(chunk: Buffer, _encoding: string, done: TransformCallback) {
      left -= chunk.length;
      if (left >= 0) return done(null, chunk);
      const hint = 'Leave out what the charm does not look at.';
      return done(new Mistake(`it unpacks to more than ${bytes >> 20} MB`, { hint }));
    },
  });
}

/** `./etc/passwd` as a listing has it. */
function pathOf(name: string): string {
  if (name.includes('�') || name.includes('\0')) {
    throw new Mistake(`the name ${name} is no UTF-8`, { hint: 'Give it another name.' });
  }
  if (name.startsWith('/')) {
    const hint = 'Pack it from within the root: tar -C ROOT -cf root.tar .';
    throw new Mistake(`${name} is an absolute path`, { hint });
  }
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Mistake(`${name} leads out of the root`);
  return parts.join('/');
}

async function bytesOf(entry: Entry): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of entry) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A hard link is another file with the content of the first. */
function linked({ listing }: RootReading, path: string, target: string): Listed {
  const first = Object.hasOwn(listing, target) ? listing[target] : undefined;
  if (first?.kind === 'file') return first;
  throw new Mistake(`/${path} is a hard link to /${target}, and no such file comes before it`);
}

function ownedBy({ mode, uid, gid }: Header) {
  return { mode: mode & 0o7777, ...ownersFor(uid, gid) };
}

async function take(reading: RootReading, path: string, entry: Entry): Promise<void> {
  const { header } = entry;
  const { mode, ...owners } = ownedBy(header);
  switch (header.type) {
    case 'directory':
      return add(reading, path, { kind: 'dir', mode, ...owners });
    case 'symlink':
      return add(reading, path, { kind: 'link', target: header.linkname, ...owners });
    case 'link':
      return add(reading, path, linked(reading, path, pathOf(header.linkname)));
    case 'file':
    case 'contiguous-file':
      checkFileSize(reading, path, header.size);
      return addFile(reading, path, { bytes: await bytesOf(entry), mode, ...owners });
    default: {
      const hint = 'Leave it out: a root has files, folders and links.';
      throw new Mistake(`/${path} is a ${header.type}`, { hint });
    }
  }
}

/** Throws a Mistake without a place. */
export async function readPackedRoot(
  file: string,
  blobs: Blobs,
  limits: ImageLimits,
): Promise<ReadRoot> {
  const reading = beginRoot(blobs, limits);
  const entries = extract();
  const most = limits.all + SLACK + limits.entries * AROUND;
  const read = pipeline([createReadStream(file), ...unpacking(file), atMost(most), entries]);
  try {
    await Promise.all([read, takeAll(reading, entries)]);
  } catch (error) {
    if (error instanceof Mistake) throw error;
    throw new Mistake(`the archive cannot be read: ${(error as Error).message}`);
  }
  if (Object.keys(reading.listing).length === 1) throw new Mistake('nothing is in the archive');
  return endRoot(reading);
}

async function takeAll(reading: RootReading, entries: AsyncIterable<Entry>): Promise<void> {
  for await (const entry of entries) {
    const path = pathOf(entry.header.name);
    if (!isLeftOut(path)) await take(reading, path, entry);
    entry.resume();
  }
}
