/**
 * Files and folders that are there whole or not at all: written beside their place, then renamed
 * into it. A kill at any moment leaves at most a name ending in `.part`, which nothing reads.
 */
import { mkdirSync, mkdtempSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';

function beside(path: string): string {
  return `${path}.${process.pid}.${randomBytes(6).toString('hex')}.part`;
}

/** Replaces what is at `path`, whose folders are made where they are missing. */
export function writeWhole(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = beside(path);
  try {
    writeFileSync(part, bytes);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/**
 * The folder `path`, made by `fill` in a folder that becomes it. Left as it is when it is there
 * already; of two that make it at once, the first one stays. `fill` may be asynchronous; what it
 * throws is thrown on.
 */
export async function makeWhole(
  path: string,
  fill: (folder: string) => void | Promise<void>,
): Promise<string> {
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const above = mkdtempSync(`${path}.`);
  const part = join(above, 'part');
  try {
    mkdirSync(part);
    await fill(part);
    renameInto(part, path);
  } finally {
    rmSync(above, { recursive: true, force: true });
  }
  return path;
}

function renameInto(part: string, path: string): void {
  try {
    renameSync(part, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}
