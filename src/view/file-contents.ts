/** What a page shows of files' contents: texts, the marked ones first, as many as a page has room for. */
import { plainText } from '../chart/plain-text.ts';
import type { FileNode } from './file-tree.ts';
import type { FileRow } from './files-view.ts';

/** Characters; what is longer is linked to. */
const FILE_MAX = 12_000;
const ALL_MAX = 24_000;

export type Contents = {
  /** Null where they are not shown; `why` says it. */
  readonly text: string | null;
  readonly why: string;
};
/** Where contents are; a site has them all. */
export type Kept = {
  hasBlob(digest: string): boolean;
  blobText(digest: string): Promise<string | null>;
};

/** The contents of those files whose bytes the site has. */
export async function fileContents(
  rows: readonly FileRow[],
  kept: Kept,
): Promise<ReadonlyMap<FileRow, Contents>> {
  const found = new Map<FileRow, Contents>();
  let room = ALL_MAX;
  for (const row of rows) {
    if (row.digest === null || !kept.hasBlob(row.digest)) continue;
    const contents = contentsOf(await kept.blobText(row.digest), row, room);
    room -= contents.text?.length ?? 0;
    found.set(row, contents);
  }
  return found;
}

function contentsOf(text: string | null, row: FileRow, room: number): Contents {
  const long = text === null ? (row.size ?? 0) > FILE_MAX : text.length > Math.min(room, FILE_MAX);
  if (text !== null && !long) return { text: plainText(text), why: '' };
  return { text: null, why: text === null && !long ? 'Not text.' : 'Too long to show here.' };
}

/** The rows of a tree, marked ones first. */
export function rowsOf(nodes: readonly FileNode[]): readonly FileRow[] {
  const all = nodes.flatMap(leavesOf);
  const inOrder = [
    ...all.filter(({ mark }) => mark !== null),
    ...all.filter(({ mark }) => mark === null),
  ];
  return inOrder.flatMap(({ row }) => row ?? []);
}

function leavesOf(node: FileNode): readonly FileNode[] {
  return node.row ? [node] : node.below.flatMap(leavesOf);
}
