/**
 * systemctl's lists: units in memory, unit files, timers, sockets.
 * Source: systemctl(1); shapes recorded from 252, the legend of 255 from systemd's own manual.
 * Not modelled: list-dependencies; when a timer elapses; units of hardware, mounts and slices are in no list.
 */
import { has, valuesOf, type Options } from './program-options.ts';
import { fitsPattern, inMemory, type Handler } from './systemctl-call.ts';
import { loadStateOf } from './systemctl-show.ts';
import * as life from './systemd-life.ts';
import { definition, descriptionOf, type Manager } from './systemd-manager.ts';
import { enabledState } from './unit-enable.ts';
import { mangled, unitNames } from './unit-load.ts';

type Row = readonly string[];

/** Columns as wide as their widest cell, the last one open. */
export function columns(rows: readonly Row[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => [...(row[at] ?? '')].length)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) =>
        at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - [...cell].length),
      )
      .join(' ')
      .trimEnd(),
  );
}

function wantedOf(options: Options, name: string): readonly string[] {
  return valuesOf(options, name).flatMap((list) => list.split(','));
}

function fitsAny(words: readonly string[], name: string): boolean {
  if (words.length === 0) return true;
  return words.some((word) =>
    /[*?[]/.test(word)
      ? fitsPattern(word, name) || fitsPattern(`${word}.service`, name)
      : mangled(word) === name,
  );
}

const LEGEND = {
  '22.04':
    '\nLOAD   = Reflects whether the unit definition was properly loaded.\n' +
    'ACTIVE = The high-level unit activation state, i.e. generalization of SUB.\n' +
    'SUB    = The low-level unit activation state, values depend on unit type.\n',
  '24.04':
    '\nLegend: LOAD   → Reflects whether the unit definition was properly loaded.\n' +
    '        ACTIVE → The high-level unit activation state, i.e. generalization of SUB.\n' +
    '        SUB    → The low-level unit activation state, values depend on unit type.\n\n',
};
const MORE =
  ' Pass --all to see loaded but inactive units, too.\n' +
  "To show all installed unit files use 'systemctl list-unit-files'.\n";

function isPlain(options: Options): boolean {
  return (
    has(options, 'no-legend') ||
    valuesOf(options, 'legend').some((value) => /^(?:no|false|0)$/.test(value))
  );
}

function rowOf(manager: Manager, name: string): Row {
  const loaded = definition(manager, name);
  const { active, sub } = life.unitOf(manager, name);
  const state = loadStateOf(manager, loaded);
  return [name, state, active, sub, descriptionOf(loaded, manager.hostname)];
}

const listUnits: Handler = (manager, { words, options }) => {
  const types = wantedOf(options, 'type');
  const states = [...wantedOf(options, 'state'), ...(has(options, 'failed') ? ['failed'] : [])];
  const all = has(options, 'all') || states.length > 0;
  const rows = inMemory(manager)
    .filter((name) => fitsAny(words, name))
    .filter((name) => types.length === 0 || types.includes(name.slice(name.lastIndexOf('.') + 1)))
    .map((name) => rowOf(manager, name))
    .filter(([, , active = '']) => all || active !== 'inactive')
    .filter(
      (row) => states.length === 0 || row.slice(1, 4).some((state) => states.includes(state)),
    );
  const mark = ([, load = '', active = '']: Row): string =>
    load !== 'loaded' || active === 'failed' ? '● ' : '  ';
  if (has(options, 'plain') || isPlain(options)) {
    const marked = has(options, 'plain') ? (): string => '' : mark;
    return {
      code: 0,
      out: columns(rows)
        .map((line, at) => `${marked(rows[at]!)}${line}\n`)
        .join(''),
    };
  }
  const head = ['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'];
  const [title = '', ...lines] = columns([head, ...rows]);
  const listed = lines.map((line, at) => `${mark(rows[at]!)}${line}\n`).join('');
  const legend = rows.length > 0 ? LEGEND[manager.release] : '';
  const more = all ? '\n' : MORE;
  return {
    code: 0,
    out: `  ${title}\n${listed}${legend}${rows.length} loaded units listed.${more}`,
  };
};

const listFiles: Handler = (manager, { words, options }) => {
  const types = wantedOf(options, 'type');
  const states = wantedOf(options, 'state');
  const rows = unitNames(manager.unit)
    .filter((name) => fitsAny(words, name))
    .filter((name) => types.length === 0 || types.includes(name.slice(name.lastIndexOf('.') + 1)))
    .map((name) => {
      const state = enabledState(manager.unit, name) ?? 'bad';
      return [name, state, ['static', 'alias', 'generated'].includes(state) ? '-' : 'enabled'];
    })
    .filter(([, state = '']) => states.length === 0 || states.includes(state));
  const code = words.length > 0 && rows.length === 0 ? 1 : 0;
  if (isPlain(options))
    return {
      code,
      out: columns(rows)
        .map((line) => `${line}\n`)
        .join(''),
    };
  const last = manager.release === '22.04' ? 'VENDOR PRESET' : 'PRESET';
  const lines = columns([['UNIT FILE', 'STATE', last], ...rows])
    .map((line) => `${line}\n`)
    .join('');
  return { code, out: `${lines}\n${rows.length} unit files listed.\n` };
};

/** Active units of a type, with what they start. */
function activeOf(manager: Manager, type: string): readonly string[] {
  return inMemory(manager).filter(
    (name) => name.endsWith(`.${type}`) && life.isActive(life.unitOf(manager, name)),
  );
}

const listTimers: Handler = (manager, { options }) => {
  const names = activeOf(manager, 'timer');
  const rows = names.map((name) => ['-', '-', '-', '-', name, name.replace(/timer$/, 'service')]);
  const head = ['NEXT', 'LEFT', 'LAST', 'PASSED', 'UNIT', 'ACTIVATES'];
  const shown = isPlain(options) ? columns(rows) : columns([head, ...rows]);
  const lines = shown.map((line) => `${line}\n`).join('');
  const legend = `\n${rows.length} timers listed.\nPass --all to see loaded but inactive timers, too.\n`;
  return { code: 0, out: isPlain(options) ? lines : `${lines}${legend}` };
};

const listSockets: Handler = (manager, { options }) => {
  const names = activeOf(manager, 'socket');
  const rows = names.map((name) => {
    const listen = definition(manager, name).settings.find(({ key }) => key.startsWith('Listen'));
    return [listen?.value ?? '', name, name.replace(/socket$/, 'service')];
  });
  const shown = isPlain(options)
    ? columns(rows)
    : columns([['LISTEN', 'UNIT', 'ACTIVATES'], ...rows]);
  const lines = shown.map((line) => `${line}\n`).join('');
  const legend = `\n${rows.length} sockets listed.\nPass --all to see loaded but inactive sockets, too.\n`;
  return { code: 0, out: isPlain(options) ? lines : `${lines}${legend}` };
};

export const LISTING: Readonly<Record<string, Handler>> = {
  'list-units': listUnits,
  'list-unit-files': listFiles,
  'list-timers': listTimers,
  'list-sockets': listSockets,
  'list-jobs': () => ({ code: 0, out: 'No jobs running.\n' }),
};
