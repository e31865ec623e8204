/**
 * One transition: a state and an event in, how the dispatch ended and the state it left out. In the project's own JSON
 * (src/engine/transition/own-json.ts) or in ops.testing's (src/engine/transition/scenario-json.ts).
 */
import { readFileSync } from 'node:fs';
import type { Event } from '../src/engine/model/event.ts';
import type { Fault } from '../src/engine/model/fault.ts';
import type { Json, JsonObject } from '../src/engine/model/json.ts';
import { Mistake } from '../src/engine/model/mistake.ts';
import type { Outcome, Problem, Unmet } from '../src/engine/model/outcome.ts';
import { resolveEvent } from '../src/engine/play/resolve.ts';
import type { TraceEntry } from '../src/engine/record/format.ts';
import { readStateJson, stateJson } from '../src/engine/transition/own-json.ts';
import { ownChecks, type OwnChecks } from '../src/engine/transition/own-schema.ts';
import { scenarioEventIn } from '../src/engine/transition/scenario-event.ts';
import type {
  ScenarioContext,
  ScenarioEntry,
  ScenarioEvent,
  ScenarioState,
} from '../src/engine/transition/scenario-json.ts';
import {
  checkedContext,
  checkedEvent,
  checkedState,
} from '../src/engine/transition/scenario-schema.ts';
import { scenarioStateIn } from '../src/engine/transition/scenario-state-in.ts';
import { containerFiles, scenarioStateOut } from '../src/engine/transition/scenario-state-out.ts';
import type { State } from '../src/engine/world/state.ts';
import { baseState, playOnce, type PlayedOnce, type With } from './play-once.ts';
import type { ReadyCharm, TransitionSession } from './transition-session.ts';

/** What both forms of a line say. */
type Line = {
  /** A folder or a packed charm, relative to the folder the session is in. */
  readonly charm: string;
  /** What is to go wrong in the dispatch. */
  readonly faults?: readonly Fault[];
  /** Plays what Juju would never deliver, and says why it would not. */
  readonly permissive?: boolean;
};
/** An event is one of model/event.ts, or named as in a tree: `start`, `db-relation-changed`. */
export type OwnLine = Line & { readonly state: Json; readonly event: Event | string };
export type OwnResult = {
  /** null: what was named is nothing that this state could meet. */
  readonly event: Event | null;
  readonly outcome: Outcome;
  readonly irregular: readonly Problem[];
  readonly unmet: readonly Unmet[];
  readonly state: JsonObject;
  /** Everything that happened, as records have it; texts of more than 16 KiB by digest only. */
  readonly entries: readonly TraceEntry[];
};
export type ScenarioLine = Line & {
  readonly state: ScenarioState | JsonObject;
  readonly event: ScenarioEvent | JsonObject | string;
  readonly context?: Partial<ScenarioContext> | JsonObject;
  /** The charm's class as a test had it; only the charm's own can be played. */
  readonly class?: JsonObject;
};
/** `type` with its module, as Python names it. */
export type Raised = { readonly type: string; readonly message: string };
export type ScenarioResult = {
  readonly outcome: Outcome;
  readonly irregular: readonly Problem[];
  readonly unmet: readonly Unmet[];
  readonly state: ScenarioState;
  /** The exception that ended the charm's program; null when none did. */
  readonly exception: Raised | null;
  readonly action_results: JsonObject | null;
  readonly action_failure: string | null;
  readonly action_logs: readonly string[];
  /** How many instances the charm asked for, by storage. */
  readonly requested_storages: Readonly<Record<string, number>>;
  readonly container_files: Readonly<Record<string, readonly ScenarioEntry[]>>;
  readonly log: readonly { readonly level: string; readonly message: string }[];
};

const RECORD = new URL('../src/engine/record/record.schema.json', import.meta.url);
let known: OwnChecks | undefined;

function checks(): OwnChecks {
  known ??= ownChecks(JSON.parse(readFileSync(RECORD, 'utf8')) as Parameters<typeof ownChecks>[0]);
  return known;
}

function withFaults({ faults, permissive }: Line): Pick<Line, 'faults' | 'permissive'> {
  if (faults !== undefined) checks().faults(faults);
  if (permissive !== undefined && typeof permissive !== 'boolean') {
    throw new Mistake('permissive: must be true or false');
  }
  return { ...(faults ? { faults } : {}), ...(permissive === undefined ? {} : { permissive }) };
}

