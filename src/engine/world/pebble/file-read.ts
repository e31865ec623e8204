/**
 * Reading files and listing directories. Source: pebble daemon/api_files.go (readFile, listFiles).
 */
import { child, names, resolve } from '../../files/path.ts';
import type { Dir, Entry } from '../../files/tree.ts';
import type { Json } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { badRequest, envelope, failure, goJson, sync } from './answer.ts';
import type { Asked } from './asked.ts';
import {
  baseOf,
  dirOf,
  fileResult,
  generic,
  join,
  notAbsolute,
  pathError,
  type FileError,
} from './file-path.ts';
import { matches } from './glob.ts';
import { secondText } from './go-time.ts';
import { writeParts, type Sent } from './multipart.ts';
import { idOf, usersOf, type Users } from './users.ts';

const TYPES = { file: 'file', dir: 'directory', link: 'symlink' } as const;

function stat(root: Dir, path: string): Entry | FileError {
  const found = resolve(root, path);
  if (typeof found === 'string') return pathError(`stat ${path}`, found);
  return found.entry ?? pathError(`stat ${path}`, 'ENOENT');
}

function isError(value: Entry | FileError): value is FileError {
  return 'message' in value;
}

function content(asked: Asked, path: string): Uint8Array | FileError {
  if (!path.startsWith('/')) return notAbsolute(path);
  const entry = stat(asked.container.root, path);
  if (isError(entry)) return entry;
  if (entry.kind !== 'file')
    return generic(`can only read a regular file: ${JSON.stringify(path)}`);
  return asked.blobs.get(entry.digest);
}

/** 200 in any case: which of the files could not be read is in the last part. */
export function readFiles(asked: Asked, paths: readonly string[]): Answer {
  const parts: Sent[] = [];
  const results = paths.map((path) => {
    const read = content(asked, path);
    if (!(read instanceof Uint8Array)) return fileResult(path, read);
    parts.push({ kind: 'file', path, body: read });
    return fileResult(path, null);
  });
  const json = `${goJson(envelope('sync', 200, { result: results }))}\n`;
  const { body, contentType } = writeParts([...parts, { kind: 'response', json }]);
  return { kind: 'reply', code: 200, out: body, headers: { 'content-type': contentType } };
}

function info(path: string, entry: Entry, { users, groups }: Users): Json {
  const [user, group] = [idOf(users, entry.user), idOf(groups, entry.group)];
  return {
    path,
    name: baseOf(path),
    type: TYPES[entry.kind],
    ...(entry.kind === 'file' ? { size: entry.size } : {}),
    permissions: entry.mode.toString(8).padStart(3, '0'),
    'last-modified': secondText(entry.modified),
    'user-id': user.id,
    user: user.name,
    'group-id': group.id,
    group: group.name,
  };
}

export type Listing = { readonly path: string; readonly pattern: string; readonly itself: boolean };

export function listFiles(asked: Asked, { path, pattern, itself }: Listing): Answer {
  if (!path.startsWith('/'))
    return badRequest(`path must be absolute, got ${JSON.stringify(path)}`);
  const { root } = asked.container;
  const entry = stat(root, path);
  if (isError(entry)) {
    return failure(entry.kind === 'not-found' ? 404 : 400, entry.message, entry.kind);
  }
  const one = itself || entry.kind !== 'dir';
  const listed: (readonly [string, Entry])[] = one
    ? [[baseOf(path), entry]]
    : names(entry).map((name) => [name, child(entry, name)!]);
  const fits = listed.map(([name]) => pattern === '' || matches(pattern, name));
  if (fits.includes(null)) return failure(400, 'syntax error in pattern', 'generic-file-error');
  const users = usersOf(root, asked.blobs);
  const dir = one ? dirOf(path) : path;
  const shown = listed.filter((_, index) => fits[index]);
  return sync(shown.map(([name, found]) => info(join(dir, name), found, users)));
}
