/**
 * What Juju may deliver to a unit next is a function of what came before and of what is there.
 * Source: juju internal/worker/uniter. The rules themselves, each with its source, are in `consistency/`.
 */
import type { EventRule } from './consistency/at.ts';
import { BELONGING_RULES } from './consistency/belonging-rules.ts';
import { LIFE_RULES } from './consistency/life-rules.ts';
import { MODEL_RULES } from './consistency/model-rules.ts';
import { OBJECT_RULES } from './consistency/object-rules.ts';
import { ORDER_RULES } from './consistency/order-rules.ts';
import { RELATION_ORDER_RULES } from './consistency/relation-order-rules.ts';

/** The most telling first: when an event cannot be at all, its order is not spoken of. */
export const EVENT_RULES: readonly (readonly EventRule[])[] = [
  MODEL_RULES,
  OBJECT_RULES,
  LIFE_RULES,
  [...ORDER_RULES, ...RELATION_ORDER_RULES, ...BELONGING_RULES],
];
