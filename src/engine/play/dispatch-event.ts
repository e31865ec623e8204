/**
 * One event of one node: begin the transaction, let the charm ask, settle what it leaves.
 * A hook is a transaction: exit 0 commits what it buffered, anything else drops it and keeps what was immediate.
 */
import type { Ended, Job, Listener, Stage } from '../model/dispatch.ts';
import type { Event } from '../model/event.ts';
import type { End, Outcome, Problem, Unmet } from '../model/outcome.ts';
import type { TraceEntry } from '../record/format.ts';
import { dispatchPath, hookEnvironment } from '../world/juju/environment.ts';
import { decodedTables } from '../world/machine/database.ts';
import type { MachineSlice } from '../world/machine/slice.ts';
import type { State } from '../world/state.ts';
import { SLICES, WORLD } from '../world/table.ts';
import { askWorld, channelsOf } from './ask.ts';
import { digestOfState, digestOfValue } from './digests.ts';
import { openEntries, type Entries } from './entries.ts';
import { outcomeOf } from './outcome-of.ts';
import { openTransaction, replaceSlice, type Transaction } from './transaction.ts';
import type { Using } from './using.ts';

export type Dispatched = {
  readonly outcome: Outcome;
  readonly unmet: readonly Unmet[];
  readonly entries: readonly TraceEntry[];
  readonly after: State;
};

/** Why no counterpart would see this event happen; empty when it may. */
export function consistencyProblems(state: State, event: Event, using: Using): readonly Problem[] {
  return SLICES.flatMap((slice) => {
    const counterpart = WORLD[slice] as unknown as {
      problems?(own: unknown, event: Event, charm: unknown): readonly Problem[];
    };
    return counterpart.problems?.(state[slice], event, using.charm) ?? [];
  });
}

function openSlices(transaction: Transaction, event: Event, using: Using): void {
  const { now } = transaction.seen.clock;
  for (const slice of SLICES) {
    const counterpart = WORLD[slice] as unknown as {
      open?(own: unknown, event: Event, charm: unknown, now: number): never;
    };
    if (counterpart.open) {
      replaceSlice(
        transaction,
        slice,
        (own) => counterpart.open?.(own, event, using.charm, now) ?? own,
      );
    }
  }
}

/** Chance is a function of the state that the event met and of the event, so that it is stable across charms. */
function seedOf(before: State, event: Event, { digest }: Using): string {
  const state = digestOfState(before, digest);
  return digestOfValue({ state, event }, digest).replace('sha256:', '');
}

function jobFor(
  state: State,
  { event, seed, using }: { event: Event; seed: string; using: Using },
): Job {
  const { charm, limits } = using;
  const { app, unit } = state.juju;
  const { cpus, memoryMiB } = state.machine;
  return {
    unit: `${app}/${unit}`,
    path: dispatchPath(event),
    environment: hookEnvironment(state.juju, event, seed),
    channels: channelsOf(state, charm).map(({ slice: _slice, ...channel }) => channel),
    charmDir: state.machine.charmDir,
    folders: {},
    files: {},
    now: state.clock.now,
    seed,
    machine: { hostname: `${app}-${unit}`, cpus, memoryMiB },
    limits,
  };
}

function listenerFor(
  transaction: Transaction,
  {
    event,
    using,
    entries,
    unmet,
  }: { event: Event; using: Using; entries: Entries; unmet: Unmet[] },
): Listener {
  const began = transaction.seen.clock.now;
  return {
    ask(request) {
      const at = transaction.seen.clock.now - began;
      const asked = askWorld(
        { transaction, event, charm: using.charm, blobs: using.blobs },
        request,
      );
      if (asked.kind === 'ended') return { end: asked.end };
      const { to, reply, effects } = asked;
      if (asked.unmet && !unmet.some(({ what }) => what === asked.unmet?.what))
        unmet.push(asked.unmet);
      entries.call({ to, at, request, reply, effects });
      return { reply, now: transaction.seen.clock.now };
    },
    line: entries.line,
    traced: entries.traced,
  };
}

function machineAfter(before: MachineSlice, ended: Ended, using: Using): MachineSlice {
  const databases: Record<string, ReturnType<typeof decodedTables>> = {};
  for (const [path, change] of Object.entries(ended.charmDir)) {
    if (change.kind !== 'file' || change.size < 100) continue;
    const bytes = using.blobs.get(change.digest);
    const tables = using.readDatabase(bytes);
    if (tables) databases[path] = decodedTables(tables, using.digest);
  }
  return { ...before, charmDir: ended.charmDir, databases };
}

function closeSlices(
  state: State,
  { event, end, using }: { event: Event; end: End; using: Using },
): { state: State; refused: readonly Problem[] } {
  const refused: Problem[] = [];
  const closed: Record<string, unknown> = { ...state };
  for (const slice of SLICES) {
    const counterpart = WORLD[slice] as unknown as {
      close?(own: unknown, at: object): { slice: unknown; refused: readonly Problem[] };
    };
    const at = { event, end, charm: using.charm, now: state.clock.now };
    const ended = counterpart.close?.(state[slice], at);
    if (!ended) continue;
    closed[slice] = ended.slice;
    refused.push(...ended.refused);
  }
  return { state: closed as State, refused };
}

function isDone(end: End): boolean {
  return end.kind === 'missing' || (end.kind === 'exited' && end.code === 0);
}

function settle(
  transaction: Transaction,
  ended: Ended,
  at: { event: Event; using: Using },
): { state: State; refused: readonly Problem[] } {
  const base = isDone(ended.end) ? transaction.seen : transaction.kept;
  const state = { ...base, machine: machineAfter(base.machine, ended, at.using) };
  return closeSlices(state, { ...at, end: ended.end });
}

/** Plays one legal event. The state handed in has the node's deltas laid over it. */
export async function dispatchEvent(
  stage: Stage,
  state: State,
  { event, using }: { event: Event; using: Using },
): Promise<Dispatched> {
  const transaction = openTransaction(state);
  openSlices(transaction, event, using);
  const entries = openEntries(using.blobs);
  const unmet: Unmet[] = [];
  const seed = seedOf(state, event, using);
  const job = jobFor(transaction.seen, { event, seed, using });
  const ended = await stage.dispatch(
    job,
    listenerFor(transaction, { event, using, entries, unmet }),
    using.blobs,
  );
  const settled = settle(transaction, ended, { event, using });
  const outcome = outcomeOf(ended, { event, state, refused: settled.refused });
  const byName = (a: Unmet, b: Unmet): number => (a.what < b.what ? -1 : 1);
  return { outcome, unmet: unmet.sort(byName), entries: entries.all, after: settled.state };
}
