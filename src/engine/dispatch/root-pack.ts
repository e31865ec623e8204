/**
 * A root of many files on its way to the sandbox: one file on the host, written and read piece by piece, because a
 * frame is held in memory whole. First the length of a listing in JSON, 8 bytes, and the listing; then the files'
 * contents in its order.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { listingOf } from '../files/listing.ts';
import type { Blobs } from '../model/counterpart.ts';

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** Writes the root that the store has under this digest. */
export function writeRootPack(path: string, digest: string, blobs: Blobs): void {
  const listing = listingOf(digest, blobs);
  const paths = Object.keys(listing)
    .filter((one) => one !== '')
    .sort();
  const rows = paths.map((one) => {
    const { user = 'root', group = 'root', ...listed } = listing[one]!;
    const owned = { path: one, user, group };
    if (listed.kind !== 'file') return { ...owned, ...listed };
    const { kind, mode, size } = listed;
    return { ...owned, kind, mode, size };
  });
  const header = Buffer.from(JSON.stringify(rows));
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(header.length));
  const file = openSync(path, 'wx', 0o644);
  try {
    writeAll(file, length);
    writeAll(file, header);
    for (const one of paths) {
      const listed = listing[one];
      if (listed?.kind === 'file' && listed.size > 0) writeAll(file, blobs.get(listed.digest));
    }
  } finally {
    closeSync(file);
  }
}
