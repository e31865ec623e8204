/**
 * The service manager while it answers one request: units as they live, the files that it sees, what it writes.
 * Which files it goes by: those that it read when a unit was started, until it is told to read them anew.
 * Source: systemctl(1) (daemon-reload), recorded from 252. A unit that is neither active nor failed is read anew by the
 * next command, as the manager forgets such a unit; one that another unit refers to is not told apart.
 */
import type { CommandRequest } from '../../model/request.ts';
import { baseUnit } from './unit-base.ts';
import { enabledState } from './unit-enable.ts';
import { lastOf, readSettings, specified } from './unit-file.ts';
import { loadUnit, mangled, type Loaded, type UnitFiles } from './unit-load.ts';
import { hostnameOf, release, type MachineDraw, type RootChanges } from './program.ts';
import { lifeOf, partOf, setUnit, settle, unitOf, type Life } from './systemd-life.ts';
import type { ProgramCallRule } from '../../model/exec-rule.ts';
import type { Unit } from './unit-slice.ts';

export type Manager = Life & {
  readonly draw: MachineDraw;
  readonly hostname: string;
  readonly execs: readonly ProgramCallRule[];
  unit: UnitFiles;
  root: RootChanges;
};

export function openManager(draw: MachineDraw, { found = {} }: CommandRequest): Manager {
  const { seen } = draw;
  return {
    ...lifeOf(seen, draw.now),
    draw,
    hostname: hostnameOf(draw),
    execs: seen.execs ?? [],
    unit: { files: found, release: release(seen) },
    root: {},
  };
}

/**
 * Forgets units that have no part in anything any more: inactive, and nothing starts them at boot. The base's own are
 * remembered, for they would be taken to run.
 */
function forget(manager: Manager): void {
  const left = Object.entries(manager.units).filter(([name, { active }]) => {
    if (active !== 'inactive' || baseUnit(manager.release, name)) return true;
    const state = enabledState(manager.unit, name) ?? '';
    return state.startsWith('enabled');
  });
  manager.units = Object.fromEntries(left);
}

/** Keeps what has changed, and only that. */
export function keep(manager: Manager): void {
  settle(manager);
  forget(manager);
  keepLife(manager.draw, manager);
}

/** The same of a life that something else than the manager changed. */
export function keepLife(draw: MachineDraw, life: Life): void {
  const made = partOf(life);
  const before = lifeOf(draw.seen, draw.now);
  draw.set((slice) => {
    for (const part of ['units', 'processes'] as const) {
      const old = before[part] as Record<string, unknown>;
      const fresh = made[part] as Record<string, unknown>;
      const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
      for (const name of names) {
        if (old[name] === fresh[name]) continue;
        const into = (slice[part] ??= {}) as Record<string, unknown>;
        if (Object.hasOwn(fresh, name)) into[name] = fresh[name];
        else delete into[name];
      }
    }
    if (made.nextPid !== before.nextPid) slice.nextPid = made.nextPid;
    const fresh = made.journal.filter((line) => !before.journal.includes(line));
    if (fresh.length > 0) slice.journal = [...made.journal];
  });
}

function digestsOf(manager: Manager, loaded: Loaded): Unit['loaded'] {
  return loaded.texts.map(({ path, text }) => ({
    path,
    digest: manager.draw.blobs.put(new TextEncoder().encode(text)),
  }));
}

function isKept({ active, loaded }: Unit): boolean {
  return active !== 'inactive' && loaded.length > 0;
}

/** The unit by the files that the manager goes by. */
export function definition(manager: Manager, name: string): Loaded {
  const now = loadUnit(manager.unit, mangled(name));
  const unit = unitOf(manager, now.name);
  if (!isKept(unit)) return now;
  const texts = unit.loaded.map(({ path, digest }) => ({
    path,
    text: new TextDecoder().decode(manager.draw.blobs.get(digest)),
  }));
  const fragment = texts[0]?.path ?? null;
  return { ...now, load: 'loaded', fragment, texts, settings: readSettings(texts) };
}

/** Whether its files are others than those that the manager goes by. */
export function changedOnDisk(manager: Manager, name: string): boolean {
  const now = loadUnit(manager.unit, name);
  const unit = unitOf(manager, now.name);
  if (!isKept(unit)) return false;
  const folder = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  const known = unit.loaded.map(({ path }) => folder(path));
  // A folder of drop-ins that was not there when files were read is not noticed.
  const fresh = digestsOf(manager, now).filter(({ path }) => known.includes(folder(path)));
  return JSON.stringify(fresh) !== JSON.stringify(unit.loaded);
}

export function descriptionOf({ name, settings }: Loaded, hostname: string): string {
  return specified(lastOf(settings, 'Unit', 'Description'), name, { hostname }) || name;
}

/** What is noted of a unit that is started by these files. */
export function noted(manager: Manager, loaded: Loaded): Pick<Unit, 'loaded' | 'description'> {
  return {
    loaded: digestsOf(manager, loaded),
    description: descriptionOf(loaded, manager.hostname),
  };
}

/** All units are read anew. */
export function reloadAll(manager: Manager): void {
  for (const name of Object.keys(manager.units)) {
    const unit = unitOf(manager, name);
    const loaded = loadUnit(manager.unit, name);
    if (unit.active === 'inactive') continue;
    const { since } = unit;
    const fresh = loaded.load === 'loaded' ? noted(manager, loaded) : { loaded: [] };
    setUnit(manager, name, { ...fresh, since });
  }
}
