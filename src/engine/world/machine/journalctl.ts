/**
 * journalctl: what units and their manager logged, on the trace's clock.
 * Source: journalctl(1); formats, filters and exit codes recorded from 252.
 * Not modelled, refused by name: following (-f), cursors, other boots than this one, fields but _SYSTEMD_UNIT, --since
 * and --until with words other than a date, `today` and `yesterday`. Nothing of the kernel or of the base's own units
 * is in it.
 */
import {
  has,
  readOptions,
  valueOf,
  valuesOf,
  type OptionTable,
  type Options,
} from './program-options.ts';
import { FORMATS, lineOf, type Format } from './journal.ts';
import { hostnameOf, release, reply, type Program } from './program.ts';
import { fitsPattern } from './systemctl-call.ts';
import { VERSIONS } from './systemd-words.ts';
import { mangled } from './unit-load.ts';
import type { Logged } from './unit-slice.ts';

const TABLE: OptionTable = {
  a: false,
  b: 'maybe',
  c: true,
  D: true,
  e: false,
  f: false,
  F: true,
  g: true,
  h: false,
  k: false,
  l: false,
  m: false,
  M: true,
  n: 'maybe',
  N: false,
  o: true,
  p: true,
  q: false,
  r: false,
  S: true,
  t: true,
  U: true,
  u: true,
  x: false,
  all: false,
  boot: 'maybe',
  catalog: false,
  cursor: true,
  directory: true,
  'disk-usage': false,
  facility: true,
  field: true,
  fields: false,
  file: true,
  flush: false,
  follow: false,
  full: false,
  grep: true,
  header: false,
  help: false,
  identifier: true,
  lines: 'maybe',
  'list-boots': false,
  'list-catalog': false,
  'no-full': false,
  'no-hostname': false,
  'no-pager': false,
  'no-tail': false,
  output: true,
  'output-fields': true,
  'pager-end': false,
  priority: true,
  quiet: false,
  reverse: false,
  root: true,
  rotate: false,
  since: true,
  sync: false,
  system: false,
  unit: true,
  until: true,
  user: false,
  'user-unit': true,
  utc: false,
  'vacuum-files': true,
  'vacuum-size': true,
  'vacuum-time': true,
  verify: false,
  version: false,
  dmesg: false,
  'case-sensitive': 'maybe',
  merge: false,
  'after-cursor': true,
  'show-cursor': false,
};
const NAMES = {
  b: 'boot',
  c: 'cursor',
  e: 'pager-end',
  f: 'follow',
  g: 'grep',
  h: 'help',
  k: 'dmesg',
  n: 'lines',
  o: 'output',
  p: 'priority',
  q: 'quiet',
  r: 'reverse',
  S: 'since',
  t: 'identifier',
  u: 'unit',
  U: 'until',
  x: 'catalog',
};
const REFUSED = [
  'follow',
  'cursor',
  'after-cursor',
  'show-cursor',
  'directory',
  'file',
  'root',
  'machine',
  'user',
  'user-unit',
  'fields',
  'field',
  'list-boots',
  'list-catalog',
  'verify',
  'facility',
  'header',
  'help',
];
const DAY = 86_400_000;

/** A moment as it is written, or null. */
function momentOf(text: string, now: number): number | null {
  const today = Math.floor(now / DAY) * DAY;
  const words: Readonly<Record<string, number>> = {
    now,
    today,
    yesterday: today - DAY,
    tomorrow: today + DAY,
  };
  if (Object.hasOwn(words, text)) return words[text] ?? null;
  const ago = /^-?(\d+)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)(?: ago)?$/.exec(text);
  if (ago) {
    const size = { s: 1000, m: 60_000, h: 3_600_000, d: DAY }[(ago[2] ?? 's')[0] ?? 's'] ?? 1000;
    return now - Number(ago[1]) * size;
  }
  const seconds = /^@(\d+(?:\.\d+)?)$/.exec(text);
  if (seconds) return Number(seconds[1]) * 1000;
  const at = Date.parse(
    `${text.replace(' ', 'T').replace(/(?: ?UTC)?$/, '')}${text.includes(':') ? '' : 'T00:00:00'}Z`,
  );
  return Number.isNaN(at) ? null : at;
}

/** Units by name or pattern, options and `_SYSTEMD_UNIT=` alike. */
function unitTest(options: Options): ((line: Logged) => boolean) | null {
  const matches = options.words.map((word) => /^_SYSTEMD_UNIT=(.*)$/.exec(word)?.[1]);
  if (matches.includes(undefined)) return null;
  const wanted = [...valuesOf(options, 'unit').map(mangled), ...(matches as string[])];
  const ids = valuesOf(options, 'identifier');
  return ({ unit, by }) =>
    (wanted.length === 0 || wanted.some((name) => name === unit || fitsPattern(name, unit))) &&
    (ids.length === 0 || ids.includes(by));
}

