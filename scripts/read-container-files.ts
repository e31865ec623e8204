/** The images and binary files that trees give to containers, kept in the store of blobs before anything is played. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Blobs } from '../src/engine/model/counterpart.ts';
import { Mistake, type Position } from '../src/engine/model/mistake.ts';
import { readImage } from '../src/engine/project/read-image.ts';
import type {
  ContainerFileSpec,
  ContainerStateSpec,
  Definition,
  DeltaSpec,
  ReadImage,
  RootSpec,
  StateSpec,
} from '../src/engine/tree/definition.ts';
import { imageLayers } from '../src/engine/world/pebble/image-layers.ts';
import { listedTree } from '../src/engine/files/listing.ts';
import { mapDeltas } from '../src/engine/tree/map-deltas.ts';

/** Where folders count from, and images that were read: each is read once. */
export type ReadingFiles = {
  readonly root: string;
  readonly blobs: Blobs;
  readonly images: Map<string, ReadImage>;
};
type From = ReadingFiles & {
  readonly file: string;
  readonly placeOf: (path: string) => Position;
};

const FILE_BYTES_MAX = 256 << 20;

function pathOf({ root, file }: From, named: string): string {
  return resolve(dirname(resolve(root, file)), named);
}

/** A mistake in an image said at its place in the tree. */
function placed<Value>(at: Position, what: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Mistake) || error.at) throw error;
    const { hint } = error;
    throw new Mistake(`${what}: ${error.message}`, hint === undefined ? { at } : { at, hint });
  }
}

function baseOf(folder: string, { blobs, images }: From): ReadImage {
  const known = images.get(folder);
  if (known) return known;
  const base = readImage(folder, blobs);
  imageLayers(listedTree(base.digest, blobs), blobs);
  images.set(folder, base);
  return base;
}

function withContents(path: string, spec: ContainerFileSpec | null, from: From) {
  if (spec === null || typeof spec === 'string' || !('from' in spec)) return spec;
  const at = from.placeOf(path);
  const source = pathOf(from, spec.from);
  const stats = statSync(source, { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    const hint = 'A file of a container is named relative to the tree’s file.';
    throw new Mistake(`${spec.from}: no such file`, { at, hint });
  }
  if (stats.size > FILE_BYTES_MAX) {
    throw new Mistake(`${spec.from} has more than ${FILE_BYTES_MAX >> 20} MB`, { at });
  }
  const bytes = readFileSync(source);
  return { ...spec, digest: from.blobs.put(bytes), size: bytes.length };
}

function withFiles(name: string, spec: ContainerStateSpec, from: From): ContainerStateSpec {
  const { image, files } = spec;
  const what = `containers/${name}`;
  const read =
    image === undefined
      ? {}
      : placed(from.placeOf(`${what}/image`), `container ${name}`, () => ({
          base: baseOf(pathOf(from, image), from),
        }));
  const all = Object.entries(files ?? {}).map(
    ([path, file]) => [path, withContents(`${what}/files/${path}`, file, from)] as const,
  );
  return { ...spec, ...read, ...(files ? { files: Object.fromEntries(all) } : {}) };
}

/** The files of the unit's machine, as those of containers. */
function withMachineFiles(state: StateSpec, from: From): StateSpec {
  const { machine } = state;
  if (!machine?.files) return state;
  const files = Object.entries(machine.files).map(
    ([path, file]) => [path, withContents(`machine/files/${path}`, file, from)] as const,
  );
  return { ...state, machine: { ...machine, files: Object.fromEntries(files) } };
}

function withContainers<Spec extends RootSpec | DeltaSpec>(
  spec: Spec,
  from: Omit<From, 'placeOf'>,
): Spec {
  const placeOf = (path: string): Position => spec.places?.[path] ?? spec.at;
  const { containers, machine } = withMachineFiles(spec.state, { ...from, placeOf });
  if (!containers) return machine ? { ...spec, state: { ...spec.state, machine } } : spec;
  const read = Object.entries(containers).map(
    ([name, one]) => [name, withFiles(name, one, { ...from, placeOf })] as const,
  );
  const state = { ...spec.state, ...(machine ? { machine } : {}) };
  return { ...spec, state: { ...state, containers: Object.fromEntries(read) } };
}

/** The tree with all that its containers are made of in the store. Throws a Mistake where something is missing. */
export function readContainerFiles(tree: Definition, reading: ReadingFiles): Definition {
  const from = { ...reading, file: tree.file };
  const mapped = mapDeltas(tree, (delta) => withContainers(delta, from));
  return { ...mapped, root: withContainers(tree.root, from) };
}
