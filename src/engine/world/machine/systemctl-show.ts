/**
 * systemctl's verbs that ask: is-active, is-failed, status, cat, is-system-running, get-default.
 * Source: systemctl(1); recorded from 252. Exit codes of what is not there: pull request 25689 of systemd/systemd.
 * Not modelled: what status tells of memory, tasks and processor time; of commands but the main one.
 */
import { valueOf } from './program-options.ts';
import { lineOf, linesOfUnit } from './journal.ts';
import type { Handler, Told } from './systemctl-call.ts';
import { isEnabled } from './systemctl-enable.ts';
import { show } from './systemctl-properties.ts';
import { changedWarning } from './systemd-jobs.ts';
import * as life from './systemd-life.ts';
import { changedOnDisk, definition, descriptionOf, type Manager } from './systemd-manager.ts';
import { VERSIONS, ago, endShown, stamp } from './systemd-words.ts';
import { enabledState } from './unit-enable.ts';
import { nameParts } from './unit-file.ts';
import { linkTarget, loadUnit, unitNames, type Loaded } from './unit-load.ts';
import { badSetting, planOf } from './unit-plan.ts';
import type { Unit } from './unit-slice.ts';

function stateOf(manager: Manager, name: string): Unit {
  return life.unitOf(manager, definition(manager, name).name);
}

function isThere(manager: Manager, name: string): boolean {
  return (
    loadUnit(manager.unit, name).load !== 'not-found' ||
    stateOf(manager, name).active !== 'inactive'
  );
}

/** 0 when one of the units is in one of the states. */
function check(states: readonly string[], otherwise: number): Handler {
  return (manager, { names, quiet }) => {
    const found = names.map((name) => stateOf(manager, name).active);
    const out = quiet ? '' : found.map((active) => `${active}\n`).join('');
    if (found.some((active) => states.includes(active))) return { code: 0, out };
    const none = names.every((name) => !isThere(manager, name));
    return { code: none && manager.release === '24.04' ? 4 : otherwise, out };
  };
}

function failedUnits(manager: Manager): readonly string[] {
  return Object.keys(manager.units).filter(
    (name) => life.unitOf(manager, name).active === 'failed',
  );
}

const isFailed: Handler = (manager, call) => {
  if (call.words.length > 0) return check(['failed'], 1)(manager, call);
  if (manager.release === '22.04') return { code: 1, err: 'Too few arguments.\n' };
  const degraded = failedUnits(manager).length > 0;
  return {
    code: degraded ? 0 : 1,
    out: call.quiet ? '' : `${degraded ? 'degraded' : 'running'}\n`,
  };
};

const isSystemRunning: Handler = (manager, { quiet }) => {
  const degraded = failedUnits(manager).length > 0;
  const out = degraded ? 'degraded\n' : 'running\n';
  return { code: degraded ? 1 : 0, out: quiet ? '' : out };
};

const getDefault: Handler = (manager) => {
  const target = linkTarget(manager.unit, '/etc/systemd/system/default.target');
  return { code: 0, out: `${target?.split('/').at(-1) ?? 'graphical.target'}\n` };
};

/** Whether the manager has any use for a unit: it is active, or will be at the next boot. */
function isUsed(manager: Manager, name: string): boolean {
  const enabled = enabledState(manager.unit, name)?.startsWith('enabled') ?? false;
  return enabled || life.isActive(stateOf(manager, name));
}

/** Units that this one starts when something happens, and those that start this one. */
export function triggers(manager: Manager, name: string) {
  const { whole, type } = nameParts(name);
  const names = unitNames(manager.unit);
  const kinds = ['socket', 'timer', 'path'];
  return {
    triggers: kinds.includes(type) ? [`${whole}.service`] : [],
    triggeredBy:
      type === 'service'
        ? kinds
            .map((kind) => `${whole}.${kind}`)
            .filter((other) => names.includes(other) && isUsed(manager, other))
        : [],
  };
}

export function loadStateOf(manager: Manager, loaded: Loaded): string {
  if (loaded.load !== 'loaded') return loaded.load;
  return badSetting(loaded) && manager.units[loaded.name]?.active !== 'active'
    ? 'bad-setting'
    : 'loaded';
}

const DOTS: Readonly<Record<string, string>> = { inactive: '○', failed: '×' };

function dot({ active }: Unit): string {
  return DOTS[active] ?? '●';
}

function loadedLine(manager: Manager, loaded: Loaded): string {
  const { name, fragment } = loaded;
  const state = loadStateOf(manager, loaded);
  if (state === 'masked') return `masked (Reason: Unit ${name} is masked.)`;
  if (state === 'bad-setting')
    return `bad-setting (Reason: Unit ${name} has a bad unit file setting.)`;
  if (state === 'not-found') return `not-found (Reason: Unit ${name} not found.)`;
  const enabled = enabledState(manager.unit, name);
  const preset = manager.release === '22.04' ? 'vendor preset' : 'preset';
  const presets = ['static', 'generated', 'alias', null].includes(enabled)
    ? ''
    : `; ${preset}: enabled`;
  return `loaded (${[fragment, enabled].filter(Boolean).join('; ')}${presets})`;
}

function activeLine(manager: Manager, { active, sub, result, since }: Unit): string {
  const why = result === 'success' ? '' : ` (Result: ${result})`;
  const when = since === 0 ? '' : ` since ${stamp(since)}; ${ago(manager.now - since)}`;
  return `${active} (${sub})${why}${when}`.replace('(failed) (Result', '(Result');
}

