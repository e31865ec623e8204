/** A node in one line: its event, how it ended, the status it left, and what to look at. */
import { plainText } from '../chart/plain-text.ts';
import type { IndexNode } from '../engine/record/format.ts';
import { linkFrom, pagePath } from './links.ts';
import type { Tone } from './outcome-words.ts';
import { OUTCOME_LOOKS } from './outcome-words.ts';
import type { StatusWord } from './status-view.ts';
import { statusWord } from './status-view.ts';

export type NodeLine = {
  readonly id: string;
  readonly href: string;
  readonly edge: string;
  readonly title: string;
  readonly outcome: {
    readonly word: string;
    readonly tone: Tone;
    readonly kind: IndexNode['outcome'];
  };
  /** null when the event was not dispatched: then there is no status of its own. */
  readonly status: StatusWord | null;
  readonly message: string;
  readonly golden: boolean;
  readonly deltas: number;
  readonly faults: number;
  readonly irregular: boolean;
  readonly host: boolean;
  readonly upgrade: string;
  readonly changes: number;
  readonly unmet: number;
  readonly unexpected: number;
  readonly branch: readonly string[];
};

export function nodeLine(node: IndexNode, page: string): NodeLine {
  const look = OUTCOME_LOOKS[node.outcome];
  const dispatched = node.outcome !== 'parent-failed' && node.outcome !== 'inconsistent';
  return {
    id: node.id,
    href: linkFrom(page, pagePath.node(node.id)),
    edge: node.edge,
    title: plainText(node.title ?? ''),
    outcome: { word: look.word, tone: look.tone, kind: node.outcome },
    status: dispatched ? statusWord(node.status.status) : null,
    message: dispatched ? plainText(node.status.message) : '',
    golden: node.golden,
    deltas: node.deltas,
    faults: node.faults,
    irregular: node.irregular > 0,
    host: node.host ?? false,
    upgrade: plainText(node.upgrade ?? ''),
    changes: node.changes,
    unmet: node.unmet,
    unexpected: node.unexpected,
    branch: node.branch.map(plainText),
  };
}
