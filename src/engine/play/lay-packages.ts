/**
 * What an author wrote of packages and snaps, as archives and the store have it;
 * those that are said to be installed are installed by the very programs that a charm would call.
 */
import { produce } from 'immer';
import { openBareRoot } from '../files/made-root.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Answer, CommandRequest, Found, Millis } from '../model/request.ts';
import type { ContainerFileSpec } from '../tree/definition.ts';
import type { UnitSpec } from '../tree/machine-spec.ts';
import type { MachinePackagesSpec, PackageSpec, SnapSpec } from '../tree/package-spec.ts';
import { aptGet } from '../world/machine/apt-get.ts';
import { baseRoot } from '../world/machine/bases/base-root.ts';
import { compareVersions } from '../world/machine/deb-version.ts';
import { basePackages } from '../world/machine/package-base.ts';
import { relationsIn } from '../world/machine/package-relations.ts';
import type { Package, PackageFile, PackageUnit } from '../world/machine/package-slice.ts';
import type { MachineDraw, Program } from '../world/machine/program.ts';
import type { MachineSlice } from '../world/machine/slice.ts';
import { snap } from '../world/machine/snap.ts';
import type { OfferedSnap } from '../world/machine/snap-slice.ts';
import { fileOf, millis, ruleOf } from './lay-container.ts';

type At = { readonly blobs: Blobs; readonly now: Millis };
const USUAL_VERSION = '1.0';
const USUAL_RELEASE = { version: '1.0', revision: 1 };
const LOOKS_MAX = 8;

function packageFile(spec: ContainerFileSpec, { blobs }: At): PackageFile {
  const file = fileOf(spec, blobs);
  if ('target' in file) return { target: file.target };
  const { digest, size, mode = 0o644, user, group } = file;
  return {
    digest,
    size,
    mode,
    ...(user === undefined ? {} : { user: String(user) }),
    ...(group === undefined ? {} : { group: String(group) }),
  };
}

function unitOf({ after, slow, active, reload: _reload, ...rest }: UnitSpec): PackageUnit {
  return {
    ...rest,
    ...(after === undefined ? {} : { after: millis(after) }),
    ...(slow === undefined ? {} : { slow: millis(slow) }),
    ...(active === undefined || active === 'active' ? {} : { started: false }),
  };
}

function mapped<From, To>(
  record: Readonly<Record<string, From>>,
  make: (one: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([name, one]) => [name, make(one)]));
}

/** Relations as a control file has them. */
function joined(list: readonly string[]): string {
  return list.join(', ');
}

/** What is not said is as it was offered before. */
function packageOf(spec: PackageSpec, before: Package | undefined, at: At): Package {
  const { version, arch, description, files, units, commands, conffiles, source } = spec;
  const { depends, recommends, conflicts, provides, users } = spec;
  const usual = { version: USUAL_VERSION, arch: 'amd64', description: '' } as const;
  return {
    ...usual,
    ...before,
    ...(version === undefined ? {} : { version }),
    ...(arch === undefined ? {} : { arch }),
    ...(description === undefined ? {} : { description }),
    ...(depends ? { depends: joined(depends) } : {}),
    ...(recommends ? { recommends: joined(recommends) } : {}),
    ...(conflicts ? { conflicts: joined(conflicts) } : {}),
    ...(provides ? { provides: joined(provides) } : {}),
    ...(files ? { files: mapped(files, (file) => packageFile(file, at)) } : {}),
    ...(conffiles ? { conffiles } : {}),
    ...(units ? { units: mapped(units, unitOf) } : {}),
    ...(users ? { users } : {}),
    ...(commands ? { commands: commands.map(ruleOf) } : {}),
    ...(source === undefined ? {} : { source }),
  };
}

type Archive = Readonly<Record<string, readonly Package[]>>;

function offered(
  before: Archive,
  specs: NonNullable<MachinePackagesSpec['packages']>,
  at: At,
): Archive {
  const archive: Record<string, readonly Package[]> = { ...before };
  for (const [name, said] of Object.entries(specs)) {
    if (said === null) {
      archive[name] = [];
      continue;
    }
    const spec = typeof said === 'string' ? { version: said } : said;
    const latest = packageOf(spec, archive[name]?.[0], at);
    const all = [latest, ...(spec.versions ?? []).map((version) => ({ ...latest, version }))];
    archive[name] = all.sort((a, b) => compareVersions(b.version, a.version));
  }
  return archive;
}

/** What packages need and nobody speaks of is there, with nothing in it. */
function withNeeded(archive: Archive, machine: MachineSlice): Archive {
  const whole: Record<string, readonly Package[]> = { ...archive };
  const base = basePackages(machine);
  const all = Object.values(archive).flat();
  const provided = new Set(
    all.flatMap((one) =>
      relationsIn(one.provides)
        .flat()
        .map(({ name }) => name),
    ),
  );
  for (const one of all) {
    for (const group of relationsIn(one.depends)) {
      const known = group.some(
        ({ name }) => Object.hasOwn(whole, name) || Object.hasOwn(base, name) || provided.has(name),
      );
      const [first] = group;
      if (known || !first) continue;
      const version = first.version ?? one.version;
      whole[first.name] = [{ version, arch: one.arch, description: first.name }];
    }
  }
  return whole;
}

