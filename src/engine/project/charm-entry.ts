/**
 * A file or link of a charm on its way from a folder or an archive to the folder it is played from.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type CharmEntry = {
  /** Relative, `/` between names, without `.` or `..`. */
  readonly path: string;
  readonly kind: 'file' | 'link';
  readonly executable: boolean;
  /** The file's contents, or the link's target. */
  bytes(): Uint8Array;
};

/**
 * Whether a link's target goes up first and down then, so that where it leads can be told from its
 * text.
 */
export function isPlainTarget(target: string): boolean {
  const names = target.split('/');
  const down = names.slice(names.findIndex((name) => name !== '..'));
  const onlyUp = names.every((name) => name === '..');
  return !target.includes('\0') && (onlyUp || down.every((name) => name !== '' && name !== '..'));
}

/** `sha256:…` over path, kind, mode and contents of all of them. */
export function digestOfEntries(entries: readonly CharmEntry[]): string {
  const hash = createHash('sha256');
  for (const { path, kind, executable, bytes } of entries) {
    const contents = createHash('sha256').update(bytes()).digest('hex');
    hash.update(JSON.stringify([path, kind, executable, contents]));
  }
  return `sha256:${hash.digest('hex')}`;
}

/**
 * Writes them below `folder`: modes 755 and 644 whatever the umask, links last so that nothing is
 * written through one.
 */
export function writeEntries(folder: string, entries: readonly CharmEntry[]): void {
  for (const entry of entries.filter(({ kind }) => kind === 'file')) {
    const path = join(folder, entry.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, entry.bytes(), { flag: 'wx' });
    chmodSync(path, entry.executable ? 0o755 : 0o644);
  }
  for (const entry of entries.filter(({ kind }) => kind === 'link')) {
    const path = join(folder, entry.path);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(Buffer.from(entry.bytes()).toString('utf8'), path);
  }
}
