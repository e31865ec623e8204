/** The tree of a charm whose author wrote none is one that Juju plays, whatever the charm declares. */
import { describe, expect, it } from 'vitest';
import { evaluateTree } from '../../src/engine/play/evaluate-tree.ts';
import { starterTree } from '../../src/engine/tree/starter-tree.ts';
import { charmOf, ON_KUBERNETES, ON_MACHINE } from './laid.ts';
import { using } from './chain.ts';

describe('a starter tree', () => {
  it.each([
    ['on Kubernetes', ON_KUBERNETES],
    ['on machines', ON_MACHINE],
    ['of a charm that declares nothing', charmOf('')],
  ])('%s is played to its end', async (_, charm) => {
    const tree = starterTree(charm, 'metadata.yaml');
    const { given } = using(() => 0);
    const nodes = await Array.fromAsync(evaluateTree(tree, { ...given, charm }));
    expect(nodes.length).toBeGreaterThan(4);
    for (const { record } of nodes.slice(1)) {
      expect(record.outcome, record.id).toEqual({ kind: 'played' });
    }
  });
});
