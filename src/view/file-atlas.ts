/**
 * Which pages there are about files: a browser for each root of each node, a listing for each folder that a browser
 * leads to, a page for each text. Listings and texts are known by what is in them, so that nodes share them.
 */
import { digestOf } from '../engine/files/digest.ts';
import type { Digest } from '../engine/files/digest.ts';
import { child, names } from '../engine/files/path.ts';
import type { Change, Dir, Entry, File } from '../engine/files/tree.ts';
import type { Blobs } from '../engine/model/counterpart.ts';
import type { IndexTree, NodeRecord } from '../engine/record/format.ts';
import { DATABASE_DIGEST } from '../engine/world/machine/slice.ts';
import type { State } from '../engine/world/state.ts';
import { absent, continued } from './file-history.ts';
import type { RootHistory } from './file-history.ts';
import { fileLines } from './file-lines.ts';
import type { Line, Lines } from './file-lines.ts';
import { fileLanguage } from './files-view.ts';
import { fileRoots } from './file-roots.ts';
import type { FileRoot } from './file-roots.ts';
import { stateBeforeEvent } from './state-at.ts';

/** Lines of a page of a browser. */
const BROWSER_ROWS = 120;
export const LISTING_ROWS = 250;
/** Of files in larger listings there are the bytes alone, unless their name says a language; and of so many at most. */
const SMALL_LISTING = 200;
const LISTED_TEXTS = 2_000;
/** Bytes of a file that a site has, and of all together. */
export const BYTES_EACH = 8_000_000;
export const BYTES_IN_ALL = 64_000_000;
/** Characters of a text on one page. */
export const TEXT_PART = 16_000;

/** The files of one root at one node. `parts`: its pages. */
export type RootFiles = {
  readonly root: FileRoot;
  readonly folders: Lines['folders'];
  readonly parts: readonly (readonly Line[])[];
  /** The event found other files than there were at the parent node. */
  readonly met: boolean;
};
/** A folder and all in it. `at`: the first node that has it. */
export type Listing = {
  readonly key: string;
  readonly path: string;
  readonly dir: Dir;
  readonly at: string;
  readonly root: FileRoot;
  readonly files: readonly ListedFile[];
};
export type ListedFile = { readonly path: string; readonly entry: Entry };
/** A text that some file has, by the first file that was met. */
export type TextPage = {
  readonly digest: string;
  readonly path: string;
  readonly at: string;
  readonly root: FileRoot;
  readonly parts: number;
};
export type FileAtlas = {
  readonly nodes: ReadonlyMap<string, readonly RootFiles[]>;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly texts: ReadonlyMap<string, TextPage>;
  /** Digests of files whose bytes the site has. */
  readonly kept: ReadonlySet<string>;
  /** The listing that a line of a folder leads to. */
  listingOf(dir: Dir, folder: string): Listing | undefined;
};
/** Where records are read. */
export type FileSource = {
  record(id: string): Promise<NodeRecord>;
  state(id: string): Promise<State>;
  readonly blobs: Blobs;
  readonly digest: Digest;
  readonly contents: {
    file(digest: string): string | null;
    text(digest: string): Promise<string | null>;
  };
};

export async function fileAtlas(
  trees: readonly IndexTree[],
  source: FileSource,
): Promise<FileAtlas> {
  const nodes = new Map<string, readonly RootFiles[]>();
  for (const tree of trees) await nodesOf(tree, source, nodes);
  const keyOf = (dir: Dir, folder: string): string =>
    source.digest(encoder.encode(`${folder}\n${digestOf(dir, source.digest)}`)).slice(-24);
  const listings = listingsOf(nodes, keyOf);
  const kept = keptBytes(shownFiles(nodes, listings), source);
  const texts = await textsOf(wantedTexts(nodes, listings, kept), source);
  const listingOf: FileAtlas['listingOf'] = (dir, folder) => listings.get(keyOf(dir, folder));
  return { nodes, listings, kept, texts, listingOf };
}
const encoder = new TextEncoder();

type Nodes = Map<string, readonly RootFiles[]>;
type Along = { readonly depth: number; readonly roots: ReadonlyMap<string, RootHistory> };

async function nodesOf(tree: IndexTree, source: FileSource, into: Nodes): Promise<void> {
  const known = new Map<string, Along>();
  for (const node of tree.nodes) {
    const parent = node.parent === null ? null : (known.get(node.parent) ?? null);
    const depth = parent ? parent.depth + 1 : 0;
    const roots = fileRoots(await source.state(node.id), source.blobs, source.digest);
    const met = await metRoots(node, source);
    const histories = new Map(
      [...(parent?.roots ?? [])].map(([name, before]) => [name, continued(before, before.began)]),
    );
    for (const root of roots) {
      const before = parent?.roots.get(nameOf(root)) ?? absent(depth, root.began);
      histories.set(nameOf(root), continued(before, root.tree));
    }
    known.set(node.id, { depth, roots: histories });
    const history = (root: FileRoot) => histories.get(nameOf(root)) as RootHistory;
    into.set(
      node.id,
      roots.map((root) => rootFiles(root, history(root), met)),
    );
  }
}

function nameOf({ kind, name }: FileRoot): string {
  return `${kind} ${name}`;
}

