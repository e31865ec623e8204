/** Contents by digest, in memory and in the work folder; one file each, never changed once written. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blobs } from '../model/counterpart.ts';
import { writeWhole } from './atomic-write.ts';
import { sha256 } from './digest.ts';

/** Bytes kept in memory at most; what is over is read from disk again. */
const MEMORY_MAX = 64 * 1024 * 1024;

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
      if (!existsSync(place(digest))) writeWhole(place(digest), bytes);
      keep(digest, bytes);
      return digest;
    },
    get(digest) {
      const known = near.get(digest);
      if (known) return known;
      const bytes = readFileSync(place(digest));
      keep(digest, bytes);
      return bytes;
    },
  };
}
