/**
 * Paths and their errors as Go has them.
 * Source: Go path.Clean, Dir, Base, Join; os.PathError; syscall.Errno.Error; pebble
 * fileErrorToResult.
 */
import type { Fault } from '../../files/path.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ErrorKind } from './answer.ts';

const TEXT: Readonly<Record<Fault, string>> = {
  EBUSY: 'device or resource busy',
  EEXIST: 'file exists',
  EINVAL: 'invalid argument',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
};
/** Why one path could not be worked on. */
export type FileError = { readonly message: string; readonly kind: ErrorKind };

/** `stat /x: no such file or directory`; `prefix` goes before it. */
export function pathError(operation: string, fault: Fault, prefix = ''): FileError {
  const kind = fault === 'ENOENT' ? 'not-found' : 'generic-file-error';
  return { message: `${prefix}${operation}: ${TEXT[fault]}`, kind };
}

export function generic(message: string): FileError {
  return { message, kind: 'generic-file-error' };
}

export function notAbsolute(path: string): FileError {
  return generic(`paths must be absolute, got ${JSON.stringify(path)}`);
}

/** One entry of a list of results. */
export function fileResult(path: string, error: FileError | null): JsonObject {
  return { path, ...(error ? { error } : {}) };
}

/** An absolute path without `.`, `..` and doubled slashes, by its text alone. */
export function clean(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

/** What is before the last slash: `/a/` is in `/a`. */
export function dirOf(path: string): string {
  return clean(path.slice(0, path.lastIndexOf('/') + 1));
}

export function baseOf(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) || '/';
}

export function join(dir: string, name: string): string {
  return clean(`${dir}/${name}`);
}
