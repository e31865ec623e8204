/**
 * The commit at the end of a hook: why the controller refuses it, and what stays all the same.
 * Source: juju apiserver/facades/agent/uniter (commitHookChangesForOneUnit): secrets are written before the
 * one database transaction, so they stay when that fails.
 * Not modelled: several secrets of which only the later ones are refused; then none is kept.
 */
import type { Charm } from '../model/charm.ts';
import type { Fault } from '../model/fault.ts';
import { commitProblems, type Refusal } from '../world/juju/commit.ts';
import type { State } from '../world/state.ts';

type Values = { readonly kept: State; readonly seen: State };

function injected(faults: readonly Fault[]): readonly Refusal[] {
  return faults.flatMap((fault): Refusal[] =>
    fault.kind === 'commit' ? [{ message: fault.message, by: 'transaction' }] : [],
  );
}

/** Why the hook's changes cannot be applied, in Juju's words; empty when they can. */
export function refusals({
  kept,
  seen,
  faults,
  charm,
}: Values & { readonly faults: readonly Fault[]; readonly charm: Charm }): readonly Refusal[] {
  const own = injected(faults);
  return own.length > 0 ? own : commitProblems(kept.juju, seen.juju, charm);
}

/** What a hook that was not committed leaves behind. */
export function keptOf({ kept, seen }: Values, refused: readonly Refusal[]): State {
  if (refused.length === 0 || refused.some(({ by }) => by === 'secrets')) return kept;
  if (refused.some(({ by }) => by === 'reboot')) {
    return { ...seen, juju: { ...seen.juju, rebooting: false } };
  }
  const { secrets, nextSecret } = seen.juju;
  return { ...kept, juju: { ...kept.juju, secrets, nextSecret } };
}