/** Lines of what ran and what runs. */
function processLines(manager: Manager, loaded: Loaded, unit: Unit): readonly string[] {
  const { name } = loaded;
  if (unit.mainPid !== 0) {
    const { argv = planOf(loaded, manager.hostname).start[0]?.argv ?? [] } =
      manager.processes[unit.mainPid] ?? {};
    const { prefix, instance } = nameParts(name);
    const slice = instance === null ? '/system.slice' : `/system.slice/system-${prefix}.slice`;
    const line = argv.join(' ');
    return [
      `   Main PID: ${unit.mainPid} (${life.baseName(argv[0] ?? '')})`,
      `     CGroup: ${slice}/${name}`,
      `             └─${unit.mainPid} ${line}`,
    ];
  }
  const { exited, lastPid } = unit;
  if (!exited || lastPid === undefined) return [];
  return [
    `    Process: ${lastPid} ExecStart=${(unit.argv ?? []).join(' ')} (${endShown(exited)})`,
    `   Main PID: ${lastPid} (${endShown(exited)})`,
  ];
}

function listed(title: string, names: readonly string[]): readonly string[] {
  return names.map((name, index) => {
    const head = index === 0 ? `${title.padStart(11)}: ` : ' '.repeat(13);
    return `${head}● ${name}`;
  });
}

function dropInLines({ texts }: Loaded): readonly string[] {
  const paths = texts.slice(1).map(({ path }) => path);
  const folders = [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))))];
  return folders.flatMap((folder, index) => {
    const names = paths.filter((path) => path.startsWith(`${folder}/`)).map(life.baseName);
    const head = index === 0 ? '    Drop-In: ' : ' '.repeat(13);
    return [`${head}${folder}`, `             └─${names.join(', ')}`];
  });
}

const STATUS_LINES = 10;

function statusText(manager: Manager, name: string, lines: number): string {
  const loaded = definition(manager, name);
  const unit = life.unitOf(manager, loaded.name);
  const described =
    loadStateOf(manager, loaded) === 'masked'
      ? loaded.name
      : descriptionOf(loaded, manager.hostname);
  const title = described === loaded.name ? loaded.name : `${loaded.name} - ${described}`;
  const related = triggers(manager, loaded.name);
  const logged = linesOfUnit(manager.journal, [loaded.name]).slice(lines === 0 ? Infinity : -lines);
  const shown = logged.map((line) => lineOf(line, 'short', manager.hostname));
  return [
    `${dot(unit)} ${title}`,
    `     Loaded: ${loadedLine(manager, loaded)}`,
    ...dropInLines(loaded),
    `     Active: ${activeLine(manager, unit)}`,
    ...listed('TriggeredBy', related.triggeredBy),
    ...listed('Triggers', related.triggers),
    ...processLines(manager, loaded, unit),
    ...(shown.length > 0 ? ['', ...shown] : []),
    '',
  ].join('\n');
}

function wholeStatus(manager: Manager): Told {
  const failed = failedUnits(manager).length;
  const out = [
    `● ${manager.hostname}`,
    `    State: ${failed > 0 ? 'degraded' : 'running'}`,
    `    Units: ${unitNames(manager.unit).length} loaded (incl. loaded aliases)`,
    '     Jobs: 0 queued',
    `   Failed: ${failed} units`,
    ...(manager.release === '24.04' ? [`  systemd: ${VERSIONS['24.04'].whole}`] : []),
    '',
  ].join('\n');
  return { code: 0, out };
}

const status: Handler = (manager, { words, names, options }) => {
  if (words.length === 0) return wholeStatus(manager);
  const lines = Number(valueOf(options, 'lines') ?? STATUS_LINES);
  let [code, err] = [0, ''];
  const texts: string[] = [];
  for (const name of names) {
    if (!isThere(manager, name)) {
      err += `Unit ${name} could not be found.\n`;
      code ||= 4;
      continue;
    }
    const unit = stateOf(manager, name);
    texts.push(statusText(manager, name, lines));
    if (changedOnDisk(manager, name)) err += changedWarning(definition(manager, name).name);
    code ||= unit.active === 'active' ? 0 : 3;
  }
  return { code, out: texts.join('\n'), err };
};

const cat: Handler = (manager, { names }) => {
  let [code, err] = [0, ''];
  const texts: string[] = [];
  for (const name of names) {
    const loaded = loadUnit(manager.unit, name);
    if (loaded.load === 'not-found') {
      err += `No files found for ${name}.\n`;
      code = 1;
    } else if (loaded.load === 'masked') texts.push(`# Unit ${name} is masked.\n`);
    else
      texts.push(
        ...loaded.texts.map(({ path, text }) => `# ${path}\n${text.replace(/\n?$/, '\n')}`),
      );
    if (changedOnDisk(manager, name)) {
      err +=
        `# Warning: ${loaded.name} changed on disk, the version systemd has loaded is outdated.\n` +
        "# This output shows the current version of the unit's original fragment and drop-in files.\n" +
        '# If fragments or drop-ins were added or removed, they are not properly reflected in this output.\n' +
        "# Run 'systemctl daemon-reload' to reload units.\n";
    }
  }
  return { code, out: texts.join('\n'), err };
};

const isActive: Handler = (manager, call) => check(['active', 'reloading'], 3)(manager, call);

export const ASKING: Readonly<Record<string, Handler>> = {
  'is-active': isActive,
  'is-failed': isFailed,
  'is-enabled': isEnabled,
  'is-system-running': isSystemRunning,
  'get-default': getDefault,
  status,
  show,
  cat,
};
