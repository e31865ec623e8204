/**
 * What becomes of packages when some are asked for: what comes with them, what has to go, what nobody needs any more.
 * Source: apt-get(8); outputs of apt 2.6.1 (tests/machine/recorded).
 * Not modelled: apt's solver beyond the first alternative that can be had, pins and priorities of sources.
 */
import { compareVersions } from './deb-version.ts';
import { allPackages, offersOf, packageOf, presentOf } from './package-base.ts';
import { meets, relationText, relationsIn, type Relation } from './package-relations.ts';
import type { InstalledPackage, Package } from './package-slice.ts';
import type { MachineSlice } from './slice.ts';

/** `asked`: by name, not only because something needs it. */
export type Step = {
  readonly name: string;
  readonly from: InstalledPackage | null;
  readonly to: Package;
  readonly asked: boolean;
};
/** Whether it was unpacked before and is only configured now. */
export function isConfigured({ from, to }: Step): boolean {
  return from?.state === 'unpacked' && from.version === to.version;
}
export type Broken = { readonly name: string; readonly text: string };
export type Plan = {
  /** In the order in which they are unpacked. */
  readonly installs: readonly Step[];
  /** In order of their names. */
  readonly removals: readonly string[];
  /** Recommended, and not to be installed. */
  readonly recommended: readonly string[];
  readonly broken: readonly Broken[];
};
type Making = {
  readonly slice: MachineSlice;
  readonly recommends: boolean;
  readonly planned: Map<string, Package>;
  readonly order: string[];
  readonly asked: ReadonlySet<string>;
  readonly removed: Set<string>;
  readonly recommended: Set<string>;
  readonly broken: Broken[];
};

function after({ slice, planned, removed }: Making, name: string): Package | null {
  if (removed.has(name)) return null;
  return planned.get(name) ?? presentOf(slice, name);
}

function allAfter(making: Making): readonly [string, Package][] {
  const names = new Set([...Object.keys(allPackages(making.slice)), ...making.planned.keys()]);
  return [...names].flatMap((name): [string, Package][] => {
    const one = after(making, name);
    return one ? [[name, one]] : [];
  });
}

function isMet(making: Making, group: readonly Relation[]): boolean {
  const direct = group.some((wanted) => {
    const one = after(making, wanted.name);
    return one !== null && meets(wanted.name, one, wanted);
  });
  if (direct) return true;
  const provided = allAfter(making).filter(([, { provides }]) => provides !== undefined);
  return group.some((wanted) => provided.some(([name, one]) => meets(name, one, wanted)));
}

/** Who provides a name, the latest of each. */
export function providersOf(slice: MachineSlice, wanted: Relation): readonly [string, Package][] {
  return Object.keys(slice.archive ?? {}).flatMap((name): [string, Package][] => {
    const one = name === wanted.name ? undefined : offersOf(slice, name)[0];
    return one && meets(name, one, wanted) ? [[name, one]] : [];
  });
}

function candidateFor(
  { slice, removed }: Making,
  wanted: Relation,
): readonly [string, Package] | null {
  if (removed.has(wanted.name)) return null;
  const own = offersOf(slice, wanted.name).find((one) => meets(wanted.name, one, wanted));
  if (own) return [wanted.name, own];
  return providersOf(slice, wanted)[0] ?? null;
}

function unmetText({ slice }: Making, [first]: readonly Relation[]): string {
  if (!first) return '';
  const [offered] = offersOf(slice, first.name);
  const why = offered ? `but ${offered.version} is to be installed` : 'but it is not installable';
  return `Depends: ${relationText(first)} ${why}`;
}

function fetch(making: Making, group: readonly Relation[]): boolean {
  if (isMet(making, group)) return true;
  for (const wanted of group) {
    const found = candidateFor(making, wanted);
    if (!found) continue;
    add(making, ...found);
    return true;
  }
  return false;
}

function add(making: Making, name: string, to: Package): void {
  if (making.planned.get(name) === to) return;
  making.planned.set(name, to);
  making.removed.delete(name);
  for (const group of relationsIn(to.depends)) {
    if (!fetch(making, group)) making.broken.push({ name, text: unmetText(making, group) });
  }
  const isNew = presentOf(making.slice, name) === null;
  for (const group of relationsIn(to.recommends)) {
    if (making.recommends && isNew && fetch(making, group)) continue;
    if (
      !isMet(making, group) &&
      group[0] &&
      candidateFor({ ...making, removed: new Set() }, group[0])
    )
      making.recommended.add(group[0].name);
  }
  making.order.push(name);
  for (const [wanted] of relationsIn(to.conflicts)) {
    if (!wanted) continue;
    for (const [other, one] of allAfter(making)) {
      if (other !== name && meets(other, one, wanted)) making.removed.add(other);
    }
  }
}

