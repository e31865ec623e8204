/**
 * What dpkg tells of its database: lists, status, files, formats of an author's own.
 * Source: dpkg-query(1); outputs and exit codes recorded from dpkg 1.21.22 (tests/machine/recorded).
 * Not modelled: names with their architecture, `available` information, paths of removed folders.
 */
import type { Answer, Reply } from '../../model/request.ts';
import { globSource } from './apt-select.ts';
import { conffilesOf, fieldsOf, statusParagraph, statusWords } from './dpkg-status.ts';
import { allPackages, packageOf } from './package-base.ts';
import { pathsOf } from './package-files.ts';
import { relationsIn } from './package-relations.ts';
import type { InstalledPackage } from './package-slice.ts';
import { reply, type MachineDraw, type Program } from './program.ts';
import type { MachineSlice } from './slice.ts';

type Row = readonly [string, InstalledPackage | null];

export function plainName(name: string): string {
  return name.replace(/:(?:amd64|all|any|native)$/, '');
}

/** Names that packages in the database speak of and that are not in it. */
function mentioned(slice: MachineSlice): readonly string[] {
  const names = new Set<string>();
  for (const one of Object.values(slice.packages ?? {})) {
    if (!one) continue;
    for (const text of [one.depends, one.recommends, one.conflicts, one.provides]) {
      for (const { name } of relationsIn(text).flat()) names.add(name);
    }
  }
  return [...names].filter((name) => packageOf(slice, name) === null);
}

/** All that fit one of the patterns, in order of their names; those that fit nothing. */
function rowsFor(
  slice: MachineSlice,
  patterns: readonly string[],
  also: readonly string[],
): { rows: readonly Row[]; missing: readonly string[] } {
  const all: Row[] = [
    ...Object.entries(allPackages(slice)),
    ...also.map((name): Row => [name, null]),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const tests = patterns.map((pattern) => new RegExp(globSource(plainName(pattern))));
  return {
    rows: all.filter(([name]) => tests.some((test) => test.test(name))),
    missing: patterns.filter((_, at) => !all.some(([name]) => tests[at]?.test(name))),
  };
}

const HEAD =
  'Desired=Unknown/Install/Remove/Purge/Hold\n' +
  '| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n' +
  '|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n';
const LEAST = [14, 12, 12, 33] as const;
const LETTERS = { installed: 'i', unpacked: 'U', 'config-files': 'c' } as const;

function abbreviation(one: InstalledPackage | null): string {
  if (!one) return 'un';
  const { want } = statusWords(one);
  return `${want === 'deinstall' ? 'r' : want[0]}${LETTERS[one.state]}`;
}

function cellsOf([name, one]: Row): readonly string[] {
  if (!one) return [name, '<none>', '<none>', '(no description available)'];
  return [name, one.version, one.arch, one.description.split('\n')[0] ?? ''];
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(cellsOf);
  const widths = LEAST.map((least: number, at) =>
    cells.reduce((most, row) => Math.max(most, (row[at] ?? '').length), least),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at < 3 ? cell.padEnd(widths[at] ?? 0) : cell)).join(' ');
  const bars = widths.map((width) => '='.repeat(width)).join('-');
  const body = rows.map((row, at) => `${abbreviation(row[1])}  ${line(cells[at] ?? [])}\n`);
  const titles = line(['Name', 'Version', 'Architecture', 'Description']);
  return `${HEAD}||/ ${titles}\n+++-${bars}\n${body.join('')}`;
}

function noMatch(patterns: readonly string[]): string {
  return patterns.map((one) => `dpkg-query: no packages found matching ${one}\n`).join('');
}

export function list({ seen }: MachineDraw, patterns: readonly string[]): Reply {
  if (patterns.length === 0) return reply(0, table(Object.entries(allPackages(seen))));
  const { rows, missing } = rowsFor(seen, patterns, mentioned(seen));
  return reply(missing.length > 0 ? 1 : 0, rows.length > 0 ? table(rows) : '', noMatch(missing));
}

const ARCHIVES = 'Use dpkg --info (= dpkg-deb --info) to examine archive files.\n';
const CONTENTS = 'Use dpkg --contents (= dpkg-deb --contents) to list archive files contents.\n';

export function status({ seen, blobs }: MachineDraw, names: readonly string[]): Reply {
  if (names.length === 0) return wantsArgument('--status');
  const out: string[] = [];
  let err = '';
  for (const name of names) {
    const one = packageOf(seen, plainName(name));
    if (one) out.push(statusParagraph(plainName(name), one, blobs));
    else err += `dpkg-query: package '${name}' is not installed and no information is available\n`;
  }
  return reply(err ? 1 : 0, out.join('\n'), err === '' ? '' : `${err}${ARCHIVES}`);
}

function wantsArgument(option: string): Reply {
  const help = 'Use --help for help about querying packages.\n';
  return reply(
    2,
    '',
    `dpkg-query: error: ${option} needs at least one package name argument\n\n${help}`,
  );
}

function filesOf(one: InstalledPackage): readonly string[] {
  if (one.state !== 'config-files') return pathsOf(one);
  const { description, version, arch } = one;
  const conf = conffilesOf(one);
  const files = Object.fromEntries(conf.map((path) => [path, { target: '' }]));
  return pathsOf({ description, version, arch, files }).slice(1);
}

