/**
 * systemctl's verbs that give units jobs: start, stop, restart, reload and their like, kill, reset-failed.
 * Source: systemctl(1); recorded from 252.
 */
import { processSignalled } from './process-signals.ts';
import { has, valueOf } from './program-options.ts';
import type { Call, Handler, Told } from './systemctl-call.ts';
import {
  give,
  goOn,
  jobText,
  refusalOf,
  warnings,
  type JobResult,
  type Verb,
} from './systemd-jobs.ts';
import * as life from './systemd-life.ts';
import { definition, reloadAll, type Manager } from './systemd-manager.ts';
import { signalName } from './systemd-words.ts';
import { loadUnit, unitNames } from './unit-load.ts';

const SAME: Readonly<Record<string, Verb>> = {
  condrestart: 'try-restart',
  'force-reload': 'try-reload-or-restart',
};
/** As systemctl words a job that it could not give. */
const WORDED: Readonly<Record<string, string>> = {
  'try-reload-or-restart': 'reload-or-try-restart',
};

function worded(verb: string): string {
  return WORDED[verb] ?? verb;
}

/** How jobs came out that were given, in systemctl's words. */
export function concluded(manager: Manager, results: readonly JobResult[]): Told {
  const texts = results.map((result) => ({ result, text: jobText(manager, result) }));
  const err = texts.map(({ text }) => text).join('');
  const bad = texts.find(({ text }) => text !== '');
  return { code: bad ? (bad.result.outcome === 'not-applicable' ? 3 : 1) : 0, err };
}

/** Names units that would start a stopped one again. */
function activators(manager: Manager, names: readonly string[]): string {
  return names
    .map((name) => {
      const others = unitNames(manager.unit).filter((other) => {
        const stem = /^(.*)\.(?:timer|socket|path)$/.exec(other)?.[1];
        return `${stem}.service` === name && life.isActive(life.unitOf(manager, other));
      });
      const rank = ['timer', 'socket', 'path'];
      const type = (other: string): number => rank.indexOf(other.slice(other.lastIndexOf('.') + 1));
      const listed = others.sort((a, b) => type(a) - type(b)).map((other) => `  ${other}\n`);
      return listed.length === 0
        ? ''
        : `Warning: Stopping ${name}, but it can still be activated by:\n${listed.join('')}`;
    })
    .join('');
}

/** Begins jobs, or goes on with those that were begun before time passed. */
export function jobs(manager: Manager, { verb, names }: Pick<Call, 'verb' | 'names'>): Told {
  const asked = SAME[verb] ?? (verb as Verb);
  const { draw } = manager;
  if (draw.now > draw.asked) {
    const results = names.map((name) => goOn(manager, definition(manager, name).name));
    const waits = results.some(({ outcome }) => outcome === 'waits');
    return waits ? { code: 0, waits } : concluded(manager, results);
  }
  let code = 0;
  let err = '';
  const results: JobResult[] = [];
  for (const name of names) {
    const refused = refusalOf(manager, name, asked);
    if (!refused) {
      const warned = warnings(manager, [name]);
      const result = give(manager, name, asked);
      if (result.outcome !== 'not-applicable') err += warned;
      results.push(result);
      continue;
    }
    code ||= refused.code;
    const see = `See system logs and 'systemctl status ${name}' for details.\n`;
    err += `Failed to ${worded(asked)} ${name}: ${refused.message}\n${refused.log ? see : ''}`;
  }
  if (results.some(({ outcome }) => outcome === 'waits')) return { code: 0, waits: true };
  const told = concluded(manager, results);
  const still = asked === 'stop' ? activators(manager, names) : '';
  return { code: told.code || code, err: `${err}${told.err ?? ''}${still}` };
}

const job: Handler = (manager, call) => {
  const told = jobs(manager, call);
  if (!has(call.options, 'no-block')) return told;
  return { code: told.waits ? 0 : told.code === 5 ? 5 : 0 };
};

const kill: Handler = (manager, { names, options }) => {
  const asked = valueOf(options, 'signal') ?? 'TERM';
  const signal = signalName(asked);
  if (signal === null) return { code: 1, err: `Failed to parse signal string "${asked}".\n` };
  let [code, err] = [0, ''];
  for (const asName of names) {
    const { name } = definition(manager, asName);
    const unit = life.unitOf(manager, name);
    if (unit.active === 'inactive') {
      code = 1;
      err += `Failed to kill unit ${name}: Unit ${name} not loaded.\n`;
    } else if (unit.mainPid !== 0) sendTo(manager, name, signal);
  }
  return { code, err };
};

function sendTo(manager: Manager, name: string, signal: string): void {
  const { mainPid } = life.unitOf(manager, name);
  const by = life.baseName(manager.processes[mainPid]?.argv[0] ?? '');
  const whom = `main process ${mainPid} (${by})`;
  life.tell(manager, name, `${name}: Sent signal SIG${signal} to ${whom} on client request.`);
  if (!processSignalled(manager, mainPid, signal)) life.mainExited(manager, name, { signal });
}

const resetFailed: Handler = (manager, { words, names }) => {
  const all = words.length === 0 ? Object.keys(manager.units) : names;
  let [code, err] = [0, ''];
  for (const name of all) {
    const unit = life.unitOf(manager, name);
    if (unit.active === 'failed') {
      const { restarts: _restarts, exited: _exited, ...rest } = unit;
      const reset = { ...rest, active: 'inactive', sub: 'dead', result: 'success' } as const;
      manager.units = { ...manager.units, [name]: { ...reset, since: manager.now } };
    } else if (words.length > 0 && unit.active === 'inactive') {
      code = 1;
      err += `Failed to reset failed state of unit ${name}: Unit ${name} not loaded.\n`;
    }
  }
  return { code, err };
};

const daemonReload: Handler = (manager) => {
  reloadAll(manager);
  return { code: 0 };
};

/** Stops a unit that is being hidden or disabled, or starts it: what --now does. */
export function nowToo(manager: Manager, verb: 'start' | 'stop', names: readonly string[]): Told {
  const given =
    verb === 'start'
      ? names
      : names.filter((name) => {
          const { active } = life.unitOf(manager, loadUnit(manager.unit, name).name);
          return active !== 'inactive';
        });
  return jobs(manager, { verb, names: given });
}

export const JOBS: Readonly<Record<string, Handler>> = {
  start: job,
  stop: job,
  restart: job,
  'try-restart': job,
  condrestart: job,
  reload: job,
  'reload-or-restart': job,
  'try-reload-or-restart': job,
  'force-reload': job,
  kill,
  'reset-failed': resetFailed,
  'daemon-reload': daemonReload,
  'daemon-reexec': daemonReload,
};
