/**
 * What a boot makes of units: no process outlives it, those that are enabled and have run before run again.
 * Source: systemd.unit(5) ([Install]), systemd.special(7) (multi-user.target).
 * Not modelled: files with pids that services write again under /run; an enabled unit that never ran before the boot
 * is not started by it, as nothing is known of its program without its file.
 */
import type { Millis } from '../../model/request.ts';
import type { MachineSlice } from './slice.ts';
import { baseUnit, baseUnitFiles } from './unit-base.ts';
import * as life from './systemd-life.ts';
import type { Life } from './systemd-life.ts';

function linkAt(machine: MachineSlice, path: string): string | null | undefined {
  const change = machine.root?.[path.slice(1)];
  if (change) return change.kind === 'link' ? change.target : null;
  return baseUnitFiles(machine.base === 'ubuntu@24.04' ? '24.04' : '22.04').links[path];
}

function isEnabled(machine: MachineSlice, name: string): boolean {
  if (linkAt(machine, `/etc/systemd/system/${name}`) === '/dev/null') return false;
  const links = [
    ...Object.keys(machine.root ?? {}).map((path) => `/${path}`),
    ...Object.keys(baseUnitFiles(machine.base === 'ubuntu@24.04' ? '24.04' : '22.04').links),
  ];
  const wanting = links.filter(
    (path) =>
      /^\/etc\/systemd\/system\/[^/]+\.(?:wants|requires)\//.test(path) &&
      path.endsWith(`/${name}`),
  );
  return wanting.some((path) => typeof linkAt(machine, path) === 'string');
}

function started(being: Life, name: string): void {
  const before = being.units[name];
  const { argv, user = 'root', type = 'simple' } = before ?? {};
  if (!before || (argv === undefined && name.endsWith('.service'))) return;
  if (!name.endsWith('.service')) return void life.setUnit(being, name, { active: 'active' });
  const { exited: _exited, restarts: _restarts, ...rest } = life.ended(before);
  if (type === 'oneshot') {
    const over = rest.remain
      ? { active: 'active', sub: 'exited' }
      : { active: 'inactive', sub: 'dead' };
    being.units = {
      ...being.units,
      [name]: { ...rest, ...over, since: being.now } as typeof before,
    };
    return;
  }
  life.tell(being, name, `Started ${life.called(being, name)}.`);
  const mainPid = life.spawn(being, name, { argv: argv ?? [], user });
  const runs = {
    active: 'active',
    sub: 'running',
    result: 'success',
    mainPid,
    lastPid: mainPid,
  } as const;
  const state = {
    ...rest,
    ...runs,
    since: being.now,
    starts: [being.now],
    ...life.armed(being, name),
  };
  being.units = { ...being.units, [name]: state };
  life.settle(being);
}

/** The machine once it has booted. */
export function bootUnits(machine: MachineSlice, now: Millis): MachineSlice {
  const { units = {}, processes: _processes, ...rest } = machine;
  if (Object.keys(units).length === 0 && machine.processes === undefined) return machine;
  const being: Life = { ...life.lifeOf(machine, now), processes: {} };
  const { release } = being;
  for (const name of Object.keys(units).sort()) {
    const enabled = isEnabled(machine, name);
    const { [name]: unit, ...others } = being.units;
    const base = baseUnit(release, name);
    if (base && enabled) being.units = others;
    else if (enabled) started(being, name);
    else if (base && unit) {
      being.units = {
        ...others,
        [name]: { ...life.ended(unit), active: 'inactive', sub: 'dead', mainPid: 0 },
      };
    } else being.units = others;
  }
  const { processes, nextPid, journal } = being;
  return {
    ...rest,
    ...(Object.keys(being.units).length > 0 ? { units: being.units } : {}),
    ...(Object.keys(processes).length > 0 ? { processes } : {}),
    nextPid,
    ...(journal.length > 0 ? { journal } : {}),
  };
}
