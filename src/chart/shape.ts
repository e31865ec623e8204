/** The shape of a tree, as lookups over the index: who is below whom, in tree order. */
import type { IndexNode, IndexTree } from '../engine/record/format.ts';

export type Shape = {
  readonly nodes: ReadonlyMap<string, IndexNode>;
  /** Children of each node, as written. */
  readonly children: ReadonlyMap<string, readonly IndexNode[]>;
};

/** Lookups for a tree. Throws when a node's parent is not in it. */
export function treeShape(tree: IndexTree): Shape {
  const nodes = new Map(tree.nodes.map((node) => [node.id, node]));
  const children = new Map<string, IndexNode[]>(tree.nodes.map((node) => [node.id, []]));
  for (const node of tree.nodes) {
    if (node.parent === null) continue;
    const siblings = children.get(node.parent);
    if (!siblings) throw new Error(`${node.id} has a parent that is not in ${tree.name}`);
    siblings.push(node);
  }
  return { nodes, children };
}

/** The node of that id. Throws when there is none. */
export function nodeOf(shape: Shape, id: string): IndexNode {
  const node = shape.nodes.get(id);
  if (!node) throw new Error(`no node "${id}"`);
  return node;
}

/** From the root to the node, both included. */
export function pathTo(shape: Shape, id: string): readonly IndexNode[] {
  const path: IndexNode[] = [];
  for (let at: string | null = id; at !== null;) {
    const node: IndexNode = nodeOf(shape, at);
    path.push(node);
    at = node.parent;
  }
  return path.reverse();
}

export function childrenOf(shape: Shape, id: string): readonly IndexNode[] {
  return shape.children.get(id) ?? [];
}

/** Nodes without children, in tree order: each ends a trace. */
export function leavesOf(tree: IndexTree, shape: Shape): readonly IndexNode[] {
  return tree.nodes.filter((node) => childrenOf(shape, node.id).length === 0);
}
