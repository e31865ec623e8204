/**
 * The outcome of a dispatch from how its program ended.
 * Source: juju internal/worker/uniter/runner (a missing hook is skipped and counts as success, a missing action fails).
 */
import type { Ended } from '../model/dispatch.ts';
import { eventName, type Event } from '../model/event.ts';
import type { Outcome, Problem } from '../model/outcome.ts';
import type { State } from '../world/state.ts';

function missing(event: Event, state: State, ended: Ended): Outcome {
  if (event.kind !== 'action') {
    return { kind: 'played', note: `the charm has no ${eventName(event)} hook: Juju skips it` };
  }
  const unit = `${state.juju.app}/${state.juju.unit}`;
  return {
    kind: 'failed',
    end: ended.end,
    reason: `action not implemented on unit ${JSON.stringify(unit)}`,
  };
}

/** What a commit refused, or how the program ended, in the one union that pages draw. */
export function outcomeOf(
  ended: Ended,
  { event, state, refused }: { event: Event; state: State; refused: readonly Problem[] },
): Outcome {
  const { end } = ended;
  const reason = (otherwise: string): string => (ended.reason === '' ? otherwise : ended.reason);
  switch (end.kind) {
    case 'exited':
      if (end.code !== 0) return { kind: 'failed', end, reason: reason(`exit status ${end.code}`) };
      return refused.length > 0 ? { kind: 'commit-failed', problems: refused } : { kind: 'played' };
    case 'missing':
      return missing(event, state, ended);
    case 'killed':
      return { kind: 'failed', end, reason: reason(`killed by ${end.signal}`) };
    case 'limit': {
      const kind = end.of === 'time' ? 'timed-out' : 'failed';
      return { kind, end, reason: reason(`more than ${end.allowed} of ${end.of}`) };
    }
    case 'stuck':
      return { kind: 'timed-out', end, reason: reason(`waits for ever on ${end.on}`) };
    case 'rebooted':
      return { kind: 'played', note: 'the charm asked for a reboot at once: the hook runs again' };
    case 'died':
      return { kind: 'failed', end, reason: `the machine died at ${end.at}` };
    case 'outside':
      return { kind: 'failed', end, reason: reason(`would write to ${end.path}`) };
    case 'not-started':
      return { kind: 'failed', end, reason: end.reason };
  }
}
