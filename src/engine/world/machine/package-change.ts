/**
 * A plan carried out: what dpkg prints, what becomes of the database, of files and of services.
 * Source: dpkg 1.21.22 (tests/machine/recorded); deb-systemd-helper(1), deb-systemd-invoke(1), invoke-rc.d(8) for
 * services: enabled and started when they come, stopped when they go, policy-rc.d may forbid that.
 * Not modelled: maintainer scripts beyond what they do to services and users, triggers.
 */
import type { Answer, CommandRequest } from '../../model/request.ts';
import { allPackages, packageOf } from './package-base.ts';
import { debName, readingText, unpackText } from './apt-text.ts';
import {
  pathsOf,
  POLICY,
  removed,
  statusFile,
  unitName,
  unpacked,
  type Unpacked,
} from './package-files.ts';
import { conffilesOf } from './dpkg-status.ts';
import { isConfigured, type Plan, type Step } from './package-plan.ts';
import type { InstalledPackage, Package } from './package-slice.ts';
import { madeUsers, userLooks } from './package-users.ts';
import { serviceActions, type ServiceAction } from './package-units.ts';
import { UNIT_PATHS } from './unit-load.ts';
import { setMembers, type Files, type MachineDraw, type RootChanges } from './program.ts';
import type { MachineSlice } from './slice.ts';

export type Carrying = {
  readonly plan: Plan;
  /** Which removals take configuration with them. */
  readonly purged: ReadonlySet<string>;
  readonly force: readonly string[];
  /** Packages that are now wanted for their own sake. */
  readonly manual: readonly string[];
  /** Where each package's file lies. */
  readonly deb?: (name: string, one: Package) => string;
};
export type Carried = {
  readonly out: string;
  readonly code: 0 | 1;
  readonly err: string;
  readonly root: RootChanges;
};

/** All that has to be looked at before a plan can be carried out. */
export function looksOf(slice: MachineSlice, plan: Plan): readonly string[] {
  const { installs, removals } = plan;
  const conf = installs.flatMap(({ to }) => conffilesOf(to));
  const services = [
    ...installs.map(({ to }) => to),
    ...removals.map((name) => packageOf(slice, name)),
  ].some((one) => Object.keys(one?.units ?? {}).length > 0);
  return [...conf, ...userLooks(plan), ...(services ? [POLICY, ...UNIT_PATHS] : [])];
}

function toDeb(name: string, one: Package): string {
  return `/var/cache/apt/archives/${debName(name, one)}`;
}

function filesIn(slice: MachineSlice): number {
  const all = Object.values(allPackages(slice));
  return all.reduce((sum, one) => sum + pathsOf(one).length, 0);
}

function installedAs({ from, to, asked }: Step, asks: boolean, manual: boolean): InstalledPackage {
  const there = from !== null && from.state !== 'config-files';
  const auto = !manual && (there ? from.auto === true : !asked);
  return {
    ...to,
    state: asks ? 'unpacked' : 'installed',
    ...(auto ? { auto: true } : {}),
    ...(from?.held ? { held: true } : {}),
  };
}

type Removal = {
  readonly out: string;
  readonly root: RootChanges;
  readonly left: InstalledPackage | null;
};

function removalOf(name: string, one: InstalledPackage, purge: boolean): Removal {
  const conf = conffilesOf(one).length > 0;
  const first = one.state === 'config-files' ? '' : `Removing ${name} (${one.version}) ...\n`;
  const kept = conf && !purge;
  const { auto: _auto, held: _held, ...rest } = one;
  return {
    out: first,
    root: removed(name, one, purge || !conf),
    left: kept ? { ...rest, state: 'config-files' } : null,
  };
}

function withFiles(files: Files, root: RootChanges): Files {
  const after: Record<string, Files[string]> = { ...files };
  for (const [path, change] of Object.entries(root)) {
    if (change.kind === 'removed') delete after[path];
    else after[path] = change;
  }
  return after;
}

type Made = {
  readonly out: string;
  readonly root: RootChanges;
  readonly packages: Readonly<Record<string, InstalledPackage | null>>;
  readonly failed: readonly string[];
  readonly before: readonly ServiceAction[];
  readonly services: readonly ServiceAction[];
};

