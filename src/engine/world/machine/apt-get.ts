/**
 * apt-get: lists fetched, packages installed, upgraded, removed.
 * Source: apt-get(8); outputs and exit codes recorded from apt 2.6.1 (tests/machine/recorded).
 * Ubuntu's own apt, 2.4 and 2.7, says the same, but for its version.
 * Not modelled: source packages, building, changelogs; the lock of a second apt: a fault of the tree can fail a call.
 */
import type { Answer } from '../../model/request.ts';
import {
  aptError,
  BUILDING,
  changed,
  NOT_ROOT,
  OPENED,
  quietened,
  READING,
  REFUSED,
  without,
  type Doing,
} from './apt-carry.ts';
import { aptOptions, type AptOptions } from './apt-options.ts';
import { selectedToInstall, selectedToRemove, type Selected } from './apt-select.ts';
import { updated } from './apt-update.ts';
import * as text from './apt-text.ts';
import { presentOf } from './package-base.ts';
import { planOf, unneeded, upgradable, type Plan } from './package-plan.ts';
import { absolute, isRoot, reply, type Program } from './program.ts';
import type { MachineSlice } from './slice.ts';

function recommends({ flags }: AptOptions): boolean {
  return !flags.has('no-install-recommends');
}

/** What is said of packages that are there as they were asked for. */
function already(
  slice: MachineSlice,
  { install }: Selected,
  reinstall: boolean,
): { notes: string; rest: Selected['install'] } {
  const lines: string[] = [];
  const manual: string[] = [];
  const rest = install.filter(([name, to]) => {
    const here = presentOf(slice, name);
    if (here?.version !== to.version) return true;
    if (reinstall) return true;
    if (here.auto) manual.push(`${name} set to manually installed.\n`);
    lines.push(`${name} is already the newest version (${to.version}).\n`);
    return false;
  });
  const order = install.map(([name]) => name);
  const by = (line: string): number => order.indexOf(line.split(' ')[0] ?? '');
  return { notes: [...lines, ...manual].sort((a, b) => by(a) - by(b)).join(''), rest };
}

function install(doing: Doing): Answer {
  const { draw, request, options } = doing;
  const { seen } = draw;
  const files = options.rest.filter((word) => /^(?:\/|\.\/|\.\.\/)/.test(word));
  const paths = files.map((path) => absolute(path, request.cwd));
  if (paths.length > 0 && !request.found) return { kind: 'look', paths };
  const there = (path: string): boolean =>
    request.found?.[absolute(path, request.cwd)] !== undefined;
  const selected = selectedToInstall(seen, options.rest, there);
  if ('unsupported' in selected) return unsupportedFile(selected.unsupported);
  if ('err' in selected) {
    const head = selected.out === '' ? `${READING}${BUILDING}` : OPENED;
    return reply(REFUSED, quietened(doing, `${head}${selected.out}`), selected.err);
  }
  const again = options.flags.has('reinstall') || options.operation === 'reinstall';
  const { notes, rest } = already(seen, selected, again);
  const upgradesOnly = options.flags.has('only-upgrade');
  const wanted = upgradesOnly ? rest.filter(([name]) => presentOf(seen, name)) : rest;
  const asking = { install: wanted, remove: selected.remove, recommends: recommends(options) };
  const whole = withUnpacked(seen, planOf(seen, asking), options);
  const more = options.flags.has('autoremove') ? unneeded(seen, whole) : [];
  const manual = again ? [] : selected.install.map(([name]) => name);
  const purged = options.flags.has('purge') ? whole.removals : [];
  return changed(doing, {
    plan: without(whole, more),
    notes: `${selected.out}${notes}`,
    manual,
    purged,
  });
}

/** Packages that wait to be configured are, whatever else is asked for. */
function withUnpacked(slice: MachineSlice, plan: Plan, { flags }: AptOptions): Plan {
  const known = new Set([...plan.installs.map(({ name }) => name), ...plan.removals]);
  const waiting = Object.entries(slice.packages ?? {}).flatMap(([name, one]) =>
    one?.state === 'unpacked' && !known.has(name) ? [[name, one] as const] : [],
  );
  if (waiting.length === 0) return plan;
  const asked = planOf(slice, { install: waiting, remove: [], recommends: false });
  const whole = { ...plan, installs: [...asked.installs, ...plan.installs] };
  const more = asked.installs.some(({ from }) => from?.state !== 'unpacked');
  if (!more || flags.has('fix-broken')) return whole;
  return { ...plan, broken: [...plan.broken, ...waiting.map(([name]) => ({ name, text: UNMET }))] };
}

const UNMET = 'its dependencies are not installed';

