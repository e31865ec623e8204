/**
 * What Juju may deliver to a unit next is a function of what came before and of what is there.
 * Source: juju internal/worker/uniter. The rules themselves, each with its source, are in `consistency/`.
 */
import type { Charm } from '../../model/charm.ts';
import type { Event } from '../../model/event.ts';
import type { Problem } from '../../model/outcome.ts';
import { problemsOf } from '../../model/rule.ts';
import { isRetry, type EventRule } from './consistency/at.ts';
import { BELONGING_RULES } from './consistency/belonging-rules.ts';
import { LIFE_RULES } from './consistency/life-rules.ts';
import { MODEL_RULES } from './consistency/model-rules.ts';
import { OBJECT_RULES } from './consistency/object-rules.ts';
import { ORDER_RULES } from './consistency/order-rules.ts';
import { RELATION_ORDER_RULES } from './consistency/relation-order-rules.ts';
import type { JujuSlice } from './slice.ts';

/** The most telling first: when an event cannot be at all, its order is not spoken of. */
export const EVENT_RULES: readonly (readonly EventRule[])[] = [
  MODEL_RULES,
  OBJECT_RULES,
  LIFE_RULES,
  [...ORDER_RULES, ...RELATION_ORDER_RULES, ...BELONGING_RULES],
];
/** A hook that is run again has been found to be in order the first time. */
const RETRY_RULES = EVENT_RULES.slice(0, -1);

/** Why Juju would not deliver this event to this unit now; empty when it may. */
export function stageProblems(slice: JujuSlice, event: Event, charm: Charm): readonly Problem[] {
  const at = { slice, event, charm };
  for (const rules of isRetry(at) ? RETRY_RULES : EVENT_RULES) {
    const problems = problemsOf(rules, at);
    if (problems.length > 0) return problems;
  }
  return [];
}
