/**
 * A flat folder of installed packages: what is in it, and its clean-up to bytes that do not tell where and when it was made.
 * Source: the core metadata and *.dist-info specifications of Python packaging; pip's and uv's `--target`.
 */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalName } from './poetry-lock.ts';

export type Installed = { readonly name: string; readonly version: string };

/** What installers note about themselves in a dist-info, with paths, hashes of scripts and times. */
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

/** Removes scripts (they name the interpreter they were made for), installers' notes and compiled files. */
export function cleanInstalled(folder: string): void {
  for (const name of ['bin', '.lock', '.gitignore', 'CACHEDIR.TAG']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  for (const info of distInfos(folder)) {
    for (const name of NOTES) rmSync(join(info, name), { force: true });
  }
  const compiled = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
    (entry) => entry.isDirectory() && entry.name === '__pycache__',
  );
  for (const { parentPath, name } of compiled) rmSync(join(parentPath, name), { recursive: true });
}
