/**
 * A flat folder of installed packages: what is in it, and its clean-up to bytes that do not tell
 * where and when it was made.
 * Source: the core metadata and *.dist-info specifications of Python packaging; pip's and uv's
 * `--target`.
 */
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalName } from './poetry-lock.ts';

export type Installed = { readonly name: string; readonly version: string };

/**
 * What installers note about themselves in a dist-info, with paths, hashes of scripts and times.
 */
const NOTES = [
  'RECORD',
  'INSTALLER',
  'REQUESTED',
  'direct_url.json',
  'uv_cache.json',
  'uv_build.json',
];

/** Name and version from the text of a METADATA file; null when it has none. */
export function readMetadata(text: string): Installed | null {
  const [head = ''] = text.split(/\r?\n\r?\n/);
  const name = /^Name:\s*(\S+)/im.exec(head)?.[1];
  const version = /^Version:\s*(\S+)/im.exec(head)?.[1];
  return name === undefined || version === undefined
    ? null
    : { name: canonicalName(name), version };
}

function distInfos(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.dist-info'))
    .map((name) => join(folder, name));
}

/** What is installed in the folder, sorted by name. */
export function listInstalled(folder: string): readonly Installed[] {
  return distInfos(folder)
    .map((info) => join(info, 'METADATA'))
    .filter((file) => existsSync(file))
    .map((file) => readMetadata(readFileSync(file, 'utf8')))
    .filter((one) => one !== null)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Removes scripts (they name the interpreter they were made for), installers' notes and compiled
 * files; evens modes.
 */
export function cleanInstalled(folder: string): void {
  for (const name of ['bin', '.lock', '.gitignore', 'CACHEDIR.TAG']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  for (const info of distInfos(folder)) {
    for (const name of NOTES) rmSync(join(info, name), { force: true });
  }
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!existsSync(path)) continue;
    if (entry.isDirectory() && entry.name === '__pycache__') rmSync(path, { recursive: true });
    else if (!entry.isSymbolicLink()) openUp(path);
  }
}

/** Modes 755 and 644 whatever the umask: whoever plays the charm reads them. */
function openUp(path: string): void {
  const { mode } = statSync(path);
  const wanted = (mode & 0o111) === 0 ? 0o644 : 0o755;
  if ((mode & 0o777) !== wanted) chmodSync(path, wanted);
}
