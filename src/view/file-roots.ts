/**
 * Whatever has a tree of files at a node, each a root with a name: the workload containers, the storage, the machine,
 * and what the charm left in its directory.
 */
import { emptyDir, withChild } from '../engine/files/edit.ts';
import { child } from '../engine/files/path.ts';
import type { Digest } from '../engine/files/digest.ts';
import type { Changes, Dir, Entry } from '../engine/files/tree.ts';
import type { Blobs } from '../engine/model/counterpart.ts';
import { DATABASE_DIGEST } from '../engine/world/machine/slice.ts';
import { baseTree, machineTree } from '../engine/world/machine/bases/base-tree.ts';
import { unpacked } from '../engine/world/pebble/image.ts';
import type { State } from '../engine/world/state.ts';

export type FileRoot = {
  /** Part of a page's path: no name that a charm chose. */
  readonly key: string;
  readonly kind: 'container' | 'storage' | 'machine' | 'charm directory';
  /** Unique among those of a kind. */
  readonly name: string;
  readonly tree: Dir;
  /** Of a machine: its files before anything changed one. */
  readonly began?: Dir;
};

/** `digest`: what contents are known by; those that a release begins with are in no store of a site. */
export function fileRoots(
  { pebble, machine }: State,
  blobs: Blobs,
  digest: Digest,
): readonly FileRoot[] {
  const { containers } = unpacked(pebble, blobs);
  return [
    ...keyed('container', containers, ({ root }) => root),
    ...keyed('storage', machine.folders, treeOf),
    ...machineRoots(machine, { ...blobs, put: digest }),
    ...keyed('charm directory', { '': machine.charmDir }, treeOf).filter(
      ({ tree }) => Object.keys(tree.entries).length > 0,
    ),
  ];
}

function machineRoots(machine: State['machine'], blobs: Blobs): readonly FileRoot[] {
  if (!machine.root) return [];
  const began = baseTree(machine, blobs);
  const tree = machineTree(machine, blobs);
  return [{ key: 'machine-1', kind: 'machine', name: '', tree, began }];
}

function keyed<Held>(
  kind: FileRoot['kind'],
  all: Readonly<Record<string, Held>>,
  tree: (held: Held) => Dir,
): readonly FileRoot[] {
  return Object.keys(all)
    .sort()
    .map((name, index) => ({
      key: `${kind.replace(' ', '-')}-${index + 1}`,
      kind,
      name,
      tree: tree(all[name] as Held),
    }));
}

/** What was changed, as files in their folders. Databases are shown as rows elsewhere. */
function treeOf(changes: Changes): Dir {
  return Object.keys(changes)
    .sort()
    .reduce((dir, path) => {
      const change = changes[path];
      if (!change || change.kind === 'removed' || path === '') return dir;
      if (change.kind === 'file' && change.digest === DATABASE_DIGEST) return dir;
      const entry = change.kind === 'dir' ? { ...emptyDir(), ...change } : change;
      return laid(dir, path.split('/'), entry);
    }, emptyDir());
}

function laid(dir: Dir, [name = '', ...rest]: readonly string[], entry: Entry): Dir {
  if (rest.length === 0) return withChild(dir, name, entry);
  const held = child(dir, name);
  return withChild(dir, name, laid(held?.kind === 'dir' ? held : emptyDir(), rest, entry));
}
