/**
 * What the controller checks when a hook's changes are applied.
 * Source: juju apiserver/facades/agent/uniter, state/application.go and state/leadership.go; the agent says "cannot apply
 * changes" before it (internal/worker/uniter/runner/context/context.go).
 * Not modelled: quotas of databags, a controller that cannot be reached.
 */
import type { Problem } from '../../model/outcome.ts';
import { unitName } from './command.ts';
import type { JujuSlice } from './slice.ts';

/** `by`: what refused; secrets are written first, so they stay when something else refuses. */
export type Refusal = Problem & { readonly by: 'secrets' | 'settings' | 'state' | 'fault' };

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
  return [{ message, by: 'settings' }];
}

/** Why the changes from `kept` to `seen` are refused; empty when they are applied. */
export function commitProblems(kept: JujuSlice, seen: JujuSlice): readonly Refusal[] {
  return leadership(kept, seen);
}
