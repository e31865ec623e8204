/**
 * What an author wrote of the unit's machine, as the machine itself has it: files in its root, units in their states,
 * rules of programs, processes.
 * A unit that is said is there as a package would have brought it: its file, the link that enables it, its process.
 */
import type { Change, Changes } from '../files/tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Millis } from '../model/request.ts';
import type { MachineRunsSpec, ProcessSpec, UnitSpec } from '../tree/machine-spec.ts';
import type { ContainerFileSpec } from '../tree/definition.ts';
import { packageFolder, unitText } from '../world/machine/unit-base.ts';
import { commandWords } from '../world/machine/unit-file.ts';
import { mangled } from '../world/machine/unit-load.ts';
import type { MachineSlice } from '../world/machine/slice.ts';
import * as life from '../world/machine/systemd-life.ts';
import type { Life } from '../world/machine/systemd-life.ts';
import type { Unit, UnitProgram } from '../world/machine/unit-slice.ts';
import { fileOf, millis, ruleOf } from './lay-container.ts';

type At = { readonly blobs: Blobs; readonly now: Millis };
const ETC = 'etc/systemd/system';
const USR = 'usr/lib/systemd/system';
const WANTED_BY = 'multi-user.target';
const OWNER = { user: 'root', group: 'root' };

function bare(path: string): string {
  return path.replace(/^\/+/, '');
}

function textFile(text: string, { blobs, now }: At): Change {
  const bytes = new TextEncoder().encode(text);
  return {
    kind: 'file',
    mode: 0o644,
    ...OWNER,
    modified: now,
    digest: blobs.put(bytes),
    size: bytes.length,
  };
}

function link(target: string, { now }: At): Change {
  return { kind: 'link', mode: 0o777, ...OWNER, modified: now, target };
}

function changeOf(spec: ContainerFileSpec | null, at: At): Change {
  if (spec === null) return { kind: 'removed' };
  const file = fileOf(spec, at.blobs);
  const owned = { ...OWNER, ...('user' in file ? { user: String(file.user) } : {}) };
  const owner = {
    ...owned,
    ...('group' in file ? { group: String(file.group) } : {}),
    modified: at.now,
  };
  if ('target' in file) return { kind: 'link', mode: 0o777, ...owner, target: file.target };
  const { digest, size, mode = 0o644 } = file;
  return { kind: 'file', mode, ...owner, digest, size };
}

