/**
 * Records as files in the project: `records/index.json`, `records/<node id>.json`,
 * `records/blobs/<hex>`. They are committed, so a file is written only when its bytes differ, and
 * records of nodes that are no more go. The index is written last and removed first: a kill leaves
 * records without it, or with the one that fits them.
 */
import { existsSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Blobs } from '../model/counterpart.ts';
import { stableText, type Json } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import { FORMAT, type Index, type NodeRecord } from '../record/format.ts';
import { writeWhole } from './atomic-write.ts';
import type { GivenRoot } from '../world/machine/slice.ts';
import { blobPath, recordPath } from './record-place.ts';

/** What playing came to. `blobs` is asked for the contents that the nodes name. */
export type Played = {
  readonly index: Index;
  readonly nodes: readonly NodeRecord[];
  readonly blobs: Pick<Blobs, 'get'>;
};
/** What writing came to, in numbers of files. */
export type Written = { readonly written: number; readonly kept: number; readonly removed: number };
export type Records = {
  readonly index: Index;
  /** One node's record; throws a Mistake when it is missing or cannot be read. */
  node(id: string): NodeRecord;
  /** A content, or null when it is not among the records. */
  blob(digest: string): Uint8Array | null;
};

const INDEX = 'index.json';
const HALF_WRITTEN = /\.\d+\.[0-9a-f]{12}\.part$/;
const NAMED = /sha256:[0-9a-f]{64}\b/g;
/** Contents longer than this are not shown by any page. Bytes. */
const SHOWN_MAX = 200_000;

function placed(path: string | null, what: string): string {
  if (path === null) throw new Error(`"${what}" cannot name a record`);
  return path;
}

/**
 * The content, or null when it is none of ours (charms write digests of their own) or too long for
 * a page.
 */
function content(
  blobs: Played['blobs'],
  digest: string,
  listings: ReadonlySet<string>,
): Uint8Array | null {
  try {
    const bytes = blobs.get(digest);
    return bytes.length <= SHOWN_MAX || listings.has(digest) ? bytes : null;
  } catch {
    return null;
  }
}

/** The listings of images that a record names: pages list them, however long they are. */
function listingsOf({ state, changed, deltas }: NodeRecord): readonly string[] {
  const bases = Object.values(state?.pebble.containers ?? {}).map(({ base }) => base?.digest);
  const changes = [changed, ...deltas.map((delta) => delta.changed)];
  const laid = changes.flatMap(({ pebble = [] }) =>
    pebble.flatMap(({ path, after }) => {
      const at = path.slice(2).join('/');
      if (at === 'base/digest') return [after];
      return at === 'base' ? [(after as { digest?: Json } | undefined)?.digest] : [];
    }),
  );
  return [...bases, ...laid].filter((digest) => typeof digest === 'string');
}

type Given = Pick<GivenRoot, 'digest' | 'host'>;

/** The roots that machines are given; what the host's has in it is in no record. */
function givenRoots({ state, changed, deltas }: NodeRecord): readonly Given[] {
  const first = state?.machine.given;
  const changes = [changed, ...deltas.map((delta) => delta.changed)];
  const laid = changes.flatMap(({ machine = [] }): Given[] => {
    const after = Object.fromEntries(machine.map((one) => [one.path.join('/'), one.after]));
    const { given, 'given/digest': digest, 'given/host': host } = after;
    if (typeof digest === 'string') return [{ digest, ...(host ? { host: true } : {}) }];
    return given ? [given as unknown as Given] : [];
  });
  return [...(first ? [first] : []), ...laid];
}

function filesOf({ nodes, blobs }: Played): ReadonlyMap<string, Uint8Array> {
  const encoder = new TextEncoder();
  const texts = nodes.map((node): [string, string] => [
    placed(recordPath(node.id), node.id),
    stableText(node),
  ]);
  const given = nodes.flatMap(givenRoots);
  const shown = given.flatMap(({ digest, host }) => (host ? [] : [digest]));
  const listings = new Set([...nodes.flatMap(listingsOf), ...shown]);
  const named = new Set(texts.flatMap(([, text]) => text.match(NAMED) ?? []));
  for (const { digest, host } of given) if (host) named.delete(digest);
  const contents = [...named].flatMap((digest): [string, Uint8Array][] => {
    const bytes = content(blobs, digest, listings);
    return bytes === null ? [] : [[placed(blobPath(digest), digest), bytes]];
  });
  return new Map([
    ...texts.map(([path, text]): [string, Uint8Array] => [path, encoder.encode(text)]),
    ...contents,
  ]);
}

