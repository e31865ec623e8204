/** Databases in a charm's directory: rows as their writer meant them, and two of them equal by meaning. */
import initSqlJs from 'sql.js';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/engine/project/digest.ts';
import { openDatabaseReader } from '../../src/engine/project/read-database.ts';
import type { Json } from '../../src/engine/model/json.ts';
import { canonicalDatabase, decodedTables } from '../../src/engine/world/machine/database.ts';

/** Python's own pickle of an expression made of literals. */
function pickled(expression: string): Uint8Array {
  const program =
    'import pickle, sys, ast; sys.stdout.buffer.write(pickle.dumps(ast.literal_eval(sys.argv[1])))';
  return execFileSync('python3', ['-I', '-c', program, expression]);
}

type Ops = { count: number; sequence: number; number: number; stored?: string };

/** A database as ops leaves it, with one event deferred. */
async function opsDatabase({
  count,
  sequence,
  number,
  stored = "{'seen': True}",
}: Ops): Promise<Uint8Array> {
  const sqlite = await initSqlJs();
  const database = new sqlite.Database();
  const event = `Web/on/config_changed[${number}]`;
  database.run('create table snapshot (handle text primary key, data blob)');
  database.run(
    'create table notice (sequence integer primary key autoincrement, event_path text, observer_path text, method_name text)',
  );
  const rows: [string, string][] = [
    ['StoredStateData[_stored]', `{'event_count': ${count}}`],
    ['Web/StoredStateData[_state]', stored],
    [event, '{}'],
  ];
  for (const [handle, data] of rows)
    database.run('insert into snapshot values (?, ?)', [handle, pickled(data)]);
  database.run('insert into notice values (?, ?, ?, ?)', [
    sequence,
    event,
    'Web',
    '_on_config_changed',
  ]);
  return database.export();
}

async function decoded(bytes: Uint8Array): Promise<Json> {
  const tables = (await openDatabaseReader())(bytes);
  if (!tables) throw new Error('no database');
  return decodedTables(tables, sha256) as Json;
}

describe('a database', () => {
  it('is shown as rows by their key, with pickles read', async () => {
    const rows = await decoded(await opsDatabase({ count: 3, sequence: 1, number: 2 }));
    expect(rows).toMatchObject({
      snapshot: { 'Web/StoredStateData[_state]': { data: { seen: true } } },
      notice: {
        '1': { event_path: 'Web/on/config_changed[2]', method_name: '_on_config_changed' },
      },
    });
  });

  it('means the same whatever ops has counted and numbered', async () => {
    const one = await decoded(await opsDatabase({ count: 3, sequence: 1, number: 2 }));
    const other = await decoded(await opsDatabase({ count: 41, sequence: 17, number: 40 }));
    expect(canonicalDatabase(other)).toEqual(canonicalDatabase(one));
  });

  it('means something else when what the charm stored is', async () => {
    const one = await decoded(await opsDatabase({ count: 3, sequence: 1, number: 2 }));
    const other = await decoded(
      await opsDatabase({ count: 3, sequence: 1, number: 2, stored: "{'seen': False}" }),
    );
    expect(canonicalDatabase(other)).not.toEqual(canonicalDatabase(one));
  });

  it('runs nothing that a pickle asks for', () => {
    const evil = Uint8Array.from([0x80, 4, ...Buffer.from("cposix\nsystem\n(S'echo evil'\ntR.")]);
    const table = { name: 't', key: null, columns: ['data'], rows: [[evil]] };
    // The call becomes an object without contents; what it would have printed never comes to be.
    expect(decodedTables([table], sha256)).toEqual({ t: { 0: { data: {} } } });
  });

  it('that is torn or none at all is left as a file', async () => {
    const read = await openDatabaseReader();
    const whole = await opsDatabase({ count: 1, sequence: 1, number: 1 });
    expect(read(new TextEncoder().encode('no database'))).toBeNull();
    expect(() => read(whole.slice(0, 700))).not.toThrow();
  });
});
