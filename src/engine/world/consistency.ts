/**
 * What Juju would not bring about: the rules of every counterpart, joined, for an event and for a state.
 * The most telling come first: where an event cannot be at all, nothing is said of its order.
 */
import type { Charm } from '../model/charm.ts';
import type { Event } from '../model/event.ts';
import type { Problem } from '../model/outcome.ts';
import { problemsOf, type RuleText } from '../model/rule.ts';
import { isRetry } from './juju/consistency/at.ts';
import type { StateRule } from './juju/consistency/state-at.ts';
import { STATE_DECLARED_RULES } from './juju/consistency/state-declared-rules.ts';
import { STATE_MODEL_RULES } from './juju/consistency/state-model-rules.ts';
import { STATE_RELATION_RULES } from './juju/consistency/state-relation-rules.ts';
import { EVENT_RULES } from './juju/stage.ts';
import { PEBBLE_OBJECT_RULES, PEBBLE_ORDER_RULES, PEBBLE_STATE_RULES } from './pebble/problems.ts';
import type { State } from './state.ts';

const JUJU_STATE_RULES: readonly StateRule[] = [
  ...STATE_MODEL_RULES,
  ...STATE_DECLARED_RULES,
  ...STATE_RELATION_RULES,
];
const [MODEL, OBJECT, LIFE, ORDER] = EVENT_RULES;
/** What is asked together: all of it is reported, and what comes later only when there is nothing. */
const STEPS = [
  { juju: MODEL ?? [], pebble: [] },
  { juju: OBJECT ?? [], pebble: PEBBLE_OBJECT_RULES },
  { juju: LIFE ?? [], pebble: [] },
  { juju: ORDER ?? [], pebble: PEBBLE_ORDER_RULES },
];

/** Every rule there is, in the order in which they are asked: those about a state, then those about an event. */
export const STATE_RULE_TEXTS: readonly RuleText[] = [...JUJU_STATE_RULES, ...PEBBLE_STATE_RULES];
export const EVENT_RULE_TEXTS: readonly RuleText[] = STEPS.flatMap(({ juju, pebble }) => [
  ...juju,
  ...pebble,
]);

/** Why the event would not come to this unit now; empty when it may. */
export function consistencyProblems(
  { juju, pebble }: State,
  event: Event,
  charm: Charm,
): readonly Problem[] {
  // A hook that is run again was in order the first time.
  const steps = isRetry({ slice: juju, event }) ? STEPS.slice(0, -1) : STEPS;
  for (const rules of steps) {
    const problems = [
      ...problemsOf(rules.juju, { slice: juju, event, charm }),
      ...problemsOf(rules.pebble, { slice: pebble, event, charm }),
    ];
    if (problems.length > 0) return problems;
  }
  return [];
}

/** What is wrong with a state that an author has laid, whatever comes next. `root`: a tree begins with it. */
export function stateProblems(
  { juju, pebble }: State,
  charm: Charm,
  { root = false }: { root?: boolean } = {},
): readonly Problem[] {
  return [
    ...problemsOf(JUJU_STATE_RULES, { slice: juju, charm, root }),
    ...problemsOf(PEBBLE_STATE_RULES, { slice: pebble, charm }),
  ];
}