/** Files below the folder that are ours; anything else in it is left alone. */
function present(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== INDEX && isOurs(folder, path));
}

/**
 * Whether we wrote it: a record says its own id, and a folder of this name may have other things in
 * it.
 */
function isOurs(folder: string, path: string): boolean {
  if (HALF_WRITTEN.test(path) || blobPath(path.replace(/^blobs./, '')) === path) return true;
  const id = path
    .replace(/\.json$/, '')
    .split(sep)
    .join('/');
  if (recordPath(id) !== path) return false;
  try {
    const record = JSON.parse(
      readFileSync(join(folder, path), 'utf8'),
    ) as Partial<NodeRecord> | null;
    return record?.id === id && record.format !== undefined;
  } catch {
    return false;
  }
}

function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const below = join(folder, entry.name);
    removeEmptyFolders(below);
    if (readdirSync(below).length === 0) rmdirSync(below);
  }
}

function same(path: string, bytes: Uint8Array): boolean {
  return existsSync(path) && readFileSync(path).equals(bytes);
}

/**
 * Makes the folder hold these records and no others. Node ids that are no slugs are a bug of ours.
 */
export function writeRecords(folder: string, records: Played): Written {
  const files = filesOf(records);
  const index = new TextEncoder().encode(stableText(records.index));
  const changed = [...files].filter(([path, bytes]) => !same(join(folder, path), bytes));
  const gone = present(folder).filter((path) => !files.has(path));
  const newIndex = !same(join(folder, INDEX), index);
  if (newIndex) rmSync(join(folder, INDEX), { force: true });
  for (const path of gone) rmSync(join(folder, path));
  for (const [path, bytes] of changed) writeWhole(join(folder, path), bytes);
  if (newIndex) writeWhole(join(folder, INDEX), index);
  removeEmptyFolders(folder);
  return {
    written: changed.length + (newIndex ? 1 : 0),
    kept: files.size - changed.length + (newIndex ? 0 : 1),
    removed: gone.length,
  };
}

const AGAIN = 'Play the trees again: playbill play.';

function readJson<Value extends { readonly format: number }>(path: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new Mistake(`${path}: not readable as a record`, { hint: AGAIN });
  }
  const format = (value as { readonly format?: unknown } | null)?.format;
  if (format === FORMAT) return value as Value;
  if (typeof format === 'number' && format > FORMAT) {
    throw new Mistake(`${path}: of format ${format}, and this Playbill reads up to ${FORMAT}`, {
      hint: 'Use the Playbill that wrote it, or a newer one.',
    });
  }
  throw new Mistake(`${path}: no record of format ${FORMAT}`, { hint: AGAIN });
}

function checkedIndex(path: string): Index {
  const index = readJson<Index>(path);
  const nodes = Array.isArray(index.trees) && index.trees.flatMap((tree) => tree.nodes ?? [null]);
  if (!nodes || !Array.isArray(index.charms)) {
    throw new Mistake(`${path}: has no charms and trees`, { hint: AGAIN });
  }
  const bad = nodes.find((node) => typeof node?.id !== 'string' || recordPath(node.id) === null);
  if (bad === undefined) return index;
  throw new Mistake(`${path}: "${String(bad?.id)}" is no node's id`, { hint: AGAIN });
}

/**
 * Opens the records of a folder; each node is read when it is asked for. Throws a Mistake when
 * there are none.
 */
export function readRecords(folder: string): Records {
  const path = join(folder, INDEX);
  if (!existsSync(path)) throw new Mistake(`${folder}: no records here`, { hint: AGAIN });
  return {
    index: checkedIndex(path),
    node(id) {
      const place = recordPath(id);
      if (place === null) throw new Mistake(`"${id}" is no node's id`);
      if (!existsSync(join(folder, place))) throw new Mistake(`${id}: no record of this node`);
      return readJson<NodeRecord>(join(folder, place));
    },
    blob(digest) {
      const place = blobPath(digest);
      if (place === null || !existsSync(join(folder, place))) return null;
      return new Uint8Array(readFileSync(join(folder, place)));
    },
  };
}
