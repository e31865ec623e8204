/** Contents by digest that live as long as the process does. */
import type { Blobs } from '../src/engine/model/counterpart.ts';
import { sha256 } from '../src/engine/project/digest.ts';

export function memoryBlobs(): Blobs {
  const kept = new Map<string, Uint8Array>();
  return {
    put(bytes) {
      const digest = sha256(bytes);
      if (!kept.has(digest)) kept.set(digest, Uint8Array.from(bytes));
      return digest;
    },
    get(digest) {
      const bytes = kept.get(digest);
      if (!bytes) throw new Error(`no content has the digest ${digest}`);
      return bytes;
    },
  };
}