function snapOf(spec: SnapSpec, before: OfferedSnap | undefined): OfferedSnap {
  const { channels, confinement, publisher, summary, services, commands, plugs } = spec;
  const usual = {
    channels: { 'latest/stable': USUAL_RELEASE },
    confinement: 'strict',
    publisher: 'Publisher',
    summary: '',
  } as const;
  return {
    ...usual,
    ...before,
    ...(channels ? { channels } : {}),
    ...(confinement === undefined ? {} : { confinement }),
    ...(publisher === undefined ? {} : { publisher }),
    ...(summary === undefined ? {} : { summary }),
    ...(services ? { services: mapped(services, unitOf) } : {}),
    ...(commands ? { commands: commands.map(ruleOf) } : {}),
    ...(plugs ? { plugs } : {}),
  };
}

/** Files that the machine began with; not those that a look for whole folders would find. */
function baseFiles(
  machine: MachineSlice,
  paths: readonly string[],
  blobs: Blobs,
): Readonly<Record<string, Found>> {
  const { entries } = baseRoot(machine, blobs);
  const files = paths.flatMap((path) => {
    const change = entries[path.slice(1)];
    const gone = machine.root?.[path.slice(1)]?.kind === 'removed';
    return change?.kind === 'file' && !gone ? [[path, change] as const] : [];
  });
  return Object.fromEntries(files);
}

/** Calls a program on the machine, with no process: it looks at the root and changes it. */
function called(
  machine: MachineSlice,
  program: Program,
  argv: readonly string[],
  at: At,
): MachineSlice {
  let seen = machine;
  const root = openBareRoot(machine.root ?? {}, at.blobs);
  const draw = {
    get seen() {
      return seen;
    },
    others: {},
    now: at.now,
    asked: at.now,
    blobs: at.blobs,
    set: (change: (slice: never) => void) => void (seen = produce(seen, change as never)),
  } as unknown as MachineDraw;
  let request: CommandRequest = {
    kind: 'commands',
    channel: 'machine',
    argv,
    cwd: '/',
    stdin: null,
  };
  for (let turn = 0; turn < LOOKS_MAX; turn += 1) {
    const answer: Answer = program(draw, request);
    if (answer.kind === 'look') {
      const found = { ...baseFiles(seen, answer.paths, at.blobs), ...root.look(answer.paths) };
      request = { ...request, found: { ...request.found, ...found } };
      continue;
    }
    if (answer.kind !== 'reply' || answer.code !== 0) {
      const why = answer.kind === 'reply' ? (answer.err ?? '').trim() : answer.kind;
      throw new Error(`${argv.join(' ')}: ${why}`);
    }
    root.change(answer.root ?? {}, at.now);
    return { ...seen, root: root.changes() };
  }
  throw new Error(`${argv.join(' ')} looks without end`);
}

function withInstalled(
  machine: MachineSlice,
  { packages = {}, snaps = {} }: MachinePackagesSpec,
  at: At,
) {
  const names = Object.entries(packages).flatMap(([name, spec]) =>
    spec !== null && typeof spec !== 'string' && spec.installed ? [name] : [],
  );
  const options = ['-y', '--allow-downgrades', '-o', 'Dpkg::Options::=--force-confold'];
  const own = Object.values(machine.archive ?? {})
    .flat()
    .flatMap(({ source }) => source ?? []);
  const online = { ...machine, lists: [...(machine.lists ?? []), ...own] };
  const lists = machine.lists ? { lists: machine.lists } : {};
  const restore = ({ lists: _lists, ...rest }: MachineSlice): MachineSlice => ({
    ...rest,
    ...lists,
  });
  const apt = (so: MachineSlice): MachineSlice =>
    restore(called(so, aptGet, ['apt-get', 'install', ...options, ...names], at));
  const first = names.length === 0 ? machine : apt(online);
  return Object.entries(snaps).reduce((so, [name, spec]) => {
    const channel = spec?.installed;
    if (channel === undefined || so.snaps?.[name]) return so;
    const argv = ['snap', 'install', name, `--channel=${channel}`, '--classic', '--devmode'];
    return called(so, snap, argv, at);
  }, first);
}

/** The machine with what the author says of packages and snaps. */
export function laidPackages(
  machine: MachineSlice,
  spec: MachinePackagesSpec,
  at: At,
): MachineSlice {
  const { packages, snaps, offline } = spec;
  const store = Object.entries(snaps ?? {}).reduce<Record<string, OfferedSnap>>(
    (so, [name, one]) => {
      const { [name]: before, ...others } = so;
      return one === null ? others : { ...others, [name]: snapOf(one, before) };
    },
    { ...machine.snapStore },
  );
  const { offline: _offline, ...rest } = machine;
  const archive = packages
    ? withNeeded(offered(machine.archive ?? {}, packages, at), machine)
    : null;
  const whole: MachineSlice = {
    ...(offline === undefined ? machine : rest),
    ...(archive ? { archive } : {}),
    ...(snaps ? { snapStore: store } : {}),
  };
  const after = withInstalled(whole, spec, at);
  return offline ? { ...after, offline: true } : after;
}
