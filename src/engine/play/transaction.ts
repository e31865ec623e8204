/**
 * One hook as a transaction over all slices: what is kept whatever happens, and what the hook sees.
 * Source: juju uniter context Flush
 */
import { enablePatches, produce, produceWithPatches, type Draft, type Patch } from 'immer';
import type { SliceName, State } from '../world/state.ts';

enablePatches();

export type Effect = { readonly path: readonly string[]; readonly when: 'now' | 'commit' };
/** The two values of a running hook, what the current call has written so far, and what the program began with. */
export type Transaction = { kept: State; seen: State; effects: Effect[]; begun: State };
type Change<Name extends SliceName> = (slice: Draft<State[Name]>) => void;

export function openTransaction(state: State): Transaction {
  return { kept: state, seen: state, effects: [], begun: state };
}

function note(
  transaction: Transaction,
  slice: SliceName,
  patches: readonly Patch[],
  when: Effect['when'],
): void {
  for (const { path } of patches) {
    const whole = [slice, ...path.map(String)];
    const known = transaction.effects.some(
      (effect) => effect.when === when && effect.path.join('\0') === whole.join('\0'),
    );
    if (!known) transaction.effects.push({ path: whole, when });
  }
}

/** Immediate: stays whatever the hook's end. */
export function setNow<Name extends SliceName>(
  transaction: Transaction,
  name: Name,
  change: Change<Name>,
): void {
  const same = transaction.kept[name] === transaction.seen[name];
  const [seen, patches] = produceWithPatches(transaction.seen[name], change);
  const kept = same ? seen : produce(transaction.kept[name], change);
  transaction.seen = { ...transaction.seen, [name]: seen };
  transaction.kept = { ...transaction.kept, [name]: kept };
  note(transaction, name, patches, 'now');
}

/** Buffered: lands on exit 0. */
export function buffer<Name extends SliceName>(
  transaction: Transaction,
  name: Name,
  change: Change<Name>,
): void {
  const [seen, patches] = produceWithPatches(transaction.seen[name], change);
  transaction.seen = { ...transaction.seen, [name]: seen };
  note(transaction, name, patches, 'commit');
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
