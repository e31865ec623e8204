/**
 * What starting or stopping a unit does to others: requirements first, conflicts away, dependants along.
 * Source: systemd.unit(5) (Requires=, Wants=, BindsTo=, PartOf=, Conflicts=, After=); recorded from 252.
 * Not modelled: jobs that run beside one another, OnFailure=, a unit's order against one that it does not want.
 * Timers, sockets and paths become active; nothing activates what they are for.
 */
import * as life from './systemd-life.ts';
import { changedOnDisk, definition, noted, type Manager } from './systemd-manager.ts';
import { reloadService, startService, stopService, type Outcome } from './systemd-start.ts';
import { wordsOf } from './unit-file.ts';
import { SEARCHED, mangled, type Loaded } from './unit-load.ts';
import { badSetting } from './unit-plan.ts';

export type Verb =
  | 'start'
  | 'stop'
  | 'restart'
  | 'try-restart'
  | 'reload'
  | 'reload-or-restart'
  | 'try-reload-or-restart';
/** How a job of a unit came out; `dependency`: one that it needs did not start. */
export type JobResult = { readonly name: string; readonly outcome: Outcome | 'dependency' };
/** Why nothing is even tried: `code` is systemctl's. */
export type Refusal = { readonly message: string; readonly code: number; readonly log?: true };

/** Why a unit cannot be given any job, or null. */
export function refusalOf(manager: Manager, name: string, verb: Verb): Refusal | null {
  if (/@\.\w+$/.test(name)) {
    return { message: `Unit name ${name} is missing the instance name.`, code: 1, log: true };
  }
  const loaded = definition(manager, name);
  const unit = life.unitOf(manager, loaded.name);
  if (verb === 'stop') {
    const known = loaded.load !== 'not-found' || life.isActive(unit) || unit.active === 'failed';
    return known ? null : { message: `Unit ${name} not loaded.`, code: 5 };
  }
  if (loaded.load === 'not-found') return { message: `Unit ${name} not found.`, code: 5 };
  if (loaded.load === 'masked') return { message: `Unit ${name} is masked.`, code: 1 };
  if (badSetting(loaded)) {
    return { message: `Unit ${name} has a bad unit file setting.`, code: 1, log: true };
  }
  return verb === 'reload' || verb.startsWith('try') ? null : missingOf(manager, loaded, []);
}

/** A requirement that there is no unit for stops it all. */
function missingOf(manager: Manager, loaded: Loaded, seen: readonly string[]): Refusal | null {
  for (const name of requirements(manager, loaded)) {
    if (seen.includes(name)) continue;
    const other = definition(manager, name);
    if (other.load === 'not-found') return { message: `Unit ${name} not found.`, code: 5 };
    if (other.load === 'masked') return { message: `Unit ${name} is masked.`, code: 1 };
    const further = missingOf(manager, other, [...seen, loaded.name, name]);
    if (further) return further;
  }
  return null;
}

/** Units that links in its folder name: `NAME.wants/`. */
function linked(manager: Manager, name: string, kind: 'wants' | 'requires'): readonly string[] {
  return SEARCHED.flatMap((dir) => {
    const prefix = `${dir}/${name}.${kind}/`;
    const paths = Object.keys(manager.unit.files).filter((path) => path.startsWith(prefix));
    return paths.map((path) => path.slice(prefix.length));
  });
}

/** What the machine has in any case counts as met. */
function known(names: readonly string[]): readonly string[] {
  const isUsual = (name: string): boolean =>
    /\.(?:slice|mount|device|swap|scope)$/.test(name) || USUAL.includes(name);
  return [...new Set(names)].filter((name) => !isUsual(name));
}

const USUAL = [
  'sysinit',
  'basic',
  'shutdown',
  'network',
  'network-online',
  'local-fs',
  'remote-fs',
  'nss-lookup',
]
  .concat([
    'network-pre',
    'nss-user-lookup',
    'time-sync',
    'syslog',
    'multi-user',
    'umount',
    'sockets',
    'timers',
  ])
  .map((name) => `${name}.target`);

function requirements(manager: Manager, { name, settings }: Loaded): readonly string[] {
  const keys = ['Requires', 'BindsTo', 'Requisite'];
  const said = keys.flatMap((key) => wordsOf(settings, 'Unit', key));
  return known([...said, ...linked(manager, name, 'requires')]);
}

