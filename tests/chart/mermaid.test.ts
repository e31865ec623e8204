/** The text of a chart, as readers copy it. */
import { expect, test } from 'vitest';
import { nodeBox } from '../../src/chart/flowchart.ts';
import { arrowLabel, quotedLabel } from '../../src/chart/label.ts';
import { mermaidText } from '../../src/chart/mermaid.ts';
import { traceCharts } from '../../src/chart/trace-charts.ts';
import { indexNode } from './index-trees.ts';

test('a trace reads as mermaid, the golden path thick and deltas in their box', () => {
  const path = [
    indexNode('life', null, { golden: true, status: { status: 'unknown', message: '' } }),
    indexNode('life/install', 'life', { edge: 'install', golden: true, deltas: 2 }),
    indexNode('life/stop', 'life/install', { edge: 'stop', outcome: 'failed', unmet: 1 }),
  ];
  const [chart] = traceCharts(path, {
    title: 't',
    deferrals: [{ from: 'life', to: 'life/install', event: 'start' }],
  });
  const lines = mermaidText(chart as NonNullable<typeof chart>)
    .split('\n')
    .map((line) => line.trim());
  expect(lines.slice(0, 7)).toEqual([
    'flowchart TD',
    'n0("life<br/>unknown")',
    'n1["install<br/>active<br/>Δ 2 deltas"]',
    'n2{{"stop<br/>active<br/>✕ failed<br/>#33; 1 unmet"}}',
    'n0 ==> n1',
    'n1 --> n2',
    'n0 -.->|"deferred start"| n1',
  ]);
  expect(lines).toContain('class n2 outcome-failed');
});

test('a label cannot end its quotes, start Markdown, a comment or an entity of its own', () => {
  expect(quotedLabel(['x', 'a"]\n-->b #35; `x` %%{init}'])).toBe(
    '"x<br/>a#quot;#93; #45;#45;#62;b #35;35#59; #96;x#96; #37;#37;#123;init#125;"',
  );
  expect(arrowLabel('x"|y')).toBe('"x··y"');
});

test('a node that was never dispatched shows no status of its own', () => {
  const box = nodeBox(
    indexNode('x', 'y', { outcome: 'parent-failed', status: { status: 'error', message: 'no' } }),
  );
  expect(box.lines).toEqual(['x', '○ not played']);
  expect(box.marks).toContain('status-none');
});

test('status and outcome are two marks', () => {
  const box = nodeBox(
    indexNode('x', 'y', { outcome: 'failed', status: { status: 'blocked', message: '' } }),
  );
  expect(box.marks).toEqual(expect.arrayContaining(['status-blocked', 'outcome-failed']));
});

test('a long trace is cut into charts that share a node', () => {
  const path = Array.from({ length: 100 }, (_, at) =>
    indexNode(`n${at}`, at ? `n${at - 1}` : null),
  );
  const charts = traceCharts(path, { title: 't' });
  expect(charts.map((chart) => chart.boxes.length)).toEqual([40, 40, 22]);
  expect(charts[0]?.boxes.at(-1)?.id).toBe(charts[1]?.boxes[0]?.id);
});
