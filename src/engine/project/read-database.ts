/**
 * The tables of an SQLite file, read in a WebAssembly build of SQLite: a hostile file can reach nothing.
 * Not modelled: views, virtual tables, files that are still in a write-ahead log.
 */
import initSqlJs from 'sql.js';
import type { Table } from '../world/machine/database.ts';

const MAGIC = 'SQLite format 3\0';
const ROWS_MAX = 10_000;

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function isDatabase(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** A reader of SQLite files: tables by name, rows as stored; null when the bytes are no database. */
export async function openDatabaseReader(): Promise<
  (bytes: Uint8Array) => readonly Table[] | null
> {
  const sqlite = await initSqlJs();
  return (bytes) => {
    if (!isDatabase(bytes)) return null;
    const database = new sqlite.Database(bytes);
    try {
      const found = database.exec(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
      );
      const names = (found[0]?.values ?? []).map(([name]) => String(name));
      return names.map((name): Table => {
        const columns = database.exec(
          `select name, pk from pragma_table_info(${quoted(name)}) order by cid`,
        );
        const fields = (columns[0]?.values ?? []).map(
          ([field, key]) => [String(field), Number(key)] as const,
        );
        const rows = database.exec(`select * from ${quoted(name)} order by 1 limit ${ROWS_MAX}`);
        return {
          name,
          key: fields.find(([, key]) => key === 1)?.[0] ?? null,
          columns: fields.map(([field]) => field),
          rows: rows[0]?.values ?? [],
        };
      });
    } catch {
      return null;
    } finally {
      database.close();
    }
  };
}
