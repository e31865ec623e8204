/** Which call wrote a value. */
import type { Call } from '../engine/record/format.ts';
import type { SliceName } from '../engine/world/state.ts';
import { effectPlace } from './call-words.ts';

type Path = readonly string[];
export type WriterOf = (slice: SliceName, path: Path) => Call | undefined;

/** The last of those with an effect on it, above it or below it: a call may add a whole relation or one key. */
export function writersOf(calls: readonly Call[]): WriterOf {
  const at = new Map<string, number>();
  const below = new Map<string, number>();
  calls.forEach((call, index) => {
    for (const effect of call.effects) {
      const { slice, path } = effectPlace(call, effect.path);
      if (path.length > 0) at.set(keyOf(slice, path), index);
      for (const key of leading(slice, path)) below.set(key, index);
    }
  });
  return (slice, path) => {
    const found = leading(slice, path).map((key) => at.get(key) ?? -1);
    return calls[Math.max(-1, below.get(keyOf(slice, path)) ?? -1, ...found)];
  };
}

function keyOf(slice: SliceName, path: Path): string {
  return JSON.stringify([slice, ...path]);
}

/** The keys of what a path leads through, and its own. */
function leading(slice: SliceName, path: Path): readonly string[] {
  return path.map((_, index) => keyOf(slice, path.slice(0, index + 1)));
}
