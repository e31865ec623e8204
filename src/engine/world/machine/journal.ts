/**
 * Lines of the journal as journalctl prints them.
 * Source: journalctl(1); formats recorded from 252. Times are UTC.
 */
import type { Millis } from '../../model/request.ts';
import type { Logged } from './unit-slice.ts';
import { MONTHS, clock, two } from './systemd-words.ts';

export const FORMATS = [
  'short',
  'short-full',
  'short-iso',
  'short-precise',
  'short-unix',
  'short-iso-precise',
  'cat',
  'json',
  'json-pretty',
  'with-unit',
] as const;
export type Format = (typeof FORMATS)[number];

/** Lines of units and what the manager said of them. */
export function linesOfUnit(
  journal: readonly Logged[],
  units: readonly string[],
): readonly Logged[] {
  return journal.filter(({ unit }) => units.includes(unit));
}

function iso(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}`;
}

function short(at: Millis): string {
  const date = new Date(at);
  return `${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())} ${clock(at)}`;
}

const STAMPS: Readonly<Record<string, (at: Millis) => string>> = {
  short,
  'with-unit': short,
  'short-full': (at) => `${iso(at).slice(0, 10)} ${clock(at)} UTC`,
  'short-iso': (at) => `${iso(at)}+0000`,
  'short-iso-precise': (at) => `${iso(at)}.${String(at % 1000).padStart(3, '0')}000+0000`,
  'short-precise': (at) => `${short(at)}.${String(at % 1000).padStart(3, '0')}000`,
  'short-unix': (at) => `${Math.floor(at / 1000)}.${String(at % 1000).padStart(3, '0')}000`,
};

function fields(line: Logged, hostname: string): Readonly<Record<string, string>> {
  const byManager = line.by === 'systemd';
  return {
    __REALTIME_TIMESTAMP: String(line.at * 1000),
    _HOSTNAME: hostname,
    PRIORITY: '6',
    SYSLOG_IDENTIFIER: line.by,
    _PID: String(line.pid),
    [byManager ? 'UNIT' : '_SYSTEMD_UNIT']: line.unit,
    MESSAGE: line.text,
  };
}

export function lineOf(line: Logged, format: Format, hostname: string): string {
  if (format === 'cat') return line.text;
  if (format === 'json') return JSON.stringify(fields(line, hostname));
  if (format === 'json-pretty') return JSON.stringify(fields(line, hostname), null, '\t');
  const when = (STAMPS[format] ?? short)(line.at);
  const who = format === 'with-unit' ? `${line.unit}/${line.by}` : line.by;
  return `${when} ${hostname} ${who}[${line.pid}]: ${line.text}`;
}
