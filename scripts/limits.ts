/** Limits of a dispatch where a tree does not set its own: wide enough for any charm that means well. */
import type { Limits } from '../src/engine/model/dispatch.ts';

const MIB = 1024 * 1024;
const USUAL: Limits = {
  seconds: 30,
  memory: 1024 * MIB,
  processes: 128,
  output: 4 * MIB,
  calls: 10_000,
  files: 64 * MIB,
};

/** What the tree says of limits, over the usual ones. */
export function limitsOf(given: Partial<Limits> | undefined): Limits {
  return { ...USUAL, ...given };
}