function wishes(manager: Manager, { name, settings }: Loaded): readonly string[] {
  const said = ['Wants', 'Upholds'].flatMap((key) => wordsOf(settings, 'Unit', key));
  return known([...said, ...linked(manager, name, 'wants')]);
}

const OTHER_SUBS: Readonly<Record<string, string>> = {
  target: 'active',
  socket: 'listening',
  timer: 'waiting',
  path: 'waiting',
  mount: 'mounted',
  automount: 'waiting',
  swap: 'active',
  slice: 'active',
  scope: 'running',
};

/** A unit that is no service: it is active, and that is all. */
function startOther(manager: Manager, loaded: Loaded): Outcome {
  const { name } = loaded;
  const type = name.slice(name.lastIndexOf('.') + 1);
  const sub = OTHER_SUBS[type] ?? 'active';
  life.setUnit(manager, name, { ...noted(manager, loaded), active: 'active', sub });
  const verb =
    { target: 'Reached target', socket: 'Listening on', mount: 'Mounted' }[type] ?? 'Started';
  life.tell(manager, name, `${verb} ${life.called(manager, name)}.`);
  return 'done';
}

/** Starts one unit and what it needs. `path`: what wants it. */
function startOne(
  manager: Manager,
  asked: string,
  path: readonly string[],
  loaded = definition(manager, asked),
): JobResult {
  const { name } = loaded;
  const unit = life.unitOf(manager, name);
  if (unit.active === 'activating' && unit.sub === 'start') return { name, outcome: 'waits' };
  if (unit.active === 'active' || path.includes(name)) return { name, outcome: 'done' };
  for (const other of conflicts(manager, loaded)) stopOne(manager, other, []);
  const below = [...path, name];
  for (const other of requirements(manager, loaded)) {
    const { outcome } = startOne(manager, other, below);
    if (outcome === 'done' || outcome === 'skipped' || outcome === 'waits') continue;
    if (!wordsOf(loaded.settings, 'Unit', 'After').includes(other)) continue;
    const called = life.called(manager, name);
    life.setUnit(manager, name, { ...noted(manager, loaded), since: unit.since });
    life.tell(manager, name, `Dependency failed for ${called}.`);
    life.tell(manager, name, `${name}: Job ${name}/start failed with result 'dependency'.`);
    return { name, outcome: 'dependency' };
  }
  for (const other of wishes(manager, loaded)) {
    const wish = definition(manager, other);
    if (wish.load === 'loaded' && !badSetting(wish)) startOne(manager, other, below);
  }
  const outcome = name.endsWith('.service')
    ? startService(manager, loaded)
    : startOther(manager, loaded);
  return { name, outcome };
}

function active(manager: Manager): readonly string[] {
  return Object.keys(manager.units).filter((name) => life.isActive(life.unitOf(manager, name)));
}

function conflicts(manager: Manager, { name, settings }: Loaded): readonly string[] {
  const own = wordsOf(settings, 'Unit', 'Conflicts');
  return active(manager).filter((other) => {
    const theirs = wordsOf(definition(manager, other).settings, 'Unit', 'Conflicts');
    return own.includes(other) || theirs.includes(name);
  });
}

/** Active units that go down with this one. */
function dependants(manager: Manager, name: string): readonly string[] {
  return active(manager).filter((other) =>
    ['Requires', 'BindsTo', 'Requisite', 'PartOf'].some((key) =>
      wordsOf(definition(manager, other).settings, 'Unit', key).map(mangled).includes(name),
    ),
  );
}

function stopOne(manager: Manager, asked: string, path: readonly string[]): JobResult {
  const loaded = definition(manager, asked);
  const { name } = loaded;
  const unit = life.unitOf(manager, name);
  if (unit.active === 'inactive' || unit.active === 'failed') return { name, outcome: 'done' };
  for (const other of dependants(manager, name)) {
    if (!path.includes(other)) stopOne(manager, other, [...path, name]);
  }
  if (name.endsWith('.service')) return { name, outcome: stopService(manager, loaded) };
  life.setUnit(manager, name, { active: 'inactive', sub: 'dead' });
  const verb = { target: 'Stopped target', socket: 'Closed', mount: 'Unmounted' }[
    name.split('.').at(-1) ?? ''
  ];
  life.tell(manager, name, `${verb ?? 'Stopped'} ${life.called(manager, name)}.`);
  return { name, outcome: 'done' };
}