function ownEvent(
  wanted: Event | string,
  state: State,
  { charm }: ReadyCharm,
): ReturnType<typeof resolveEvent> {
  if (typeof wanted === 'string') {
    const at = { file: 'event', line: 1, column: 1 };
    return resolveEvent({ name: wanted, kind: 'hook', at }, state, charm);
  }
  checks().event(wanted);
  return { event: wanted };
}

/** One line in the project's own JSON. Throws a Mistake where nothing can be played. */
export async function playTransition(
  line: OwnLine,
  session: TransitionSession,
): Promise<OwnResult> {
  const ready = await session.charm(line.charm);
  const { base, blobs } = baseState(ready, session);
  const at: With = { blobs, session };
  const { digest, readDatabase } = session;
  const reading = { base, blobs, digest, readDatabase, check: checks().state };
  const state = readStateJson(line.state, reading);
  const found = ownEvent(line.event, state, ready);
  if ('problems' in found) {
    const outcome = { kind: 'inconsistent', problems: found.problems } as const;
    const nothing = { irregular: [], unmet: [], entries: [] };
    return { event: null, outcome, state: stateJson(state, blobs), ...nothing };
  }
  const { event } = found;
  const played = await playOnce(ready, { ...withFaults(line), state, event }, at);
  const { outcome, irregular, unmet, after, entries } = played;
  return { event, outcome, irregular, unmet, state: stateJson(after, blobs), entries };
}

function ownClass({ class: given }: ScenarioLine): void {
  if (given?.['autoloaded'] !== false) return;
  const name = String(given['qualname']);
  throw new Mistake(`class: ${name} is not the charm's own: only that can be dispatched`);
}

/** The charm's own module is the program itself, which Python calls __main__. */
function raised({ entries }: PlayedOnce, { class: given }: ScenarioLine): Raised | null {
  const last = entries.findLast((entry) => entry.kind === 'traced' && entry.what === 'raise');
  if (last?.kind !== 'traced') return null;
  const { type, message, module } = last.data as Readonly<Record<string, Json>>;
  const own = given?.['module'] ?? 'charm';
  const from = module === '__main__' ? own : module;
  const name = `${String(from)}.${String(type)}`;
  return { type: name, message: String(message ?? '') };
}

/** What Juju adds to an action's results. */
const JUJU_RESULTS = ['return-code', 'stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'];

function charmsOwn(results: JsonObject): JsonObject | null {
  const own = Object.entries(results).filter(([key]) => !JUJU_RESULTS.includes(key));
  return own.length > 0 ? Object.fromEntries(own) : null;
}

function scenarioResult(
  line: ScenarioLine,
  { played, given }: { played: PlayedOnce; given: ScenarioState },
  { blobs, session: { readDatabase } }: With,
): ScenarioResult {
  const { outcome, irregular, unmet, before, after, entries } = played;
  const { action } = after.juju;
  return {
    outcome,
    irregular,
    unmet,
    state: scenarioStateOut(given, { before, after }, { blobs, readDatabase }),
    exception: raised(played, line),
    action_results: charmsOwn(action?.results ?? {}),
    action_failure: action?.failure ?? null,
    action_logs: action?.log ?? [],
    requested_storages: after.juju.requestedStorages,
    container_files: containerFiles(given, after, blobs),
    log: entries.flatMap((entry) =>
      entry.kind === 'log' ? [{ level: entry.level, message: entry.message }] : [],
    ),
  };
}

/** One line of the scenario dialect. Throws a Mistake where nothing can be played. */
export async function playScenarioTransition(
  line: ScenarioLine,
  session: TransitionSession,
): Promise<ScenarioResult> {
  ownClass(line);
  const ready = await session.charm(line.charm);
  const { base, blobs } = baseState(ready, session);
  const at: With = { blobs, session };
  const { digest, readDatabase, writeDatabase } = session;
  const stores = { blobs, digest, readDatabase, writeDatabase };
  const given = checkedState(line.state);
  const reading = { charm: ready.charm, base, ...stores };
  const state = scenarioStateIn(given, checkedContext(line.context), reading);
  const named = typeof line.event === 'string' ? { name: line.event } : line.event;
  const event = scenarioEventIn(checkedEvent(named), state);
  const played = await playOnce(ready, { ...withFaults(line), state, event }, at);
  return scenarioResult(line, { played, given }, at);
}
