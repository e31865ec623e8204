/** A volume that the charm and a workload container both have. */
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/engine/files/diff.ts';
import { emptyDir, fileOf, mkdirAll, write } from '../../src/engine/files/edit.ts';
import { lookup } from '../../src/engine/files/path.ts';
import type { Changes, Dir } from '../../src/engine/files/tree.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import { mountStorage, syncStorage } from '../../src/engine/play/storage-mounts.ts';
import { rootState } from '../../src/engine/play/root-state.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import type { State } from '../../src/engine/world/state.ts';
import { CHARM } from '../juju/unit.ts';
import { blobsInMemory } from './scripted-stage.ts';

const LOCATION = '/var/lib/juju/storage/data/0';
const charm: Charm = {
  ...CHARM,
  kubernetes: true,
  containers: { web: { mounts: [{ storage: 'data', location: '/srv/data' }] } },
  storage: { data: { type: 'filesystem' } },
};
const file = (digest: string) => fileOf({ digest, size: 1 }, 0);

function begun(files: Changes = {}): State {
  const at = { file: 'trees/a.yaml', line: 1, column: 1 };
  const root = rootState({ use: [], state: {}, at }, charm, {
    blobs: blobsInMemory(),
    digest: sha256,
  });
  const storages = {
    'data/0': { kind: 'filesystem', location: LOCATION, attached: true },
  } as const;
  return {
    ...root,
    juju: { ...root.juju, storages },
    machine: { ...root.machine, folders: { [LOCATION]: files } },
  };
}

function rootIn(state: State): Dir {
  const found = state.pebble.containers['web']?.root;
  if (!found) throw new Error('no container');
  return found;
}

function withRoot(state: State, root: Dir): State {
  const web = { ...state.pebble.containers['web']!, root };
  return { ...state, pebble: { ...state.pebble, containers: { web } } };
}

function written(root: Dir, path: string, digest: string): Dir {
  const made = write(root, path, file(digest));
  if (typeof made === 'string') throw new Error(made);
  return made;
}

const volume = (state: State): Dir => apply(emptyDir(), state.machine.folders[LOCATION] ?? {});

describe('a volume', () => {
  it('is in the container where its metadata mounts it', () => {
    const state = mountStorage(begun({ a: file('one') }), charm);
    expect(lookup(rootIn(state), '/srv/data/a')).toMatchObject({ digest: 'one' });
  });

  it('has what either side wrote, on both sides, after the event', () => {
    const before = mountStorage(begun({ a: file('one'), b: file('two') }), charm);
    const pushed = withRoot(before, written(rootIn(before), '/srv/data/pushed', 'p'));
    const both: State = {
      ...pushed,
      machine: { ...pushed.machine, folders: { [LOCATION]: { a: file('changed') } } },
    };
    const after = syncStorage(before, both, charm);
    expect(Object.keys(volume(after).entries).sort()).toEqual(['a', 'pushed']);
    expect(lookup(rootIn(after), '/srv/data/a')).toMatchObject({ digest: 'changed' });
    expect(lookup(rootIn(after), '/srv/data/b')).toBeUndefined();
  });

  it('is left as it was by an event that writes nothing', () => {
    const before = mountStorage(begun({ a: file('one') }), charm);
    const after = syncStorage(before, before, charm);
    expect(after.machine.folders).toEqual(before.machine.folders);
    expect(rootIn(after)).toBe(rootIn(before));
  });

  it('of a storage that can have several is mounted by number', () => {
    const several: Charm = { ...charm, storage: { data: { multiple: { range: '0-2' } } } };
    const state = mountStorage(begun({ a: file('one') }), several);
    expect(lookup(rootIn(state), '/srv/data/0/a')).toMatchObject({ digest: 'one' });
  });

  it('does not hide what the image has beside it', () => {
    const state = begun();
    const made = mkdirAll(rootIn(state), '/srv', emptyDir());
    if (typeof made === 'string') throw new Error(made);
    const image = withRoot(state, written(made, '/srv/other', 'o'));
    expect(lookup(rootIn(mountStorage(image, charm)), '/srv/other')).toBeDefined();
  });
});
