/**
 * Starting, stopping and reloading one service by its plan and by how its program is said to behave.
 * Source: systemd.service(5), systemd.exec(5) (exit codes 200 and up); recorded from 252.
 * Not modelled: what commands of the unit do: one whose program is there succeeds unless a rule says otherwise. A
 * service that tells when it is ready tells so at once.
 */
import { file, textOf } from './program.ts';
import type { RuledOutput } from '../../model/exec-rule.ts';
import { processSignalled } from './process-signals.ts';
import { changesOf, outputOf, ruleFor } from './program-rules.ts';
import {
  conditionsOf,
  planOf,
  places,
  type Condition,
  type PlannedCommand,
  type ServicePlan,
} from './unit-plan.ts';
import type { Loaded } from './unit-load.ts';
import * as life from './systemd-life.ts';
import { noted, type Manager } from './systemd-manager.ts';
import { endText, isClean, resultOf, type EndOfProcess } from './systemd-words.ts';
import { readPasswd } from './user-files.ts';
import type { Unit } from './unit-slice.ts';

/** How a job came out. `waits`: it is not over yet. */
export type Outcome =
  | 'done'
  | 'waits'
  | 'skipped'
  | 'assert'
  | 'control'
  | 'resources'
  | 'timeout'
  | 'protocol'
  | 'failed'
  | 'invalid'
  | 'not-applicable';

function isThere(manager: Manager, path: string): boolean {
  return manager.unit.files[path] !== undefined;
}

function holds(manager: Manager, { key, path, negated }: Condition): boolean {
  const found = manager.unit.files[path];
  const filled = found?.kind === 'file' && found.bytes.length > 0;
  const runs = found?.kind === 'file' && (found.mode & 0o111) !== 0;
  const folder = found?.kind === 'dir';
  const is = key.endsWith('PathExists')
    ? found !== undefined
    : key.endsWith('PathIsDirectory')
      ? folder
      : key.endsWith('FileNotEmpty')
        ? filled
        : runs;
  return is !== negated;
}

/** What a command of the unit comes to: by a rule, with the files that it writes, or well. */
function outcomeOf(manager: Manager, { argv, path }: PlannedCommand): RuledOutput {
  const named = [life.baseName(path), ...argv.slice(1)];
  const rule = ruleFor(manager.execs, named) ?? ruleFor(manager.execs, argv);
  const output = rule ? outputOf(rule, '') : {};
  Object.assign(manager.root, changesOf(output.files));
  return output;
}

function missing(manager: Manager, { path }: PlannedCommand): boolean {
  const ruled = manager.execs.some(
    ({ command }) => !('like' in command) && command[0] === life.baseName(path),
  );
  return !ruled && !places(path).some((one) => isThere(manager, one));
}

/** The file that lacks a text without which the program does not run. */
function lacking(manager: Manager, name: string): { path: string; text: string } | null {
  const { needs = {} } = life.programOf(manager, name);
  const found = Object.entries(needs).find(
    ([path, text]) => !(textOf(manager.unit.files, path) ?? '').includes(text),
  );
  return found ? { path: found[0], text: found[1] } : null;
}

/** Of a process that ends as soon as it begins: how, and what the manager says of it. */
type AtOnce = { readonly end: EndOfProcess; readonly said: readonly string[] };

function failedStep(step: string, code: number, { path }: PlannedCommand, why: string): AtOnce {
  return { end: { code }, said: [`Failed at step ${step} spawning ${path}: ${why}`] };
}

function isUser(manager: Manager, user: string): boolean {
  const users = readPasswd(textOf(manager.unit.files, '/etc/passwd') ?? '');
  return user === 'root' || /^\d+$/.test(user) || users.some(({ name }) => name === user);
}

const GONE = 'No such file or directory';

/** How the first process of a service ends at once, or null: it runs on. */
function endAtOnce(manager: Manager, name: string, plan: ServicePlan): AtOnce | null {
  const [main] = plan.start;
  if (!main) return null;
  if (!isUser(manager, plan.user)) {
    const why = 'No such process';
    const { end, said } = failedStep('USER', 217, main, why);
    return { end, said: [`Failed to determine user credentials: ${why}`, ...said] };
  }
  const { workingDirectory: folder } = plan;
  const isFolder = folder === '' || /^[-~]/.test(folder) || isThere(manager, folder);
  if (!isFolder) return failedStep('CHDIR', 200, main, GONE);
  if (missing(manager, main)) {
    const { end, said } = failedStep('EXEC', 203, main, GONE);
    return { end, said: [`Failed to locate executable ${main.path}: ${GONE}`, ...said] };
  }
  if (lacking(manager, name)) return { end: { code: 1 }, said: [] };
  const { after = 0 } = life.programOf(manager, name);
  const end = after === 0 ? life.endOf(life.programOf(manager, name)) : null;
  return end && { end, said: [] };
}

