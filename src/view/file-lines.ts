/**
 * A root's files at a node as lines: what differs from any node of the trace one by one, folders whose files are all
 * alike in that as one line that leads to their listing. So a node costs what its trace changed, not what it holds.
 */
import { emptyDir } from '../engine/files/edit.ts';
import { child, names } from '../engine/files/path.ts';
import type { Change, Dir, Entry } from '../engine/files/tree.ts';
import { changedEntries, entryAt, markOf, marksOf } from './file-history.ts';
import type { Mark, RootHistory, Version } from './file-history.ts';

/** More files than these are one line where they are alike. */
export const FOLDED_FROM = 40;

export type FileLine = {
  readonly kind: 'file';
  readonly path: string;
  readonly entry: Change;
  readonly marks: readonly Mark[];
  /** What it was earlier on the trace, oldest first. */
  readonly earlier: readonly Version[];
};
/** Of all in a folder, or of many files right in it: then `path` ends in what no name has in it. */
export type FolderLine = {
  readonly kind: 'folder';
  readonly path: string;
  /** Whether it is all that is in the folder. */
  readonly whole: boolean;
  readonly marks: readonly Mark[];
  readonly dir: Dir;
  readonly folder: string;
  readonly files: number;
};
export type Line = FileLine | FolderLine;
export type Lines = {
  readonly lines: readonly Line[];
  /** What became of folders themselves, by path. */
  readonly folders: ReadonlyMap<string, readonly Mark[]>;
};

/** `met`: what the event found, where the tree of events changed that; it is compared with as one node more. */
export function fileLines(history: RootHistory, met: Dir | null): Lines {
  const { trees, versions } = history;
  const now = trees.at(-1) ?? emptyDir();
  const byEvent = met ? changedEntries(met, now) : new Map<string, never>();
  const paths = [...new Set([...versions.keys(), ...byEvent.keys()])];
  const marks = new Map<string, readonly Mark[]>();
  for (const path of paths) {
    const own = marksOf(versions.get(path) ?? [], trees.length);
    const event = byEvent.get(path);
    marks.set(path, event ? withEvent(own, markOf(event), trees.length - 1) : own);
  }
  const gone = paths.filter((path) => !entryAt(now, path));
  const at: Walk = { history, met, marks, touched: foldersOf(paths), gone: byFolder(gone) };
  return { lines: walked(now, '', at).lines, folders: marks };
}

function withEvent(marks: readonly Mark[], mark: Mark['mark'] | null, node: number): Mark[] {
  if (!mark) return [...marks];
  const others = marks.filter((one) => one.mark !== mark);
  const same = marks.find((one) => one.mark === mark)?.against ?? [];
  return [...others, { mark, against: [...same, node] }];
}

type Walk = {
  readonly history: RootHistory;
  readonly met: Dir | null;
  readonly marks: ReadonlyMap<string, readonly Mark[]>;
  /** Folders in which something has a mark. */
  readonly touched: ReadonlySet<string>;
  /** Names that are no more, by the folder they were in. */
  readonly gone: ReadonlyMap<string, ReadonlySet<string>>;
};
/** `alike`: the marks that all of them have; null where they differ. */
type Walked = {
  readonly lines: readonly Line[];
  readonly files: number;
  readonly alike: string | null;
};

function walked(entry: Entry | null, path: string, at: Walk): Walked {
  const dir = entry?.kind === 'dir' ? entry : emptyDir();
  if (!at.touched.has(path) && filesIn(dir) > FOLDED_FROM)
    return foldedWhole(dir, { path, files: filesIn(dir), marks: [] });
  const all = [...new Set([...names(dir), ...(at.gone.get(path) ?? [])])].sort();
  const found = all.map((name) => below(child(dir, name) ?? null, within(path, name), at));
  const files = found.reduce((sum, one) => sum + one.files, 0);
  const own = at.marks.get(path) ?? [];
  const kinds = new Set(found.map(({ alike }) => alike));
  const [first = null] = kinds;
  const alike = kinds.size === 1 && [first, ''].includes(signature(own)) ? first : null;
  const lines = found.flatMap((one) => one.lines);
  if (alike === null || files <= FOLDED_FROM)
    return { lines: withoutCrowds(lines, { dir, path, at }), files, alike };
  const marks = lines[0]?.marks ?? [];
  return foldedWhole(areGone(marks) ? goneDir(path, lines, at) : dir, { path, files, marks });
}

