/**
 * What apt-get says of a plan before it is carried out, when it refuses to, and what comes of it.
 * Source: outputs and exit codes of apt 2.6.1 (tests/machine/recorded).
 */
import type { Answer, CommandRequest, Reply } from '../../model/request.ts';
import type { AptOptions } from './apt-options.ts';
import * as text from './apt-text.ts';
import { packageOf, presentOf } from './package-base.ts';
import { carryOut, looksOf } from './package-change.ts';
import { isConfigured, unneeded, upgradable, type Plan } from './package-plan.ts';
import type { InstalledPackage } from './package-slice.ts';
import { inputOf, look, reply, setMembers, type MachineDraw } from './program.ts';
import type { MachineSlice } from './slice.ts';

export const READING = 'Reading package lists...\n';
export const BUILDING = 'Building dependency tree...\n';
const STATE = 'Reading state information...\n';
export const OPENED = `${READING}${BUILDING}${STATE}`;
export const REFUSED = 100;

export function aptError(message: string, out = ''): Reply {
  return reply(REFUSED, out, `E: ${message}\n`);
}

export const NOT_ROOT =
  'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\n' +
  'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n';

export type Doing = {
  readonly draw: MachineDraw;
  readonly request: CommandRequest;
  readonly options: AptOptions;
};
export type Change = {
  readonly plan: Plan;
  /** Said before what the plan comes to. */
  readonly notes: string;
  readonly manual: readonly string[];
  readonly purged: readonly string[];
};

export function quietened({ options }: Doing, out: string): string {
  return options.quiet >= 2 ? '' : out;
}

function heldIn(slice: MachineSlice, { installs, removals }: Plan): readonly string[] {
  const touched = [...installs.map(({ name }) => name), ...removals];
  return touched.filter((name) => presentOf(slice, name)?.held).sort();
}

export function without(plan: Plan, more: readonly string[]): Plan {
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

const MAYBE = 'maybe run apt-get update or try with --fix-missing?';

function offline({ draw }: Doing, { installs }: Plan, out: string): Reply | null {
  if (!draw.seen.offline || installs.length === 0) return null;
  const host = 'archive.ubuntu.com';
  const why = `  Temporary failure resolving '${host}'`;
  const lines = installs.map(({ name, to }, at) => [
    `Err:${at + 1} ${text.originOf(draw.seen, to)} amd64 ${name} ${to.arch} ${to.version}\n${why}\n`,
    `E: Failed to fetch http://${host}/ubuntu/pool/main/${text.debName(name, to)}${why}\n`,
  ]);
  const err = `${lines.map(([, one]) => one).join('')}E: Unable to fetch some archives, ${MAYBE}\n`;
  return reply(REFUSED, `${out}${lines.map(([one]) => one).join('')}`, err);
}

function marked(draw: MachineDraw, manual: readonly string[]): void {
  if (manual.every((name) => !presentOf(draw.seen, name)?.auto)) return;
  const own = manual.map((name) => {
    const { auto: _auto, ...rest } = presentOf(draw.seen, name) as InstalledPackage;
    return [name, rest] as const;
  });
  setMembers(draw, 'packages', Object.fromEntries(own));
}

/** Says what a plan comes to, and carries it out where it may. */
export function changed(doing: Doing, change: Change): Answer {
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
