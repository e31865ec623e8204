/**
 * The packages that a machine has: its base's own, and what was installed and removed since; and what its archives
 * offer.
 */
import { compareVersions } from './deb-version.ts';
import type { InstalledPackage, Package } from './package-slice.ts';
import { JAMMY } from './packages-22-04.ts';
import { NOBLE } from './packages-24-04.ts';
import { release } from './program.ts';
import type { MachineSlice } from './slice.ts';

type Packages = Readonly<Record<string, InstalledPackage>>;

/** Ubuntu's code names, as sources have them. */
export const CODENAMES = { '22.04': 'jammy', '24.04': 'noble' } as const;
export const ARCHIVE = 'http://archive.ubuntu.com/ubuntu';

/**
 * A line a package: name, version, flags and summary. Flags: `l` for all architectures, `a` installed automatically,
 * `e` essential.
 */
function listed(text: string): Packages {
  const all: Record<string, InstalledPackage> = {};
  for (const line of text.trim().split('\n')) {
    const [name = '', version = '', flags = '', ...words] = line.split(' ');
    all[name] = {
      version,
      arch: flags.includes('l') ? 'all' : 'amd64',
      description: words.join(' ') || name,
      state: 'installed',
      ...(flags.includes('a') ? { auto: true } : {}),
      ...(flags.includes('e') ? { essential: true } : {}),
    };
  }
  return all;
}

const BASES: Record<string, Packages> = {};

export function basePackages(slice: MachineSlice): Packages {
  const known = release(slice);
  return (BASES[known] ??= listed(known === '24.04' ? NOBLE : JAMMY));
}

/** Everything in the database, removed packages that left their configuration included, by name in order. */
export function allPackages(slice: MachineSlice): Packages {
  const merged: Record<string, InstalledPackage> = { ...basePackages(slice) };
  for (const [name, own] of Object.entries(slice.packages ?? {})) {
    if (own) merged[name] = own;
    else delete merged[name];
  }
  return Object.fromEntries(Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function packageOf(slice: MachineSlice, name: string): InstalledPackage | null {
  if (slice.packages && Object.hasOwn(slice.packages, name)) return slice.packages[name] ?? null;
  const base = basePackages(slice);
  return Object.hasOwn(base, name) ? (base[name] as InstalledPackage) : null;
}

/** The package when it is there to be used, or waits to be configured. */
export function presentOf(slice: MachineSlice, name: string): InstalledPackage | null {
  const found = packageOf(slice, name);
  return found && found.state !== 'config-files' ? found : null;
}

export function isSeen({ lists = [] }: MachineSlice, { source }: Package): boolean {
  return source === undefined || lists.some((address) => address.includes(source));
}

/** What archives offer under a name, the latest first. */
export function offersOf(slice: MachineSlice, name: string): readonly Package[] {
  const said = slice.archive && Object.hasOwn(slice.archive, name) ? slice.archive[name] : null;
  if (said) return said.filter((one) => isSeen(slice, one));
  const base = basePackages(slice);
  return Object.hasOwn(base, name) ? [base[name] as InstalledPackage] : [];
}

/** What apt would install under a name: the latest there is, and never an earlier one than is there. */
export function candidateOf(slice: MachineSlice, name: string): Package | null {
  const [latest] = offersOf(slice, name);
  const here = presentOf(slice, name);
  if (!latest || !here) return latest ?? here;
  return compareVersions(here.version, latest.version) > 0 ? here : latest;
}

export function offeredNames(slice: MachineSlice): readonly string[] {
  const all = new Set([...Object.keys(basePackages(slice)), ...Object.keys(slice.archive ?? {})]);
  return [...all].filter((name) => offersOf(slice, name).length > 0).sort();
}
