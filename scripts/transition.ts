/**
 * One transition: a state and an event in, how the dispatch ended and the state it left out. In the project's own JSON
 * or in ops.testing's.
 */
import { Mistake, Mistakes, mistakeText } from '../src/engine/model/mistake.ts';
import type { Blobs } from '../src/engine/model/counterpart.ts';
import type { Event } from '../src/engine/model/event.ts';
import type { Json, JsonObject } from '../src/engine/model/json.ts';
import type { Outcome, Unmet } from '../src/engine/model/outcome.ts';
import { actionParams } from '../src/engine/play/action-params.ts';
import { digestOfValue } from '../src/engine/play/digests.ts';
import { dispatchEvent, type Dispatched } from '../src/engine/play/dispatch-event.ts';
import { rootState } from '../src/engine/play/root-state.ts';
import type { Using } from '../src/engine/play/using.ts';
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
import { consistencyProblems, stateProblems } from '../src/engine/world/consistency.ts';
import type { State } from '../src/engine/world/state.ts';
import { memoryBlobs, type ReadyCharm, type TransitionSession } from './transition-session.ts';

/** `charm`: a folder or a packed charm, relative to the folder the session is in. */
export type ScenarioLine = {
  readonly charm: string;
  readonly state: ScenarioState | JsonObject;
  readonly event: ScenarioEvent | JsonObject | string;
  readonly context?: Partial<ScenarioContext> | JsonObject;
  /** The charm's class as a test had it; only the charm's own can be played. */
  readonly class?: JsonObject;
};
/** `type` as Python names it, without its module where that is Python's own. */
export type Raised = { readonly type: string; readonly message: string };
export type ScenarioResult = {
  readonly outcome: Outcome;
  readonly state: ScenarioState;
  /** The exception that ended the charm's program; null when none did. */
  readonly exception: Raised | null;
  readonly action_results: JsonObject | null;
  readonly action_failure: string | null;
  readonly action_logs: readonly string[];
  readonly container_files: Readonly<Record<string, readonly ScenarioEntry[]>>;
  /** What the charm asked for that is not simulated. */
  readonly unmet: readonly Unmet[];
  readonly log: readonly { readonly level: string; readonly message: string }[];
};

function baseState(
  { charm }: ReadyCharm,
  { blobs, session }: { blobs: Blobs; session: TransitionSession },
): State {
  const at = { file: '', line: 1, column: 1 };
  return rootState({ use: [], state: {}, at }, charm, { blobs, digest: session.digest });
}

type Played = { readonly before: State } & Dispatched;

/** Plays one event, unless Juju would never deliver it. */
async function play(
  ready: ReadyCharm,
  { state, event }: { state: State; event: Event },
  { blobs, session }: { blobs: Blobs; session: TransitionSession },
): Promise<Played> {
  const { digest, readDatabase, limits } = session;
  const { charm, prepared } = ready;
  const unit = `${state.juju.app}/${state.juju.unit}`;
  const using: Using = {
    charm,
    stage: () => session.stage(ready, unit),
    store: { get: () => null, put: () => undefined },
    blobs,
    digest,
    readDatabase,
    limits,
    inputs: {
      engine: '',
      charm: prepared.digest,
      environment: prepared.python?.lock ?? '',
      loader: session.loader.digest,
    },
    force: true,
  };
  const problems = [...stateProblems(state, charm), ...consistencyProblems(state, event, charm)];
  if (problems.length > 0) {
    const outcome = { kind: 'inconsistent', problems } as const;
    return { before: state, outcome, unmet: [], entries: [], after: state };
  }
  const seed = digestOfValue({ event, unit }, digest).replace('sha256:', '');
  const stage = await using.stage();
  return { before: state, ...(await dispatchEvent(stage, state, { event, seed, using })) };
}

/** The same event with the parameters that the controller fills in, or why it refuses them. */
function checkedAction(event: Event, ready: ReadyCharm): Event | Outcome {
  if (event.kind !== 'action') return event;
  const filled = actionParams(ready.charm.actions[event.name], event.params);
  if ('problems' in filled) return { kind: 'inconsistent', problems: filled.problems };
  return { ...event, params: filled.params };
}

function ownClass(line: ScenarioLine): void {
  const { autoloaded, qualname } = line.class ?? {};
  if (autoloaded !== false) return;
  throw new Mistake(
    `class: ${String(qualname)} is not the charm's own: only that can be dispatched`,
  );
}

function raised({ entries }: Dispatched, line: ScenarioLine): Raised | null {
  const last = entries.findLast((entry) => entry.kind === 'traced' && entry.what === 'raise');
  if (last?.kind !== 'traced') return null;
  const { type, message, module } = last.data as Readonly<Record<string, Json>>;
  // The charm's own module is the program itself.
  const own = line.class?.['module'] ?? 'charm';
  const from = module === '__main__' ? own : module;
  const named = from === undefined ? type : `${String(from)}.${String(type)}`;
  return { type: String(named), message: String(message ?? '') };
}

/** What Juju adds to an action's results: not the charm's doing. */
const JUJU_RESULTS = ['return-code', 'stdout', 'stdout-encoding', 'stderr', 'stderr-encoding'];

function charmsOwn(results: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(results).filter(([key]) => !JUJU_RESULTS.includes(key)));
}

function scenarioResult(
  line: ScenarioLine,
  { played, given }: { played: Played; given: ScenarioState },
  using: { blobs: Blobs; session: TransitionSession },
): ScenarioResult {
  const { outcome, before, after, entries, unmet } = played;
  const { action } = after.juju;
  const { blobs, session } = using;
  const results = charmsOwn(action?.results ?? {});
  return {
    outcome,
    state: scenarioStateOut(
      given,
      { before, after },
      { blobs, readDatabase: session.readDatabase },
    ),
    exception: raised(played, line),
    action_results: Object.keys(results).length > 0 ? results : null,
    action_failure: action?.failure ?? null,
    action_logs: action?.log ?? [],
    container_files: containerFiles(given, after, blobs),
    unmet,
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
  const blobs = memoryBlobs();
  const given = checkedState(line.state);
  const context = checkedContext(line.context);
  const { charm } = ready;
  const base = baseState(ready, { blobs, session });
  const { digest, readDatabase, writeDatabase } = session;
  const reading = { charm, base, blobs, digest, readDatabase, writeDatabase };
  const state = scenarioStateIn(given, context, reading);
  const wanted = typeof line.event === 'string' ? { name: line.event } : line.event;
  const event = checkedAction(scenarioEventIn(checkedEvent(wanted), state), ready);
  const using = { blobs, session };
  const played: Played =
    'params' in event || !('problems' in event)
      ? await play(ready, { state, event: event as Event }, using)
      : { before: state, outcome: event, unmet: [], entries: [], after: state };
  return scenarioResult(line, { played, given }, using);
}

/** What an author can put right, in words; null: a bug of ours. */
export function errorText(error: unknown): string | null {
  if (error instanceof Mistake) return mistakeText(error);
  if (error instanceof Mistakes) return error.all.map(mistakeText).join('\n');
  return null;
}