function removals({ seen }: MachineDraw, { plan, purged }: Carrying): Made {
  const made = { out: '', root: {}, packages: {} } as {
    out: string;
    root: RootChanges;
    packages: Record<string, InstalledPackage | null>;
  };
  const purging: string[] = [];
  const before: ServiceAction[] = [];
  for (const name of removalOrder(seen, plan)) {
    const one = packageOf(seen, name) as InstalledPackage;
    const { out, root, left } = removalOf(name, one, purged.has(name));
    made.out += out;
    Object.assign(made.root, root);
    made.packages[name] = left;
    if (purged.has(name) && conffilesOf(one).length > 0) {
      purging.push(`Purging configuration files for ${name} (${one.version}) ...\n`);
    }
    for (const unit of Object.keys(one.units ?? {})) {
      before.push({ what: purged.has(name) ? 'purge' : 'remove', unit: unitName(unit) });
    }
  }
  const reading = readingText(filesIn(seen));
  const again = made.out !== '' && purging.length > 0 ? reading : '';
  const out = `${made.out}${again}${purging.join('')}`;
  return {
    ...made,
    out: plan.removals.length === 0 ? '' : `${reading}${out}`,
    failed: [],
    before,
    services: [],
  };
}

/** Whoever needs another goes before it. */
function removalOrder(slice: MachineSlice, { removals: names }: Plan): readonly string[] {
  const needs = (name: string, other: string): boolean =>
    (packageOf(slice, name)?.depends ?? '').split(/[\s,|()]+/).includes(other);
  return [...names].sort((a, b) => (needs(a, b) ? -1 : needs(b, a) ? 1 : a < b ? -1 : 1));
}

function installs(draw: MachineDraw, files: Files, carrying: Carrying): Made {
  const { plan, force, manual, deb = toDeb } = carrying;
  const at = { files, blobs: draw.blobs, force };
  let [unpacking, setting] = ['', ''];
  const root: RootChanges = {};
  const packages: Record<string, InstalledPackage | null> = {};
  const failed: string[] = [];
  const services: ServiceAction[] = [];
  for (const step of plan.installs) {
    const { name, to } = step;
    const done: Unpacked = unpacked(name, step, at);
    const reading = unpacking === '' ? readingText(filesIn(draw.seen)) : '';
    if (!isConfigured(step)) unpacking += unpackText(step, { deb: deb(name, to), reading });
    setting += `Setting up ${name} (${to.version}) ...\n${done.out}`;
    Object.assign(root, done.root);
    packages[name] = installedAs(step, done.asks.length > 0, manual.includes(name));
    if (done.asks.length > 0) {
      failed.push(name);
      setting += `dpkg: error processing package ${name} (--configure):\n end of file on stdin at conffile prompt\n`;
      continue;
    }
    const fresh = step.from === null || step.from.state === 'config-files';
    for (const [unit, spec] of Object.entries(to.units ?? {})) {
      const { enabled = true, started = true } = spec;
      if (fresh && enabled) services.push({ what: 'enable', unit: unitName(unit) });
      if (started) services.push({ what: fresh ? 'start' : 'restart', unit: unitName(unit) });
    }
  }
  const tail =
    failed.length > 0
      ? `Errors were encountered while processing:\n${failed.map((name) => ` ${name}\n`).join('')}`
      : '';
  return { out: `${unpacking}${setting}${tail}`, root, packages, failed, before: [], services };
}

/** Answers a look when services want one; nothing has changed then. */
export function carryOut(
  draw: MachineDraw,
  request: CommandRequest,
  carrying: Carrying,
): Carried | Extract<Answer, { kind: 'look' }> {
  const files = request.found ?? {};
  const gone = removals(draw, carrying);
  const stopped = serviceActions(draw, { ...request, found: files }, gone.before, carrying.plan);
  if (stopped.kind === 'look') return stopped;
  const between = withFiles(withFiles(files, stopped.root), gone.root);
  const users = madeUsers(draw, { ...request, found: between }, carrying.plan);
  const made = installs(draw, withFiles(between, users.root), carrying);
  const come = { ...made, root: { ...users.root, ...users.owned(made.root) } };
  const around = { ...request, found: withFiles(between, come.root) };
  const started = serviceActions(draw, around, come.services, carrying.plan);
  if (started.kind === 'look') return started;
  setMembers(draw, 'packages', { ...gone.packages, ...come.packages });
  draw.set((slice) => {
    for (const name of carrying.manual) {
      const one = slice.packages?.[name];
      if (one) delete (one as { auto?: true }).auto;
    }
  });
  const root: RootChanges = {
    ...stopped.root,
    ...gone.root,
    ...come.root,
    ...started.root,
    ...statusFile(allPackages(draw.seen), draw.blobs),
  };
  const failed = come.failed.length > 0;
  return {
    out: `${gone.out}${come.out}${started.out}`,
    code: failed ? 1 : 0,
    err: failed ? 'E: Sub-process /usr/bin/dpkg returned an error code (1)\n' : '',
    root,
  };
}
