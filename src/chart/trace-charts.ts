/** A trace as charts: one column from the root to a leaf, cut where it grows longer than a chart may be. */
import type { IndexNode } from '../engine/record/format.ts';
import { BOXES_MAX, eventArrow, nodeBox } from './flowchart.ts';
import type { Arrow, Flowchart } from './flowchart.ts';

/** An event that was deferred at one node and given to its observer again at a later one. */
export type Deferral = { readonly from: string; readonly to: string; readonly event: string };

/** The charts of a path from the root, in order; the last node of one is the first of the next. */
export function traceCharts(
  path: readonly IndexNode[],
  { title, deferrals = [] }: { title: string; deferrals?: readonly Deferral[] },
): readonly Flowchart[] {
  const charts: Flowchart[] = [];
  for (let from = 0; from === 0 || from < path.length - 1; from += BOXES_MAX - 1) {
    const nodes = path.slice(from, from + BOXES_MAX);
    const ids = new Set(nodes.map((node) => node.id));
    charts.push({
      title,
      direction: 'TD',
      boxes: nodes.map((node) => nodeBox(node)),
      arrows: [...steps(nodes), ...deferrals.flatMap((one) => deferralArrow(one, ids))],
    });
  }
  return charts;
}

function steps(nodes: readonly IndexNode[]): Arrow[] {
  return nodes.slice(1).map((node, at) => eventArrow(node, nodes[at]?.id ?? ''));
}

function deferralArrow(one: Deferral, drawn: ReadonlySet<string>): Arrow[] {
  if (!drawn.has(one.from) || !drawn.has(one.to)) return [];
  return [{ from: one.from, to: one.to, kind: 'deferral', label: `deferred ${one.event}` }];
}
