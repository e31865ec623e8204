/**
 * apt-get: lists fetched, packages installed, upgraded, removed.
 * Source: apt-get(8); outputs and exit codes recorded from apt 2.6.1 (tests/machine/recorded). Ubuntu's own apt, 2.4 and
 * 2.7, says the same, but for its version.
 * Not modelled: source packages, building, changelogs; the lock of a second apt: a fault of the tree can fail a call.
 */
import type { Answer, CommandRequest, Reply } from '../../model/request.ts';
import { aptOptions, type AptOptions } from './apt-options.ts';
import { selectedToInstall, selectedToRemove, type Selected } from './apt-select.ts';
import { updated } from './apt-update.ts';
import * as text from './apt-text.ts';
import { offersOf, packageOf, presentOf } from './package-base.ts';
import { carryOut, looksOf } from './package-change.ts';
import { isConfigured, planOf, unneeded, upgradable, type Plan } from './package-plan.ts';
import type { InstalledPackage } from './package-slice.ts';
import { inputOf, isRoot, look, reply, type MachineDraw, type Program } from './program.ts';
import type { MachineSlice } from './slice.ts';

const READING = 'Reading package lists...\n';
const BUILDING = 'Building dependency tree...\n';
const STATE = 'Reading state information...\n';
const OPENED = `${READING}${BUILDING}${STATE}`;
const REFUSED = 100;

export function aptError(message: string, out = ''): Reply {
  return reply(REFUSED, out, `E: ${message}\n`);
}

export const NOT_ROOT =
  'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\n' +
  'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n';

type Doing = {
  readonly draw: MachineDraw;
  readonly request: CommandRequest;
  readonly options: AptOptions;
};
type Change = {
  readonly plan: Plan;
  /** Said before what the plan comes to. */
  readonly notes: string;
  readonly manual: readonly string[];
  readonly purged: readonly string[];
};

function quietened({ options }: Doing, out: string): string {
  return options.quiet >= 2 ? '' : out;
}

function heldIn(slice: MachineSlice, { installs, removals }: Plan): readonly string[] {
  const touched = [...installs.map(({ name }) => name), ...removals];
  return touched.filter((name) => presentOf(slice, name)?.held).sort();
}

function without(plan: Plan, more: readonly string[]): Plan {
  return { ...plan, removals: [...new Set([...plan.removals, ...more])].sort() };
}

/** Why a plan is not carried out, though it could be. */
function forbidden({ options, draw }: Doing, plan: Plan): string | null {
  const { flags, yes } = options;
  const may = (flag: string): boolean => flags.has(flag) || flags.has('force-yes') || !yes;
  const essential = plan.removals.some((name) => packageOf(draw.seen, name)?.essential);
  if (essential && !may('allow-remove-essential')) {
    return 'Essential packages were removed and -y was used without --allow-remove-essential.';
  }
  if (text.kindsOf(plan).earlier.length > 0 && !may('allow-downgrades')) {
    return 'Packages were downgraded and -y was used without --allow-downgrades.';
  }
  if (heldIn(draw.seen, plan).length > 0 && !may('allow-change-held-packages')) {
    return 'Held packages were changed and -y was used without --allow-change-held-packages.';
  }
  if (plan.removals.length > 0 && flags.has('no-remove')) {
    return 'Packages need to be removed but remove is disabled.';
  }
  return null;
}

function sayingOf({ draw, options }: Doing, { plan, purged, manual }: Change): text.Saying {
  const { seen } = draw;
  const touched = new Set([...plan.installs.map(({ name }) => name), ...plan.removals]);
  const unwanted = options.operation === 'autoremove' || options.operation === 'autopurge';
  return {
    plan,
    unneeded: unwanted || options.flags.has('autoremove') ? [] : unneeded(seen, plan, manual),
    purged,
    held: heldIn(seen, plan),
    essential: plan.removals.filter((name) => packageOf(seen, name)?.essential),
    left: upgradable(seen).filter(([name]) => !touched.has(name)).length,
  };
}

function brokenText({ broken }: Plan): string {
  const names = [...new Set(broken.map(({ name }) => name))];
  const lines = names.map((name) => {
    const own = broken.filter((one) => one.name === name).map(({ text: why }) => why);
    return ` ${name} : ${own.join(`\n${' '.repeat(name.length + 4)}`)}\n`;
  });
  return (
    'Some packages could not be installed. This may mean that you have\n' +
    'requested an impossible situation or if you are using the unstable\n' +
    'distribution that some required packages have not yet been created\n' +
    'or been moved out of Incoming.\n' +
    'The following information may help to resolve the situation:\n\n' +
    `The following packages have unmet dependencies:\n${lines.join('')}`
  );
}