function tellAll(manager: Manager, name: string, atOnce: AtOnce | null): void {
  for (const line of atOnce?.said ?? []) life.tell(manager, name, `${name}: ${line}`);
}

function makeFolders(manager: Manager, { folders, user, group }: ServicePlan): void {
  for (const { path, mode } of folders) {
    if (isThere(manager, path)) continue;
    manager.root[path] = { kind: 'dir', mode, user, group: group || user };
  }
}

/** Runs commands of one kind; false: one failed. */
function runAll(manager: Manager, name: string, commands: readonly PlannedCommand[]): boolean {
  for (const command of commands) {
    const { exit = 0, stdout = '', stderr = '' } = outcomeOf(manager, command);
    const code = missing(manager, command) ? 203 : exit;
    const by = life.baseName(command.path);
    life.prints(manager, name, { by, pid: life.takePid(manager), text: `${stdout}${stderr}` });
    if (code === 0 || command.ignored) continue;
    life.tell(manager, name, `${name}: Control process exited, ${endText({ code })}`);
    return false;
  }
  return true;
}

/** The oneshot's commands, one after the other. */
function runOnce(manager: Manager, name: string, plan: ServicePlan): Outcome {
  life.setUnit(manager, name, { type: plan.type, remain: plan.remain });
  const { after = 0, output = '' } = life.programOf(manager, name);
  if (after > 0) {
    life.setUnit(manager, name, {
      active: 'activating',
      sub: 'start',
      type: plan.type,
      timer: { what: 'exit', at: manager.now + after },
    });
    return 'waits';
  }
  const at = life.takePid(manager);
  const argv = plan.start[0]?.argv ?? [];
  life.setUnit(manager, name, { lastPid: at, argv });
  const by = life.baseName(plan.start[0]?.path ?? '');
  life.prints(manager, name, { by, pid: at, text: output });
  const atOnce = endAtOnce(manager, name, plan);
  tellAll(manager, name, atOnce);
  let end: EndOfProcess = atOnce?.end ?? { code: 0 };
  for (const command of plan.start) {
    if (!isClean(end)) break;
    const { exit = 0, stdout = '', stderr = '' } = outcomeOf(manager, command);
    life.prints(manager, name, {
      by: life.baseName(command.path),
      pid: at,
      text: `${stdout}${stderr}`,
    });
    if (!command.ignored) end = { code: missing(manager, command) ? 203 : exit };
  }
  const well = life.finishOnce(manager, name, end);
  return well ? 'done' : 'control';
}

function pidFileOf(manager: Manager, name: string, plan: ServicePlan): string {
  return life.programOf(manager, name).pidFile ?? plan.pidFile;
}

/** The service's main process is set off, and stays or ends at once. */
function runMain(manager: Manager, name: string, plan: ServicePlan): Outcome {
  const ready = ['forking', 'notify', 'notify-reload', 'dbus'].includes(plan.type);
  const atOnce = endAtOnce(manager, name, plan);
  const end = atOnce?.end ?? null;
  const argv = plan.start[0]?.argv ?? [];
  const { user } = plan;
  if (end && (ready || (plan.type === 'exec' && 'code' in end && end.code >= 200))) {
    const pid = life.spawn(manager, name, { argv, user });
    tellAll(manager, name, atOnce);
    if (isClean(end)) {
      life.failStart(manager, name, 'protocol', { exited: end });
      return 'protocol';
    }
    const who = plan.type === 'forking' ? 'Control' : 'Main';
    life.tell(manager, name, `${name}: ${who} process exited, ${endText(end)}`);
    life.failStart(
      manager,
      name,
      resultOf(end),
      plan.type === 'forking' ? {} : { exited: end, lastPid: pid },
    );
    return 'control';
  }
  life.tell(manager, name, `Started ${life.called(manager, name)}.`);
  const mainPid = life.spawn(manager, name, { argv, user });
  const pidFile = pidFileOf(manager, name, plan);
  const { exited: _exited, restarts: _restarts, ...rest } = life.unitOf(manager, name);
  const state = {
    active: 'active',
    sub: 'running',
    result: 'success',
    mainPid,
    lastPid: mainPid,
  } as const;
  const kept = { argv, user, type: plan.type, again: plan.again, stopTimeout: plan.stopTimeout };
  const timed = end ? {} : life.armed(manager, name);
  const made = { ...rest, ...state, ...kept, since: manager.now, starts: [manager.now], ...timed };
  manager.units = { ...manager.units, [name]: { ...made, ...(pidFile === '' ? {} : { pidFile }) } };
  tellAll(manager, name, atOnce);
  if (end) life.mainExited(manager, name, end);
  else if (pidFile !== '') manager.root[pidFile] = file(`${mainPid}\n`);
  return 'done';
}

