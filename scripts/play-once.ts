/** One event of one state, with nothing kept: what a transition comes to, in whatever JSON it was written. */
import type { Blobs } from '../src/engine/model/counterpart.ts';
import type { Event } from '../src/engine/model/event.ts';
import type { Fault } from '../src/engine/model/fault.ts';
import type { Problem } from '../src/engine/model/outcome.ts';
import { actionParams } from '../src/engine/play/action-params.ts';
import { digestOfState, digestOfValue } from '../src/engine/play/digests.ts';
import { dispatchEvent, type Dispatched } from '../src/engine/play/dispatch-event.ts';
import { rootState } from '../src/engine/play/root-state.ts';
import type { Using } from '../src/engine/play/using.ts';
import { consistencyProblems, stateProblems } from '../src/engine/world/consistency.ts';
import type { State } from '../src/engine/world/state.ts';
import { memoryBlobs } from './memory-blobs.ts';
import type { ReadyCharm, TransitionSession } from './transition-session.ts';

export type With = { readonly blobs: Blobs; readonly session: TransitionSession };
export type ToPlay = {
  readonly state: State;
  readonly event: Event;
  readonly faults?: readonly Fault[];
  /** Plays what Juju would never deliver, and says so. */
  readonly permissive?: boolean;
};
/** `irregular`: why Juju would not have delivered the event that was played all the same. */
export type PlayedOnce = Dispatched & {
  readonly before: State;
  readonly irregular: readonly Problem[];
};

type Base = { readonly state: State; readonly blobs: Blobs };
const bases = new WeakMap<ReadyCharm, Base>();

function makeBase({ charm }: ReadyCharm, { digest }: TransitionSession): Base {
  const at = { file: '', line: 1, column: 1 };
  const blobs = memoryBlobs();
  return { state: rootState({ use: [], state: {}, at }, charm, { blobs, digest }), blobs };
}

/** A unit that Juju has just placed: what a state says nothing of is as it is there. And new blobs over its own. */
export function baseState(
  ready: ReadyCharm,
  session: TransitionSession,
): { readonly base: State; readonly blobs: Blobs } {
  const { state, blobs } = bases.get(ready) ?? makeBase(ready, session);
  bases.set(ready, { state, blobs });
  return { base: state, blobs: memoryBlobs(blobs) };
}

function usingFor({ charm, prepared }: ReadyCharm, unit: string, { blobs, session }: With): Using {
  return {
    charm,
    stage: () => session.stage({ charm, prepared }, unit),
    store: { get: () => null, put: () => undefined },
    blobs,
    digest: session.digest,
    readDatabase: session.readDatabase,
    limits: session.limits,
    inputs: {
      engine: '',
      charm: prepared.digest,
      environment: prepared.python?.lock ?? '',
      loader: session.loader.digest,
    },
    force: true,
  };
}

/** The event with the parameters that the controller fills in, or why it refuses them. */
function filled(
  event: Event,
  { charm }: ReadyCharm,
): Event | { readonly problems: readonly Problem[] } {
  if (event.kind !== 'action') return event;
  const made = actionParams(charm.actions[event.name], event.params);
  return 'problems' in made ? made : { ...event, params: made.params };
}

function refused(state: State, problems: readonly Problem[]): PlayedOnce {
  const outcome = { kind: 'inconsistent', problems } as const;
  return { before: state, after: state, outcome, unmet: [], entries: [], irregular: [] };
}

/** Plays one event, unless Juju would never deliver it. */
export async function playOnce(ready: ReadyCharm, wanted: ToPlay, at: With): Promise<PlayedOnce> {
  const { state, faults = [], permissive = false } = wanted;
  const event = filled(wanted.event, ready);
  if ('problems' in event) return refused(state, event.problems);
  const { charm } = ready;
  const problems = [...stateProblems(state, charm), ...consistencyProblems(state, event, charm)];
  if (problems.length > 0 && !permissive) return refused(state, problems);
  const { digest } = at.session;
  const seed = digestOfValue({ state: digestOfState(state, digest), event }, digest);
  const using = usingFor(ready, `${state.juju.app}/${state.juju.unit}`, at);
  const playing = { event, faults, seed: seed.replace('sha256:', ''), using };
  const played = await dispatchEvent(await using.stage(), state, playing);
  return { ...played, before: state, irregular: problems };
}
