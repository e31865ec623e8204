/**
 * What packages do to their services: enabled and started when they come, started again when they change, stopped when
 * they go, forgotten when they are purged.
 * Source: deb-systemd-helper(1) and deb-systemd-invoke(1) as debhelper has maintainer scripts call them; invoke-rc.d(8)
 * for policy-rc.d, whose 101 forbids.
 * Not modelled: what a policy-rc.d says beyond an exit code that is the same for every service; a package's start that
 * fails leaves the package as it is.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import type { Plan } from './package-plan.ts';
import type { PackageUnit } from './package-slice.ts';
import { POLICY, unitName } from './package-files.ts';
import {
  look,
  setMembers,
  textOf,
  type Files,
  type MachineDraw,
  type RootChanges,
} from './program.ts';
import { definition, keep, openManager, type Manager } from './systemd-manager.ts';
import { startService, stopService } from './systemd-start.ts';
import { isActive, unitOf } from './systemd-life.ts';
import { afterLinks, disable, enable } from './unit-enable.ts';
import { startPaths } from './unit-plan.ts';
import type { UnitProgram } from './unit-slice.ts';

export type ServiceAction = {
  readonly what: 'enable' | 'start' | 'restart' | 'remove' | 'purge';
  readonly unit: string;
};
type Done = { readonly kind: 'done'; readonly out: string; readonly root: RootChanges };

const NOW_ON = { runtime: false } as const;

function forbids(files: Files): boolean {
  return /\bexit\s+101\b/.test(textOf(files, POLICY) ?? '');
}

function apply(manager: Manager, root: RootChanges): void {
  Object.assign(manager.root, root);
  manager.unit = afterLinks(manager.unit, { root });
}

function act(manager: Manager, { what, unit }: ServiceAction, forbidden: boolean): string {
  switch (what) {
    case 'enable': {
      const { root, made } = enable(manager.unit, [unit], NOW_ON);
      apply(manager, root);
      const shown = (target: string): string => target.replace(/^\/usr\/lib\//, '/lib/');
      return made.map(([path, target]) => `Created symlink ${path} → ${shown(target)}.\n`).join('');
    }
    case 'start':
    case 'restart':
      if (forbidden) return '';
      if (isActive(unitOf(manager, unit))) {
        if (what === 'start') return '';
        stopService(manager, definition(manager, unit));
      }
      startService(manager, definition(manager, unit));
      return '';
    case 'purge':
    case 'remove':
      if (!forbidden) stopService(manager, definition(manager, unit));
      if (what === 'purge') apply(manager, disable(manager.unit, [unit], NOW_ON).root);
      return '';
  }
}

/** Only what is said of how it behaves, without what its file is made of. */
export function programOf(spec: PackageUnit): UnitProgram {
  const {
    command: _command,
    text: _text,
    type: _type,
    user: _user,
    description: _description,
    enabled: _enabled,
    started: _started,
    ...program
  } = spec;
  return program;
}

/** What was said before stays. */
export function setNew(
  draw: MachineDraw,
  programs: readonly (readonly [string, UnitProgram])[],
): void {
  const known = draw.seen.unitPrograms ?? {};
  const fresh = programs.filter(([name]) => !Object.hasOwn(known, name));
  if (fresh.length > 0) setMembers(draw, 'unitPrograms', Object.fromEntries(fresh));
}

/** How programs of new services behave; what the tree says of a unit itself wins. */
function keepPrograms(draw: MachineDraw, { installs }: Plan): void {
  const units = installs.flatMap(({ to }) => Object.entries(to.units ?? {}));
  const fresh = units.map(([name, spec]) => [unitName(name), programOf(spec)] as const);
  if (fresh.every(([, program]) => Object.keys(program).length === 0)) return;
  setNew(draw, fresh);
}

/** Carries actions out in order. `request.found`: files as they are by then. */
export function serviceActions(
  draw: MachineDraw,
  request: CommandRequest,
  actions: readonly ServiceAction[],
  plan: Plan,
): Done | Extract<Answer, { kind: 'look' }> {
  if (actions.length === 0) return { kind: 'done', out: '', root: {} };
  const manager = openManager(draw, request);
  const starts = actions.filter(({ what }) => what === 'start' || what === 'restart');
  const paths = starts.flatMap(({ unit }) =>
    startPaths(definition(manager, unit), manager.hostname),
  );
  const needs = plan.installs.flatMap(({ to }) =>
    Object.values(to.units ?? {}).flatMap(({ needs: texts = {} }) => Object.keys(texts)),
  );
  if (starts.length > 0) {
    const asked = look(request, [...paths, ...needs], 1);
    if (asked?.kind === 'look') return asked;
  }
  keepPrograms(draw, plan);
  const ready = openManager(draw, request);
  const forbidden = forbids(request.found ?? {});
  const out = actions.map((action) => act(ready, action, forbidden)).join('');
  keep(ready);
  return { kind: 'done', out, root: ready.root };
}
