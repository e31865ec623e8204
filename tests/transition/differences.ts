/**
 * Where ops.testing's answer is not Juju's, by rule: each with the source that decides. A difference that fits none of
 * them is one to be explained.
 */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { ScenarioResult } from '../../scripts/transition.ts';
import type { Recorded } from './corpus.ts';
import type { Difference } from './normalise.ts';

export const REASONS = {
  'event-count':
    'ops counts its events on; ops.testing writes the count under a handle that ops does not read (ops framework.py)',
  departed: 'the departing unit is off the relation (juju internal/worker/uniter/relation)',
  broken: 'the relation ends with relation-broken (juju internal/worker/uniter/relation)',
  status:
    'Juju sets the status around this hook itself (juju internal/worker/uniter/operation/runhook.go)',
} as const;
export type Reason = keyof typeof REASONS;

function hookOf({ event }: Recorded): string {
  return String(event['hook'] ?? '');
}

function isFrameworkCount(value: Json): boolean {
  const { _type, name, content } = (value ?? {}) as JsonObject;
  return (
    _type === 'StoredState' && name === '_stored' && 'event_count' in ((content ?? {}) as object)
  );
}

type Rule = (difference: Difference, recorded: Recorded, result: ScenarioResult) => boolean;

const RULES: Readonly<Record<Reason, Rule>> = {
  'event-count': ({ path, theirs, ours }, { state_in }) =>
    path.startsWith('/state_out/stored_states') &&
    (state_in['stored_states'] as readonly Json[]).some(isFrameworkCount) &&
    (path.endsWith('/content/event_count') || isFrameworkCount(theirs) || isFrameworkCount(ours)),
  departed: ({ path }, recorded) =>
    hookOf(recorded).endsWith('-relation-departed') &&
    /\/(remote_units_data|peers_data)/.test(path),
  broken: ({ path }, recorded) =>
    hookOf(recorded).endsWith('-relation-broken') && path.startsWith('/state_out/relations'),
  status: ({ path }, recorded) =>
    path.startsWith('/state_out/unit_status') &&
    ['install', 'start', 'stop', 'remove'].includes(hookOf(recorded)),
};

/** The rule that explains a difference; null when none does. */
export function reasonFor(
  difference: Difference,
  recorded: Recorded,
  result: ScenarioResult,
): Reason | null {
  const found = Object.entries(RULES).find(([, rule]) => rule(difference, recorded, result));
  return (found?.[0] as Reason | undefined) ?? null;
}
