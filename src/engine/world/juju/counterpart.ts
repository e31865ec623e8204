/**
 * Juju as a charm's counterpart: hook commands in, answers out, one transaction a hook.
 * Source: juju internal/worker/uniter/runner/jujuc
 */
import type { Counterpart } from '../../model/counterpart.ts';
import type { Answer } from '../../model/request.ts';
import { answerCommand } from './answer.ts';
import { refuse } from './arguments.ts';
import { closeHook, openHook } from './hook.ts';
import type { JujuSlice } from './slice.ts';
import { hookCommandNames } from './table.ts';

export const juju: Counterpart<'juju', JujuSlice> = {
  name: 'juju',
  channels: (slice) => [{ kind: 'commands', channel: 'juju', names: hookCommandNames(slice) }],
  handle(draw, request): Answer {
    if (request.kind !== 'commands') return { kind: 'unsupported', what: `juju ${request.kind}` };
    return answerCommand(draw, request);
  },
  open: (slice, event, _charm, now) => openHook(slice, event, now),
  close: closeHook,
};

/** The refusal a charm sees for what is not simulated: named, and never mistaken for Juju's own words. */
export function notSimulated(what: string): Answer {
  return refuse(1, `playbill: ${what} is not simulated`);
}
