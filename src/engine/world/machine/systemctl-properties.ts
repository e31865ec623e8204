/**
 * `systemctl show`: properties of units, in the order in which the manager has them.
 * Source: org.freedesktop.systemd1(5); order and formats recorded from 252.
 * Not modelled: properties of limits, sandboxing and control groups: they are not shown; one that is asked for by name
 * and not known is left out, as systemctl does with a name that nobody knows.
 */
import { has, valuesOf } from './program-options.ts';
import type { Handler } from './systemctl-call.ts';
import { loadStateOf, triggers } from './systemctl-show.ts';
import * as life from './systemd-life.ts';
import { changedOnDisk, definition, descriptionOf, type Manager } from './systemd-manager.ts';
import { SIGNAL_NUMBERS, VERSIONS, stamp } from './systemd-words.ts';
import { enabledState } from './unit-enable.ts';
import { lastOf, wordsOf } from './unit-file.ts';
import { loadUnit, type Loaded } from './unit-load.ts';
import { conditionsOf, planOf, type PlannedCommand, type ServicePlan } from './unit-plan.ts';
import type { Unit } from './unit-slice.ts';

type Properties = readonly (readonly [string, string])[];

/** A span as the manager writes it: `1min 30s`, `100ms`. */
export function spanText(millis: number): string {
  if (!Number.isFinite(millis)) return 'infinity';
  if (millis === 0) return '0';
  const UNITS = [
    ['w', 604_800_000],
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const;
  let left = millis;
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? [`${count}${unit}`] : [];
  });
  return parts.join(' ');
}

function commandText(command: PlannedCommand, unit: Unit): string {
  const { exited, mainPid, lastPid = 0 } = unit;
  const isMain = command.key === 'ExecStart' && lastPid !== 0;
  const start = isMain ? `[${stamp(unit.since)}]` : '[n/a]';
  const stop = isMain && mainPid === 0 ? `[${stamp(unit.since)}]` : '[n/a]';
  const end =
    isMain && exited
      ? 'code' in exited
        ? `exited ; status=${exited.code}`
        : `killed ; status=${SIGNAL_NUMBERS[exited.signal]}/${exited.signal}`
      : '(null) ; status=0/0';
  return (
    `{ path=${command.path} ; argv[]=${command.argv.join(' ')} ; ignore_errors=${command.ignored ? 'yes' : 'no'} ; ` +
    `start_time=${start} ; stop_time=${stop} ; pid=${isMain ? lastPid : 0} ; code=${end} }`
  );
}

function codeOf({ exited }: Unit): readonly [string, string] {
  if (!exited) return ['0', '0'];
  return 'code' in exited
    ? ['1', String(exited.code)]
    : ['2', String(SIGNAL_NUMBERS[exited.signal])];
}

function commandsOf(plan: ServicePlan, unit: Unit): Properties {
  const all = [...plan.pre, ...plan.start, ...plan.post, ...plan.reload, ...plan.stop];
  return all.map((command) => [command.key, commandText(command, unit)] as const);
}

function serviceProperties(manager: Manager, loaded: Loaded, unit: Unit): Properties {
  const plan = planOf(loaded, manager.hostname);
  const [code, status] = codeOf(unit);
  const started = unit.lastPid === undefined ? '' : stamp(unit.since);
  return [
    ['Type', loaded.load === 'loaded' ? plan.type : ''],
    ['Restart', plan.again.on],
    ['PIDFile', plan.pidFile],
    ['RestartUSec', spanText(plan.again.after)],
    ['TimeoutStopUSec', spanText(plan.stopTimeout)],
    ['RemainAfterExit', plan.remain ? 'yes' : 'no'],
    ['MainPID', String(unit.mainPid)],
    ['ControlPID', '0'],
    ['StatusErrno', '0'],
    ['Result', unit.result],
    ['NRestarts', String(unit.restarts ?? 0)],
    ['ExecMainStartTimestamp', started],
    ['ExecMainPID', String(unit.lastPid ?? 0)],
    ['ExecMainCode', code],
    ['ExecMainStatus', status],
    ...commandsOf(plan, unit),
    ['Environment', plan.environment.join(' ')],
    [
      'EnvironmentFiles',
      plan.environmentFiles.map((path) => `${path} (ignore_errors=no)`).join(' '),
    ],
    ['WorkingDirectory', plan.workingDirectory],
    ['User', lastOf(loaded.settings, 'Service', 'User')],
    ['Group', plan.group],
  ];
}