/** Whatever cannot be without what is removed goes as well. */
function spread(making: Making): void {
  for (let before = -1; before !== making.removed.size;) {
    before = making.removed.size;
    for (const [name, one] of allAfter(making)) {
      const needs = relationsIn(one.depends).filter((group) =>
        group.some((wanted) => touches(making, wanted)),
      );
      if (needs.some((group) => !isMet(making, group))) making.removed.add(name);
    }
  }
}

function touches({ slice, removed }: Making, wanted: Relation): boolean {
  return [...removed].some((name) => {
    const gone = packageOf(slice, name);
    return gone !== null && meets(name, gone, wanted);
  });
}

export type Asking = {
  readonly install: readonly (readonly [string, Package])[];
  readonly remove: readonly string[];
  /** Whether what is recommended comes along. */
  readonly recommends: boolean;
};

export function planOf(slice: MachineSlice, { install, remove, recommends }: Asking): Plan {
  const making: Making = {
    slice,
    recommends,
    planned: new Map(),
    order: [],
    asked: new Set(install.map(([name]) => name)),
    removed: new Set(remove),
    recommended: new Set(),
    broken: [],
  };
  for (const [name, to] of install) add(making, name, to);
  spread(making);
  const installs = making.order.flatMap((name): Step[] => {
    const to = making.planned.get(name);
    if (!to || making.removed.has(name)) return [];
    return [{ name, from: packageOf(slice, name), to, asked: making.asked.has(name) }];
  });
  return {
    installs,
    removals: [...making.removed].filter((name) => packageOf(slice, name)).sort(),
    recommended: [...making.recommended].filter((name) => !making.planned.has(name)).sort(),
    broken: making.broken,
  };
}

/** Packages that came along with others and that nothing needs, once the plan was carried out. */
export function unneeded(
  slice: MachineSlice,
  plan: Plan,
  manual: readonly string[] = [],
): readonly string[] {
  const present = new Map<string, InstalledPackage | Package>();
  for (const [name, one] of Object.entries(allPackages(slice))) {
    if (one.state !== 'config-files' && !plan.removals.includes(name)) present.set(name, one);
  }
  const auto = new Set<string>();
  for (const [name, one] of Object.entries(slice.packages ?? {})) {
    if (one?.auto && present.has(name) && !manual.includes(name)) auto.add(name);
  }
  for (const { name, to, asked } of plan.installs) {
    present.set(name, to);
    if (asked) auto.delete(name);
  }
  const kept = new Set([...present.keys()].filter((name) => !auto.has(name)));
  for (const name of kept) {
    for (const other of neededBy(present.get(name) as Package, auto, present)) kept.add(other);
  }
  return [...auto].filter((name) => !kept.has(name)).sort();
}

function neededBy(
  { depends, recommends }: Package,
  auto: ReadonlySet<string>,
  present: ReadonlyMap<string, Package>,
): readonly string[] {
  const groups = [...relationsIn(depends), ...relationsIn(recommends)].flat();
  if (groups.length === 0) return [];
  return [...auto].filter((name) =>
    groups.some((wanted) => meets(name, present.get(name) as Package, wanted)),
  );
}

/** The latest version that archives have, when it is later than the one that is there. */
export function upgradeOf(slice: MachineSlice, name: string): Package | null {
  const [latest] = offersOf(slice, name);
  const here = presentOf(slice, name);
  if (!latest || !here || compareVersions(latest.version, here.version) <= 0) return null;
  return latest;
}

/** Whatever of the changed packages has a later version. */
export function upgradable(slice: MachineSlice): readonly (readonly [string, Package])[] {
  const names = new Set([
    ...Object.keys(slice.packages ?? {}),
    ...Object.keys(slice.archive ?? {}),
  ]);
  return [...names].sort().flatMap((name): [string, Package][] => {
    const later = upgradeOf(slice, name);
    return later ? [[name, later]] : [];
  });
}
