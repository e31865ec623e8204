/**
 * What a player answered, in a form in which two answers can be laid beside one another: maps by what names their
 * members, new secrets by order, moments as numbers, files as texts.
 */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { Answered, Case } from './case.ts';

type Maps = Readonly<Record<string, JsonObject>>;
export type Seen = readonly [event: string, steps: readonly (readonly [string, Json])[]];
export type Compared = {
  /** The class of the charm's uncaught error; what else ended it; null when it ended well. */
  readonly failed: string | null;
  readonly leader: boolean;
  readonly relations: Maps;
  readonly secrets: Maps;
  readonly containers: Maps;
  readonly networks: Maps;
  readonly storages: readonly string[];
  readonly ports: readonly string[];
  readonly statuses: {
    readonly unit: readonly [string, string];
    readonly app: readonly [string, string];
  };
  readonly version: string;
  /** What the charm wrote down of each event it handled, its earlier writings left out. */
  readonly seen: readonly Seen[];
  /** Stored states but for what was seen. */
  readonly stored: Maps;
  readonly deferred: readonly Json[];
  readonly action: {
    readonly results: JsonObject;
    readonly logs: readonly string[];
    readonly failure: string | null;
  };
  readonly requested: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

function list(value: Json | undefined): readonly JsonObject[] {
  return (value ?? []) as readonly JsonObject[];
}

/** Members by name, without what only says what they are called. */
function by(items: readonly JsonObject[], name: (item: JsonObject) => string): Maps {
  return Object.fromEntries(items.map((item) => [name(item), item]));
}

function moments(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((one) => moments(one as Json) ?? null);
  if (value === null || typeof value !== 'object') return value;
  const object = value as JsonObject;
  if (object['_type'] === 'datetime') return Date.parse(String(object['value']));
  return Object.fromEntries(Object.entries(object).map(([key, one]) => [key, moments(one)]));
}

/** An order of new secrets that does not depend on their ids. */
export function bySecretText(a: JsonObject, b: JsonObject): number {
  const text = (one: JsonObject): string => JSON.stringify(Object.entries(one).toSorted());
  return text(a) < text(b) ? -1 : 1;
}

/** Known ids stay; new ones are numbered in the order of what is in their secrets. `never` is no rotation. */
function secrets(items: readonly JsonObject[], known: ReadonlySet<string>): Maps {
  const never = ({ rotate }: JsonObject): boolean =>
    (rotate as JsonObject | null)?.['value'] === 'never';
  const all = items.map((one) => (never(one) ? { ...one, rotate: null } : one));
  const fresh = all
    .filter(({ id }) => !known.has(String(id)))
    .map(({ id: _id, ...rest }) => rest)
    .toSorted(bySecretText);
  const named = fresh.map((one, at) => [`new ${at}`, one] as const);
  const old = all.filter(({ id }) => known.has(String(id)));
  return { ...by(old, ({ id }) => String(id)), ...Object.fromEntries(named) };
}

/**
 * Sources of mounts differ from player to player; their files are compared apart. A service of which nothing is told
 * does not run.
 */
function container(item: JsonObject): JsonObject {
  const { mounts, service_statuses, ...rest } = item;
  const told = Object.entries((service_statuses ?? {}) as Record<string, JsonObject>);
  const running = told.filter(([, status]) => status['value'] !== 'inactive');
  return {
    ...rest,
    service_statuses: Object.fromEntries(running),
    mounts: Object.keys((mounts ?? {}) as JsonObject).sort(),
  };
}

function handle({ owner_path, name }: JsonObject): string {
  return `${String(owner_path ?? '')}/${String(name)}`;
}

/** What ops keeps for itself under no owner is only that count. */
function storedStates(all: readonly JsonObject[]): { seen: readonly Seen[]; stored: Maps } {
  const items = all.filter(({ owner_path }) => owner_path !== null && owner_path !== '');
  const contents = Object.entries(by(items, handle)).map(([key, { content }]) => {
    const { seen: _seen, ...rest } = content as JsonObject;
    return [key, rest] as const;
  });
  const texts = items.flatMap(({ content }) => ((content as JsonObject)['seen'] ?? []) as string[]);
  const seen = texts.filter((text) => text.startsWith('[')).map((text) => JSON.parse(text) as Seen);
  return { seen, stored: Object.fromEntries(contents) };
}

/** ops.testing counts events anew in every run, and gives them in the order of their names. */
function deferredEvents(
  items: readonly JsonObject[],
  known: readonly JsonObject[],
): readonly Json[] {
  const handles = new Set(known.map(({ handle_path }) => handle_path));
  const named = items.map((item) => {
    const path = String(item['handle_path']);
    // Where a storage lies differs from player to player.
    const { storage_location: _place, ...snapshot_data } = item['snapshot_data'] as JsonObject;
    const handle_path = handles.has(path) ? path : path.replace(/\d+\]$/, 'new]');
    return { ...item, handle_path, snapshot_data };
  });
  return named.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function status(value: Json | undefined): readonly [string, string] {
  const { name, message } = value as { name: string; message: string };
  return [name, message];
}

function files(found: Answered['container_files']): Compared['files'] {
  const entries = Object.entries(found).map(([name, all]) => {
    const paths = all.map((one) => [String(one['path']), String(one['text'] ?? one['type'])]);
    return [name, Object.fromEntries(paths) as Record<string, string>] as const;
  });
  return Object.fromEntries(entries);
}

function relationMap(relations: readonly JsonObject[]): Maps {
  return by(relations, ({ endpoint, id }) => `${String(endpoint)}:${String(id)}`);
}

/** The relations that a case begins with. */
export function relationsOf({ state }: Case): Maps {
  return relationMap(list(state['relations']));
}

export function compared(one: Case, answered: Answered): Compared {
  const known = new Set(list(one.state['secrets']).map(({ id }) => String(id)));
  const out = moments(answered.state ?? one.state) as JsonObject;
  const portText = ({ port, protocol }: JsonObject): string =>
    `${String(port ?? '')}/${String(protocol)}`;
  return {
    failed: answered.exception?.type ?? null,
    leader: Boolean(out['leader']),
    relations: relationMap(list(out['relations'])),
    secrets: secrets(list(out['secrets']), known),
    containers: by(list(out['containers']).map(container), ({ name }) => String(name)),
    networks: by(list(out['networks']), ({ binding_name }) => String(binding_name)),
    storages: list(out['storages'])
      .map(({ name, index }) => `${String(name)}/${String(index)}`)
      .sort(),
    ports: list(out['opened_ports']).map(portText).sort(),
    statuses: { unit: status(out['unit_status']), app: status(out['app_status']) },
    version: String(out['workload_version']),
    ...storedStates(list(out['stored_states'])),
    deferred: deferredEvents(list(out['deferred']), list(one.state['deferred'])),
    action: {
      results: answered.action_results ?? {},
      logs: answered.action_logs,
      failure: answered.action_failure ?? null,
    },
    requested: answered.requested_storages,
    files: files(answered.container_files),
  };
}

/** Where two values differ: `path: theirs, ours`. Absent and undefined are one. */
export function differences(theirs: unknown, ours: unknown, path = ''): readonly string[] {
  if (Object.is(theirs, ours)) return [];
  const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  const both = [theirs, ours];
  const objects = both.every((one) => one !== null && typeof one === 'object');
  if (!objects || Array.isArray(theirs) !== Array.isArray(ours))
    return [`${path}: ${shown(theirs)} there, ${shown(ours)} here`];
  const [a, b] = both as [Record<string, unknown>, Record<string, unknown>];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}
