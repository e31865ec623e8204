/**
 * What apt-get prints of a plan and of carrying it out.
 * Source: apt 2.6.1 and dpkg 1.21.22 (tests/machine/recorded).
 * Not modelled: sizes of what is downloaded beyond what the files come to, triggers, hooks of other packages.
 */
import { compareVersions } from './deb-version.ts';
import { ARCHIVE, CODENAMES } from './package-base.ts';
import { isConfigured, type Plan, type Step } from './package-plan.ts';
import type { Package } from './package-slice.ts';
import { release } from './program.ts';
import type { MachineSlice } from './slice.ts';
import { sizeOf } from './dpkg-status.ts';

const WIDTH = 79;

/** Names in lines of apt's width, each begun with two blanks. */
export function nameLines(names: readonly string[]): string {
  let text = '';
  let line = ' ';
  for (const name of names) {
    if (line !== ' ' && line.length + 1 + name.length > WIDTH) {
      text += `${line}\n`;
      line = ' ';
    }
    line += ` ${name}`;
  }
  return names.length === 0 ? '' : `${text}${line}\n`;
}

function section(title: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${title}\n${nameLines([...names].sort())}`;
}

export type Kinds = Readonly<Record<'fresh' | 'later' | 'earlier' | 'again', readonly Step[]>>;

function present({ from }: Step): boolean {
  return from !== null && from.state !== 'config-files';
}

function order({ from, to }: Step): number {
  return from ? compareVersions(to.version, from.version) : 1;
}

export function kindsOf({ installs: all }: Plan): Kinds {
  const installs = all.filter((step) => !isConfigured(step));
  const there = installs.filter(present);
  return {
    fresh: installs.filter((step) => !present(step)),
    later: there.filter((step) => order(step) > 0),
    earlier: there.filter((step) => order(step) < 0),
    again: there.filter((step) => order(step) === 0),
  };
}

export type Saying = {
  readonly plan: Plan;
  readonly unneeded: readonly string[];
  /** Removed together with their configuration. */
  readonly purged: readonly string[];
  readonly held: readonly string[];
  readonly essential: readonly string[];
  /** How many later versions there are of what is not touched. */
  readonly left: number;
};

export function countsLine({ plan, left }: Saying): string {
  const { fresh, later, earlier, again } = kindsOf(plan);
  const down = earlier.length > 0 ? `${earlier.length} downgraded, ` : '';
  const half = plan.installs.filter(isConfigured).length;
  const waiting = half > 0 ? `${half} not fully installed or removed.\n` : '';
  const anew = again.length > 0 ? `${again.length} reinstalled, ` : '';
  return (
    `${later.length} upgraded, ${fresh.length} newly installed, ${anew}${down}` +
    `${plan.removals.length} to remove and ${left} not upgraded.
${waiting}`
  );
}

export function unneededText(names: readonly string[]): string {
  if (names.length === 0) return '';
  const one = names.length === 1;
  const are = one
    ? 'The following package was automatically installed and is no longer required:'
    : 'The following packages were automatically installed and are no longer required:';
  return `${are}\n${nameLines(names)}Use 'apt autoremove' to remove ${one ? 'it' : 'them'}.\n`;
}

function namesOf(steps: readonly Step[]): readonly string[] {
  return steps.map(({ name }) => name);
}

/** All that is said before anything is done. */
export function planText(saying: Saying): string {
  const { plan, unneeded, purged, held, essential } = saying;
  const { fresh, later, earlier } = kindsOf(plan);
  const extra = fresh.filter(({ asked }) => !asked);
  const marked = plan.removals.map((name) => (purged.includes(name) ? `${name}*` : name));
  const warning =
    'WARNING: The following essential packages will be removed.\n' +
    'This should NOT be done unless you know exactly what you are doing!';
  return [
    unneededText(unneeded),
    section('The following additional packages will be installed:', namesOf(extra)),
    section('Recommended packages:', plan.recommended),
    section('The following packages will be REMOVED:', marked),
    section('The following NEW packages will be installed:', namesOf(fresh)),
    section('The following held packages will be changed:', held),
    section('The following packages will be upgraded:', namesOf(later)),
    section('The following packages will be DOWNGRADED:', namesOf(earlier)),
    section(warning, essential),
    countsLine(saying),
  ].join('');
}

function sizeText(kib: number): string {
  const bytes = kib * 1024;
  if (bytes < 10_000) return `${bytes} B`;
  if (bytes < 10_000_000) return `${(bytes / 1000).toPrecision(3)} kB`;
  return `${(bytes / 1_000_000).toPrecision(3)} MB`;
}

function total(packages: readonly Package[]): number {
  return packages.reduce((sum, one) => sum + sizeOf(one), 0);
}

export function spaceText({ installs, removals }: Plan, gone: readonly Package[]): string {
  const fetched = total(installs.map(({ to }) => to));
  const more = fetched - total(gone);
  const need =
    installs.length > 0
      ? `Need to get ${sizeText(Math.ceil(fetched / 4))}/${sizeText(Math.ceil(fetched / 4))} of archives.\n`
      : '';
  if (installs.length === 0 && removals.length === 0) return '';
  const word = more < 0 ? 'disk space will be freed' : 'of additional disk space will be used';
  return `${need.replace(/get (.*)\/.* of/, 'get $1 of')}After this operation, ${sizeText(Math.abs(more))} ${word}.\n`;
}

/** Where a package comes from: an archive's address, its suite and part. */
export function originOf(slice: MachineSlice, { source }: Package): string {
  const code = CODENAMES[release(slice)];
  if (source === undefined) return `${ARCHIVE} ${code}/main`;
  const address = slice.lists?.find((one) => one.includes(source)) ?? source;
  return `${address.split(' ')[0]} ${address.split(' ')[1] ?? code}/main`;
}

export function debName(name: string, { version, arch }: Package): string {
  return `${name}_${version.replace(':', '%3a')}_${arch}.deb`;
}

export function fetchText(slice: MachineSlice, { installs: every }: Plan): string {
  const installs = every.filter((step) => !isConfigured(step));
  if (installs.length === 0) return '';
  const lines = installs.map(({ name, to }, at) => {
    const size = sizeText(Math.ceil(sizeOf(to) / 4));
    return `Get:${at + 1} ${originOf(slice, to)} amd64 ${name} ${to.arch} ${to.version} [${size}]\n`;
  });
  const all = sizeText(Math.ceil(total(installs.map(({ to }) => to)) / 4));
  return `${lines.join('')}Fetched ${all} in 0s (${all}/s)\n`;
}

/** A path as dpkg shortens it: thirty characters of its end, from a slash on. */
export function shortened(path: string): string {
  let rest = path;
  while (rest.length > 30 && rest.includes('/')) rest = rest.slice(rest.indexOf('/') + 1);
  return rest === path ? path : `.../${rest}`;
}

/** What is said while one package is unpacked. `first`: the database is read before it. */
export function unpackText(
  { name, from, to }: Step,
  { deb, reading }: { deb: string; reading: string },
): string {
  const there = from !== null && from.state !== 'config-files';
  const selecting = there ? '' : `Selecting previously unselected package ${name}.\n`;
  const over = there ? ` over (${from.version})` : '';
  const down = there && compareVersions(to.version, from.version) < 0;
  const warning = down
    ? `dpkg: warning: downgrading ${name} from ${from.version} to ${to.version}\n`
    : '';
  return (
    `${warning}${selecting}${reading}Preparing to unpack ${shortened(deb)} ...\n` +
    `Unpacking ${name} (${to.version})${over} ...\n`
  );
}

export function readingText(files: number): string {
  return `(Reading database ... ${files} files and directories currently installed.)\n`;
}
