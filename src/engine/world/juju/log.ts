/**
 * juju-log. What it writes goes to the unit's log, at once; it changes no state.
 * Source: juju jujuc/juju-log.go, github.com/juju/loggo (level.go)
 */
import { ok, quoted, refuse, type Parsed } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { warned } from './format.ts';

export const jujuLog: HookCommand = {
  flags: {
    'log-level': { kind: 'text', short: 'l' },
    debug: { kind: 'yes' },
    format: { kind: 'text' },
  },
  run(_context, parsed) {
    if (parsed.rest.length === 0) return refuse(2, 'no message specified');
    return warned('juju-log', parsed, ok(''));
  },
};

const LEVELS: Readonly<Record<string, string>> = {
  TRACE: 'TRACE',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARNING',
  WARNING: 'WARNING',
  ERROR: 'ERROR',
  CRITICAL: 'CRITICAL',
};

export type LogLine = { readonly level: string; readonly message: string };

/** The lines that a juju-log call leaves in the unit's log; `relation` is the hook's own, empty when it has none. */
export function logLines(parsed: Parsed, relation: string): readonly LogLine[] {
  const prefix = relation === '' ? '' : `${relation}: `;
  const message = `${prefix}${parsed.rest.join(' ')}`;
  const given = parsed.text['log-level'] ?? 'INFO';
  if (parsed.yes['debug']) return [{ level: 'DEBUG', message }];
  if (given === '') return [{ level: 'INFO', message }];
  // The level that loggo has for "none" passes no filter.
  if (given.toUpperCase() === 'UNSPECIFIED') return [];
  const level = LEVELS[given.toUpperCase()];
  if (level !== undefined) return [{ level, message }];
  const warning = `Specified log level of ${quoted(given)} is not valid`;
  return [
    { level: 'WARNING', message: warning },
    { level: 'INFO', message },
  ];
}
