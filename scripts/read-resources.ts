/** The files that trees give as resources, kept in the store of blobs before anything is played. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Blobs } from '../src/engine/model/counterpart.ts';
import { Mistake } from '../src/engine/model/mistake.ts';
import type { Project } from '../src/engine/project/find-project.ts';
import type {
  Definition,
  DeltaSpec,
  ResourceSpec,
  RootSpec,
} from '../src/engine/tree/definition.ts';
import { mapDeltas } from '../src/engine/tree/map-deltas.ts';

type From = { readonly project: Project; readonly file: string; readonly blobs: Blobs };

function withDigest(
  name: string,
  spec: ResourceSpec | null,
  at: { places: RootSpec['places']; at: RootSpec['at']; from: From },
): ResourceSpec | null {
  if (spec?.file === undefined) return spec;
  const { project, file, blobs } = at.from;
  const path = resolve(dirname(resolve(project.root, file)), spec.file);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const place = at.places?.[`resources/${name}/file`] ?? at.at;
    const hint = "A resource's file is named relative to the tree's file.";
    throw new Mistake(`resource ${name}: ${spec.file}: no such file`, { at: place, hint });
  }
  return { ...spec, digest: blobs.put(readFileSync(path)) };
}

function withFiles<Spec extends RootSpec | DeltaSpec>(spec: Spec, from: From): Spec {
  const { resources } = spec.state;
  if (!resources) return spec;
  const read = Object.entries(resources).map(
    ([name, one]) =>
      [name, withDigest(name, one, { places: spec.places, at: spec.at, from })] as const,
  );
  return { ...spec, state: { ...spec.state, resources: Object.fromEntries(read) } };
}

/** The tree with the bytes of every resource's file in the store. Throws a Mistake where one is missing. */
export function readResources(tree: Definition, project: Project, blobs: Blobs): Definition {
  const from = { project, file: tree.file, blobs };
  const mapped = mapDeltas(tree, (delta) => withFiles(delta, from));
  return { ...mapped, root: withFiles(tree.root, from) };
}
