/** What is around a node: the last few ancestors, its siblings, its children. The rest is a box that says how many. */
import type { IndexNode } from '../engine/record/format.ts';
import { eventArrow, moreBox, nodeBox } from './flowchart.ts';
import type { Arrow, Box, Flowchart } from './flowchart.ts';
import { childrenOf, nodeOf, pathTo } from './shape.ts';
import type { Shape } from './shape.ts';

/** Columns before and after the node together; more do not fit a page's width. */
const COLUMNS = 2;
const SIBLINGS = 4;
const CHILDREN = 8;

/** The chart of a node's neighbourhood, the node marked `here`. */
export function neighbourhood(shape: Shape, id: string): Flowchart {
  const here = nodeOf(shape, id);
  const above = pathTo(shape, id).slice(0, -1);
  const siblings = near(here.parent === null ? [here] : childrenOf(shape, here.parent), here);
  const below = childrenOf(shape, id);
  const ancestors = above.slice(below.length > 0 ? 1 - COLUMNS : -COLUMNS);
  const children = below.slice(0, CHILDREN);
  const hidden = moreBoxes({
    above: above.length - ancestors.length,
    beside: (here.parent === null ? 1 : childrenOf(shape, here.parent).length) - siblings.length,
    below: below.length - children.length,
  });
  const drawn = [...ancestors, ...siblings, ...children];
  return {
    title: `Around ${here.edge}`,
    direction: 'LR',
    boxes: [...drawn.map((node) => nodeBox(node, node.id === id)), ...hidden],
    arrows: [
      ...drawn.flatMap((node) => arrowTo(node, drawn)),
      ...hidden.map((box) => arrowOfMore(box, { first: ancestors[0] ?? here, here })),
    ],
  };
}

/** The siblings nearest to a node in tree order, the node among them. */
function near(siblings: readonly IndexNode[], here: IndexNode): readonly IndexNode[] {
  const at = siblings.indexOf(here);
  const from = Math.max(0, Math.min(at - SIBLINGS / 2, siblings.length - SIBLINGS - 1));
  return siblings.slice(from, from + SIBLINGS + 1);
}

function moreBoxes(hidden: { above: number; beside: number; below: number }): readonly Box[] {
  const words = { above: 'before', beside: 'beside', below: 'after' } as const;
  return (['above', 'beside', 'below'] as const).flatMap((where) =>
    hidden[where] > 0 ? [moreBox(`more:${where}`, `… ${hidden[where]} more ${words[where]}`)] : [],
  );
}

function arrowTo(node: IndexNode, drawn: readonly IndexNode[]): Arrow[] {
  const parent = drawn.find((other) => other.id === node.parent);
  return parent ? [eventArrow(node, parent.id)] : [];
}

function arrowOfMore(box: Box, { first, here }: { first: IndexNode; here: IndexNode }): Arrow {
  if (box.id === 'more:above') return { from: box.id, to: first.id, kind: 'event' };
  const from = box.id === 'more:beside' ? (here.parent ?? here.id) : here.id;
  return { from, to: box.id, kind: 'event' };
}
