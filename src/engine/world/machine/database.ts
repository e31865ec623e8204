/**
 * SQLite databases that charms leave in their directory, as decoded rows, and when two of them mean the same.
 * Source: ops storage.py and framework.py (tables snapshot and notice, pickled data)
 * Pickles are read without running anything; what cannot be read is kept as its digest.
 * Not modelled: the order in which a table without a primary key keeps its rows means nothing here.
 */
import { Parser } from 'pickleparser';
import type { Json } from '../../model/json.ts';
import { sorted } from '../../model/json.ts';

/** One table: column names, which of them is the primary key, and rows of SQLite's values. */
export type Table = {
  readonly name: string;
  readonly key: string | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (null | number | string | Uint8Array)[])[];
};
type Rows = Readonly<Record<string, Readonly<Record<string, Json>>>>;

const decoder = new TextDecoder('utf-8', { fatal: true });

function plain(value: unknown): Json {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value))
    return value as Json;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return text(value) ?? [...value];
  if (value instanceof Set) return [...value].map(plain).sort(byText);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([k, v]) => [String(k), plain(v)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
  }
  return null;
}

function byText(a: Json, b: Json): number {
  const [textA, textB] = [JSON.stringify(a), JSON.stringify(b)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}

function text(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function cell(
  value: null | number | string | Uint8Array,
  digest: (bytes: Uint8Array) => string,
): Json {
  if (!(value instanceof Uint8Array)) return value;
  try {
    if (value[0] === 0x80) return plain(new Parser().parse(value));
  } catch {
    return { unreadable: digest(value) };
  }
  return text(value) ?? { unreadable: digest(value) };
}

/** Rows by their primary key, or by their position: `{snapshot: {"StoredStateData[_stored]": {data: …}}}`. */
export function decodedTables(
  tables: readonly Table[],
  digest: (bytes: Uint8Array) => string,
): Rows {
  const found: Record<string, Record<string, Json>> = {};
  for (const { name, key, columns, rows } of tables) {
    const table: Record<string, Json> = {};
    rows.forEach((row, index) => {
      const fields = columns.map((column, at) => [column, cell(row[at] ?? null, digest)] as const);
      const own = key === null ? undefined : fields.find(([column]) => column === key)?.[1];
      const rest = fields.filter(([column]) => column !== key);
      table[own === undefined ? String(index) : String(own)] = Object.fromEntries(rest);
    });
    found[name] = table;
  }
  return found;
}

/** `Charm/on/start[7]`: ops numbers every event it emits; the number tells nothing but how many there were. */
function renumber(handle: string, numbers: Map<string, number>): string {
  return handle.replace(/\[(\d+)\]/g, (_all, number: string) => {
    const known = numbers.get(number) ?? numbers.size + 1;
    numbers.set(number, known);
    return `[${known}]`;
  });
}

/** The same rows without what only counts: ops' event_count, event numbers, notice sequence numbers. */
export function canonicalDatabase(database: Json): Json {
  const tables = database as Rows;
  const { snapshot, notice } = tables;
  if (!snapshot || !notice) return database;
  const numbers = new Map<string, number>();
  const deferred = Object.entries(notice)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, row]) => {
      const fields = row as Readonly<Record<string, string>>;
      return { ...fields, event_path: renumber(fields['event_path'] ?? '', numbers) };
    });
  const snapshots = Object.entries(snapshot)
    .filter(([handle]) => handle !== 'StoredStateData[_stored]')
    .map(([handle, row]) => [renumber(handle, numbers), row]);
  return sorted({ ...tables, snapshot: Object.fromEntries(snapshots), notice: deferred });
}
