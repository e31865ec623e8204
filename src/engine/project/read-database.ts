/**
 * The tables of an SQLite file, read in a WebAssembly build of SQLite: a hostile file can reach nothing.
 * Not modelled: views, virtual tables, files that are still in a write-ahead log.
 */
import initSqlJs, { type Database } from 'sql.js';
import type { Table } from '../world/machine/database.ts';

const MAGIC = 'SQLite format 3\0';
const ROWS_MAX = 10_000;

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function isDatabase(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

type Columns = { readonly columns: readonly string[]; readonly key: string | null };

/** Columns by a table's own SQL: a charm's database has the same tables event after event. */
const knownColumns = new Map<string, Columns>();

function columnsOf(database: Database, name: string, sql: string): Columns {
  const known = knownColumns.get(sql);
  if (known) return known;
  const query = `select name, pk from pragma_table_info(${quoted(name)}) order by cid`;
  const fields = database.exec(query)[0]?.values ?? [];
  const key = fields.find(([, position]) => Number(position) === 1)?.[0];
  const columns = fields.map(([field]) => String(field));
  const found = { columns, key: key === undefined ? null : String(key) };
  knownColumns.set(sql, found);
  return found;
}

const TABLES =
  "select name, sql from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name";

/** A reader of SQLite files: tables by name, rows as stored; null when the bytes are no database. */
export async function openDatabaseReader(): Promise<
  (bytes: Uint8Array) => readonly Table[] | null
> {
  const sqlite = await initSqlJs();
  return (bytes) => {
    if (!isDatabase(bytes)) return null;
    const database = new sqlite.Database(bytes);
    try {
      const tables = database.exec(TABLES)[0]?.values ?? [];
      return tables.map(([table, sql]): Table => {
        const name = String(table);
        const { columns, key } = columnsOf(database, name, String(sql));
        const found = database.exec(`select * from ${quoted(name)} order by 1 limit ${ROWS_MAX}`);
        return { name, key, columns, rows: found[0]?.values ?? [] };
      });
    } catch {
      return null;
    } finally {
      database.close();
    }
  };
}
