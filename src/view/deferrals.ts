/**
 * Events that ops put off: a row of the `notice` table in the unit's database, there until the event is handled.
 * Source: ops framework.py (defer, reemit) and storage.py (notice: event_path, observer_path, method_name).
 */
import { plainText } from '../chart/plain-text.ts';
import type { Deferral } from '../chart/trace-charts.ts';
import type { Json } from '../engine/model/json.ts';
import type { ValueChange, NodeRecord } from '../engine/record/format.ts';

export type Notice = {
  /** One event for one observer. */
  readonly key: string;
  /** `db_relation_changed`. */
  readonly event: string;
  /** `NoticeBoardCharm._on_db_relation_changed`. */
  readonly observer: string;
};
type Notices = { readonly before: readonly Notice[]; readonly after: readonly Notice[] };

/** The rows before and after, when the change is of such a table; null for any other change. */
export function noticesIn(change: ValueChange): Notices | null {
  const [head, , table, ...rest] = change.path;
  if (head !== 'databases' || table !== 'notice' || rest.length > 0) return null;
  return { before: rowsOf(change.before), after: rowsOf(change.after) };
}

/** From where each event was put off to where it was handled, along a path. One still waiting has no end yet. */
export function deferralsIn(records: readonly NodeRecord[]): readonly Deferral[] {
  const waiting = new Map<string, string>();
  const found: Deferral[] = [];
  for (const record of records)
    for (const { before, after } of tablesOf(record)) {
      const [old, young] = [before, after].map((rows) => new Set(rows.map((row) => row.key)));
      for (const row of after) if (!old?.has(row.key)) waiting.set(row.key, record.id);
      for (const row of before) {
        const from = waiting.get(row.key);
        if (young?.has(row.key) || from === undefined) continue;
        waiting.delete(row.key);
        found.push({ from, to: record.id, event: row.event });
      }
    }
  return found;
}

/** A database that comes into being with rows in it is one change of the whole. */
function tablesOf(record: NodeRecord): Notices[] {
  return (record.changed.machine ?? []).flatMap((change) => {
    if (change.path[0] === 'databases' && change.path.length === 2) {
      return [{ before: rowsOf(tableIn(change.before)), after: rowsOf(tableIn(change.after)) }];
    }
    return noticesIn(change) ?? [];
  });
}

function tableIn(database: Json | undefined): Json | undefined {
  return database !== null && typeof database === 'object' && 'notice' in database
    ? database.notice
    : undefined;
}

function rowsOf(table: Json | undefined): readonly Notice[] {
  if (!Array.isArray(table)) return [];
  return (table as readonly Json[]).flatMap((row) => {
    const { event_path, observer_path, method_name } = (row ?? {}) as Record<string, unknown>;
    if (typeof event_path !== 'string') return [];
    const event = /([^/]*?)(?:\[\d+\])?$/.exec(event_path)?.[1] ?? event_path;
    return [
      {
        key: JSON.stringify([event_path, observer_path, method_name]),
        event: plainText(event),
        observer: plainText(`${String(observer_path)}.${String(method_name)}`),
      },
    ];
  });
}
