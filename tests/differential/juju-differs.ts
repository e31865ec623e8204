/**
 * Where Juju's answer is not ops.testing's: each place with the source of Juju that says so. What is in no rule here
 * has to be equal.
 */
import type { Draft } from 'immer';
import { produce } from 'immer';
import type { Case } from './case.ts';
import type { Compared } from './compared.ts';
import { STATUS_RULES } from './juju-differs-status.ts';
import { RELATION_RULES } from './juju-differs-relation.ts';
import { NETWORK_RULES } from './juju-differs-network.ts';
import { STORAGE_RULES } from './juju-differs-storage.ts';
import { ACTION_RULES } from './juju-differs-action.ts';
import { PEBBLE_RULES } from './juju-differs-pebble.ts';
import { SECRET_RULES } from './juju-differs-secret.ts';
import type { Rule } from './rule.ts';

export const RULES: readonly Rule[] = [
  ...SECRET_RULES,
  ...STATUS_RULES,
  ...RELATION_RULES,
  ...NETWORK_RULES,
  ...STORAGE_RULES,
  ...PEBBLE_RULES,
  ...ACTION_RULES,
];

/** The case as ops.testing has to be asked for it. */
export function askedOf(one: Case): Case {
  return RULES.reduce((asked, rule) => rule.ask?.(asked) ?? asked, one);
}

/** What Juju makes of ops.testing's answer, and which rules it took. */
export function jujuOf(
  theirs: Compared,
  one: Case,
  ours: Compared,
): { readonly juju: Compared; readonly met: readonly string[] } {
  const met = RULES.filter(({ ask }) => ask && ask(one) !== one).map(({ rule }) => rule);
  let juju = theirs;
  for (const { rule, juju: change } of RULES) {
    if (!change) continue;
    const changed = produce(juju, (draft: Draft<Compared>) => change(draft, one, ours));
    if (JSON.stringify(changed) !== JSON.stringify(juju)) met.push(rule);
    juju = changed;
  }
  return { juju, met };
}
