/**
 * Checks by meaning: where one stands, and how near it is to being down. How often it has succeeded counts for nothing,
 * nor which change performs it and when; one that stands as it would by itself is left out.
 */
import { findingOf } from './check-finding.ts';
import { planOfContainer } from './layer-list.ts';
import { entryOf, text } from './plan.ts';
import type { CheckState, Container } from './slice.ts';

export function canonicalChecks(container: Container): Container['checks'] {
  const states = Object.entries(container.checks);
  if (states.length === 0) return {};
  const { checks } = planOfContainer(container);
  const kept = states.flatMap(([name, { status, failures }]): [string, CheckState][] => {
    const config = entryOf(checks, name) ?? {};
    const usual = text(config, 'startup') === 'disabled' ? 'inactive' : 'up';
    if (status === usual && failures === 0) return [];
    const counted = Math.min(failures, Math.max(0, Number(config['threshold'] ?? failures)));
    return [[name, { status, failures: counted, successes: 0 }]];
  });
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What checks find, where it is not that all is well. */
export function canonicalFindings(container: Container): Pick<Container, 'checkFindings'> {
  const names = Object.keys(container.checkFindings ?? {}).sort();
  const found = names.map((name) => [name, findingOf(container, name)] as const);
  const odd = found.filter(([, finding]) => finding.found !== 'up');
  return odd.length === 0 ? {} : { checkFindings: Object.fromEntries(odd) };
}