/** Starts a service that is not running. */
export function startService(manager: Manager, loaded: Loaded): Outcome {
  const { name } = loaded;
  const plan = planOf(loaded, manager.hostname);
  const unit = life.unitOf(manager, name);
  const { active, sub } = unit;
  const { exited: _exited, lastPid: _lastPid, ...before } = unit;
  const began = { ...before, ...noted(manager, loaded) };
  manager.units = { ...manager.units, [name]: began };
  const called = life.called(manager, name);
  if (conditionsOf(loaded, 'Assert').some((one) => !holds(manager, one))) return 'assert';
  const unmet = conditionsOf(loaded, 'Condition').find((one) => !holds(manager, one));
  if (unmet) {
    const { key, negated, path } = unmet;
    life.tell(
      manager,
      name,
      manager.release === '22.04'
        ? `Condition check resulted in ${called} being skipped.`
        : `${called} was skipped because of an unmet condition check (${key}=${negated ? '!' : ''}${path}).`,
    );
    return 'skipped';
  }
  if (plan.environmentFiles.some((path) => !isThere(manager, path))) {
    const why = 'No such file or directory';
    life.tell(manager, name, `${name}: Failed to load environment files: ${why}`);
    life.tell(manager, name, `${name}: Failed to run 'start' task: ${why}`);
    life.failStart(manager, name, 'resources');
    return 'resources';
  }
  const staged = plan.pre.length > 0 || !['simple', 'idle'].includes(plan.type);
  if (staged) life.tell(manager, name, `Starting ${called}...`);
  makeFolders(manager, plan);
  if (active === 'failed' || sub !== 'dead')
    life.setUnit(manager, name, { active: 'inactive', sub: 'dead' });
  if (!runAll(manager, name, plan.pre)) {
    life.failStart(manager, name, 'exit-code');
    return 'control';
  }
  return plan.type === 'oneshot' ? runOnce(manager, name, plan) : runMain(manager, name, plan);
}

/** Stops a service; it may take its time. */
export function stopService(manager: Manager, loaded: Loaded): Outcome {
  const { name } = loaded;
  const unit = life.unitOf(manager, name);
  if (unit.active === 'inactive' || unit.active === 'failed') return 'done';
  if (unit.active === 'deactivating') return 'waits';
  const plan = planOf(loaded, manager.hostname);
  if (unit.sub === 'auto-restart') {
    life.tell(manager, name, `Stopped ${life.called(manager, name)}.`);
    const { timer: _timer, ...idle } = life.setUnit(manager, name, {
      active: 'inactive',
      sub: 'dead',
    });
    manager.units = { ...manager.units, [name]: idle };
    return 'done';
  }
  if (unit.sub === 'running') life.tell(manager, name, `Stopping ${life.called(manager, name)}...`);
  runAll(
    manager,
    name,
    plan.stop.map((command) => ({ ...command, ignored: true })),
  );
  tidy(manager, plan, unit);
  const { slow = 0 } = life.programOf(manager, name);
  const within = Math.min(slow, plan.stopTimeout);
  if (within > 0) {
    const timer = { what: 'stop', at: manager.now + within } as const;
    life.setUnit(manager, name, { active: 'deactivating', sub: 'stop-sigterm', timer });
    return 'waits';
  }
  life.stopped(manager, name);
  return 'done';
}

/** What was made for the service while it ran is gone. */
function tidy(manager: Manager, plan: ServicePlan, { pidFile = '' }: Unit): void {
  for (const { path, runtime } of plan.folders) {
    if (runtime) manager.root[path] = { kind: 'removed' };
  }
  if (pidFile !== '') manager.root[pidFile] = { kind: 'removed' };
}

/** Tells a service to read its configuration anew. */
export function reloadService(manager: Manager, loaded: Loaded): Outcome {
  const { name } = loaded;
  const { active, sub } = life.unitOf(manager, name);
  const plan = planOf(loaded, manager.hostname);
  if (plan.reload.length === 0 && plan.type !== 'notify-reload') return 'not-applicable';
  if (active !== 'active' || sub === 'exited') return 'invalid';
  const called = life.called(manager, name);
  life.tell(manager, name, `Reloading ${called}...`);
  const bad = lacking(manager, name);
  if (bad) life.tell(manager, name, `${name}: Control process exited, ${endText({ code: 1 })}`);
  if (bad || !runAll(manager, name, plan.reload)) {
    life.tell(manager, name, `Reload failed for ${called}.`);
    return 'failed';
  }
  life.tell(manager, name, `Reloaded ${called}.`);
  const hangs = plan.reload.some(({ argv }) =>
    argv.some((word) => /^-(?:s)?(?:SIG)?HUP$|^-1$/.test(word)),
  );
  if (hangs) processSignalled(manager, life.unitOf(manager, name).mainPid, 'HUP');
  const unit = life.unitOf(manager, name);
  const { since, reloads = 0 } = unit;
  life.setUnit(manager, name, { reloads: reloads + 1, since });
  return 'done';
}

/** All that a start of these units looks at besides their files. */
export function needPaths(manager: Manager, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => Object.keys(life.programOf(manager, name).needs ?? {}));
}
