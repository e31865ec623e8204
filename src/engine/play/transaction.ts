/**
 * One hook as a transaction over all slices: what is kept whatever happens, and what the hook sees.
 * Source: juju uniter context Flush
 */
import { enablePatches, produce, produceWithPatches, type Draft, type Patch } from 'immer';
import { changedMembers } from '../files/changed-members.ts';
import type { Dir } from '../files/tree.ts';
import type { SliceName, State } from '../world/state.ts';

enablePatches();

export type Effect = { readonly path: readonly string[]; readonly when: 'now' | 'commit' };
/** The two values of a running hook, what the current call has written so far, and what the program began with. */
export type Transaction = { kept: State; seen: State; effects: Effect[]; begun: State };
type Change<Name extends SliceName> = (slice: Draft<State[Name]>) => void;

export function openTransaction(state: State): Transaction {
  return { kept: state, seen: state, effects: [], begun: state };
}

function memberOf(value: unknown, path: Patch['path']): unknown {
  return path.reduce(
    (within, name) => (within as Readonly<Record<string | number, unknown>> | undefined)?.[name],
    value,
  );
}

function isDir(value: unknown): value is Dir {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'dir';
}

/** The paths that a patch writes. A tree of files in place of another is told by what differs. */
function written(before: unknown, { path, value }: Patch): readonly (readonly string[])[] {
  const names = path.map(String);
  const old = isDir(value) ? memberOf(before, path) : undefined;
  if (!isDir(value) || !isDir(old)) return [names];
  return changedMembers(old, value).map((inner) => [...names, ...inner]);
}

function note(
  transaction: Transaction,
  { slice, before, when }: { slice: SliceName; before: unknown; when: Effect['when'] },
  patches: readonly Patch[],
): void {
  const own = transaction.effects.filter((effect) => effect.when === when);
  const known = new Set(own.map(({ path }) => path.join('\0')));
  for (const names of patches.flatMap((patch) => written(before, patch))) {
    const path = [slice, ...names];
    const text = path.join('\0');
    if (!known.has(text)) transaction.effects.push({ path, when });
    known.add(text);
  }
}

/** Immediate: stays whatever the hook's end. */
export function setNow<Name extends SliceName>(
  transaction: Transaction,
  name: Name,
  change: Change<Name>,
): void {
  const same = transaction.kept[name] === transaction.seen[name];
  const before = transaction.seen[name];
  const [seen, patches] = produceWithPatches(before, change);
  const kept = same ? seen : produce(transaction.kept[name], change);
  transaction.seen = { ...transaction.seen, [name]: seen };
  transaction.kept = { ...transaction.kept, [name]: kept };
  note(transaction, { slice: name, before, when: 'now' }, patches);
}

/** Buffered: lands on exit 0. */
export function buffer<Name extends SliceName>(
  transaction: Transaction,
  name: Name,
  change: Change<Name>,
): void {
  const before = transaction.seen[name];
  const [seen, patches] = produceWithPatches(before, change);
  transaction.seen = { ...transaction.seen, [name]: seen };
  note(transaction, { slice: name, before, when: 'commit' }, patches);
}

/** Replaces a slice in both values: what Juju, time or the charm's own files do around the hook. */
export function replaceSlice<Name extends SliceName>(
  transaction: Transaction,
  name: Name,
  change: (slice: State[Name]) => State[Name],
): void {
  const same = transaction.kept[name] === transaction.seen[name];
  const seen = change(transaction.seen[name]);
  transaction.kept = { ...transaction.kept, [name]: same ? seen : change(transaction.kept[name]) };
  transaction.seen = { ...transaction.seen, [name]: seen };
}
