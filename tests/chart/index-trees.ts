/** Trees of any shape, for tests of charts. */
import fc from 'fast-check';
import type { IndexNode, IndexTree } from '../../src/engine/record/format.ts';

export function indexNode(
  id: string,
  parent: string | null,
  more: Partial<IndexNode> = {},
): IndexNode {
  return {
    id,
    parent,
    edge: id,
    branch: [],
    golden: false,
    event: parent === null ? null : 'install',
    outcome: parent === null ? 'root' : 'played',
    unmet: 0,
    unexpected: 0,
    status: { status: 'active', message: '' },
    changes: 0,
    deltas: 0,
    faults: 0,
    irregular: 0,
    ...more,
  };
}

/** `parents[i]` is the place of node i+1's parent, among those before it. */
export function treeOf(parents: readonly number[]): IndexTree {
  const nodes = [indexNode('n0', null)];
  for (const [at, parent] of parents.entries())
    nodes.push(indexNode(`n${at + 1}`, nodes[parent % nodes.length]?.id ?? 'n0'));
  return { name: 'n0', title: 'Any tree', charm: 'any', file: 'trees/any.yaml', nodes };
}

export const anyTree = fc.array(fc.nat(), { maxLength: 140 }).map(treeOf);
