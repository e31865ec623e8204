/**
 * Writing files, making directories and removing either, as Pebble does it: a file is written
 * beside its place and moved there, a directory is made under another name first, and errors tell
 * those names.
 * Source: pebble daemon/api_files.go, osutil/io.go (AtomicFile), osutil/mkdir.go; Go os.Remove,
 * os.RemoveAll.
 * Not modelled: permissions (Pebble is root in its container), the random part of temporary names,
 * which is fixed.
 */
import { emptyDir, fileOf, mkdir, remove, write, type Owner } from '../../files/edit.ts';
import { resolve } from '../../files/path.ts';
import type { Dir } from '../../files/tree.ts';
import type { Blobs } from '../../model/counterpart.ts';
import type { Millis } from '../../model/request.ts';
import {
  baseOf,
  clean,
  dirOf,
  generic,
  notAbsolute,
  pathError,
  type FileError,
} from './file-path.ts';
import { ids, nameOf, usersOf, type Ids, type Wanted } from './users.ts';

const RANDOM = '1234567890';
export type Place = { readonly now: Millis; readonly blobs: Blobs };
/** A tree after the work, or why it was not done; then the tree as far as the work went. */
export type Worked = { readonly root: Dir; readonly error: FileError | null };
/** Who the file or directory is for, and its permissions, as the request says it. */
export type Asking = Wanted & { readonly path: string; readonly permissions: string };

function permissions(text: string, standard: number): number | FileError {
  if (text === '') return standard;
  if (/^[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  return generic(`permissions must be a 3-digit octal string, got ${JSON.stringify(text)}`);
}

function owner(root: Dir, blobs: Blobs, found: Ids): Omit<Owner, 'mode'> {
  if (found === null) return { user: 'root', group: 'root' };
  const { users, groups } = usersOf(root, blobs);
  return { user: nameOf(users, found.user), group: nameOf(groups, found.group) };
}

function whose(root: Dir, asking: Asking, blobs: Blobs): Omit<Owner, 'mode'> | FileError {
  const found = ids(usersOf(root, blobs), asking);
  if (typeof found === 'string') return generic(`cannot look up user and group: ${found}`);
  return owner(root, blobs, found);
}

function isError(value: object): value is FileError {
  return 'message' in value;
}

/** One directory whose parent is there. */
function makeOne(root: Dir, path: string, dir: Dir): Worked {
  const made = mkdir(root, path, dir);
  if (typeof made !== 'string') return { root: made, error: null };
  const name = made === 'EEXIST' ? `rename ${path}.mkdir-new ${path}` : `mkdir ${path}.mkdir-new`;
  return { root, error: pathError(name, made) };
}

/** A directory and its missing parents, all alike. */
function makeAll(root: Dir, path: string, dir: Dir): Worked {
  const found = resolve(root, path);
  if (typeof found !== 'string' && found.entry) {
    return {
      root,
      error: found.entry.kind === 'dir' ? null : pathError(`mkdir ${path}`, 'ENOTDIR'),
    };
  }
  const above = makeAll(root, dirOf(path), dir);
  return above.error ? above : makeOne(above.root, path, dir);
}

/** make-dirs of one path. */
export function makeDir(
  root: Dir,
  asking: Asking & { readonly 'make-parents': boolean },
  at: Place,
): Worked {
  if (!asking.path.startsWith('/')) return { root, error: notAbsolute(asking.path) };
  const mode = permissions(asking.permissions, 0o755);
  if (typeof mode !== 'number') return { root, error: mode };
  const owned = whose(root, asking, at.blobs);
  if (isError(owned)) return { root, error: owned };
  const path = clean(asking.path);
  const dir = emptyDir(at.now, { mode, ...owned });
  if (asking['make-parents']) return makeAll(root, path, dir);
  const found = resolve(root, path);
  if (typeof found === 'string' || !found.entry) return makeOne(root, path, dir);
  const fault = found.entry.kind === 'dir' ? 'EEXIST' : 'ENOTDIR';
  return { root, error: pathError(`mkdir ${path}`, fault) };
}

/** Where a file is written before it is moved to its place. */
function temporary(path: string): string {
  const dir = dirOf(path);
  return `${dir === '/' ? '' : dir}/${baseOf(path)}.${RANDOM}~`;
}

function moveTo(root: Dir, path: string, file: ReturnType<typeof fileOf>): Worked {
  const name = baseOf(path);
  if (name.includes('*')) {
    const message = `cannot create tempfile for filename containing '*': ${JSON.stringify(name)}`;
    return { root, error: generic(message) };
  }
  const parent = resolve(root, `${dirOf(path)}/`);
  const opened = `open ${temporary(path)}`;
  if (typeof parent === 'string') return { root, error: pathError(opened, parent) };
  if (!parent.entry) return { root, error: pathError(opened, 'ENOENT') };
  const written = write(root, path, file);
  if (typeof written !== 'string') return { root: written, error: null };
  return { root, error: pathError(`rename ${temporary(path)} ${path}`, written) };
}

/** Writes one file; what was there before is replaced, its permissions too. */
export function writeFile(
  root: Dir,
  asking: Asking & { readonly 'make-dirs': boolean },
  { body, ...at }: Place & { readonly body: Uint8Array },
): Worked {
  const { path } = asking;
  if (!path.startsWith('/')) return { root, error: notAbsolute(path) };
  const owned = whose(root, asking, at.blobs);
  if (isError(owned)) return { root, error: owned };
  const dirs = asking['make-dirs']
    ? makeAll(root, dirOf(path), emptyDir(at.now, { mode: 0o755, ...owned }))
    : { root, error: null };
  if (dirs.error) {
    return {
      ...dirs,
      error: { ...dirs.error, message: `cannot create directory: ${dirs.error.message}` },
    };
  }
  const mode = permissions(asking.permissions, 0o644);
  if (typeof mode !== 'number') return { root: dirs.root, error: mode };
  const content = { digest: at.blobs.put(body), size: body.length };
  return moveTo(dirs.root, path, fileOf(content, at.now, { mode, ...owned }));
}

/** Removes one path. */
export function removePath(
  root: Dir,
  { path, recursive }: { readonly path: string; readonly recursive: boolean },
  now: Millis,
): Worked {
  if (!path.startsWith('/')) return { root, error: notAbsolute(path) };
  if (recursive && /(?:^|\/)\.$/.test(path)) {
    return { root, error: pathError(`RemoveAll ${path}`, 'EINVAL') };
  }
  const removed = remove(root, recursive ? path.replace(/(.)\/+$/, '$1') : path, {
    now,
    recursive,
  });
  if (typeof removed !== 'string') return { root: removed, error: null };
  return { root, error: pathError(`${recursive ? 'unlinkat' : 'remove'} ${path}`, removed) };
}
