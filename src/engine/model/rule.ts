/**
 * A rule of consistency: what a state, or an event in a state, must be like for Juju to bring it about.
 * Rules are data so that a page and a table can list them; problems name the rule they come from.
 */
import type { Problem } from './outcome.ts';

/** Where a rule comes from: code that was read, code that is known to hold it but was not, or only what is written. */
export type RuleSource = {
  readonly kind: 'code' | 'unread' | 'documentation';
  readonly from: string;
};
export type Found = Omit<Problem, 'rule'>;
export type Rule<At> = {
  /** Stable: records, hints and tests name it. */
  readonly id: string;
  /** What is so, as a sentence without its full stop. */
  readonly title: string;
  readonly source: RuleSource;
  check(at: At): Found | readonly Found[] | null;
};
/** What a rule says of itself. */
export type RuleText = Pick<Rule<never>, 'id' | 'title' | 'source'>;

/** From Juju's or Pebble's own code: a path in its repository. */
export function code(from: string): RuleSource {
  return { kind: 'code', from };
}

/** In Juju's own code, by what is known of it: the file was not opened for this rule. */
export function unread(from: string): RuleSource {
  return { kind: 'unread', from };
}

/** Not seen in code: a page of documentation, or the checker of ops.testing. */
export function documentation(from: string): RuleSource {
  return { kind: 'documentation', from };
}

/** Everything the rules have against it, in their order. */
export function problemsOf<At>(rules: readonly Rule<At>[], at: At): readonly Problem[] {
  return rules.flatMap((rule) => {
    const found = rule.check(at);
    return found === null ? [] : [found].flat().map((one: Found) => ({ ...one, rule: rule.id }));
  });
}
