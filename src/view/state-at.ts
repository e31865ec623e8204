/**
 * The State after a node, rebuilt from records: the root's State with every change from there down laid over it.
 * Source: the record format; `before` is not needed for this and is not checked.
 */
import type { ValueChange, NodeRecord, SliceChanges } from '../engine/record/format.ts';
import type { State } from '../engine/world/state.ts';

/** The State after the last record. `chain`: from the root to the node. Throws when the first is no root. */
export function stateAt(chain: readonly NodeRecord[]): State {
  const state = chain[0]?.state;
  if (!state) throw new Error('the first record of a chain carries no State');
  return chain.slice(1).reduce(stateAfter, state);
}

/** A node's State from its parent's. */
export function stateAfter(parent: State, record: NodeRecord): State {
  return applied(stateBeforeEvent(parent, record), record.changed);
}

/** What the event met: the parent's State with the author's deltas. */
export function stateBeforeEvent(parent: State, record: NodeRecord): State {
  return record.deltas.reduce((state, delta) => applied(state, delta.changed), parent);
}

function applied(state: State, changed: SliceChanges): State {
  const slices = Object.entries(changed).map(([name, changes]) => [
    name,
    applyChanges(withParts(state[name as keyof State], changes ?? []), changes ?? []),
  ]);
  const after = { ...state, ...Object.fromEntries(slices) } as State;
  return { ...after, machine: withoutEmptyParts(after.machine) };
}

/** A part of a slice is absent while there is nothing in it. */
function withParts<Slice extends object>(slice: Slice, changes: readonly ValueChange[]): Slice {
  const parts = changes.flatMap(({ path: [part], path }) => (part && path.length > 1 ? part : []));
  const missing = parts.filter((part) => !Object.hasOwn(slice, part));
  return { ...slice, ...Object.fromEntries(missing.map((part) => [part, {}])) };
}

const ALWAYS_THERE = ['charmDir', 'folders', 'databases'];

function withoutEmptyParts(machine: State['machine']): State['machine'] {
  const kept = Object.entries(machine).filter(
    ([name, part]) =>
      ALWAYS_THERE.includes(name) ||
      part === null ||
      typeof part !== 'object' ||
      Object.keys(part).length > 0,
  );
  return Object.fromEntries(kept) as State['machine'];
}

/** The value with the changes applied; the value itself is left as it is. */
export function applyChanges<Value>(value: Value, changes: readonly ValueChange[]): Value {
  if (changes.length === 0) return value;
  const root = { value: structuredClone(value) as unknown };
  const shortened = new Set<unknown[]>();
  for (const change of changes) applyOne(root, change, shortened);
  for (const list of shortened) withoutHoles(list);
  return root.value as Value;
}

function applyOne(root: { value: unknown }, change: ValueChange, shortened: Set<unknown[]>): void {
  let holder: Record<string, unknown> = root;
  let key = 'value';
  for (const step of change.path) {
    const next = Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (next === null || typeof next !== 'object') {
      throw new Error(`a change leads nowhere: ${change.path.join(' › ')}`);
    }
    holder = next as Record<string, unknown>;
    key = step;
  }
  if (change.after !== undefined) define(holder, key, structuredClone(change.after));
  else {
    delete holder[key];
    if (Array.isArray(holder)) shortened.add(holder);
  }
}

/** An own member whatever it is called: `__proto__` is a file name like any other. */
function define(holder: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

/** Elements that were removed one by one leave holes, which a list does not have. */
function withoutHoles(list: unknown[]): void {
  const kept = Object.keys(list).map((at) => list[Number(at)]);
  list.splice(0, list.length, ...kept);
}
