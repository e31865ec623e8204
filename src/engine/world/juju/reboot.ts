/**
 * juju-reboot: after the hook, when it is done; with --now the hook is killed at once, and run again afterwards.
 * Source: juju jujuc/reboot.go, runner/context/context.go (RequestReboot, handleReboot), api/agent/uniter/unit.go.
 * A pod has no machine that could reboot: there the request fails once the hook's changes are in, and so does the hook.
 */
import type { Problem } from '../../model/outcome.ts';
import { ok, quoted, refuse, unrecognised } from './arguments.ts';
import { unitName, type HookCommand } from './command.ts';
import type { JujuSlice } from './slice.ts';

export const jujuReboot: HookCommand = {
  flags: { now: { kind: 'yes' } },
  run({ seen, buffer }, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    if (seen.action !== null) {
      return refuse(1, 'juju-reboot is not supported when running an action.');
    }
    if (!parsed.yes['now']) {
      buffer((slice) => void (slice.rebooting = true));
      return ok('');
    }
    const pod = seen.model.type === 'kubernetes';
    return { kind: 'end', end: pod ? { kind: 'killed', signal: 'SIGKILL' } : { kind: 'rebooted' } };
  },
};

/** Why the machine does not reboot after the hook. What the hook changed is kept all the same. */
export function rebootProblems(kept: JujuSlice, seen: JujuSlice): readonly Problem[] {
  const asked = seen.rebooting && !kept.rebooting;
  if (!asked || seen.model.type !== 'kubernetes') return [];
  return [{ message: `unit ${quoted(unitName(seen))} is not assigned to a machine` }];
}
