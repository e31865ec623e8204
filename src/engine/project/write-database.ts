/** An SQLite file made of statements, in a WebAssembly build of SQLite: the same statements give the same bytes. */
import initSqlJs from 'sql.js';

type Statement = readonly [sql: string, ...values: readonly (string | Uint8Array)[]];

export async function openDatabaseWriter(): Promise<
  (statements: readonly Statement[]) => Uint8Array
> {
  const sqlite = await initSqlJs();
  return (statements) => {
    const database = new sqlite.Database();
    try {
      for (const [sql, ...values] of statements) database.run(sql, [...values]);
      return database.export();
    } finally {
      database.close();
    }
  };
}
