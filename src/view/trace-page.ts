/** A trace's page: the way from the root to one leaf, step by step, with what changed at each in words. */
import type { Flowchart } from '../chart/flowchart.ts';
import { plainText } from '../chart/plain-text.ts';
import type { Shape } from '../chart/shape.ts';
import { pathTo } from '../chart/shape.ts';
import { traceCharts } from '../chart/trace-charts.ts';
import type { IndexTree, NodeRecord } from '../engine/record/format.ts';
import { changeGroups, changeSentence } from './changes.ts';
import { deferralsIn } from './deferrals.ts';
import { linkFrom, pagePath } from './links.ts';
import type { NodeLine } from './node-line.ts';
import { nodeLine } from './node-line.ts';
import type { NodeLink } from './node-page.ts';
import { reasonLine } from './reason-line.ts';
import { grouped } from './values.ts';
import { outcomeView } from './outcome-words.ts';

export type Step = {
  readonly line: NodeLine;
  readonly deltas: readonly string[];
  /** The first of what changed, in words. */
  readonly changes: readonly string[];
  readonly moreChanges: number;
  /** Why it did not end well; empty when it did. */
  readonly trouble: string;
};
export type TracePage = {
  readonly path: string;
  readonly title: string;
  readonly leaf: string;
  readonly golden: boolean;
  readonly tree: NodeLink;
  readonly home: string;
  readonly charts: readonly Flowchart[];
  readonly steps: readonly Step[];
};
const CHANGES_SHOWN = 6;
const DELTAS_SHOWN = 20;

/** `records`: those of the path from the root to the leaf, in order. */
export function tracePage(
  tree: IndexTree,
  shape: Shape,
  records: readonly NodeRecord[],
): TracePage {
  const leaf = records.at(-1)?.id ?? tree.name;
  const path = pagePath.trace(leaf);
  const nodes = pathTo(shape, leaf);
  const title = `To ${leaf}`;
  return {
    path,
    title,
    leaf,
    golden: nodes.at(-1)?.golden ?? false,
    tree: { text: plainText(tree.title), href: linkFrom(path, pagePath.tree(tree.name)) },
    home: linkFrom(path, pagePath.index()),
    charts: traceCharts(nodes, { title, deferrals: deferralsIn(records) }),
    steps: nodes.flatMap((node, at) => {
      const record = records[at];
      return record ? [stepOf(nodeLine(node, path), record)] : [];
    }),
  };
}

function stepOf(line: NodeLine, record: NodeRecord): Step {
  const sentences = changeGroups(record.changed).flatMap((group) => group.rows.map(changeSentence));
  const deltas = record.deltas.flatMap((delta) =>
    changeGroups(delta.changed).flatMap((group) => group.rows.map(changeSentence)),
  );
  const more = `and ${grouped(deltas.length - DELTAS_SHOWN)} more`;
  const outcome = outcomeView(record.outcome);
  const said = outcome.problems[0]?.text ?? reasonLine(outcome.reason);
  return {
    line,
    deltas: deltas.length > DELTAS_SHOWN ? [...deltas.slice(0, DELTAS_SHOWN), more] : deltas,
    changes: sentences.slice(0, CHANGES_SHOWN),
    moreChanges: Math.max(0, sentences.length - CHANGES_SHOWN),
    trouble: outcome.validity === 'valid' ? '' : said || outcome.sentence,
  };
}
