/**
 * The entries of a directory that has many, in runs of a few names each: with another entry it costs a run, and shares
 * the others. Its `entries` are made when somebody reads all of them.
 */
import type { Dir, Entry } from './tree.ts';

type Named = readonly [string, Entry];
type Run = readonly Named[];
/** Sorted by name, by code unit; no run is empty. */
export type Runs = readonly Run[];

const RUN_MAX = 64;
/** A directory with fewer entries is one record. */
export const FEW = 64;
const known = new WeakMap<Dir, Runs>();

/** What a directory is made of, when it has many entries and was made here. */
export function runsOf(dir: Dir): Runs | undefined {
  return known.get(dir);
}

/** A directory's sorted entries, cut into runs. */
export function inRuns(dir: Dir, entries: readonly Named[]): Runs {
  const count = Math.ceil(entries.length / RUN_MAX);
  const runs = Array.from({ length: count }, (_, run) =>
    entries.slice(run * RUN_MAX, (run + 1) * RUN_MAX),
  );
  if (entries.length > FEW && Object.isFrozen(dir)) known.set(dir, runs);
  return runs;
}

/** A directory with these entries; `own` tells its mode, its owner and when it was modified. */
export function dirOfRuns({ mode, user, group, modified }: Omit<Dir, 'entries'>, runs: Runs): Dir {
  let whole: Dir['entries'] | null = null;
  const dir: Dir = Object.freeze({
    kind: 'dir',
    mode,
    user,
    group,
    modified,
    get entries() {
      whole ??= Object.freeze(Object.fromEntries(runs.flat()));
      return whole;
    },
  });
  known.set(dir, runs);
  return dir;
}

/** How many of the sorted items come before the name. */
function countBefore(length: number, isBefore: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Place = { readonly at: number; readonly run: Run; readonly index: number };

/** Where a name is, or would be. */
function placeOf(runs: Runs, name: string): Place {
  const at = Math.max(0, countBefore(runs.length, (index) => runs[index]![0]![0] <= name) - 1);
  const run = runs[at] ?? [];
  return { at, run, index: countBefore(run.length, (index) => run[index]![0] < name) };
}

export function entryIn(runs: Runs, name: string): Entry | undefined {
  const { run, index } = placeOf(runs, name);
  const [found, entry] = run[index] ?? [];
  return found === name ? entry : undefined;
}

function pieces(run: Run): Runs {
  if (run.length === 0) return [];
  if (run.length <= RUN_MAX) return [run];
  return [run.slice(0, RUN_MAX / 2), run.slice(RUN_MAX / 2)];
}

/** With another entry under a name, or without it when `entry` is null. */
export function withEntry(runs: Runs, name: string, entry: Entry | null): Runs {
  const { at, run, index } = placeOf(runs, name);
  const replaced = run[index]?.[0] === name ? 1 : 0;
  const changed = run.toSpliced(index, replaced, ...(entry ? [[name, entry] as const] : []));
  return runs.toSpliced(at, 1, ...pieces(changed));
}

export function countOf(runs: Runs): number {
  return runs.reduce((count, run) => count + run.length, 0);
}

/** The runs of one that are not also of the other. */
function unshared(runs: Runs, others: Runs): Runs {
  const shared = new Set(others);
  return runs.filter((run) => !shared.has(run));
}

/** Sorted names of entries that are in one only, or not the very same in both. Runs in both are not looked into. */
export function namesApart(one: Runs, other: Runs): readonly string[] {
  const before = new Map(unshared(one, other).flat());
  const after = new Map(unshared(other, one).flat());
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}
