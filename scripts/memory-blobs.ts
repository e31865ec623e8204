/** Contents by digest that live as long as the process does. */
import type { Blobs } from '../src/engine/model/counterpart.ts';
import { sha256 } from '../src/engine/project/digest.ts';

/** `beneath`: where what was never put is looked for. */
export function memoryBlobs(beneath?: Blobs): Blobs {
  const kept = new Map<string, Uint8Array>();
  return {
    put(bytes) {
      const digest = sha256(bytes);
      if (!kept.has(digest)) kept.set(digest, Uint8Array.from(bytes));
      return digest;
    },
    get(digest) {
      const bytes = kept.get(digest) ?? beneath?.get(digest);
      if (!bytes) throw new Error(`no content has the digest ${digest}`);
      return bytes;
    },
  };
}
