/**
 * juju-log. What it writes goes to the unit's log, at once; it changes no state.
 * Source: juju jujuc/juju-log.go The line itself is taken from the recorded call.
 */
import { ok, refuse } from './arguments.ts';
import type { HookCommand } from './command.ts';

export const jujuLog: HookCommand = {
  flags: {
    'log-level': { kind: 'text', short: 'l' },
    debug: { kind: 'yes' },
    format: { kind: 'text' },
  },
  run(_context, parsed) {
    return parsed.rest.length === 0 ? refuse(2, 'no message specified') : ok('');
  },
};

const LEVELS: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** The line that a juju-log call leaves in the unit's log; an unknown level counts as INFO. */
export function logLine(parsed: {
  text: Readonly<Record<string, string>>;
  yes: Readonly<Record<string, boolean>>;
  rest: readonly string[];
}): { level: string; message: string } {
  const given = (parsed.text['log-level'] ?? 'INFO').toUpperCase();
  const level = parsed.yes['debug'] ? 'DEBUG' : LEVELS.includes(given) ? given : 'INFO';
  return { level, message: parsed.rest.join(' ') };
}
