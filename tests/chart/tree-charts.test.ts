/** A tree of any shape is drawn whole, in charts that can be read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOXES_MAX } from '../../src/chart/flowchart.ts';
import { mermaidText } from '../../src/chart/mermaid.ts';
import { treeCharts } from '../../src/chart/tree-charts.ts';
import { anyTree, treeOf } from './index-trees.ts';

test('every node is drawn, and every edge exactly once', () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const charts = treeCharts(tree);
      const boxes = new Set(charts.flatMap((one) => one.chart.boxes.map((box) => box.id)));
      expect([...boxes].sort()).toEqual(tree.nodes.map((node) => node.id).sort());
      const arrows = charts.flatMap((one) =>
        one.chart.arrows.map((arrow) => `${arrow.from} ${arrow.to}`),
      );
      const edges = tree.nodes.flatMap((node) =>
        node.parent ? [`${node.parent} ${node.id}`] : [],
      );
      expect(arrows.sort()).toEqual(edges.sort());
    }),
  );
});

test('no chart has more boxes than can be read', () => {
  fc.assert(
    fc.property(anyTree, fc.integer({ min: 2, max: BOXES_MAX }), (tree, most) => {
      for (const { chart } of treeCharts(tree, most))
        expect(chart.boxes.length).toBeLessThanOrEqual(most);
    }),
  );
});

test('a branch that continues elsewhere has a chart that starts with it', () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const charts = treeCharts(tree);
      const tops = charts.map((one) => one.top);
      for (const one of charts) for (const id of one.continues) expect(tops).toContain(id);
    }),
  );
});

test('a tree that fits is one chart', () => {
  expect(treeCharts(treeOf(Array.from({ length: BOXES_MAX - 1 }, (_, at) => at)))).toHaveLength(1);
});

test('a long chain goes down, a wide fan goes to the right', () => {
  expect(treeCharts(treeOf([0, 1, 2, 3]))[0]?.chart.direction).toBe('TD');
  expect(treeCharts(treeOf(Array.from({ length: 12 }, () => 0)))[0]?.chart.direction).toBe('LR');
});

test('a tree gives the same text every time', () => {
  const texts = () =>
    treeCharts(treeOf([0, 0, 1, 2]))
      .map((one) => mermaidText(one.chart))
      .join('');
  expect(texts()).toBe(texts());
});
