/**
 * Where ops.testing's answer is not Juju's, by rule: each with the source that decides; and what cannot be compared. A
 * difference that fits none of them is one to be explained.
 *
 * ops.testing hands the count of the framework's own events on under a handle that ops does not read, so that it begins
 * anew each time (ops framework.py, ops-scenario StoredState); ops counts on. It is left out where it came in.
 */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { ScenarioResult } from '../../scripts/transition.ts';
import type { Recorded } from './corpus.ts';
import type { Difference } from './normalise.ts';

export const REASONS = {
  departed: 'the departing unit is off the relation (juju internal/worker/uniter/relation)',
  broken: 'the relation ends with relation-broken (juju internal/worker/uniter/relation)',
  status:
    'Juju sets the status around this hook itself (juju internal/worker/uniter/operation/runhook.go)',
  refused:
    'Juju would not deliver it: the rule that says so is in the answer (src/engine/world/consistency.ts)',
  'secret-uri': 'the id is no secret URI (juju core/secrets/secret.go, ParseURI)',
  // Not Juju's answer: what the engine or the recording cannot do.
  'one-source':
    'not compared: one folder of the host is mounted twice; here each mount has its own files',
  order: 'not compared: the same words in another order, in which a host lists a folder',
} as const;
export type Reason = keyof typeof REASONS;
/** Of those, what says nothing of either side. */
export const NOT_COMPARED: readonly Reason[] = ['one-source', 'order'];

function hookOf({ event }: Recorded): string {
  return String(event['hook'] ?? '');
}

function isFrameworkCount(value: Json): boolean {
  const { _type, name, content } = (value ?? {}) as JsonObject;
  return (
    _type === 'StoredState' && name === '_stored' && 'event_count' in ((content ?? {}) as object)
  );
}

function hasSharedSource(state: JsonObject): boolean {
  return (state['containers'] as readonly JsonObject[]).some(({ mounts }) => {
    const sources = Object.values((mounts ?? {}) as Record<string, { source: { path: string } }>);
    const paths = sources.map(({ source }) => source.path);
    return new Set(paths).size < paths.length;
  });
}

/** The words of a text, sorted; null of anything else. */
function words(value: Json): string | null {
  return typeof value === 'string' ? (value.match(/[\w/+=@-]+/g) ?? []).sort().join(' ') : null;
}

type Rule = (difference: Difference, recorded: Recorded, result: ScenarioResult) => boolean;

const RULES: Readonly<Record<Reason, Rule>> = {
  departed: ({ path }, recorded) =>
    hookOf(recorded).endsWith('-relation-departed') &&
    /\/(remote_units_data|peers_data)/.test(path),
  broken: ({ path }, recorded) =>
    hookOf(recorded).endsWith('-relation-broken') && path.startsWith('/state_out/relations'),
  refused: (_difference, _recorded, { outcome }) => outcome.kind === 'inconsistent',
  'secret-uri': (_difference, _recorded, { exception }) =>
    /ERROR secret URI ".*" not valid/.test(exception?.message ?? ''),
  'one-source': ({ path }, { state_in }) =>
    path.startsWith('/container_files') && hasSharedSource(state_in),
  order: ({ theirs, ours }) => words(theirs) !== null && words(theirs) === words(ours),
  status: ({ path }, recorded) =>
    path.startsWith('/state_out/unit_status') &&
    ['install', 'start', 'stop', 'remove'].includes(hookOf(recorded)),
};

/** The framework's own count, left out of both where ops.testing hands it on under a handle that ops does not read. */
export function withoutHandedCount(
  state: JsonObject | null,
  { state_in }: Recorded,
): JsonObject | null {
  const handed = (state_in['stored_states'] as readonly Json[]).some(isFrameworkCount);
  if (state === null || !handed) return state;
  const kept = (state['stored_states'] as readonly Json[]).filter((one) => !isFrameworkCount(one));
  return { ...state, stored_states: kept };
}

/** The rule that explains a difference; null when none does. */
export function reasonFor(
  difference: Difference,
  recorded: Recorded,
  result: ScenarioResult,
): Reason | null {
  const found = Object.entries(RULES).find(([, rule]) => rule(difference, recorded, result));
  return (found?.[0] as Reason | undefined) ?? null;
}
