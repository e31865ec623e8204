/**
 * A tree as charts of at most BOXES_MAX boxes. A branch that does not fit is cut off whole, largest first, and drawn
 * in a chart of its own; the node it hangs from is in both.
 */
import type { IndexNode, IndexTree } from '../engine/record/format.ts';
import { BOXES_MAX, eventArrow, nodeBox } from './flowchart.ts';
import type { Flowchart } from './flowchart.ts';
import { childrenOf, nodeOf, treeShape } from './shape.ts';
import type { Shape } from './shape.ts';

export type TreeChart = {
  readonly chart: Flowchart;
  /** The node it starts from. */
  readonly top: string;
  /** Nodes in it whose branches continue in another chart. */
  readonly continues: readonly string[];
};
/** One chart to be: a node, and which of its children are drawn below it. */
type Piece = { readonly top: IndexNode; readonly below: readonly IndexNode[] };

/** The charts of a tree, the root's first. `boxesMax` is at least 2. */
export function treeCharts(tree: IndexTree, boxesMax = BOXES_MAX): readonly TreeChart[] {
  if (tree.nodes.length === 0) return [];
  const shape = treeShape(tree);
  const cut = cutsOf(tree, shape, boxesMax);
  const tops = tree.nodes.filter((node) => node.parent === null || cut.has(node.id));
  const pieces = tops.flatMap((top) => piecesOf(top, childrenOf(shape, top.id), boxesMax));
  return pieces
    .filter((piece) => piece.below.length > 0 || piece.top.parent === null)
    .map((piece) => drawnPiece(piece, { shape, cut, title: tree.title }));
}

/** Which nodes start a chart of their own. A cut node stays in its parent's chart as one box. */
function cutsOf(tree: IndexTree, shape: Shape, boxesMax: number): ReadonlySet<string> {
  const weight = new Map<string, number>();
  const cut = new Set<string>();
  for (const node of tree.nodes.toReversed()) {
    const weighed = childrenOf(shape, node.id).map((child) => ({
      id: child.id,
      weight: weight.get(child.id) ?? 1,
    }));
    let total = 1 + weighed.reduce((sum, child) => sum + child.weight, 0);
    for (const child of weighed.toSorted((a, b) => b.weight - a.weight)) {
      if (total <= boxesMax || child.weight === 1) break;
      cut.add(child.id);
      total -= child.weight - 1;
    }
    if (total > boxesMax) cut.add(node.id);
    weight.set(node.id, cut.has(node.id) ? 1 : total);
  }
  return cut;
}

/** A node with more children than fit is drawn several times, each with some of them. */
function piecesOf(top: IndexNode, below: readonly IndexNode[], boxesMax: number): Piece[] {
  if (below.length < boxesMax) return [{ top, below }];
  const room = boxesMax - 1;
  return [{ top, below: below.slice(0, room) }, ...piecesOf(top, below.slice(room), boxesMax)];
}

/** Down when the chart is narrow that way, to the right when many boxes would lie beside each other. */
function directionOf(drawn: readonly IndexNode[], top: IndexNode): 'TD' | 'LR' {
  const depth = new Map([[top.id, 1]]);
  const inner = new Set<string>();
  for (const node of drawn) {
    const parent = node.parent ?? top.id;
    inner.add(parent);
    depth.set(node.id, (depth.get(parent) ?? 0) + 1);
  }
  const across = drawn.filter((node) => !inner.has(node.id)).length;
  return across <= Math.max(6, ...depth.values()) ? 'TD' : 'LR';
}

function drawnPiece(
  piece: Piece,
  { shape, cut, title }: { shape: Shape; cut: ReadonlySet<string>; title: string },
): TreeChart {
  const drawn: IndexNode[] = [];
  const waiting = [...piece.below];
  for (let node = waiting.shift(); node; node = waiting.shift()) {
    drawn.push(node);
    if (!cut.has(node.id)) waiting.unshift(...childrenOf(shape, node.id));
  }
  const boxes = [nodeBox(nodeOf(shape, piece.top.id)), ...drawn.map((node) => nodeBox(node))];
  return {
    top: piece.top.id,
    continues: drawn.filter((node) => cut.has(node.id)).map((node) => node.id),
    chart: {
      title,
      direction: directionOf(drawn, piece.top),
      boxes,
      arrows: drawn.map((node) => eventArrow(node, node.parent ?? piece.top.id)),
    },
  };
}
