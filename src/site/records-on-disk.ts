/** Records as files: `index.json`, `<node id>.json` and `blobs/<hex>` below one folder. Read-only. */
import { existsSync, readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Blobs } from '../engine/model/counterpart.ts';
import { FORMAT } from '../engine/record/format.ts';
import type { Index, NodeRecord } from '../engine/record/format.ts';
import { Mistake } from '../engine/model/mistake.ts';
import type { State } from '../engine/world/state.ts';
import { stateAfter } from '../view/state-at.ts';

/** Texts longer than this are linked to, not shown. Bytes. */
const SHOWN_MAX = 200_000;
const KEPT_STATES = 256;
const EMPTY: Index = { format: FORMAT, charms: [], trees: [] };

export type Records = {
  index(): Promise<Index>;
  record(id: string): Promise<NodeRecord>;
  state(id: string): Promise<State>;
  readonly blobs: Blobs;
  hasBlob(digest: string): boolean;
  blobText(digest: string): Promise<string | null>;
  readonly contents: Contents;
};
/** What records have of contents, and what the project's store has besides. */
export type Contents = {
  /** The file with these bytes; null when there is none. */
  file(digest: string): string | null;
  /** Null when there is none, when it is too long to show, or no text. */
  text(digest: string): Promise<string | null>;
};

/**
 * Reads the records below `folder`. A folder without an index is a site without trees. `store`: where the project keeps
 * contents by digest, `<first two hex digits>/<the others>`; it may be absent.
 */
export function recordsOnDisk(folder: string, store: string): Records {
  const states = new Map<string, Promise<State>>();
  const blobFile = (digest: string): string =>
    inside(folder, `blobs/${digest.replace(/^sha256:/, '')}`);
  const record = (id: string): Promise<NodeRecord> => readRecord(folder, id);
  const state = async (id: string): Promise<State> => {
    const own = await record(id);
    if (own.state) return own.state;
    if (own.parent === null) throw new Error(`${id} is a root without a State`);
    return stateAfter(await remembered(own.parent), own);
  };
  const remembered = (id: string): Promise<State> => {
    const found = states.get(id) ?? state(id);
    states.delete(id);
    states.set(id, found);
    for (const oldest of states.keys()) {
      if (states.size <= KEPT_STATES) break;
      states.delete(oldest);
    }
    return found;
  };
  return {
    index: () => readIndex(folder),
    record,
    state: remembered,
    blobs: {
      put() {
        throw new Error('records are only read');
      },
      get: (digest) => new Uint8Array(readFileSync(blobFile(digest))),
    },
    hasBlob: (digest) => existsSync(blobFile(digest)),
    blobText: (digest) => readText(blobFile(digest)),
    contents: contentsIn(folder, store),
  };
}

function contentsIn(folder: string, store: string): Contents {
  const file = (digest: string): string | null => {
    const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
    if (hex === undefined) return null;
    const places = [join(folder, 'blobs', hex), join(store, hex.slice(0, 2), hex.slice(2))];
    return places.find((place) => existsSync(place)) ?? null;
  };
  return {
    file,
    async text(digest) {
      const found = file(digest);
      return found === null ? null : readText(found);
    },
  };
}

async function readIndex(folder: string): Promise<Index> {
  const file = join(folder, 'index.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? EMPTY : checked(JSON.parse(text) as Index, file);
}

async function readRecord(folder: string, id: string): Promise<NodeRecord> {
  const file = inside(folder, `${id}.json`);
  return checked(JSON.parse(await readFile(file, 'utf8')) as NodeRecord, file);
}

function checked<Value extends { readonly format: number }>(value: Value, file: string): Value {
  if (value.format === FORMAT) return value;
  throw new Mistake(`${file} is of format ${value.format}; this playbill reads format ${FORMAT}`, {
    hint: 'play the trees again, or build with the playbill that wrote the records',
  });
}

/** Ids and digests come from files that anyone may have written: none leads out of the folder. */
function inside(folder: string, path: string): string {
  const file = resolve(folder, path);
  if (!file.startsWith(resolve(folder) + sep)) throw new Error(`${path} is outside the records`);
  return file;
}

async function readText(file: string): Promise<string | null> {
  const size = await stat(file).then(
    (found) => found.size,
    () => null,
  );
  if (size === null || size > SHOWN_MAX) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch {
    return null;
  }
}
