/** A tree's page: its charts, and the same nodes as a nested list. */
import { plainText } from '../chart/plain-text.ts';
import type { Shape } from '../chart/shape.ts';
import { childrenOf, leavesOf, treeShape } from '../chart/shape.ts';
import type { TreeChart } from '../chart/tree-charts.ts';
import { treeCharts } from '../chart/tree-charts.ts';
import type { IndexNode, IndexTree } from '../engine/record/format.ts';
import { linkFrom, pagePath } from './links.ts';
import type { NodeLine } from './node-line.ts';
import { nodeLine } from './node-line.ts';
import type { NodeLink } from './node-page.ts';
import type { Tally } from './tally.ts';
import { tallyOf } from './tally.ts';

/** A run of nodes that follow each other, and the branches where it ends. A chain does not nest. */
export type TreeRun = {
  readonly lines: readonly NodeLine[];
  readonly branches: readonly { readonly name: string; readonly run: TreeRun }[];
};
export type TreePage = {
  readonly path: string;
  readonly title: string;
  readonly about: string;
  readonly charm: string;
  readonly file: string;
  readonly home: string;
  readonly tally: Tally;
  readonly charts: readonly TreeChart[];
  readonly run: TreeRun | null;
  readonly traces: readonly (NodeLink & { readonly golden: boolean; readonly steps: number })[];
};

export function treePage(tree: IndexTree): TreePage {
  const path = pagePath.tree(tree.name);
  const shape = treeShape(tree);
  const root = tree.nodes.find((node) => node.parent === null);
  return {
    path,
    title: plainText(tree.title),
    about: plainText(tree.about ?? ''),
    charm: plainText(tree.charm),
    file: plainText(tree.file),
    home: linkFrom(path, pagePath.index()),
    tally: tallyOf(tree),
    charts: treeCharts(tree),
    run: root ? runFrom(root, shape, path) : null,
    traces: leavesOf(tree, shape).map((leaf) => ({
      text: leaf.id,
      href: linkFrom(path, pagePath.trace(leaf.id)),
      golden: leaf.golden,
      steps: depthOf(leaf, shape),
    })),
  };
}

function runFrom(first: IndexNode, shape: Shape, path: string): TreeRun {
  const lines: NodeLine[] = [];
  let below: readonly IndexNode[] = [first];
  while (below.length === 1) {
    const [node] = below as readonly [IndexNode];
    lines.push(nodeLine(node, path));
    below = childrenOf(shape, node.id);
  }
  const depth = lines[0]?.branch.length ?? 0;
  return {
    lines,
    branches: below.map((node) => ({
      name: node.branch.slice(depth).map(plainText).join(' › '),
      run: runFrom(node, shape, path),
    })),
  };
}

function depthOf(leaf: IndexNode, shape: Shape): number {
  let steps = 0;
  for (let at = leaf.parent; at !== null; at = shape.nodes.get(at)?.parent ?? null) steps += 1;
  return steps;
}
