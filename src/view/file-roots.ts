/** Whatever has a tree of files at a node, each a root with a name: the workload containers. */
import type { Dir } from '../engine/files/tree.ts';
import type { Blobs } from '../engine/model/counterpart.ts';
import { unpacked } from '../engine/world/pebble/image.ts';
import type { State } from '../engine/world/state.ts';

export type FileRoot = {
  /** Part of a page's path: no name that a charm chose. */
  readonly key: string;
  readonly kind: 'container';
  readonly name: string;
  readonly tree: Dir;
};

export function fileRoots(state: State, blobs: Blobs): readonly FileRoot[] {
  const { containers } = unpacked(state.pebble, blobs);
  return Object.keys(containers)
    .sort()
    .flatMap((name, index) => {
      const tree = containers[name]?.root;
      return tree ? [{ key: `container-${index + 1}`, kind: 'container', name, tree }] : [];
    });
}