const RELATIONS = [
  'Requires',
  'Requisite',
  'Wants',
  'BindsTo',
  'PartOf',
  'Conflicts',
  'Before',
  'After',
] as const;

function related(manager: Manager, loaded: Loaded): Properties {
  const own = triggers(manager, loaded.name);
  return [
    ...RELATIONS.map((key) => [key, wordsOf(loaded.settings, 'Unit', key).join(' ')] as const),
    ['Triggers', own.triggers.join(' ')],
    ['TriggeredBy', own.triggeredBy.join(' ')],
  ];
}

function unitProperties(manager: Manager, loaded: Loaded, unit: Unit): Properties {
  const { name } = loaded;
  const state = enabledState(manager.unit, name);
  const isActive = unit.active === 'active';
  const loads = loadStateOf(manager, loaded);
  const canReload = planOf(loaded, manager.hostname).reload.length > 0;
  return [
    ['Id', name],
    ['Names', [name, ...loaded.aliases].join(' ')],
    ...related(manager, loaded),
    ['Description', descriptionOf(loaded, manager.hostname)],
    ['LoadState', loads],
    ['ActiveState', unit.active],
    ['FreezerState', 'running'],
    ['SubState', unit.sub],
    ['FragmentPath', loaded.fragment ?? ''],
    [
      'DropInPaths',
      loaded.texts
        .slice(1)
        .map(({ path }) => path)
        .join(' '),
    ],
    ['UnitFileState', state ?? ''],
    ['UnitFilePreset', state === null ? '' : 'enabled'],
    ['StateChangeTimestamp', unit.since === 0 ? '' : stamp(unit.since)],
    ['ActiveEnterTimestamp', isActive && unit.since > 0 ? stamp(unit.since) : ''],
    ['CanStart', loads === 'loaded' ? 'yes' : 'no'],
    ['CanStop', 'yes'],
    ['CanReload', canReload ? 'yes' : 'no'],
    ['CanIsolate', name.endsWith('.target') ? 'yes' : 'no'],
    ['NeedDaemonReload', changedOnDisk(manager, name) ? 'yes' : 'no'],
    ['ConditionResult', isActive || conditionsOf(loaded, 'Condition').length === 0 ? 'yes' : 'no'],
    ['LoadError', errorOf(name, loads)],
    ['Transient', 'no'],
  ];
}

function errorOf(name: string, state: string): string {
  if (state === 'not-found') {
    return `org.freedesktop.systemd1.NoSuchUnit "Unit ${name} not found."`;
  }
  return state === 'masked' ? `org.freedesktop.systemd1.UnitMasked "Unit ${name} is masked."` : '';
}

/** Those that are shown though they are empty when they are asked for. */
function propertiesOf(manager: Manager, asked: string): Properties {
  const kept = definition(manager, asked);
  const aliases = loadUnit(manager.unit, asked).aliases;
  const loaded = { ...kept, aliases: [...new Set([...kept.aliases, ...aliases])] };
  const unit = life.unitOf(manager, loaded.name);
  const own = loaded.name.endsWith('.service') ? serviceProperties(manager, loaded, unit) : [];
  return [...own, ...unitProperties(manager, loaded, unit)];
}

function managerProperties(manager: Manager): Properties {
  return [
    ['Version', VERSIONS[manager.release].whole],
    ['Architecture', 'x86-64'],
    [
      'SystemState',
      Object.values(manager.units).some(({ active }) => active === 'failed')
        ? 'degraded'
        : 'running',
    ],
  ];
}

export const show: Handler = (manager, { words, names, options }) => {
  const named = [...valuesOf(options, 'property'), ...valuesOf(options, 'P')];
  const asked = named.flatMap((list) => list.split(','));
  const bare = has(options, 'value') || has(options, 'P');
  const everything = has(options, 'all');
  const tables =
    words.length === 0
      ? [managerProperties(manager)]
      : names.map((name) => propertiesOf(manager, name));
  const text = (properties: Properties): string =>
    properties
      .filter(([key, value]) =>
        asked.length > 0 ? asked.includes(key) : value !== '' || everything,
      )
      .filter(([key, value]) => value !== '' || !key.startsWith('Exec'))
      .map(([key, value]) => (bare ? `${value}\n` : `${key}=${value}\n`))
      .join('');
  return { code: 0, out: tables.map(text).join('\n') };
};
