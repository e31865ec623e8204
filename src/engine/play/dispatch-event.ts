/**
 * One event of one node: begin the transaction, let the charm ask, settle what it leaves.
 * A hook is a transaction: exit 0 commits what it buffered, anything else drops it and keeps what was immediate.
 */
import type { Closing } from '../model/counterpart.ts';
import type { Ended, Heard, Job, Listener, Stage } from '../model/dispatch.ts';
import type { Event } from '../model/event.ts';
import type { Fault } from '../model/fault.ts';
import type { End, Outcome, Problem, Unmet } from '../model/outcome.ts';
import type { Request } from '../model/request.ts';
import type { TraceEntry } from '../record/format.ts';
import { dispatchPath, hookEnvironment } from '../world/juju/environment.ts';
import { forgetHook } from '../world/juju/hook.ts';
import { downloadedResources, storageFolders } from './job-files.ts';
import { baseRoot } from '../world/machine/bases/base-root.ts';
import { decodedTables } from '../world/machine/database.ts';
import { kernelOf } from '../world/machine/kernel.ts';
import { processesChanged, simulated, withLeft } from '../world/machine/processes.ts';
import type { MachineSlice } from '../world/machine/slice.ts';
import type { State } from '../world/state.ts';
import { SLICES, WORLD } from '../world/table.ts';
import {
  answerer,
  askWorld,
  channelsOf,
  errands,
  hangUp,
  takeSockets,
  type Asked,
  type Asking,
} from './ask.ts';
import { keptOf, refusals } from './commit.ts';
import { openEntries, type Entries } from './entries.ts';
import { openFaults, unreachable, type Faults } from './faults.ts';
import { outcomeOf } from './outcome-of.ts';
import { mountStorage, syncStorage } from './storage-mounts.ts';
import { openTransaction, replaceSlice, setNow, type Transaction } from './transaction.ts';
import type { Using } from './using.ts';

export type Dispatched = {
  readonly outcome: Outcome;
  readonly unmet: readonly Unmet[];
  readonly entries: readonly TraceEntry[];
  readonly after: State;
};

/** One dispatch: what happens, what goes wrong in it, and what chance in it is made of (hex). */
export type Playing = {
  readonly event: Event;
  readonly faults: readonly Fault[];
  readonly seed: string;
  readonly using: Using;
};