function simulated(seen: MachineSlice, { plan }: Change): string {
  const gone = plan.removals.map((name) => `Remv ${name} [${packageOf(seen, name)?.version}]\n`);
  const come = plan.installs.map(({ name, from, to }) => {
    const old = from && from.state !== 'config-files' ? ` [${from.version}]` : '';
    return `Inst ${name}${old} (${to.version} [${to.arch}])\n`;
  });
  const set = plan.installs.map(({ name, to }) => `Conf ${name} (${to.version} [${to.arch}])\n`);
  return [...gone, ...come, ...set].join('');
}

/** Whether a terminal is asked first: when more is done than was asked for by name. */
function asks({ options }: Doing, { installs, removals }: Plan): boolean {
  return !options.yes && (removals.length > 0 || installs.some(({ asked }) => !asked));
}

function offline({ draw }: Doing, { installs }: Plan, out: string): Reply | null {
  if (!draw.seen.offline || installs.length === 0) return null;
  const host = 'archive.ubuntu.com';
  const why = `  Temporary failure resolving '${host}'`;
  const lines = installs.map(({ name, to }, at) => [
    `Err:${at + 1} ${text.originOf(draw.seen, to)} amd64 ${name} ${to.arch} ${to.version}\n${why}\n`,
    `E: Failed to fetch http://${host}/ubuntu/pool/main/${text.debName(name, to)}${why}\n`,
  ]);
  const err = `${lines.map(([, one]) => one).join('')}E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n`;
  return reply(REFUSED, `${out}${lines.map(([one]) => one).join('')}`, err);
}

function marked(draw: MachineDraw, manual: readonly string[]): void {
  if (manual.every((name) => !presentOf(draw.seen, name)?.auto)) return;
  const own = manual.map((name) => [name, presentOf(draw.seen, name)] as const);
  draw.set((slice) => {
    for (const [name, one] of own) {
      const { auto: _auto, ...rest } = one as InstalledPackage;
      slice.packages = { ...slice.packages, [name]: rest } as never;
    }
  });
}

/** Says what a plan comes to, and carries it out where it may. */
function changed(doing: Doing, change: Change): Answer {
  const { draw, request, options } = doing;
  const { seen } = draw;
  const { plan } = change;
  if (plan.broken.length > 0) {
    const out = quietened(doing, `${OPENED}${brokenText(plan)}`);
    return aptError('Unable to correct problems, you have held broken packages.', out);
  }
  const first = looksOf(draw.seen, plan);
  const prompts = asks(doing, plan);
  const looked =
    first.length > 0 || prompts
      ? look(request, [...first, ...(prompts ? ['/dev/stdin'] : [])])
      : null;
  if (looked) return looked;
  const corrects =
    options.flags.has('fix-broken') && plan.installs.some(isConfigured)
      ? 'Correcting dependencies... Done\n'
      : '';
  const said = `${OPENED}${corrects}${change.notes}${text.planText(sayingOf(doing, change))}`;
  if (options.flags.has('simulate')) return reply(0, `${said}${simulated(seen, change)}`);
  const refused = forbidden(doing, plan);
  if (refused !== null) return aptError(refused, quietened(doing, said));
  if (plan.installs.length === 0 && plan.removals.length === 0) {
    marked(draw, change.manual);
    return reply(0, quietened(doing, said));
  }
  const gone = plan.removals.flatMap((name) => packageOf(draw.seen, name) ?? []);
  const space = text.spaceText(plan, gone);
  const sure = prompts ? confirmed(request, options) : '';
  if (sure === null) {
    return reply(1, quietened(doing, `${said}${space}Do you want to continue? [Y/n] Abort.\n`));
  }
  const unreachable = offline(doing, plan, quietened(doing, `${said}${space}`));
  if (unreachable) return unreachable;
  const fetched = `${said}${space}${sure}${text.fetchText(draw.seen, plan)}`;
  if (options.flags.has('download-only')) {
    return reply(0, quietened(doing, `${fetched}Download complete and in download only mode\n`));
  }
  const purged = new Set(change.purged);
  const { dpkg: force } = options;
  const done = carryOut(draw, request, { plan, purged, force, manual: change.manual });
  if ('kind' in done) return done;
  const code = done.code === 0 ? 0 : REFUSED;
  return reply(code, `${quietened(doing, fetched)}${done.out}`, done.err, done.root);
}

function confirmed(request: CommandRequest, { flags }: AptOptions): string | null {
  if (flags.has('assume-no')) return null;
  const [answer] = inputOf(request).split('\n');
  const yes =
    request.stdin !== null && request.stdin.length > 0 && /^(?:y.*|)$/i.test(answer ?? '');
  return yes ? 'Do you want to continue? [Y/n] ' : null;
}

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

export function absolute(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

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

/** The latest version that could be had. */
export function candidateOf(slice: MachineSlice, name: string) {
  return offersOf(slice, name)[0] ?? null;
}