function restartOne(manager: Manager, asked: string): JobResult {
  const loaded = definition(manager, asked);
  const { name } = loaded;
  const along = dependants(manager, name);
  const { outcome } = stopOne(manager, name, []);
  if (outcome === 'waits') {
    const { since } = life.unitOf(manager, name);
    life.setUnit(manager, name, { job: 'restart', since });
    return { name, outcome };
  }
  const result = startOne(manager, name, [], loaded);
  for (const other of along) startOne(manager, other, []);
  return result;
}

function reloadOne(manager: Manager, asked: string): JobResult {
  const loaded = definition(manager, asked);
  const { name } = loaded;
  const is = name.endsWith('.service');
  return { name, outcome: is ? reloadService(manager, loaded) : 'not-applicable' };
}

function isRunning(manager: Manager, name: string): boolean {
  return life.isActive(life.unitOf(manager, definition(manager, name).name));
}

/** Gives a unit a job. */
export function give(manager: Manager, name: string, verb: Verb): JobResult {
  if (verb === 'start') return startOne(manager, name, []);
  if (verb === 'stop') return stopOne(manager, name, []);
  if (verb === 'reload') return reloadOne(manager, name);
  const runs = isRunning(manager, name);
  if (verb.startsWith('try') && !runs) return { name, outcome: 'done' };
  if (verb.endsWith('restart') && !verb.includes('reload')) return restartOne(manager, name);
  const tried = runs ? reloadOne(manager, name) : null;
  return tried && tried.outcome !== 'not-applicable' ? tried : restartOne(manager, name);
}

/** A job that had to be waited for: how it came out, or that it still waits. */
export function goOn(manager: Manager, name: string): JobResult {
  const unit = life.unitOf(manager, name);
  if (unit.active === 'deactivating' || (unit.active === 'activating' && unit.sub === 'start')) {
    return { name, outcome: 'waits' };
  }
  if (unit.job === 'restart') {
    const { job: _job, ...rest } = unit;
    manager.units = { ...manager.units, [name]: rest };
    return startOne(manager, name, []);
  }
  if (unit.pidFile !== undefined && unit.active === 'inactive') {
    manager.root[unit.pidFile] = { kind: 'removed' };
  }
  const failed = unit.type === 'oneshot' && unit.active === 'failed';
  return { name, outcome: failed ? 'control' : 'done' };
}

export function warnings(manager: Manager, names: readonly string[]): string {
  return names
    .map((name) => definition(manager, name).name)
    .filter((name) => changedOnDisk(manager, name))
    .map((name) => changedWarning(name))
    .join('');
}

export function changedWarning(name: string): string {
  return (
    `Warning: The unit file, source configuration file or drop-ins of ${name} changed on disk. ` +
    `Run 'systemctl daemon-reload' to reload units.\n`
  );
}

const BECAUSE: Readonly<Record<string, string>> = {
  'exit-code': ' because the control process exited with error code',
  resources: ' because of unavailable resources or another system error',
  timeout: ' because a timeout was exceeded',
  protocol: ' because the service did not take the steps required by its unit configuration',
  signal: ' because a fatal signal was delivered to the control process',
  'core-dump': ' because a fatal signal was delivered causing the control process to dump core',
};

/** What systemctl says of a job that did not come out well; empty: all is well. */
export function jobText(manager: Manager, { name, outcome }: JobResult): string {
  if (outcome === 'done' || outcome === 'skipped' || outcome === 'waits') return '';
  if (outcome === 'invalid') return `${name} is not active, cannot reload.\n`;
  if (outcome === 'assert') return `Assertion failed on job for ${name}.\n`;
  if (outcome === 'dependency') {
    return `A dependency job for ${name} failed. See 'journalctl -xe' for details.\n`;
  }
  if (outcome === 'not-applicable') {
    return `Failed to reload ${name}: Job type reload is not applicable for unit ${name}.\n`;
  }
  const why = outcome === 'failed' ? '' : (BECAUSE[life.unitOf(manager, name).result] ?? '');
  return (
    `Job for ${name} failed${why}.\n` +
    `See "systemctl status ${name}" and "journalctl -xeu ${name}" for details.\n`
  );
}