function below(entry: Entry | null, path: string, at: Walk): Walked {
  const wasFolder = at.gone.has(path);
  const holds = entry?.kind === 'dir' && names(entry).length > 0;
  if (holds || (wasFolder && !entry)) return walked(entry, path, at);
  const line = fileLine(entry, path, at);
  const own: Walked = { lines: [line], files: 1, alike: signature(line.marks) };
  if (!wasFolder) return own;
  const inside = walked(null, path, at);
  return { lines: [line, ...inside.lines], files: 1 + inside.files, alike: null };
}

function fileLine(entry: Entry | null, path: string, { history, marks }: Walk): FileLine {
  const versions = history.versions.get(path) ?? [];
  return {
    kind: 'file',
    path,
    entry: entry ?? { kind: 'removed' },
    marks: marks.get(path) ?? [],
    earlier: versions.slice(0, -1).filter((version) => version.entry !== null),
  };
}

function foldedWhole(dir: Dir, of: Pick<FolderLine, 'path' | 'files' | 'marks'>): Walked {
  const line: Line = { kind: 'folder', ...of, whole: true, dir, folder: of.path };
  return { lines: [line], files: of.files, alike: signature(of.marks) };
}

type Held = { readonly dir: Dir; readonly path: string; readonly at: Walk };

/** Files right in a folder that are alike and many, as one line; in a folder with others they stay. */
function withoutCrowds(lines: readonly Line[], { dir, path, at }: Held): readonly Line[] {
  const direct = (line: Line): boolean =>
    line.kind === 'file' && line.path.slice(0, Math.max(line.path.lastIndexOf('/'), 0)) === path;
  const crowds = [...Map.groupBy(lines.filter(direct), ({ marks }) => signature(marks)).values()]
    .filter((crowd) => crowd.length > FOLDED_FROM)
    .map((crowd) => new Set(crowd));
  const folded = crowds.map((crowd, index): FolderLine => {
    const some = [...crowd];
    const marks = some[0]?.marks ?? [];
    return {
      kind: 'folder',
      path: within(path, NO_NAME.repeat(index + 1)),
      whole: false,
      marks,
      dir: areGone(marks) ? goneDir(path, some, at) : dir,
      folder: path,
      files: crowd.size,
    };
  });
  return [...folded, ...lines.filter((line) => !crowds.some((crowd) => crowd.has(line)))];
}
const NO_NAME = '\u0000';

/** What is there has no such mark. */
function areGone(marks: readonly Mark[]): boolean {
  return marks.some(({ mark }) => mark === 'removed');
}

/** The folder as it was before these were removed. */
function goneDir(path: string, lines: readonly Line[], { history, met }: Walk): Dir {
  const [first] = lines;
  const gone = first?.kind === 'folder' && first.whole ? first.folder : (first?.path ?? path);
  const went = history.versions.get(gone)?.findLast(({ entry }) => entry === null)?.from;
  const tree = went === undefined ? met : history.trees[went - 1];
  const dir = tree && entryAt(tree, path);
  return dir?.kind === 'dir' ? dir : emptyDir();
}

function signature(marks: readonly Mark[]): string {
  return marks.map(({ mark, against }) => `${mark} ${against.join(' ')}`).join(', ');
}

function within(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>(paths.length > 0 ? [''] : []);
  for (const path of paths)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (found.has(path.slice(0, end))) break;
      found.add(path.slice(0, end));
    }
  return found;
}

function byFolder(paths: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of paths)
    for (let all = path; all !== '';) {
      const end = Math.max(all.lastIndexOf('/'), 0);
      const folder = all.slice(0, end);
      const held = found.get(folder) ?? new Set();
      const name = all.slice(end === 0 ? 0 : end + 1);
      if (held.has(name)) break;
      found.set(folder, held.add(name));
      all = folder;
    }
  return found;
}

const counts = new WeakMap<Dir, number>();

/** Files, links and empty folders, all the way down. */
export function filesIn(dir: Dir): number {
  const known = counts.get(dir);
  if (known !== undefined) return known;
  const all = names(dir).map((name) => {
    const entry = child(dir, name) as Entry;
    return entry.kind === 'dir' ? Math.max(filesIn(entry), 1) : 1;
  });
  const files = all.reduce((sum, one) => sum + one, 0);
  counts.set(dir, files);
  return files;
}
