/**
 * Two recorded transitions are compared in a form without what differs from run to run: new ids, times, keys. What came
 * in with the state or the event stays as it is.
 */
import { sorted, type Json, type JsonObject } from '../../src/engine/model/json.ts';

export type Difference = { readonly path: string; readonly theirs: Json; readonly ours: Json };
/** `known`: the JSON text of all that came in. `newIds`: ids of secrets that the event made. */
export type Normalising = { readonly known: string; readonly newIds: readonly string[] };

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s\\]+?-----END \1-----(?:\\n|\n)?/g, '<PEM>'],
  [/secret:(?:\/\/[0-9a-f-]{36}\/)?[0-9a-z]{20}\b/g, '<secret-id>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\/tmp\/(?:scenario-\w+|tmp\w{8})(?=\/|\b)/g, '<tmp>'],
  [/(?<![\d.])1[6-9]\d{8}(?:\d{3})?(?!\d)/g, '<epoch>'],
  [/\bat 0x[0-9a-f]{6,}/g, 'at <addr>'],
  [/\b[0-9a-f]{32,}\b/g, '<hex>'],
];
const UNORDERED = [
  'CheckInfo',
  'Container',
  'Exec',
  'ICMPPort',
  'Network',
  'PeerRelation',
  'Relation',
  'Resource',
  'Secret',
  'Storage',
  'StoredState',
  'SubordinateRelation',
  'TCPPort',
  'UDPPort',
];

function textOf(text: string, { known, newIds }: Normalising): string {
  const plain = PATTERNS.reduce(
    (value, [pattern, mark]) =>
      value.replace(pattern, (found) =>
        known.includes(found) && !found.startsWith('/tmp') ? found : mark,
      ),
    text,
  );
  return newIds.reduce((value, id) => value.replaceAll(id, '<secret-id>'), plain);
}

function key(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function isUnordered(list: readonly Json[]): boolean {
  return list.every(
    (one) =>
      typeof one === 'object' &&
      one !== null &&
      UNORDERED.includes(String((one as JsonObject)['_type'])),
  );
}

function member(
  name: string,
  value: Json,
  { of, using }: { of: JsonObject; using: Normalising },
): Json | undefined {
  if (/^_?change_id$/.test(name) && value !== null) return '<id>';
  if (name === 'value' && of['_type'] === 'datetime' && !using.known.includes(String(value)))
    return '<time>';
  if (name === 'sha256') return undefined;
  const isFile = of['type'] === 'file' || of['type'] === 'dir';
  return isFile && (name === 'mode' || name === 'size') ? undefined : normalised(value, using);
}

export function normalised(value: Json, using: Normalising): Json {
  if (typeof value === 'string') return textOf(value, using);
  if (Array.isArray(value)) {
    const list = value.map((one: Json) => normalised(one, using));
    return isUnordered(list) ? list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) : list;
  }
  if (value === null || typeof value !== 'object') return value;
  const object = value as JsonObject;
  const entries = Object.entries(object).flatMap(([name, one]): [string, Json][] => {
    const made = one === undefined ? undefined : member(name, one, { of: object, using });
    return made === undefined ? [] : [[textOf(name, using), made]];
  });
  return Object.fromEntries(entries);
}

/** Ids of secrets in a State that did not come in. */
export function newSecretIds(state: JsonObject | null, known: string): readonly string[] {
  const secrets = (state?.['secrets'] ?? []) as readonly JsonObject[];
  return secrets
    .map(({ id }) => String(id).replace(/^.*[:/]/, ''))
    .filter((id) => !known.includes(id));
}

const ABSENT = '<absent>';

export function* differences(theirs: Json, ours: Json, path = ''): Generator<Difference> {
  if (key(theirs) === key(ours)) return;
  const lists = Array.isArray(theirs) && Array.isArray(ours);
  const objects =
    !lists &&
    [theirs, ours].every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  if ((lists && theirs.length === ours.length) || objects) {
    const [a, b] = [theirs as JsonObject, ours as JsonObject];
    for (const name of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()) {
      yield* differences(
        a[name] ?? (name in a ? null : ABSENT),
        b[name] ?? (name in b ? null : ABSENT),
        `${path}/${name}`,
      );
    }
    return;
  }
  yield { path, theirs, ours };
}
