/**
 * What the controller checks when a hook's changes are applied.
 * Source: juju apiserver/facades/agent/uniter, state/application.go and state/leadership.go; the agent says
 * "cannot apply changes" before it (internal/worker/uniter/runner/context/context.go).
 * Not modelled: quotas of databags, a controller that cannot be reached.
 */
import type { Problem } from '../../model/outcome.ts';
import type { Charm } from '../../model/charm.ts';
import { unitName } from './command.ts';
import { commitProblems as podSpecProblems } from './pod-spec.ts';
import { commitProblems as portProblems } from './port-change.ts';
import { rebootProblems } from './reboot.ts';
import { commitProblems as secretProblems } from './secret-commit.ts';
import type { JujuSlice } from './slice.ts';
import { commitProblems as stateProblems } from './state.ts';
import { commitProblems as storageProblems } from './storage.ts';

/**
 * `by`: what refused. Secrets are written first, so they stay when something else refuses; a reboot is asked
 * for when all
 * is written.
 */
export type Refusal = Problem & { readonly by: 'secrets' | 'transaction' | 'reboot' };

/** Application data written by a unit that is not the leader any more. */
function leadership(kept: JujuSlice, seen: JujuSlice): readonly Refusal[] {
  if (seen.leader) return [];
  const wrote = Object.entries(seen.relations).some(
    ([key, { localApp }]) =>
      kept.relations[key] !== undefined && kept.relations[key].localApp !== localApp,
  );
  if (!wrote) return [];
  const [unit, app] = [JSON.stringify(unitName(seen)), JSON.stringify(seen.app)];
  const message = `cannot apply changes: prerequisites failed: ${unit} is not leader of ${app}`;
  return [{ message, by: 'transaction' }];
}

/** Why the changes from `kept` to `seen` are refused; empty when they are applied. */
export function commitProblems(kept: JujuSlice, seen: JujuSlice, charm: Charm): readonly Refusal[] {
  const by = (what: Refusal['by'], problems: readonly Problem[]): readonly Refusal[] =>
    problems.map((problem) => ({ ...problem, by: what }));
  const secrets = by('secrets', secretProblems(kept, seen));
  if (secrets.length > 0) return secrets;
  const late = [
    ...leadership(kept, seen),
    ...by('transaction', portProblems(kept, seen, charm)),
    ...by('transaction', stateProblems(kept, seen)),
    ...by('transaction', storageProblems(kept, seen, charm)),
    ...by('transaction', podSpecProblems(kept, seen)),
  ];
  return late.length > 0 ? late : by('reboot', rebootProblems(kept, seen));
}