/** What the event found, where the tree of events changed containers before it. */
async function metRoots(
  { id, parent }: IndexTree['nodes'][number],
  source: FileSource,
): Promise<readonly FileRoot[]> {
  if (parent === null) return [];
  const record = await source.record(id);
  if (!record.deltas.some(({ changed }) => changed.pebble ?? changed.machine)) return [];
  const met = stateBeforeEvent(await source.state(parent), record);
  return fileRoots(met, source.blobs, source.digest);
}

function rootFiles(root: FileRoot, history: RootHistory, met: readonly FileRoot[]): RootFiles {
  const found = met.find((one) => nameOf(one) === nameOf(root))?.tree ?? null;
  const { lines, folders } = fileLines(history, found);
  return { root, folders, met: found !== null, parts: inParts(lines, BROWSER_ROWS) };
}

/** At least one part, even of nothing. */
export function inParts<Item>(all: readonly Item[], most: number): readonly (readonly Item[])[] {
  const count = Math.max(1, Math.ceil(all.length / most));
  return Array.from({ length: count }, (_, at) => all.slice(at * most, (at + 1) * most));
}

type KeyOf = (dir: Dir, folder: string) => string;

function listingsOf(nodes: Nodes, keyOf: KeyOf): ReadonlyMap<string, Listing> {
  const found = new Map<string, Listing>();
  for (const [at, roots] of nodes)
    for (const { root, parts } of roots)
      for (const line of parts.flat()) {
        if (line.kind !== 'folder') continue;
        const { dir, folder } = line;
        const key = keyOf(dir, folder);
        if (found.has(key)) continue;
        found.set(key, { key, path: folder, dir, at, root, files: listedFiles(dir, '') });
      }
  return found;
}

/** Files, links and empty folders. */
function listedFiles(dir: Dir, at: string): readonly ListedFile[] {
  return names(dir).flatMap((name) => {
    const entry = child(dir, name) as Entry;
    const path = at + name;
    const inside = entry.kind === 'dir' ? listedFiles(entry, `${path}/`) : [];
    return inside.length > 0 ? inside : [{ path, entry }];
  });
}

function isContent(entry: Change | null): entry is File {
  return entry?.kind === 'file' && entry.digest !== DATABASE_DIGEST;
}

/** Every file that a page shows, with the sizes that they have. */
function shownFiles(nodes: Nodes, listings: FileAtlas['listings']): ReadonlyMap<string, number> {
  const inLines = [...nodes.values()]
    .flat()
    .flatMap(({ parts }) => parts.flat().flatMap(entriesOf));
  const listed = [...listings.values()].flatMap(({ files }) => files.map(({ entry }) => entry));
  return new Map([...inLines, ...listed].filter(isContent).map((one) => [one.digest, one.size]));
}

function entriesOf(line: Line): readonly (Change | null)[] {
  return line.kind === 'file' ? [line.entry, ...line.earlier.map(({ entry }) => entry)] : [];
}

/** Small ones first, as many as there is room for. */
function keptBytes(
  sizes: ReadonlyMap<string, number>,
  { contents }: FileSource,
): ReadonlySet<string> {
  const fit = [...sizes]
    .filter(([digest, size]) => size <= BYTES_EACH && contents.file(digest) !== null)
    .sort(([one, size], [other, more]) => size - more || (one < other ? -1 : 1));
  const kept = new Set<string>();
  let room = BYTES_IN_ALL;
  for (const [digest, size] of fit) {
    room -= size;
    if (room >= 0) kept.add(digest);
  }
  return kept;
}

type Wanted = Omit<TextPage, 'parts'>;

function wantedTexts(
  nodes: Nodes,
  listings: FileAtlas['listings'],
  kept: ReadonlySet<string>,
): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  const want = (entry: Change | null, where: Omit<Wanted, 'digest'>): void => {
    if (!isContent(entry) || entry.size === 0 || !kept.has(entry.digest)) return;
    if (!wanted.has(entry.digest)) wanted.set(entry.digest, { digest: entry.digest, ...where });
  };
  for (const [at, roots] of nodes)
    for (const { root, parts } of roots)
      for (const line of parts.flat())
        for (const entry of entriesOf(line)) want(entry, { path: line.path, at, root });
  const most = wanted.size + LISTED_TEXTS;
  for (const { files, path: folder, at, root } of listings.values())
    for (const { path: name, entry } of files)
      if (wanted.size < most && (files.length <= SMALL_LISTING || fileLanguage(name) !== null))
        want(entry, { path: folder === '' ? name : `${folder}/${name}`, at, root });
  return [...wanted.values()];
}

async function textsOf(
  wanted: readonly Wanted[],
  { contents }: FileSource,
): Promise<FileAtlas['texts']> {
  const texts = new Map<string, TextPage>();
  for (const one of wanted) {
    const text = await contents.text(one.digest);
    if (text !== null) texts.set(one.digest, { ...one, parts: textParts(text).length });
  }
  return texts;
}

/** Whole lines where they fit, as many as a page has room for. */
export function textParts(text: string): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.length - at <= TEXT_PART ? text.length : cutAt(text, at);
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}

function cutAt(text: string, from: number): number {
  const line = text.lastIndexOf('\n', from + TEXT_PART - 1) + 1;
  return line > from ? line : from + TEXT_PART;
}
