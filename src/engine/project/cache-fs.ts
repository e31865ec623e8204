/**
 * Evaluated nodes by key, in the work folder. An entry that is missing, torn or whose contents have
 * gone is absent, and its node is played again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../model/json.ts';
import { writeWhole } from './atomic-write.ts';
import { sha256 } from './digest.ts';

export type NodesOnDisk = { get(key: string): Json | null; put(key: string, value: Json): void };

/**
 * A content as states and records name it; what a charm wrote stands within a text, its quotes
 * escaped.
 */
const CONTENT = /"digest":"(sha256:[0-9a-f]{64})"/g;

function place(folder: string, digest: string): string {
  const hex = digest.replace('sha256:', '');
  return join(folder, hex.slice(0, 2), hex.slice(2));
}

/** True when every content the entry speaks of is still there. */
function isWhole(text: string, blobs: string): boolean {
  const named = new Set([...text.matchAll(CONTENT)].map(([, digest = '']) => digest));
  return [...named].every((digest) => existsSync(place(blobs, digest)));
}

function readEntry(path: string, blobs: string): Json | null {
  try {
    const text = readFileSync(path, 'utf8');
    const line = text.indexOf('\n');
    const body = text.slice(line + 1);
    if (text.slice(0, line) !== sha256(new TextEncoder().encode(body))) return null;
    return isWhole(body, blobs) ? (JSON.parse(body) as Json) : null;
  } catch {
    return null;
  }
}

/**
 * `<workFolder>/cache/nodes/…`: a line with the hash of what follows, then the JSON. Keys are
 * digests.
 */
export function nodesOnDisk(workFolder: string): NodesOnDisk {
  const folder = join(workFolder, 'cache/nodes');
  const blobs = join(workFolder, 'cache/blobs');
  return {
    get: (key) => readEntry(place(folder, key), blobs),
    put(key, value) {
      const body = JSON.stringify(value);
      writeWhole(place(folder, key), `${sha256(new TextEncoder().encode(body))}\n${body}`);
    },
  };
}
