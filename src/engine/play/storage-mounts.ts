/**
 * Storage that a workload container and the charm's own container both see: one volume, mounted in each.
 * Source: juju caas/kubernetes/provider/application (volume mounts: a storage of one instance at the location,
 * of several at `location/0` and so on).
 * Not modelled: within one dispatch neither side sees what the other writes; both do from the next event on.
 */
import { apply, diff } from '../files/diff.ts';
import { emptyDir, mkdirAll, putAt } from '../files/edit.ts';
import { lookup, resolve } from '../files/path.ts';
import type { Changes, Dir } from '../files/tree.ts';
import type { Charm } from '../model/charm.ts';
import { storageCount } from '../model/storage-count.ts';
import type { State } from '../world/state.ts';

/** A volume in a container. `location`: where the charm has it; `mount`: where the container has it. */
type Mounted = { readonly container: string; readonly location: string; readonly mount: string };

function mountsOf(state: State, charm: Charm): readonly Mounted[] {
  const stores = Object.entries(state.juju.storages).filter(
    ([, { kind, attached }]) => kind === 'filesystem' && attached,
  );
  return Object.entries(charm.containers).flatMap(([container, { mounts }]) =>
    mounts.flatMap(({ storage, location }) =>
      stores.flatMap(([id, { location: own }]): Mounted[] => {
        const [name, number = '0'] = id.split('/');
        if (name !== storage || !state.pebble.containers[container]) return [];
        const several = storageCount(charm.storage[storage] ?? {}).max !== 1;
        return [{ container, location: own, mount: several ? `${location}/${number}` : location }];
      }),
    ),
  );
}

/** An image may have links on the way to where a volume is mounted. */
function laidIn(root: Dir, mount: string, tree: Dir): Dir {
  const made = mkdirAll(root, mount, emptyDir(tree.modified));
  const found = typeof made === 'string' ? made : resolve(made, mount);
  if (typeof made === 'string' || typeof found === 'string') return root;
  return putAt(made, found.at, tree, tree.modified);
}

function withRoots(state: State, roots: ReadonlyMap<string, Dir>): State {
  if (roots.size === 0) return state;
  const containers = Object.entries(state.pebble.containers).map(([name, container]) => {
    const root = roots.get(name);
    return [name, root && root !== container.root ? { ...container, root } : container] as const;
  });
  return { ...state, pebble: { ...state.pebble, containers: Object.fromEntries(containers) } };
}

function rootOf(state: State, roots: ReadonlyMap<string, Dir>, container: string): Dir {
  return roots.get(container) ?? state.pebble.containers[container]?.root ?? emptyDir();
}

/** The state in which every container has the files of its volumes. */
export function mountStorage(state: State, charm: Charm): State {
  const roots = new Map<string, Dir>();
  for (const { container, location, mount } of mountsOf(state, charm)) {
    const root = rootOf(state, roots, container);
    const here = lookup(root, mount);
    const there = apply(emptyDir(), state.machine.folders[location] ?? {});
    const same = here?.kind === 'dir' && Object.keys(diff(here, there)).length === 0;
    if (!same) roots.set(container, laidIn(root, mount, there));
  }
  return withRoots(state, roots);
}

/** What both sides left of a volume, the charm's changes over the container's. */
function merged(before: Changes, inContainer: Dir, byCharm: Changes): Changes {
  const old = apply(emptyDir(), before);
  const charms = apply(emptyDir(), byCharm);
  return diff(emptyDir(), apply(apply(old, diff(old, inContainer)), diff(old, charms)));
}

/** After a dispatch: the volumes as both sides left them, in both. `before` is the state it began with. */
export function syncStorage(before: State, after: State, charm: Charm): State {
  const folders: Record<string, Changes> = { ...after.machine.folders };
  for (const { container, location, mount } of mountsOf(before, charm)) {
    const here = lookup(rootOf(after, new Map(), container), mount);
    if (here?.kind !== 'dir') continue;
    folders[location] = merged(
      before.machine.folders[location] ?? {},
      here,
      folders[location] ?? {},
    );
  }
  return mountStorage({ ...after, machine: { ...after.machine, folders } }, charm);
}
