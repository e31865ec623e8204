/** The tree of a charm whose author wrote none. */
import { describe, expect, it } from 'vitest';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import { checkAgainst } from '../../src/engine/tree/check-against.ts';
import { starterTree } from '../../src/engine/tree/starter-tree.ts';

function charm(more: string) {
  const text = `{type: charm, name: web, summary: s, description: d, ${more}}`;
  return readCharm({ folder: '.', files: { 'charmcraft.yaml': text } });
}

describe('a starter tree', () => {
  it('takes a machine charm through its first hooks', () => {
    const tree = starterTree(charm(''), 'metadata.yaml');
    expect(tree).toMatchObject({ name: 'start-up', title: 'web starts up', file: 'metadata.yaml' });
    expect(tree.root.use).toEqual(['leader']);
    expect(tree.nodes.map(({ event }) => event.name)).toEqual([
      'install',
      'leader-elected',
      'config-changed',
      'start',
    ]);
    expect(tree.nodes.every(({ golden }) => golden)).toBe(true);
  });

  it('takes a Kubernetes charm on, container by container, and peers before the leader', () => {
    const web = charm('containers: {web: {}, api: {}}, peers: {cluster: c, "a: b": c}');
    const tree = starterTree(web, 'metadata.yaml');
    expect(tree.root.use).toEqual(['leader', 'containers']);
    expect(tree.nodes.map(({ event }) => event.name)).toEqual([
      'install',
      'a: b-relation-created',
      'cluster-relation-created',
      'leader-elected',
      'config-changed',
      'start',
      'api-pebble-ready',
      'web-pebble-ready',
    ]);
    expect(tree.nodes.at(-1)?.id).toBe('start-up/web-ready');
    expect(tree.nodes.at(-1)?.deltas[0]?.state).toEqual({
      containers: { web: { canConnect: true } },
    });
    expect(checkAgainst(tree, web)).toEqual([]);
  });

  it('attaches the storage that the charm needs: before install on machines, after it on Kubernetes', () => {
    const storage =
      'storage: {data: {type: filesystem}, more: {type: filesystem, multiple: {range: 2-}}, ' +
      'less: {type: filesystem, multiple: {range: 0-1}}}';
    const machine = starterTree(charm(storage), 'metadata.yaml');
    expect(machine.nodes.map(({ edge }) => edge).slice(0, 4)).toEqual([
      'data-storage-attached',
      'more-0',
      'more-1',
      'install',
    ]);
    const pod = charm(`${storage}, containers: {web: {}}`);
    const kubernetes = starterTree(pod, 'metadata.yaml');
    expect(kubernetes.nodes.map(({ edge }) => edge).slice(0, 6)).toEqual([
      'install',
      'leader-elected',
      'data-storage-attached',
      'more-0',
      'more-1',
      'config-changed',
    ]);
    expect(checkAgainst(kubernetes, pod)).toEqual([]);
  });
});
