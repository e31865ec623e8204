/**
 * Contents by digest, in memory and in the work folder; one file each, never changed once written.
 * A file whose bytes are not what its name says (a full disk, a hand) counts as missing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blobs } from '../model/counterpart.ts';
import { writeWhole } from './atomic-write.ts';
import { sha256 } from './digest.ts';

/** Bytes kept in memory at most; what is over is read from disk again. */
const MEMORY_MAX = 64 * 1024 * 1024;
/** What is larger is not kept in memory: it would take the place of all the others. */
const NEAR_MAX = MEMORY_MAX / 8;

function readWhole(path: string, digest: string): Uint8Array | null {
  if (!existsSync(path)) return null;
  const { buffer, byteOffset, length } = readFileSync(path);
  const bytes = new Uint8Array(buffer, byteOffset, length);
  return sha256(bytes) === digest ? bytes : null;
}

/** `<workFolder>/cache/blobs/<first two hex digits>/<the others>`. */
export function blobsOnDisk(workFolder: string): Blobs {
  const folder = join(workFolder, 'cache/blobs');
  const near = new Map<string, Uint8Array>();
  let size = 0;
  const place = (digest: string): string => {
    const hex = digest.replace('sha256:', '');
    return join(folder, hex.slice(0, 2), hex.slice(2));
  };
  const keep = (digest: string, bytes: Uint8Array): void => {
    if (bytes.length > NEAR_MAX) return;
    if (size + bytes.length > MEMORY_MAX) {
      near.clear();
      size = 0;
    }
    near.set(digest, bytes);
    size += bytes.length;
  };
  return {
    put(bytes) {
      const digest = sha256(bytes);
      if (near.has(digest)) return digest;
      if (readWhole(place(digest), digest) === null) writeWhole(place(digest), bytes);
      if (bytes.length <= NEAR_MAX) keep(digest, Uint8Array.from(bytes));
      return digest;
    },
    get(digest) {
      const known = near.get(digest);
      if (known) return known;
      const bytes = readWhole(place(digest), digest);
      if (bytes === null) throw new Error(`${digest} was never put, or is gone`);
      keep(digest, bytes);
      return bytes;
    },
  };
}
