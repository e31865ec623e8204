/** States made of words, as a tree writes them: no event is played. */
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import { layState } from '../../src/engine/play/lay-state.ts';
import { rootState } from '../../src/engine/play/root-state.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import type { StateSpec } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import type { State } from '../../src/engine/world/state.ts';
import { blobsInMemory } from './scripted-stage.ts';

export const BLOBS = blobsInMemory();

/** The charm that the text of a charmcraft.yaml declares, less the keys that every charm has. */
export function charmOf(more: string): Charm {
  const text = `{type: charm, name: web, summary: s, description: d, ${more}}`;
  return readCharm({ folder: '.', files: { 'charmcraft.yaml': text } });
}

export const ON_KUBERNETES = charmOf(`
  requires: {db: pg}, peers: {replicas: p}, containers: {app: {mounts: [{storage: data, location: /data}]}, side: {}},
  storage: {data: {type: filesystem}}, resources: {image: {type: oci-image}, seed: {type: file, filename: seed.txt}},
  config: {options: {token: {type: secret}, slug: {}}}, extra-bindings: {admin: }`);
export const ON_MACHINE = charmOf(`
  requires: {db: pg}, peers: {replicas: p},
  storage: {data: {type: filesystem, location: /srv/data}, disk: {type: block}, many: {type: filesystem,
    location: /srv/many, multiple: {range: 2-5}}, maybe: {type: filesystem, multiple: {range: 0-1}}}`);

export function specOf(words: string): StateSpec {
  const text = `root: leader\nsteps: [{delta: ${words}}, install]`;
  const delta = parseTree({ file: 't.yaml', text, name: 't' }).nodes[0]?.deltas[0];
  if (!delta) throw new Error(`no delta: ${words}`);
  return delta.state;
}

/** The state of a root with these words. */
export function rooted(words = '{leader: true}', charm: Charm = ON_KUBERNETES): State {
  const { root } = parseTree({
    file: 't.yaml',
    text: `root: ${words}\nsteps: [install]`,
    name: 't',
  });
  return rootState(root, charm, { blobs: BLOBS, digest: sha256 });
}

/** The state with each delta over the one before it. */
export function laid(state: State, words: readonly string[], charm: Charm = ON_KUBERNETES): State {
  const using = { charm, blobs: BLOBS, digest: sha256 };
  return words.reduce((current, one) => layState(current, specOf(one), using), state);
}
