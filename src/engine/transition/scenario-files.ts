/**
 * Files of containers as an ops.testing State brings them, in mounts, and as they are listed afterwards: everything in
 * a container, links followed.
 * Not modelled: contents of which the JSON has only a digest, files that are neither folder, link nor regular.
 */
import { emptyDir, fileOf, mkdirAll, write } from '../files/edit.ts';
import { lookup, names } from '../files/path.ts';
import type { Dir, Entry, Link } from '../files/tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import { Mistake } from '../model/mistake.ts';
import type { Millis } from '../model/request.ts';
import { bytesOf, contentsOf } from './file-contents.ts';
import type { ScenarioContainer, ScenarioEntry } from './scenario-json.ts';

/** Larger contents are listed by their digest only. */
const CONTENT_MAX = 64 * 1024;
const ROOT_OWNED = { user: 'root', group: 'root' };

type With = { readonly blobs: Blobs; readonly now: Millis };

/** The bytes of a file in the JSON. Throws a Mistake where they are not in it. */
export function entryBytes(entry: ScenarioEntry, where: string): Uint8Array {
  const known = entry.text !== undefined || entry.base64 !== undefined || entry.size === 0;
  const bytes = known ? bytesOf(entry) : null;
  if (bytes === null) throw new Mistake(`the content of ${where} is not in the JSON`);
  return bytes;
}

function done(tree: ReturnType<typeof write>, where: string): Dir {
  if (typeof tree === 'string')
    throw new Mistake(`${where} cannot be put into the container: ${tree}`);
  return tree;
}

function modeOf(entry: ScenarioEntry, usual: number): number {
  return entry.mode === undefined ? usual : Number.parseInt(entry.mode, 8) & 0o7777;
}

function withEntry(
  root: Dir,
  at: string,
  { entry, blobs, now }: With & { entry: ScenarioEntry },
): Dir {
  if (entry.type === 'special') throw new Mistake(`${at} is neither a file, a folder nor a link`);
  if (entry.type === 'dir') {
    const owner = { mode: modeOf(entry, 0o755), ...ROOT_OWNED };
    return done(mkdirAll(root, at, emptyDir(now, owner)), at);
  }
  const parent = at.split('/').slice(0, -1).join('/');
  const above = done(mkdirAll(root, parent, emptyDir(now)), at);
  if (entry.type === 'symlink') {
    const target = entry.target ?? '';
    const link: Link = { kind: 'link', mode: 0o777, ...ROOT_OWNED, modified: now, target };
    return done(write(above, at, link), at);
  }
  const bytes = entryBytes(entry, at);
  const owner = { mode: modeOf(entry, 0o644), ...ROOT_OWNED };
  const content = { digest: blobs.put(bytes), size: bytes.length };
  return done(write(above, at, fileOf(content, now, owner)), at);
}

/** What the mounts bring, each at its location. A source that is missing or only named brings nothing. */
export function mountedFiles(root: Dir, { mounts }: ScenarioContainer, using: With): Dir {
  let tree = root;
  const sorted = Object.values(mounts).sort((a, b) => (a.location < b.location ? -1 : 1));
  for (const { location, source } of sorted) {
    if (source.kind === 'missing' || source.kind === 'ref') continue;
    if (source.kind === 'dir') tree = done(mkdirAll(tree, location, emptyDir(using.now)), location);
    for (const entry of source.entries ?? []) {
      const at = entry.path === '' ? location : `${location}/${entry.path}`;
      tree = withEntry(tree, at, { entry, ...using });
    }
  }
  return tree;
}

type Listing = { readonly root: Dir; readonly blobs: Blobs; readonly out: ScenarioEntry[] };

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function listFile(
  path: string,
  file: Extract<Entry, { kind: 'file' }>,
  { blobs, out }: Listing,
): void {
  const bytes = blobs.get(file.digest);
  const sha256 = file.digest.replace('sha256:', '');
  const contents = bytes.length < CONTENT_MAX ? contentsOf(bytes) : {};
  out.push({ path, type: 'file', mode: octal(file.mode), size: file.size, sha256, ...contents });
}

function list(dir: Dir, path: string, { above, ...to }: Listing & { above: readonly Dir[] }): void {
  for (const name of names(dir)) {
    const at = path === '' ? name : `${path}/${name}`;
    const own = dir.entries[name]!;
    const entry = own.kind === 'link' ? lookup(to.root, at) : own;
    if (!entry)
      to.out.push({ path: at, type: 'symlink', target: own.kind === 'link' ? own.target : '' });
    else if (entry.kind === 'file') listFile(at, entry, to);
    else if (entry.kind === 'dir' && !above.includes(entry)) {
      to.out.push({ path: at, type: 'dir', mode: octal(entry.mode) });
      list(entry, at, { ...to, above: [...above, entry] });
    }
  }
}

/** Everything in a container, by path. */
export function listedFiles(root: Dir, blobs: Blobs): readonly ScenarioEntry[] {
  const out: ScenarioEntry[] = [];
  list(root, '', { root, blobs, out, above: [root] });
  return out.sort((a, b) => (a.path < b.path ? -1 : 1));
}
