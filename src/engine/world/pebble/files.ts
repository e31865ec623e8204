/** GET and POST /v1/files. Source: pebble daemon/api_files.go. */
import type { Dir } from '../../files/tree.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { badRequest, quoted, sync } from './answer.ts';
import type { Asked, Handler } from './asked.ts';
import { fileResult, generic, type FileError } from './file-path.ts';
import { listFiles, readFiles } from './file-read.ts';
import { setFiles } from './file-tree.ts';
import { makeDir, removePath, writeFile, type Worked } from './file-write.ts';
import { dispositionOf, mediaType, readParts, type Part } from './multipart.ts';
import { isWrong, payloadOf, type Members } from './payload.ts';

const BOUNDARY_MIN = 32;
const OWNER = {
  permissions: 'string',
  'user-id': 'int',
  user: 'string',
  'group-id': 'int',
  group: 'string',
} as const;
const DIRS = [{ path: 'string', 'make-parents': 'bool', ...OWNER }] as const;
const FILES = [{ path: 'string', 'make-dirs': 'bool', ...OWNER }] as const;
const PATHS = [{ path: 'string', recursive: 'bool' }] as const;
type FileItem = Members<(typeof FILES)[number]>;

export const getFiles: Handler = (asked) => {
  const { query, headers } = asked;
  const action = query.get('action') ?? '';
  if (action === 'read') {
    const paths = query.getAll('path');
    if (paths.length === 0) return badRequest('must specify one or more paths');
    const accepts = headers['accept'] === 'multipart/form-data';
    return accepts ? readFiles(asked, paths) : badRequest('must accept multipart/form-data');
  }
  if (action !== 'list') return badRequest(`invalid action ${quoted(action)}`);
  const [path, itself] = [query.get('path') ?? '', query.get('itself') ?? ''];
  if (path === '') return badRequest('must specify path');
  if (!['true', 'false', ''].includes(itself)) {
    return badRequest('itself parameter must be "true" or "false"');
  }
  return listFiles(asked, { path, pattern: query.get('pattern') ?? '', itself: itself === 'true' });
};

/** Works through items one after the other; each sees what the ones before it did. */
function eachOf<Item extends { readonly path: string }>(
  asked: Asked,
  items: readonly Item[],
  work: (root: Dir, item: Item) => Worked,
): readonly JsonObject[] {
  const before = asked.container.root;
  let root = before;
  const results = items.map((item) => {
    const worked = work(root, item);
    root = worked.root;
    return fileResult(item.path, worked.error);
  });
  setFiles(asked, before, root);
  return results;
}

function jsonAction(asked: Asked): Answer {
  const payload = payloadOf(asked.body, { action: 'string', dirs: DIRS, paths: PATHS });
  if (isWrong(payload)) return badRequest(`cannot decode request body: ${payload.wrong}`);
  const { now, blobs } = asked;
  switch (payload.action) {
    case 'make-dirs':
      return sync(eachOf(asked, payload.dirs, (root, dir) => makeDir(root, dir, { now, blobs })));
    case 'remove':
      return sync(eachOf(asked, payload.paths, (root, path) => removePath(root, path, now)));
    case 'write':
      return badRequest('must use multipart with "write" action');
    default:
      return badRequest(`invalid action ${quoted(payload.action)}`);
  }
}

/** What the first part asks for, or what is wrong with it. */
function requested(part: Part | undefined, wrong: string | null): readonly FileItem[] | string {
  if (!part) return `cannot read request metadata: ${wrong ?? 'EOF'}`;
  const name = dispositionOf(part, 'name');
  if (name !== 'request') return `metadata field name must be "request", got ${quoted(name)}`;
  const payload = payloadOf(part.body, { action: 'string', files: FILES });
  if (isWrong(payload)) return `cannot decode request metadata: ${payload.wrong}`;
  if (payload.action !== 'write') {
    return `multipart action must be "write", got ${quoted(payload.action)}`;
  }
  return payload.files.length === 0 ? 'must specify one or more files' : payload.files;
}

/**
 * Writes part by part, as they come; the first that fits nothing ends it, with what was written
 * left written.
 */
function writeAll(
  asked: Asked,
  items: readonly FileItem[],
  parts: readonly Part[],
): {
  readonly root: Dir;
  readonly errors: ReadonlyMap<string, FileError | null>;
  readonly wrong: string | null;
} {
  const infos = new Map(items.map((item) => [item.path, item]));
  const errors = new Map<string, FileError | null>();
  let { root } = asked.container;
  for (const part of parts) {
    const name = dispositionOf(part, 'name');
    if (name !== 'files')
      return { root, errors, wrong: `field name must be "files", got ${quoted(name)}` };
    const path = dispositionOf(part, 'filename');
    const item = infos.get(path);
    if (!item) return { root, errors, wrong: `no metadata for path ${quoted(path)}` };
    const { now, blobs } = asked;
    const worked = writeFile(root, item, { body: part.body, now, blobs });
    root = worked.root;
    errors.set(path, worked.error);
  }
  return { root, errors, wrong: null };
}

function writeAction(asked: Asked, boundary: string): Answer {
  const { parts, wrong } = readParts(asked.body, boundary);
  const [first, ...rest] = parts;
  const items = requested(first, wrong);
  if (typeof items === 'string') return badRequest(items);
  const written = writeAll(asked, items, rest);
  setFiles(asked, asked.container.root, written.root);
  if (written.wrong !== null) return badRequest(written.wrong);
  if (wrong !== null) return badRequest(`cannot read file part ${rest.length}: ${wrong}`);
  return sync(
    items.map(({ path }) => {
      const error = written.errors.get(path);
      return fileResult(
        path,
        error === undefined ? generic(`no file content for path ${quoted(path)}`) : error,
      );
    }),
  );
}

export const postFiles: Handler = (asked) => {
  const header = asked.headers['content-type'] ?? '';
  const parsed = mediaType(header);
  if (!parsed) return badRequest(`invalid Content-Type ${quoted(header)}`);
  if (parsed.type === 'application/json') return jsonAction(asked);
  if (parsed.type !== 'multipart/form-data') {
    return badRequest(`invalid media type ${quoted(parsed.type)}`);
  }
  const boundary = parsed.params['boundary'] ?? '';
  if (boundary.length < BOUNDARY_MIN) return badRequest(`invalid boundary ${quoted(boundary)}`);
  return writeAction(asked, boundary);
};