function openSlices(transaction: Transaction, { event, using }: Playing): void {
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

function jobFor(state: State, { event, using, faults, seed }: Playing): Job {
  const { charm, limits } = using;
  const { app, unit } = state.juju;
  const { cpus, memoryMiB, charmDir, folders, root, hostname } = state.machine;
  const gone = unreachable(faults);
  const channels = channelsOf(state, charm).filter(
    ({ kind, channel }) => kind !== 'http' || !gone.includes(channel),
  );
  return {
    unit: `${app}/${unit}`,
    path: dispatchPath(event),
    environment: hookEnvironment(state.juju, event, seed),
    channels: channels.map(({ slice: _slice, ...channel }) => channel),
    charmDir,
    ...(root ? { root } : {}),
    base: baseRoot(state.machine, using.blobs),
    folders: storageFolders(state.juju, folders),
    files: downloadedResources(state.juju),
    ...(charm.kubernetes ? {} : { processes: simulated(state.machine) }),
    now: state.clock.now,
    seed,
    machine: {
      hostname: hostname ?? `${app}-${unit}`,
      cpus,
      memoryMiB,
      kernel: kernelOf(state.machine),
    },
    limits,
  };
}

type Notes = {
  readonly entries: Entries;
  readonly unmet: Unmet[];
  /** What the program printed. */
  said: { stdout: string; stderr: string };
};

/** A reply that a fault gives, or what the world answers. */
function answerOf(
  transaction: Transaction,
  request: Request,
  { faults, asking }: { faults: Faults; asking: Asking },
): Asked {
  const met = faults.meet(request);
  switch (met.kind) {
    case 'end':
      return { kind: 'ended', end: met.end };
    case 'reply':
      return {
        kind: 'answered',
        to: answerer(request),
        reply: met.reply,
        effects: [],
        unmet: null,
      };
    case 'leadership':
      setNow(transaction, 'juju', (juju) => void (juju.leader = false));
      break;
    case 'nothing':
      break;
  }
  return askWorld(asking, request);
}

function miss(unmet: Unmet[], one: Unmet): void {
  if (!unmet.some(({ what }) => what === one.what)) unmet.push(one);
}

function askingFor(transaction: Transaction, { event, using }: Playing, unmet: Unmet[]): Asking {
  const { charm, blobs } = using;
  return { transaction, event, charm, blobs, miss: (what) => miss(unmet, { what }) };
}

function listenerFor(transaction: Transaction, at: Playing, notes: Notes): Listener {
  const { entries, unmet } = notes;
  const began = transaction.seen.clock.now;
  const faults = openFaults(at.faults);
  const asking = askingFor(transaction, at, unmet);
  let staged = transaction.seen.machine;
  const heard = (request: Request, asked: Asked): Heard => {
    if (asked.kind === 'ended') return { end: asked.end };
    if (asked.kind === 'look') return { look: asked.paths };
    if (asked.kind === 'errand') {
      const { errand, bring } = asked;
      return { errand, bring: (brought) => heard(request, bring(brought)) };
    }
    const { to, reply, effects } = asked;
    if (asked.unmet) miss(unmet, asked.unmet);
    const sockets = takeSockets(transaction);
    entries.call({ to, at: transaction.seen.clock.now - began, request, reply, effects });
    entries.sent(sockets?.frames ?? []);
    const processes = processesChanged(staged, transaction.seen.machine);
    staged = transaction.seen.machine;
    return {
      reply,
      now: transaction.seen.clock.now,
      ...(sockets ? { sockets } : {}),
      ...(processes ? { processes } : {}),
    };
  };
  return {
    ask: (request) => heard(request, answerOf(transaction, request, { faults, asking })),
    line(stream, text) {
      notes.said = { ...notes.said, [stream]: `${notes.said[stream]}${text}\n` };
      entries.line(stream, text);
    },
    traced: entries.traced,
  };
}

function machineAfter(
  { machine: before, clock: { now } }: State,
  ended: Ended,
  using: Using,
): MachineSlice {
  const databases: Record<string, ReturnType<typeof decodedTables>> = {};
  for (const [path, change] of Object.entries(ended.charmDir)) {
    if (change.kind !== 'file' || change.size < 100) continue;
    const bytes = using.blobs.get(change.digest);
    const tables = using.readDatabase(bytes);
    if (tables) databases[path] = decodedTables(tables, using.digest);
  }
  const { root: earlier = {}, ...rest } = before;
  const { root = earlier, left = [] } = ended;
  return {
    ...withLeft(rest, left, now),
    charmDir: ended.charmDir,
    ...(Object.keys(root).length > 0 ? { root } : {}),
    folders: { ...before.folders, ...ended.folders },
    databases,
  };
}

type AtClose = Playing & Pick<Closing, 'end' | 'committed' | 'refused' | 'said'>;

function closeSlices(state: State, at: AtClose): State {
  const { event, end, committed, refused, said, using } = at;
  const closed: Record<string, unknown> = { ...state };
  for (const slice of SLICES) {
    const counterpart = WORLD[slice] as unknown as {
      close?(own: unknown, at: object): unknown;
    };
    const about = {
      event,
      end,
      committed,
      refused,
      said,
      charm: using.charm,
      now: state.clock.now,
    };
    closed[slice] = counterpart.close?.(state[slice], about) ?? state[slice];
  }
  return closed as State;
}

/** Whether the hook's end lets it commit at all. */
function isDone(end: End): boolean {
  return end.kind === 'missing' || (end.kind === 'exited' && end.code === 0);
}

type Settled = { readonly state: State; readonly refused: readonly Problem[] };

/** What the end of the program leaves: exit 0 commits, unless the controller refuses. */
function settle(
  transaction: Transaction,
  ended: Ended,
  at: Playing & Pick<Closing, 'said'>,
): Settled {
  const { kept, seen } = transaction;
  const refused = isDone(ended.end)
    ? refusals({ kept, seen, faults: at.faults, charm: at.using.charm })
    : [];
  const committed = isDone(ended.end) && refused.length === 0;
  const base = committed ? seen : keptOf({ kept, seen }, refused);
  const state = { ...base, machine: machineAfter(base, ended, at.using) };
  const told = refused.map(({ by: _by, ...problem }): Problem => problem);
  const synced = syncStorage(transaction.begun, state, at.using.charm);
  const closed = closeSlices(synced, { ...at, end: ended.end, committed, refused: told });
  return { state: closed, refused: told };
}

/** The machine has died: nothing is told to Juju, and the agent runs the hook again once it is back. */
function afterDeath(transaction: Transaction, ended: Ended, { using }: Playing): State {
  const { kept } = transaction;
  return {
    ...kept,
    juju: forgetHook(kept.juju),
    machine: machineAfter(kept, ended, using),
  };
}

/** What is wanted of the host before the charm's program begins, and once it has ended. */
async function sendAll(stage: Stage, asking: Asking, { limits }: Using): Promise<void> {
  const course = errands(asking);
  for (let next = course.next(); !next.done;) {
    next = course.next(await stage.send(next.value, { blobs: asking.blobs, limits }));
  }
}

type Turn = { readonly transaction: Transaction; readonly ended: Ended };

async function turn(stage: Stage, state: State, at: Playing, notes: Notes): Promise<Turn> {
  const transaction = openTransaction(state);
  openSlices(transaction, at);
  replaceSlice(transaction, 'pebble', () => mountStorage(transaction.seen, at.using.charm).pebble);
  transaction.begun = transaction.seen;
  const asking = askingFor(transaction, at, notes.unmet);
  await sendAll(stage, asking, at.using);
  const job = jobFor(transaction.seen, at);
  const listener = listenerFor(transaction, at, notes);
  const ended = await stage.dispatch(job, listener, at.using.blobs);
  hangUp(asking);
  await sendAll(stage, asking, at.using);
  notes.entries.executed(transaction.seen);
  return { transaction, ended };
}

/** Plays one legal event. The state handed in has the node's deltas laid over it. */
export async function dispatchEvent(
  stage: Stage,
  state: State,
  { event, faults = [], seed, using }: Omit<Playing, 'faults'> & Partial<Pick<Playing, 'faults'>>,
): Promise<Dispatched> {
  const at: Playing = { event, faults, seed, using };
  const notes: Notes = {
    entries: openEntries(using.blobs, event),
    unmet: [],
    said: { stdout: '', stderr: '' },
  };
  let { transaction, ended } = await turn(stage, state, at, notes);
  if (ended.end.kind === 'died') {
    notes.entries.said(`the machine died at ${ended.end.at}: the hook is run again`);
    const alive = faults.filter(({ kind }) => kind !== 'death');
    notes.said = { stdout: '', stderr: '' };
    const back = afterDeath(transaction, ended, at);
    ({ transaction, ended } = await turn(stage, back, { ...at, faults: alive }, notes));
  }
  const settled = settle(transaction, ended, { ...at, said: notes.said });
  for (const { message } of settled.refused) notes.entries.said(message);
  const outcome = outcomeOf(ended, { event, state, refused: settled.refused });
  const byName = (a: Unmet, b: Unmet): number => (a.what < b.what ? -1 : 1);
  const { entries, unmet } = notes;
  return { outcome, unmet: unmet.sort(byName), entries: entries.all, after: settled.state };
}