export function unsupportedFile(what: string): Answer {
  return { kind: 'unsupported', what, rule: 'machine.packages' };
}

function remove(doing: Doing): Answer {
  const { draw, options } = doing;
  const purge = options.operation === 'purge' || options.flags.has('purge');
  const selected = selectedToRemove(draw.seen, options.rest, purge);
  if ('unsupported' in selected) return unsupportedFile(selected.unsupported);
  if ('err' in selected) return reply(REFUSED, quietened(doing, OPENED), selected.err);
  const asking = {
    install: selected.install,
    remove: selected.remove,
    recommends: recommends(options),
  };
  const whole = planOf(draw.seen, asking);
  const more = options.flags.has('autoremove') ? unneeded(draw.seen, whole) : [];
  const plan = without(whole, more);
  return changed(doing, {
    plan,
    notes: selected.out,
    manual: [],
    purged: purge ? plan.removals : [],
  });
}

function autoremove(doing: Doing): Answer {
  const { draw, options } = doing;
  const asked = options.rest.length > 0 ? selectedToRemove(draw.seen, options.rest, false) : null;
  if (asked && 'err' in asked) return reply(REFUSED, quietened(doing, OPENED), asked.err);
  const first = asked && 'remove' in asked ? asked.remove : [];
  const whole = planOf(draw.seen, { install: [], remove: first, recommends: false });
  const plan = without(whole, unneeded(draw.seen, whole));
  const purge = options.flags.has('purge') || options.operation === 'autopurge';
  return changed(doing, { plan, notes: '', manual: [], purged: purge ? plan.removals : [] });
}

function upgrade(doing: Doing): Answer {
  const { draw, options } = doing;
  const { seen } = draw;
  const all = upgradable(seen);
  const [held, free] = [
    all.filter(([name]) => presentOf(seen, name)?.held),
    all.filter(([name]) => !presentOf(seen, name)?.held),
  ];
  const whole = planOf(seen, { install: free, remove: [], recommends: recommends(options) });
  const installs = whole.installs.map((step) => ({ ...step, asked: step.from !== null }));
  const back =
    held.length > 0
      ? `The following packages have been kept back:\n${text.nameLines(held.map(([name]) => name))}`
      : '';
  const plan = { ...whole, installs };
  return changed(doing, { plan, notes: `Calculating upgrade...\n${back}`, manual: [], purged: [] });
}

function download({ draw, options }: Doing): Answer {
  const selected = selectedToInstall(draw.seen, options.rest, () => false);
  if ('unsupported' in selected) return unsupportedFile(selected.unsupported);
  if ('err' in selected) return reply(REFUSED, selected.out, selected.err);
  return { kind: 'unsupported', what: 'apt-get download' };
}

function check(doing: Doing): Answer {
  const waits = Object.values(doing.draw.seen.packages ?? {}).some(
    (one) => one?.state === 'unpacked',
  );
  if (!waits) return reply(0, quietened(doing, OPENED));
  const hint =
    "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).\n";
  return reply(REFUSED, quietened(doing, OPENED), hint);
}

const OPERATIONS: Readonly<Record<string, (doing: Doing) => Answer>> = {
  update: (doing) => updated(doing.draw, doing.request, doing.options),
  install,
  reinstall: install,
  remove,
  purge: remove,
  autoremove,
  autopurge: autoremove,
  'auto-remove': autoremove,
  upgrade,
  'dist-upgrade': upgrade,
  'full-upgrade': upgrade,
  check,
  download,
};
/** They change caches that nobody can see here. */
const CLEANING = ['clean', 'autoclean', 'auto-clean', 'distclean'];
const OTHERS = [
  ...['source', 'build-dep', 'satisfy', 'changelog', 'dselect-upgrade', 'indextargets', 'moo'],
  ...['edit-sources', 'help'],
];

export const aptGet: Program = (draw, request) => {
  const options = aptOptions(request.argv.slice(1));
  if (typeof options === 'string') return aptError(options);
  const { operation, flags } = options;
  if (flags.has('version') || flags.has('help') || operation === undefined) {
    return { kind: 'unsupported', what: `${request.argv[0]}'s help` };
  }
  const run = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  const cleans = CLEANING.includes(operation);
  if (!run && !cleans) {
    if (OTHERS.includes(operation))
      return { kind: 'unsupported', what: `${request.argv[0]} ${operation}` };
    return aptError(`Invalid operation ${operation}`);
  }
  const looks = ['check', 'download'].includes(operation) || flags.has('simulate');
  if (!looks && !isRoot(request) && operation !== 'update') return reply(REFUSED, '', NOT_ROOT);
  return run ? run({ draw, request, options }) : reply(0);
};
