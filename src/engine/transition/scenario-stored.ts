/**
 * Stored state and deferred events: rows of the database that ops keeps beside the charm, `.unit-state.db`.
 * Source: ops storage.py (tables snapshot and notice), framework.py (handles), ops-scenario _ops_main_mock.py (how a
 * State's parts are rows).
 * A handle whose owner is nobody is the framework's own, as ops has it; ops-scenario reads it under that handle and
 * writes it under another one, so that there the framework counts its events anew each time.
 */
import { Mistake } from '../model/mistake.ts';
import type { Table } from '../world/machine/database.ts';
import { pickled } from './pickle-write.ts';
import { unpickled } from './pickle-read.ts';
import type { ScenarioDeferred, ScenarioState, ScenarioStoredState } from './scenario-json.ts';

/** Where ops keeps it, in the charm's directory. */
export const UNIT_STATE = '.unit-state.db';

export type Statement = readonly [sql: string, ...values: readonly (string | Uint8Array)[]];

const SCHEMA: readonly Statement[] = [
  ['CREATE TABLE snapshot (handle TEXT PRIMARY KEY, data BLOB)'],
  [
    'CREATE TABLE notice (sequence INTEGER PRIMARY KEY AUTOINCREMENT, ' +
      'event_path TEXT, observer_path TEXT, method_name TEXT)',
  ],
];
const KEEP = 'REPLACE INTO snapshot VALUES (?, ?)';
const NOTICE = 'INSERT INTO notice VALUES (NULL, ?, ?, ?)';

const EVENT_HANDLE = /^(|.*\/)on\/[a-zA-Z_]+\[\d+\]$/;
const STORED_HANDLE = /^(?:(?<owner>.*)\/)?(?<type>\D+)\[(?<name>.*)\]$/;

function handleOf({ owner_path, _data_type_name, name }: ScenarioStoredState): string {
  const own = `${_data_type_name}[${name}]`;
  return owner_path === null ? own : `${owner_path}/${own}`;
}

/** What makes the database of a state; null when it has neither stored state nor deferred events. */
export function unitStateStatements({
  stored_states,
  deferred,
}: Pick<ScenarioState, 'stored_states' | 'deferred'>): readonly Statement[] | null {
  if (stored_states.length === 0 && deferred.length === 0) return null;
  return [
    ...SCHEMA,
    ...deferred.flatMap((event): Statement[] => [
      [NOTICE, event.handle_path, event.owner, event.observer],
      [KEEP, event.handle_path, pickled(event.snapshot_data)],
    ]),
    ...stored_states.map((one): Statement => [KEEP, handleOf(one), pickled(one.content)]),
  ];
}

type Rows = Table['rows'];

function rowsOf(tables: readonly Table[], name: string, columns: readonly string[]): Rows {
  const table = tables.find((one) => one.name === name);
  if (!table) return [];
  const at = columns.map((column) => table.columns.indexOf(column));
  return table.rows.map((row) => at.map((index) => row[index] ?? null));
}

function valueOf(handle: string, data: unknown): ReturnType<typeof unpickled> {
  return data instanceof Uint8Array ? unpickled(data) : { why: `${handle} has no data` };
}

function readValue(handle: string, data: unknown) {
  const read = valueOf(handle, data);
  if ('why' in read) throw new Mistake(`what ${handle} keeps cannot be told: ${read.why}`);
  return read.value;
}

function storedState(handle: string, data: unknown): ScenarioStoredState[] {
  const groups = STORED_HANDLE.exec(handle)?.groups;
  if (EVENT_HANDLE.test(handle) || !groups) return [];
  const content = readValue(handle, data) as ScenarioStoredState['content'];
  return [
    {
      _type: 'StoredState',
      name: groups['name'] ?? '',
      owner_path: groups['owner'] ?? null,
      content,
      _data_type_name: groups['type'] ?? '',
    },
  ];
}

/** The stored states, and the deferred events in the order in which they will be emitted again. */
export function readUnitState(
  tables: readonly Table[],
): Pick<ScenarioState, 'stored_states' | 'deferred'> {
  const snapshots = rowsOf(tables, 'snapshot', ['handle', 'data']);
  const data = new Map(snapshots.map(([handle, bytes]) => [String(handle), bytes]));
  const notices = rowsOf(tables, 'notice', ['event_path', 'observer_path', 'method_name']);
  const deferred = notices.map(([event, owner, observer]): ScenarioDeferred => {
    const handle = String(event);
    const kept = data.get(handle);
    const snapshot_data = kept === undefined ? {} : readValue(handle, kept);
    return {
      _type: 'DeferredEvent',
      handle_path: handle,
      owner: String(owner),
      observer: String(observer),
      snapshot_data,
    };
  });
  return {
    stored_states: [...data].flatMap(([handle, bytes]) => storedState(handle, bytes)),
    deferred,
  };
}
