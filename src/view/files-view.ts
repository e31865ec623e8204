/** Files and what became of them as rows: kind, mode, owner, size, where the contents are. */
import { plainText } from '../chart/plain-text.ts';
import type { Change, Changes, Entry, File } from '../engine/files/tree.ts';
import { DATABASE_DIGEST } from '../engine/world/machine/slice.ts';

export type FileRow = {
  /** Made safe to show. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'dir' | 'removed';
  readonly mode: string;
  readonly owner: string;
  readonly size: number | null;
  readonly digest: string | null;
  readonly target: string | null;
};

/** What was changed, by path. */
export function changedFiles(changes: Changes): readonly FileRow[] {
  return Object.keys(changes)
    .sort()
    .map((path) => fileRow(path, changes[path] as Change));
}

/** A database is shown as rows, not as bytes. */
function isContent(entry: Entry | Change): entry is File {
  return entry.kind === 'file' && entry.digest !== DATABASE_DIGEST;
}

export function fileRow(path: string, entry: Entry | Change): FileRow {
  const owned = entry.kind === 'removed' ? null : entry;
  return {
    path: plainText(path),
    kind: entry.kind,
    mode: owned ? owned.mode.toString(8).padStart(4, '0') : '',
    owner: owned ? plainText(`${owned.user}:${owned.group}`) : '',
    size: isContent(entry) ? entry.size : null,
    digest: isContent(entry) ? entry.digest : null,
    target: entry.kind === 'link' ? plainText(entry.target) : null,
  };
}

/** The language that a file's name says, for highlighting; null when it says none. */
export function fileLanguage(path: string): string | null {
  const name = path.split('/').at(-1) ?? '';
  const ending = /\.([a-z0-9]+)$/.exec(name)?.[1] ?? '';
  const known: Readonly<Record<string, string>> = {
    yaml: 'yaml',
    yml: 'yaml',
    json: 'json',
    toml: 'toml',
    ini: 'ini',
    conf: 'ini',
    cfg: 'ini',
    py: 'python',
    sh: 'bash',
    service: 'ini',
    html: 'html',
    xml: 'xml',
  };
  return known[ending] ?? null;
}
