/** The roots that trees give to machines, and the host's own, kept in the store of blobs before anything is played. */
import { dirname, resolve } from 'node:path';
import type { Blobs } from '../src/engine/model/counterpart.ts';
import { Mistake } from '../src/engine/model/mistake.ts';
import { readHostRoot } from '../src/engine/project/read-host-root.ts';
import { readRoot } from '../src/engine/project/read-root.ts';
import type { Definition, DeltaSpec, RootSpec } from '../src/engine/tree/definition.ts';
import type { ReadRoot } from '../src/engine/tree/machine-spec.ts';
import { mapDeltas } from '../src/engine/tree/map-deltas.ts';

/** Where paths count from, and roots that were read, by their place: each is read once. */
export type ReadingRoots = {
  readonly root: string;
  readonly blobs: Blobs;
  readonly roots: Map<string, Promise<ReadRoot>>;
};

type Spec = Pick<RootSpec | DeltaSpec, 'state' | 'at' | 'places'>;

function deltasOf(tree: Definition): readonly DeltaSpec[] {
  const all: DeltaSpec[] = [];
  mapDeltas(tree, (delta) => {
    all.push(delta);
    return delta;
  });
  return all;
}

/** Where the root of a machine is; null where a machine begins with its release alone. */
function placeOf({ state }: Spec, file: string): string | null {
  const base = state.machine?.base;
  if (base === undefined) return null;
  if (typeof base === 'string') return base === 'host' ? '/' : null;
  return resolve(dirname(file), base.root);
}

async function rootOf(
  spec: Spec,
  place: string,
  { blobs, roots }: ReadingRoots,
): Promise<ReadRoot> {
  const base = spec.state.machine?.base;
  const reading =
    roots.get(place) ?? (base === 'host' ? readHostRoot(blobs) : readRoot(place, blobs));
  roots.set(place, reading);
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof Mistake) || error.at) throw error;
    const at = spec.places?.['machine/base'] ?? spec.at;
    const what = typeof base === 'object' ? base.root : 'host';
    const { hint } = error;
    const where = hint === undefined ? { at } : { at, hint };
    throw new Mistake(`machine: base: ${what}: ${error.message}`, where);
  }
}

/** The tree with the roots of its machines in the store. Throws a Mistake where one cannot be. */
export async function readMachineRoots(
  tree: Definition,
  reading: ReadingRoots,
): Promise<Definition> {
  const given = new Map<Spec['state'], ReadRoot>();
  for (const spec of [tree.root, ...deltasOf(tree)]) {
    const place = placeOf(spec, resolve(reading.root, tree.file));
    if (place !== null) given.set(spec.state, await rootOf(spec, place, reading));
  }
  const withRoot = <Own extends RootSpec | DeltaSpec>(spec: Own): Own => {
    const read = given.get(spec.state);
    if (!read) return spec;
    return { ...spec, state: { ...spec.state, machine: { ...spec.state.machine, given: read } } };
  };
  return { ...mapDeltas(tree, withRoot), root: withRoot(tree.root) };
}
