/**
 * A State as one JSON value that needs no store beside it: `playbill transition` reads and writes it.
 *
 * It is the State of src/engine/world/state.ts with every file's contents in place: where a file of the charm's
 * directory, of storage or of a container has `digest` and `size` there, it has `text` here, or `base64` where its
 * bytes are no UTF-8; so has a resource in place of its `digest`. A member of a slice, or of a container, that is left
 * out is as in a unit that Juju has just placed. `machine.databases` tells what is in database files; read back it is
 * made of the files anew. What is written is read back as the same State.
 */
import type { Change, Changes, Entry, File } from '../files/tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import type { Resource } from '../world/juju/slice.ts';
import { decodedTables, type Table } from '../world/machine/database.ts';
import { emptyContainer } from '../world/pebble/container.ts';
import type { Container } from '../world/pebble/slice.ts';
import type { State } from '../world/state.ts';
import { bytesOf, contentsOf } from './file-contents.ts';

type Made<From, To> = (value: From) => To;

/** Every place of a State that names contents, made into something else. */
type Places = {
  readonly file: Made<File, unknown>;
  readonly resource: Made<Resource, unknown>;
};

function members<From>(record: Readonly<Record<string, From>>, make: Made<From, unknown>): Json {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, make(value)]),
  ) as Json;
}

function entry(value: Entry, places: Places): unknown {
  if (value.kind === 'file') return places.file(value);
  if (value.kind !== 'dir') return value;
  return { ...value, entries: members(value.entries, (one) => entry(one, places)) };
}

function changes(value: Changes, places: Places): Json {
  return members(value, (one: Change) => (one.kind === 'file' ? places.file(one) : one));
}

function container(value: Container, places: Places): unknown {
  const { root, image } = value;
  return {
    ...value,
    root: entry(root, places),
    ...(image ? { image: { ...image, root: entry(image.root, places) } } : {}),
  };
}

/** The State with every place that names contents made into something else. */
function everyPlace(state: State, places: Places): JsonObject {
  const { juju, machine, pebble } = state;
  return {
    ...state,
    juju: { ...juju, resources: members(juju.resources, places.resource) },
    machine: {
      ...machine,
      charmDir: changes(machine.charmDir, places),
      folders: members(machine.folders, (one) => changes(one, places)),
      ...(machine.root ? { root: changes(machine.root, places) } : {}),
    },
    pebble: { ...pebble, containers: members(pebble.containers, (one) => container(one, places)) },
  } as unknown as JsonObject;
}

/** The State as JSON, contents and all. */
export function stateJson(state: State, blobs: Blobs): JsonObject {
  return everyPlace(state, {
    file: ({ digest, size: _size, ...rest }) => ({ ...rest, ...contentsOf(blobs.get(digest)) }),
    resource: ({ digest, ...rest }) => ({ ...rest, ...contentsOf(blobs.get(digest)) }),
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Containers with what is left out of them: as the charm's own begin, or as any that was just made. */
function containersOver(given: JsonObject, base: State): JsonObject {
  const { now } = base.clock;
  const laid = Object.entries(given).map(([name, one]) => {
    const begins = base.pebble.containers[name] ?? emptyContainer({ name, now });
    return [name, isObject(one) ? { ...begins, ...one } : one] as const;
  });
  return Object.fromEntries(laid) as JsonObject;
}

/** The given members of every slice over those of the base; nothing is checked yet. */
function laidOver(given: JsonObject, base: State): unknown {
  const slices = Object.entries(base).map(([name, slice]) => {
    const own = given[name];
    if (own !== undefined && !isObject(own)) throw new Mistake(`state.${name}: must be an object`);
    const containers = name === 'pebble' ? own?.['containers'] : undefined;
    const laid = isObject(containers) ? { containers: containersOver(containers, base) } : {};
    return [name, { ...slice, ...own, ...laid }] as const;
  });
  return { ...given, ...Object.fromEntries(slices) };
}

export type ReadingJson = {
  readonly base: State;
  readonly blobs: Blobs;
  readonly digest: (bytes: Uint8Array) => string;
  readonly readDatabase: (bytes: Uint8Array) => readonly Table[] | null;
  /** Throws a Mistake for what is no State with contents in place. */
  readonly check: (value: unknown) => void;
};

function databasesOf(state: State, { blobs, digest, readDatabase }: ReadingJson) {
  const databases = Object.entries(state.machine.charmDir).flatMap(([path, change]) => {
    const tables = change.kind === 'file' ? readDatabase(blobs.get(change.digest)) : null;
    return tables ? [[path, decodedTables(tables, digest)] as const] : [];
  });
  return Object.fromEntries(databases);
}

function kept(value: object, blobs: Blobs): { digest: string; size: number; rest: object } {
  const { text, base64, ...rest } = value as { text?: string; base64?: string };
  const bytes = bytesOf({ text, base64 });
  if (bytes === null) throw new Mistake('state: a file has base64 that cannot be read');
  return { digest: blobs.put(bytes), size: bytes.length, rest };
}

/** The State that a JSON value tells. Throws a Mistake that says where it tells none. */
export function readStateJson(given: Json, reading: ReadingJson): State {
  if (!isObject(given)) throw new Mistake('state: must be an object');
  const { blobs, base, check } = reading;
  const laid = laidOver(given, base);
  check(laid);
  const state = everyPlace(laid as State, {
    file(value) {
      const { digest, size, rest } = kept(value, blobs);
      return { ...rest, digest, size };
    },
    resource(value) {
      const { digest, rest } = kept(value, blobs);
      return { ...rest, digest };
    },
  }) as unknown as State;
  return { ...state, machine: { ...state.machine, databases: databasesOf(state, reading) } };
}
