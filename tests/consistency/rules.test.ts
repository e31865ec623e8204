/** Every rule of consistency as a pair: what it has nothing against, and what it refuses, with its words. */
import { describe, expect, it } from 'vitest';
import {
  consistencyProblems,
  EVENT_RULE_TEXTS,
  STATE_RULE_TEXTS,
  stateProblems,
} from '../../src/engine/world/consistency.ts';
import { RULE_TEXTS } from '../../src/engine/world/rule-texts.ts';
import { sourceFiles } from '../tidy/source-files.ts';
import { EVENT_PAIRS } from './event-pairs.ts';
import { CHARM_PAIR, STATE_PAIRS } from './state-pairs.ts';
import { CHARM, NEW, unit } from './world.ts';

function tested(pairs: readonly { rule: string }[]): readonly string[] {
  return [...new Set(pairs.map(({ rule }) => rule))].sort();
}

function ids(texts: readonly { id: string }[]): readonly string[] {
  return texts.map(({ id }) => id).sort();
}

describe('the rules', () => {
  const all = RULE_TEXTS;

  it('have ids that are used once, a title, and a source that says what was read', () => {
    expect(new Set(ids(all)).size).toBe(all.length);
    for (const { id, title, source } of all) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(title, id).toMatch(/^.{20,}[^.]$/);
      expect(source.from, id).toMatch(
        source.kind === 'documentation' ? /^(Juju|ops)/ : /^(juju|pebble) /,
      );
    }
  });

  it('are all that a problem names', () => {
    const files = sourceFiles(['src/engine'], ['.ts']);
    const named = files.flatMap(({ text }) =>
      [...text.matchAll(/\brule: '([a-z-]+)'/g)].map(([, id]) => id),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((id) => !all.some((rule) => rule.id === id))).toEqual([]);
    const asked = new Set(ids([...STATE_RULE_TEXTS, ...EVENT_RULE_TEXTS]));
    expect(ids(all).filter((id) => !asked.has(id) && !named.includes(id))).toEqual([]);
  });

  it('are each tested by a pair', () => {
    expect(tested(EVENT_PAIRS)).toEqual(ids(EVENT_RULE_TEXTS));
    expect(tested([...STATE_PAIRS, CHARM_PAIR])).toEqual(ids(STATE_RULE_TEXTS));
  });
});

describe('an event', () => {
  it.each(EVENT_PAIRS.map((pair) => [pair.rule, pair] as const))('%s', (rule, pair) => {
    const [may, event, charm = CHARM] = pair.yes;
    expect(consistencyProblems(may, event, charm)).toEqual([]);
    const [mayNot, refused, other = CHARM] = pair.no;
    const problems = consistencyProblems(mayNot, refused, other);
    expect(problems.map((one) => one.rule)).toEqual([rule]);
    expect(problems[0]?.message).toMatch(pair.says);
    if (pair.hint !== undefined)
      expect(problems[0]?.hint).toEqual(expect.stringMatching(pair.hint));
  });
});

describe('a state', () => {
  it.each(STATE_PAIRS.map((pair) => [pair.rule, pair] as const))('%s', (rule, pair) => {
    expect(stateProblems(pair.yes, CHARM, { root: true })).toEqual([]);
    const problems = stateProblems(pair.no, CHARM, { root: true });
    expect(problems.map((one) => one.rule)).toEqual([rule]);
    expect(problems[0]?.message).toMatch(pair.says);
    if (pair.hint !== undefined) expect(problems[0]?.hint).toBe(pair.hint);
  });

  it('extra-binding-name', () => {
    const problems = stateProblems(NEW, CHARM_PAIR.charm);
    expect(problems.map(({ rule, message }) => [rule, CHARM_PAIR.says.test(message)])).toEqual([
      ['extra-binding-name', true],
    ]);
  });

  it('that a delta has made may have units that are leaving, and data of a leader that leads no more', () => {
    const fewer = unit(NEW, (slice) => {
      slice.plannedUnits = 1;
    });
    expect(stateProblems(fewer, CHARM)).toEqual([]);
    expect(stateProblems(fewer, CHARM, { root: true })).toHaveLength(1);
  });

  it('is told all that is wrong with it', () => {
    const wrong = unit(NEW, (slice) => {
      slice.config = { slugg: 'a', workers: 'b' };
      slice.networks = { nope: { bindAddresses: [], ingressAddresses: [], egressSubnets: [] } };
    });
    expect(stateProblems(wrong, CHARM).map(({ rule }) => rule)).toEqual([
      'config-declared',
      'config-type',
      'network-binding-declared',
    ]);
  });
});
