/**
 * A machine's root as a tree of files: what its release began with, and what was changed since. Folders of the host's
 * that lead to a change are made; nothing else of the host is in it.
 */
import { emptyDir, withChild } from '../../../files/edit.ts';
import { listedTree } from '../../../files/listing.ts';
import { laidOver } from '../../../files/overlay.ts';
import { child } from '../../../files/path.ts';
import type { Change, Changes, Dir } from '../../../files/tree.ts';
import type { Blobs } from '../../../model/counterpart.ts';
import type { RootChange } from '../../../model/request.ts';
import type { MachineSlice } from '../slice.ts';
import { baseRoot } from './base-root.ts';

function asChange(change: RootChange, blobs: Blobs): Change {
  if (change.kind === 'removed') return change;
  const { user = 'root', group = 'root' } = change;
  const owned = { user, group, modified: 0 };
  if (change.kind === 'link') return { ...change, ...owned, mode: 0o777 };
  if (change.kind === 'dir') return { ...change, ...owned };
  const { mode, bytes } = change;
  return { kind: 'file', mode, ...owned, digest: blobs.put(bytes), size: bytes.length };
}

function laid(dir: Dir, [name = '', ...rest]: readonly string[], change: Change): Dir {
  const old = child(dir, name);
  const below = old?.kind === 'dir' ? old : emptyDir();
  if (rest.length > 0) return withChild(dir, name, laid(below, rest, change));
  if (change.kind === 'removed') return withChild(dir, name, null);
  return withChild(dir, name, change.kind === 'dir' ? { ...below, ...change } : change);
}

function withChanges(tree: Dir, changes: Changes): Dir {
  const paths = Object.keys(changes).sort();
  return paths.reduce((dir, path) => laid(dir, path.split('/'), changes[path] as Change), tree);
}

const known = new WeakMap<object, Dir>();

/**
 * What the machine began with. The release's own contents are put into the store. What came from the host that played
 * is nobody else's to see.
 */
export function baseTree(machine: MachineSlice, blobs: Blobs): Dir {
  const release = releaseTree(machine, blobs);
  if (!machine.given || machine.given.host) return release;
  const given = listedTree(machine.given.digest, blobs);
  const { of, tree } = joined.get(given) ?? {};
  if (tree && of === release) return tree;
  const both = laidOver(release, { root: given, gone: {} });
  joined.set(given, { of: release, tree: both });
  return both;
}

const joined = new WeakMap<Dir, { readonly of: Dir; readonly tree: Dir }>();

function releaseTree(machine: MachineSlice, blobs: Blobs): Dir {
  const { entries } = baseRoot(machine, blobs);
  const all = Object.entries(entries);
  const made =
    known.get(entries) ??
    withChanges(emptyDir(), Object.fromEntries(all.map(([at, one]) => [at, asChange(one, blobs)])));
  known.set(entries, made);
  return made;
}

/** All files of the machine that are not the host's. */
export function machineTree(machine: MachineSlice, blobs: Blobs): Dir {
  return withChanges(baseTree(machine, blobs), machine.root ?? {});
}
