/** The chart on a node's page shows what is near, and says how much is not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOXES_MAX } from '../../src/chart/flowchart.ts';
import { neighbourhood } from '../../src/chart/neighbourhood.ts';
import { treeShape } from '../../src/chart/shape.ts';
import { anyTree, treeOf } from './index-trees.ts';

test('every node has a small chart with itself marked, and its parent and first child in it', () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const shape = treeShape(tree);
      for (const node of tree.nodes) {
        const { boxes } = neighbourhood(shape, node.id);
        const ids = boxes.map((box) => box.id);
        expect(boxes.length).toBeLessThan(BOXES_MAX);
        expect(new Set(ids).size).toBe(ids.length);
        expect(boxes.filter((box) => box.marks.includes('here')).map((box) => box.id)).toEqual([
          node.id,
        ]);
        if (node.parent) expect(ids).toContain(node.parent);
        const child = shape.children.get(node.id)?.[0];
        if (child) expect(ids).toContain(child.id);
      }
    }),
    { numRuns: 40 },
  );
});

test('what is left out is counted', () => {
  const shape = treeShape(treeOf([0, 1, 2, 3, ...Array.from({ length: 11 }, () => 4)]));
  const words = neighbourhood(shape, 'n4').boxes.flatMap((box) =>
    box.marks.includes('more') ? box.lines : [],
  );
  expect(words).toEqual(['… 3 more before', '… 3 more after']);
});
