/**
 * Juju as a charm's counterpart: hook commands in, answers out, one transaction a hook.
 * Source: juju internal/worker/uniter/runner/jujuc
 */
import type { Counterpart } from '../../model/counterpart.ts';
import type { Answer } from '../../model/request.ts';
import { isReply, ok, parseArguments, refuse } from './arguments.ts';
import { closeHook, openHook } from './hook.ts';
import type { JujuSlice } from './slice.ts';
import { stageProblems } from './stage.ts';
import { HOOK_COMMANDS, NOT_SIMULATED } from './table.ts';

const NAMES: readonly string[] = [...Object.keys(HOOK_COMMANDS), ...NOT_SIMULATED].sort();

/** What charm-helpers looks for in `relation-set --help`; the other commands' helps are their names. */
function help(name: string): Answer {
  const flags = Object.keys(HOOK_COMMANDS[name]?.flags ?? {}).map((flag) => `    --${flag}\n`);
  return ok(`Usage: ${name} [options]\n\nOptions:\n${flags.join('')}`);
}

export const juju: Counterpart<'juju', JujuSlice> = {
  name: 'juju',
  channels: () => [{ kind: 'commands', channel: 'juju', names: NAMES }],
  handle(draw, request): Answer {
    if (request.kind !== 'commands') return { kind: 'unsupported', what: `juju ${request.kind}` };
    const [name = '', ...argv] = request.argv;
    const command = HOOK_COMMANDS[name];
    if (!command) return { kind: 'unsupported', what: `hook command ${name}` };
    if (argv.includes('--help')) return help(name);
    const parsed = parseArguments(argv, command.flags);
    return isReply(parsed) ? parsed : command.run(draw, parsed, request);
  },
  open: (slice, event, _charm, now) => openHook(slice, event, now),
  close: closeHook,
  problems: stageProblems,
};

/** The refusal a charm sees for what is not simulated: named, and never mistaken for Juju's own words. */
export function notSimulated(what: string): Answer {
  return refuse(1, `playbill: ${what} is not simulated`);
}
