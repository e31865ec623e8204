/** How many nodes ended how, and with which status: for lists of trees. */
import type { IndexTree } from '../engine/record/format.ts';
import type { Tone } from './outcome-words.ts';
import { OUTCOME_LOOKS } from './outcome-words.ts';
import { statusWord } from './status-view.ts';

export type Count = { readonly word: string; readonly mark: string; readonly count: number };
export type Tally = {
  readonly nodes: number;
  readonly traces: number;
  readonly outcomes: readonly (Count & { readonly tone: Tone })[];
  readonly statuses: readonly Count[];
  readonly unmet: number;
  readonly unexpected: number;
};

/** Counts of a tree's nodes. Only dispatched nodes and the root have a status of their own. */
export function tallyOf(tree: IndexTree): Tally {
  const parents = new Set(tree.nodes.map((node) => node.parent));
  const outcomes = Object.entries(OUTCOME_LOOKS).map(([kind, look]) => ({
    word: look.word,
    mark: `outcome-${kind}`,
    tone: look.tone,
    count: kind === 'root' ? 0 : tree.nodes.filter((node) => node.outcome === kind).length,
  }));
  const own = tree.nodes.filter(
    (node) => !['parent-failed', 'inconsistent'].includes(node.outcome),
  );
  const words = [...new Set(own.map((node) => node.status.status))].sort();
  return {
    nodes: tree.nodes.length,
    traces: tree.nodes.filter((node) => !parents.has(node.id)).length,
    outcomes: outcomes.filter((one) => one.count > 0),
    statuses: words.map((word) => ({
      ...statusWord(word),
      count: own.filter((node) => node.status.status === word).length,
    })),
    unmet: tree.nodes.filter((node) => node.unmet > 0).length,
    unexpected: tree.nodes.filter((node) => node.unexpected > 0).length,
  };
}
