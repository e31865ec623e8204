/** What changed between two JSON values, value by value. Lists are compared whole: a member has no name of its own. */
import { equalJson } from './equal.ts';
import type { Json } from '../model/json.ts';
import type { SliceName, State } from '../world/state.ts';
import type { ValueChange, SliceChanges } from './format.ts';

type Members = Readonly<Record<string, Json | undefined>>;

function isMap(value: Json | undefined): value is Members {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A member of its own: a file may be called `constructor`. */
function own(value: Members, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Values that are one thing to a reader: a file changes as a whole, not its mode and digest apart. */
function isWhole(value: Json | undefined): boolean {
  return isMap(value) && typeof value['kind'] === 'string' && value['kind'] !== 'dir';
}

/** Changes from `before` to `after`, by path, in order of keys. */
export function difference(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[] = [],
): readonly ValueChange[] {
  if (before === after) return [];
  if (isMap(before) && isMap(after) && !isWhole(before) && !isWhole(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => difference(own(before, key), own(after, key), [...path, key]));
  }
  if (equalJson(before, after)) return [];
  return [
    {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

/** Parts of a slice that are absent while there is nothing in them: what comes into one is a change of its own. */
function sliceDifference(before: Members, after: Members): readonly ValueChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [own(before, key), own(after, key)];
    if (was === undefined && isMap(is) && !isWhole(is)) return difference({}, is as Json, [key]);
    if (is === undefined && isMap(was) && !isWhole(was)) return difference(was as Json, {}, [key]);
    return difference(was, is, [key]);
  });
}

/** Changes of every slice, slices without any left out. */
export function stateDifference(before: State, after: State): SliceChanges {
  const slices: readonly SliceName[] = ['clock', 'juju', 'machine', 'pebble'];
  const changed = slices.map(
    (slice) => [slice, sliceDifference(before[slice] as Members, after[slice] as Members)] as const,
  );
  return Object.fromEntries(changed.filter(([, changes]) => changes.length > 0));
}

export function changeCount(changed: SliceChanges): number {
  return Object.values(changed).reduce((sum, changes) => sum + changes.length, 0);
}