export function listFiles({ seen }: MachineDraw, names: readonly string[]): Reply {
  if (names.length === 0) return wantsArgument('--listfiles');
  const out: string[] = [];
  let err = '';
  for (const name of names) {
    const one = packageOf(seen, plainName(name));
    if (one)
      out.push(
        filesOf(one)
          .map((path) => `${path}\n`)
          .join(''),
      );
    else err += `dpkg-query: package '${name}' is not installed\n`;
  }
  return reply(err ? 1 : 0, out.join('\n'), err === '' ? '' : `${err}${CONTENTS}`);
}

export function search({ seen }: MachineDraw, patterns: readonly string[]): Reply {
  if (patterns.length === 0) return wantsArgument('--search');
  const owned = new Map<string, string[]>();
  for (const [name, one] of Object.entries(seen.packages ?? {})) {
    for (const path of one ? filesOf(one) : []) {
      if (path !== '/.') owned.set(path, [...(owned.get(path) ?? []), name]);
    }
  }
  let [out, err] = ['', ''];
  for (const pattern of patterns) {
    const globbed = /[*[?\\]/.test(pattern);
    const test = new RegExp(
      globSource(globbed || pattern.startsWith('/') ? pattern : `*${pattern}*`),
    );
    const found = [...owned].filter(([path]) => test.test(path));
    out += found.map(([path, names]) => `${names.join(', ')}: ${path}\n`).join('');
    if (found.length === 0) err += `dpkg-query: no path found matching pattern ${pattern}\n`;
  }
  return reply(err ? 1 : 0, out, err);
}

function fieldOf(draw: MachineDraw, [name, one]: Row, field: string): string {
  if (!one) return field === 'Package' || field === 'binary:Package' ? name : '';
  const { want, state } = statusWords(one);
  const made: Readonly<Record<string, string>> = {
    'binary:Package': name,
    'binary:Summary': one.description.split('\n')[0] ?? '',
    'source:Package': name,
    'source:Version': one.version,
    'source:Upstream-Version': one.version.replace(/^\d+:/, '').replace(/-[^-]*$/, ''),
    'db:Status-Abbrev': `${abbreviation(one)} `,
    'db:Status-Want': want,
    'db:Status-Status': state,
    'db:Status-Eflag': 'ok',
  };
  if (Object.hasOwn(made, field)) return made[field] ?? '';
  const known = fieldsOf(name, one, draw.blobs);
  return known.find(([key]) => key.toLowerCase() === field.toLowerCase())?.[1] ?? '';
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** `${Field;width}` and escapes, as dpkg's --showformat has them. */
export function formatted(draw: MachineDraw, format: string, row: Row): string {
  return format.replace(
    /\\(.)|\$\{([^};]+)(?:;(-?\d+))?\}/g,
    (_all, escape: string | undefined, field: string, width: string | undefined) => {
      if (escape !== undefined) return ESCAPES[escape] ?? escape;
      const value = fieldOf(draw, row, field);
      const places = Number(width ?? 0);
      if (places === 0) return value;
      return places > 0
        ? value.padStart(places).slice(0, places)
        : value.padEnd(-places).slice(0, -places);
    },
  );
}

const FORMAT = '${binary:Package}\\t${Version}\\n';

export function show(draw: MachineDraw, patterns: readonly string[], format = FORMAT): Reply {
  const { seen } = draw;
  if (patterns.length === 0) {
    const all = Object.entries(allPackages(seen));
    return reply(0, all.map((row) => formatted(draw, format, row)).join(''));
  }
  const { rows, missing } = rowsFor(seen, patterns, []);
  const out = rows.map((row) => formatted(draw, format, row)).join('');
  return reply(missing.length > 0 ? 1 : 0, out, noMatch(missing));
}

const QUERIES: Readonly<Record<string, (draw: MachineDraw, rest: readonly string[]) => Answer>> = {
  '-l': list,
  '--list': list,
  '-s': status,
  '--status': status,
  '-L': listFiles,
  '--listfiles': listFiles,
  '-S': search,
  '--search': search,
};

/** What a word asks for; undefined when it is no query. */
export function queryOf(word: string) {
  return Object.hasOwn(QUERIES, word) ? QUERIES[word] : undefined;
}

/** Options may stand before and after the query; `-f` belongs to -W. */
export const dpkgQuery: Program = (draw, request) => {
  let format: string | undefined;
  let asked: string | undefined;
  const rest: string[] = [];
  const words = request.argv.slice(1);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    const given = /^(?:-f=?|--showformat=?)(.*)$/s.exec(word);
    if (given && word !== '--showformat') {
      format = given[1] === '' ? words[(at += 1)] : given[1];
    } else if (/^--(?:admindir|root|no-pager)/.test(word)) continue;
    else if (/^-(?:[lsLSWpc]$|-)/.test(word) && asked === undefined) asked = word;
    else rest.push(word);
  }
  if (asked === '-W' || asked === '--show') return show(draw, rest, format);
  const query = asked === undefined ? undefined : queryOf(asked);
  if (query) return query(draw, rest);
  const known = [
    '-p',
    '-c',
    '--control-list',
    '--control-show',
    '--control-path',
    '--help',
    '--version',
  ];
  if (asked !== undefined && (known.includes(asked) || asked === '--print-avail')) {
    return { kind: 'unsupported', what: `dpkg-query ${asked}` };
  }
  const help = 'Use --help for help about querying packages.\n';
  const what = asked === undefined ? 'need an action option' : `unknown option ${asked}`;
  return reply(2, '', `dpkg-query: error: ${what}\n\n${help}`);
};
