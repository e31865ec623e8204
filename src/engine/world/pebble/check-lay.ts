/**
 * Checks as a tree tells of them. `down` and `up` are what a check finds from then on, and so that an author need not
 * let time pass, it has at once: one that finds nothing has failed as often as its threshold says, one that was down
 * has recovered. What else its status comes to is a matter of its periods. `inactive` stops it.
 * Where Pebble does not answer yet, a check finds what it is told to when it is first performed.
 */
import { produce, type Draft } from 'immer';
import type { Millis } from '../../model/request.ts';
import { LOG_MAX } from './check-change.ts';
import { thresholdOf } from './check-finding.ts';
import { performOnce, runningCheck } from './check-perform.ts';
import { beginChecks, planChanged, startChecks, stopChecks } from './check-plan.ts';
import { planOfContainer } from './layer-list.ts';
import { entryOf } from './plan.ts';
import type { CheckFinding, Container } from './slice.ts';

export type ToldCheck = 'up' | 'down' | 'inactive' | CheckFinding;

function find(container: Draft<Container>, name: string, finding: CheckFinding): void {
  const others = Object.entries(container.checkFindings ?? {}).filter(([one]) => one !== name);
  const all = finding.found === 'up' ? others : [...others, [name, finding] as const];
  if (all.length > 0) container.checkFindings = Object.fromEntries(all);
  else delete container.checkFindings;
}

/** As often as is needed, though no more is reckoned than its log remembers. */
function failAtOnce(container: Draft<Container>, name: string, at: Millis): void {
  const first = runningCheck(container, name);
  if (!first || first.state.status === 'down') return;
  const least = thresholdOf(first.config) - LOG_MAX;
  if (first.state.failures < least) first.state.failures = least;
  for (let turn = 0; turn < LOG_MAX; turn += 1) {
    const running = runningCheck(container, name)!;
    if (running.change.kind === 'recover-check') return;
    performOnce(container, running, at);
  }
}

function recoverAtOnce(container: Draft<Container>, name: string, at: Millis): void {
  const running = runningCheck(container, name);
  if (running && running.state.failures > 0) performOnce(container, running, at);
}

function layCheck(
  container: Draft<Container>,
  name: string,
  { told, at }: { told: ToldCheck; at: Millis },
): void {
  const there =
    container.canConnect &&
    entryOf(planOfContainer(container as Container).checks, name) !== undefined;
  if (told === 'inactive') {
    if (there) stopChecks(container, [name], at);
    else container.checks[name] = { status: 'inactive', failures: 0, successes: 0 };
    return;
  }
  const finding = typeof told === 'string' ? { found: told } : told;
  find(container, name, finding);
  if (!there) return;
  startChecks(container, [name], at);
  if (finding.found === 'up') recoverAtOnce(container, name, at);
  else failAtOnce(container, name, at);
}

export type ChecksOver = {
  /** Whether layers were laid while Pebble was up. */
  readonly replanned: boolean;
  readonly checks: Readonly<Record<string, ToldCheck>>;
  readonly at: Millis;
};

/** A container that has been laid, with its checks begun and as they are told to be. */
export function layChecks(container: Container, { replanned, checks, at }: ChecksOver): Container {
  return produce(container, (draft) => {
    if (replanned) planChanged(draft, at);
    beginChecks(draft, at);
    for (const [name, told] of Object.entries(checks)) layCheck(draft, name, { told, at });
  });
}
