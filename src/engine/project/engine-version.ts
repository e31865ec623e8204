/**
 * What of Playbill itself a node's outcome depends on: the engine's own files and those that run beside the charm.
 * A changed engine plays every node again; a changed page or chart does not.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = fileURLToPath(new URL('../..', import.meta.url));
const ROOMS: readonly string[] = ['engine', 'charmside'];

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A hash over the engine's files: names and contents. */
export function engineVersion(): string {
  const hash = createHash('sha256');
  for (const file of ROOMS.flatMap((room) => filesBelow(join(SOURCE, room)))) {
    hash
      .update(`${relative(SOURCE, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}