type Span = { readonly since: number; readonly until: number };

function spanOf(options: Options, now: number): Span | null {
  const [since, until] = [valueOf(options, 'since'), valueOf(options, 'until')];
  const from = since === undefined ? 0 : momentOf(since, now);
  const to = until === undefined ? Infinity : momentOf(until, now);
  return from === null || to === null ? null : { since: from, until: to };
}

const LINES = 10;

function countOf(options: Options): number | null {
  const value = valueOf(options, 'lines');
  if (value === undefined) return has(options, 'pager-end') ? 1000 : Infinity;
  if (value === '' || value === 'all') return value === 'all' ? Infinity : LINES;
  return /^\+?\d+$/.test(value) ? Number(value) : null;
}

/** What is said of priorities: the manager's complaints are warnings, all else informs. */
function priorityOf({ by, text }: Logged): number {
  if (by !== 'systemd') return 6;
  return /Failed (?:with result|at step|to start)|exited, code=(?!exited, status=0)/.test(text)
    ? 4
    : 6;
}

const PRIORITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

function mostOf(options: Options): number | null {
  const value = valueOf(options, 'priority');
  if (value === undefined) return 7;
  const word = value.split('..').at(-1) ?? '';
  const at = /^[0-7]$/.test(word) ? Number(word) : PRIORITIES.indexOf(word);
  return at < 0 ? null : at;
}

/** `-n 5` joined or apart: with getopt it is joined, journalctl takes a number that follows too. */
function withCount(argv: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const last = joined.at(-1);
    const waits = last === '-n' || last === '--lines' || last === '-b' || last === '--boot';
    const fits =
      /^\+?\d+$|^all$/.test(word) || (last?.startsWith('-b') === true && /^-\d+$/.test(word));
    if (waits && fits)
      joined[joined.length - 1] = `${last}${last.startsWith('--') ? '=' : ''}${word}`;
    else joined.push(word);
  }
  return joined;
}

export const journalctl: Program = (draw, request) => {
  const argv = withCount(
    request.argv.slice(1).map((word) => (/^-[a-z]*xeu$/.test(word) ? word : word)),
  );
  const options = readOptions(argv, TABLE, NAMES);
  if (options.error) return reply(1, '', `journalctl: ${options.error}\n`);
  const { number, whole } = VERSIONS[release(draw.seen)];
  if (has(options, 'version')) return reply(0, `systemd ${number} (${whole})\n`);
  const odd = REFUSED.find((name) => has(options, name));
  if (odd !== undefined) return { kind: 'unsupported', what: `journalctl --${odd}` };
  if (['flush', 'rotate', 'sync'].some((name) => has(options, name))) return reply(0);
  if (['vacuum-size', 'vacuum-time', 'vacuum-files'].some((name) => has(options, name))) {
    const freed = 'Vacuuming done, freed 0B of archived journals from';
    return reply(0, '', `${freed} /var/log/journal.\n${freed} /run/log/journal.\n`);
  }
  if (has(options, 'disk-usage')) {
    return reply(0, 'Archived and active journals take up 8.0M in the file system.\n');
  }
  const format = (valueOf(options, 'output') ?? 'short') as Format;
  if (!FORMATS.includes(format)) return { kind: 'unsupported', what: `journalctl -o ${format}` };
  const [units, span, count, most] = [
    unitTest(options),
    spanOf(options, draw.now),
    countOf(options),
    mostOf(options),
  ];
  if (count === null) return reply(1, '', `Failed to parse lines '${valueOf(options, 'lines')}'\n`);
  if (span === null)
    return {
      kind: 'unsupported',
      what: 'journalctl --since and --until with other words than dates',
    };
  if (most === null) return reply(1, '', `Unknown log level ${valueOf(options, 'priority')}\n`);
  if (!units) return reply(1, '', `Failed to add match '${options.words[0]}': Invalid argument\n`);
  const grep = valueOf(options, 'grep');
  const like = grep === undefined ? null : new RegExp(grep, /[A-Z]/.test(grep) ? 'u' : 'iu');
  const found = (draw.seen.journal ?? []).filter(
    (line) =>
      units(line) &&
      line.at >= span.since &&
      line.at <= span.until &&
      priorityOf(line) <= most &&
      (like === null || like.test(line.text)) &&
      !has(options, 'dmesg'),
  );
  const shown = count === 0 ? [] : found.slice(Number.isFinite(count) ? -count : 0);
  const ordered = has(options, 'reverse') ? shown.toReversed() : shown;
  const hostname = hostnameOf(draw);
  const lines = ordered.map((line) => `${lineOf(line, format, hostname)}\n`);
  const none =
    lines.length === 0 && !has(options, 'quiet') && !format.startsWith('json') && format !== 'cat';
  return reply(0, none ? '-- No entries --\n' : lines.join(''));
};