/** Parents come first: paths in order. */
function sorted(changes: Record<string, Change>): Changes {
  return Object.fromEntries(Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function programOf({ exits, after, slow, output, listens, pidFile, needs }: UnitSpec): UnitProgram {
  return {
    ...(exits === undefined ? {} : { exits }),
    ...(after === undefined ? {} : { after: millis(after) }),
    ...(slow === undefined ? {} : { slow: millis(slow) }),
    ...(output === undefined ? {} : { output }),
    ...(listens === undefined ? {} : { listens }),
    ...(pidFile === undefined ? {} : { pidFile }),
    ...(needs === undefined ? {} : { needs }),
  };
}

/** Whether the author says what the unit is, not only what becomes of it. */
function isDescribed(spec: UnitSpec): boolean {
  return spec.text !== undefined || spec.command !== undefined || spec.description !== undefined;
}

function fileText(name: string, spec: UnitSpec): string {
  if (spec.text !== undefined) return spec.text;
  const { description = name, command, type, user, reload, pidFile } = spec;
  return unitText(name, {
    description,
    ...(command === undefined ? {} : { command }),
    ...(type === undefined ? {} : { type }),
    ...(reload === undefined ? {} : { reload }),
    wantedBy: WANTED_BY,
    more: [
      ...(user === undefined ? [] : [`User=${user}`]),
      ...(pidFile === undefined || type !== 'forking' ? [] : [`PIDFile=${pidFile}`]),
    ],
  });
}

/** The unit's state as the author says it, with its process. */
function stateOf(being: Life, name: string, spec: UnitSpec, at: At): Unit {
  const { active = 'active', command = '', user = 'root', description = name } = spec;
  const before = life.ended(life.unitOf(being, name));
  life.reap(being, name);
  const isService = name.endsWith('.service');
  const runs = active === 'active' && isService && spec.type !== 'oneshot';
  const argv = commandWords(command);
  const mainPid = runs ? life.spawn(being, name, { argv, user }) : 0;
  const subs = {
    active: runs ? 'running' : isService ? 'exited' : 'active',
    inactive: 'dead',
    failed: 'failed',
  };
  const file = isDescribed(spec) ? fileText(name, spec) : null;
  const release = being.release;
  const path = `${packageFolder(release)}/${name}`;
  const loaded =
    file === null
      ? before.loaded
      : [{ path, digest: at.blobs.put(new TextEncoder().encode(file)) }];
  const exited = active === 'failed' ? { exited: { code: 1 }, lastPid: life.takePid(being) } : {};
  return {
    ...before,
    loaded,
    description: spec.description ?? (before.description || description),
    active,
    sub: subs[active],
    result: active === 'failed' ? 'exit-code' : 'success',
    mainPid,
    since: at.now,
    ...exited,
    ...(runs
      ? {
          lastPid: mainPid,
          argv,
          user,
          ...(spec.pidFile === undefined ? {} : { pidFile: spec.pidFile }),
        }
      : {}),
  };
}

type Laid = { root: Record<string, Change>; programs: Record<string, UnitProgram>; being: Life };

function layUnit(laid: Laid, asked: string, spec: UnitSpec | null, at: At): void {
  const name = mangled(asked);
  const enabling = `${ETC}/${WANTED_BY}.wants/${name}`;
  const { being, root, programs } = laid;
  if (spec === null) {
    life.reap(being, name);
    root[`${USR}/${name}`] = { kind: 'removed' };
    root[enabling] = { kind: 'removed' };
    root[`${ETC}/${name}`] = { kind: 'removed' };
    const { [name]: _gone, ...units } = being.units;
    being.units = units;
    delete programs[name];
    return;
  }
  const described = isDescribed(spec);
  if (described) root[`${USR}/${name}`] = textFile(fileText(name, spec), at);
  const enabled = spec.enabled ?? (described ? true : undefined);
  const target = `${packageFolder(being.release)}/${name}`;
  if (enabled !== undefined) root[enabling] = enabled ? link(target, at) : { kind: 'removed' };
  const program = programOf(spec);
  if (Object.keys(program).length > 0) programs[name] = program;
  if (!described && spec.active === undefined) return;
  const active = spec.active ?? 'active';
  const unit = stateOf(Object.assign(being, { programs }), name, spec, at);
  if (active !== 'inactive' || enabled !== false) being.units = { ...being.units, [name]: unit };
  if (unit.mainPid !== 0 && spec.pidFile !== undefined) {
    root[bare(spec.pidFile)] = textFile(`${unit.mainPid}\n`, at);
  }
}

function layProcesses(being: Life, specs: readonly ProcessSpec[] | null, now: Millis): void {
  if (specs === null) {
    const left = Object.entries(being.processes).filter(([, { unit }]) => unit !== null);
    being.processes = Object.fromEntries(left);
  }
  for (const { command, pid, user = 'root', listens = [] } of specs ?? []) {
    const number = pid ?? life.takePid(being);
    const made = {
      argv: commandWords(command),
      user,
      unit: null,
      listens,
      signals: [],
      started: now,
    };
    being.processes = { ...being.processes, [number]: made };
  }
}

function filled<Value extends object>(key: string, value: Value): Readonly<Record<string, Value>> {
  return Object.keys(value).length > 0 ? { [key]: value } : {};
}

/** A machine that begins with another root, or another release. */
function onBase(machine: MachineSlice, { base, given }: MachineRunsSpec): MachineSlice {
  if (base === undefined) return machine;
  const { given: _before, ...rest } = machine;
  if (typeof base === 'string' && base !== 'host') return { ...rest, base };
  if (!given) throw new Error('the root was not read');
  const { digest, files, size, release } = given;
  return {
    ...rest,
    ...(release === undefined ? {} : { base: release }),
    given: { digest, files, size, ...(base === 'host' ? { host: true } : {}) },
  };
}

/** The machine with what the author says of it. */
export function laidMachine(machine: MachineSlice, spec: MachineRunsSpec, at: At): MachineSlice {
  const { units = {}, exec, files = {}, processes } = spec;
  const started = onBase(machine, spec);
  const being = life.lifeOf(started, at.now);
  const laid: Laid = { root: { ...started.root }, programs: { ...started.unitPrograms }, being };
  for (const [path, file] of Object.entries(files)) laid.root[bare(path)] = changeOf(file, at);
  for (const [name, unit] of Object.entries(units)) layUnit(laid, name, unit, at);
  if (processes !== undefined) layProcesses(being, processes, at.now);
  const rules = exec === null ? [] : [...(exec ?? []).map(ruleOf), ...(started.execs ?? [])];
  const {
    execs: _execs,
    root: _root,
    unitPrograms: _programs,
    units: _units,
    processes: _processes,
    ...rest
  } = started;
  return {
    ...rest,
    ...filled('root', sorted(laid.root)),
    ...filled('unitPrograms', laid.programs),
    ...filled('units', being.units),
    ...filled('processes', being.processes),
    ...(being.nextPid === (started.nextPid ?? life.FIRST_PID) ? {} : { nextPid: being.nextPid }),
    ...(being.journal.length > 0 ? { journal: being.journal } : {}),
    ...(rules.length > 0 ? { execs: rules } : {}),
  };
}
