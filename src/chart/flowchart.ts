/**
 * A chart as data: boxes that are nodes of a tree, arrows that are its edges.
 * Two things are shown of a box and never mixed: Juju's status of the unit, and how the dispatch ended.
 */
import type { IndexNode } from '../engine/record/format.ts';
import { oneLine } from './plain-text.ts';

/** Boxes in one chart; more cannot be read. */
export const BOXES_MAX = 40;
const LINE_LENGTH = 34;

export type BoxShape = 'rounded' | 'plain' | 'hexagon' | 'slanted';
export type Box = {
  /** The node's id: `lifecycle/install`, or any unique word for a box that is no node. */
  readonly id: string;
  /** The first line is the event's name. */
  readonly lines: readonly string[];
  readonly shape: BoxShape;
  /** Words for looks: `status-active`, `outcome-failed`, `here`, `golden`, `more`. */
  readonly marks: readonly string[];
};
export type ArrowKind = 'event' | 'golden' | 'deferral';
export type Arrow = {
  readonly from: string;
  readonly to: string;
  readonly kind: ArrowKind;
  readonly label?: string;
};
export type Flowchart = {
  readonly title: string;
  readonly direction: 'TD' | 'LR';
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
};

/** What a reader of charts must know of an outcome: its word and its shape. */
const OUTCOME_LOOK: Readonly<Record<IndexNode['outcome'], { word: string; shape: BoxShape }>> = {
  root: { word: '', shape: 'rounded' },
  played: { word: '', shape: 'plain' },
  failed: { word: '✕ failed', shape: 'hexagon' },
  'timed-out': { word: '✕ timed out', shape: 'hexagon' },
  'commit-failed': { word: '✕ commit failed', shape: 'hexagon' },
  inconsistent: { word: '⊘ inconsistent', shape: 'slanted' },
  'parent-failed': { word: '○ not played', shape: 'plain' },
};

/** The box of a node. `here`: the page it is drawn on is the node's own. */
export function nodeBox(node: IndexNode, here = false): Box {
  const look = OUTCOME_LOOK[node.outcome];
  const status = `${node.status.status}${node.status.message ? `: ${node.status.message}` : ''}`;
  const dispatched = node.outcome !== 'parent-failed' && node.outcome !== 'inconsistent';
  // Deltas stand in the box: a label on an arrow makes mermaid push the boxes apart.
  const flags = [
    look.word,
    node.deltas > 0 ? `Δ ${node.deltas} ${node.deltas === 1 ? 'delta' : 'deltas'}` : '',
    node.upgrade === undefined ? '' : '⇧ new charm',
    node.faults > 0 ? `ϟ ${node.faults} ${node.faults === 1 ? 'fault' : 'faults'}` : '',
    node.irregular > 0 ? '⚠ Juju would not' : '',
    node.unexpected > 0 ? '≠ unexpected' : '',
    node.unmet > 0 ? `! ${node.unmet} unmet` : '',
  ].filter(Boolean);
  const lines = [node.edge, ...(dispatched ? [status] : []), ...flags];
  return {
    id: node.id,
    lines: lines.map((line) => oneLine(line, LINE_LENGTH)),
    shape: look.shape,
    marks: [
      `status-${dispatched ? statusMark(node.status.status) : 'none'}`,
      `outcome-${node.outcome}`,
      ...(node.golden ? ['golden'] : []),
      ...(here ? ['here'] : []),
    ],
  };
}

/** The arrow that leads to a node from its parent. */
export function eventArrow(node: IndexNode, from: string): Arrow {
  return { from, to: node.id, kind: node.golden ? 'golden' : 'event' };
}

/** A box that stands for others not drawn. */
export function moreBox(id: string, text: string): Box {
  return { id, lines: [text], shape: 'rounded', marks: ['more'] };
}

const STATUSES = ['active', 'blocked', 'waiting', 'maintenance', 'error', 'terminated'];
function statusMark(status: string): string {
  return STATUSES.includes(status) ? status : 'unknown';
}
