/**
 * A flowchart as mermaid text: what the site draws, and what readers copy into GitHub or Sphinx.
 * Boxes are n0, n1 … in the order of `boxes`, so that nothing a charm is called can be a mermaid keyword.
 * Source: mermaid's flowchart syntax; valid on mermaid 11 and 12.
 */
import type { Arrow, Box, BoxShape, Flowchart } from './flowchart.ts';
import { arrowLabel, quotedLabel } from './label.ts';

const BRACKETS: Readonly<Record<BoxShape, readonly [string, string]>> = {
  rounded: ['(', ')'],
  plain: ['[', ']'],
  hexagon: ['{{', '}}'],
  slanted: ['[/', '/]'],
};
const LINES = { event: '-->', golden: '==>', deferral: '-.->' } as const;
/** Colours for places that draw the text themselves; the site has its own, for light and dark. */
const CLASSES: Readonly<Record<string, string>> = {
  'status-active': 'fill:#d6efd8,stroke:#2e7d32,color:#1b1b1b',
  'status-waiting': 'fill:#fdf0c4,stroke:#8a6d00,color:#1b1b1b',
  'status-maintenance': 'fill:#fde3c8,stroke:#a05a00,color:#1b1b1b',
  'status-blocked': 'fill:#f9d5d3,stroke:#b3261e,color:#1b1b1b',
  'status-error': 'fill:#f2b8b5,stroke:#8c1d18,color:#1b1b1b',
  'status-unknown': 'fill:#e8e8ea,stroke:#6b6b70,color:#1b1b1b',
  'status-terminated': 'fill:#d9d9dc,stroke:#6b6b70,color:#1b1b1b',
  'status-none': 'fill:#ffffff,stroke:#6b6b70,color:#3b3b3f',
  'outcome-parent-failed': 'stroke-dasharray:4 3',
  golden: 'stroke-width:3px',
  here: 'stroke-width:4px',
  more: 'fill:#ffffff,stroke:#9a9aa0,color:#3b3b3f,stroke-dasharray:2 2',
};

/** The chart's text, ending in a newline. Equal charts give equal texts. */
export function mermaidText(chart: Flowchart): string {
  const names = new Map(chart.boxes.map((box, at) => [box.id, `n${at}`]));
  const lines = [
    `flowchart ${chart.direction}`,
    ...chart.boxes.map((box) => `  ${boxText(box, nameOf(names, box.id))}`),
    ...chart.arrows.map((arrow) => `  ${arrowText(arrow, names)}`),
    ...classLines(chart, names),
  ];
  return `${lines.join('\n')}\n`;
}

function boxText(box: Box, name: string): string {
  const [open, close] = BRACKETS[box.shape];
  return `${name}${open}${quotedLabel(box.lines)}${close}`;
}

function arrowText(arrow: Arrow, names: ReadonlyMap<string, string>): string {
  const label = arrow.label ? `|${arrowLabel(arrow.label)}|` : '';
  return `${nameOf(names, arrow.from)} ${LINES[arrow.kind]}${label} ${nameOf(names, arrow.to)}`;
}

function classLines(chart: Flowchart, names: ReadonlyMap<string, string>): string[] {
  const members = new Map<string, string[]>();
  for (const box of chart.boxes)
    for (const mark of box.marks) {
      const list = members.get(mark) ?? [];
      list.push(nameOf(names, box.id));
      members.set(mark, list);
    }
  const used = [...members.keys()].sort();
  return [
    ...used.flatMap((mark) => (CLASSES[mark] ? [`  classDef ${mark} ${CLASSES[mark]}`] : [])),
    ...used.map((mark) => `  class ${members.get(mark)?.join(',')} ${mark}`),
  ];
}

function nameOf(names: ReadonlyMap<string, string>, id: string): string {
  const name = names.get(id);
  if (name === undefined) throw new Error(`no box "${id}" in this chart`);
  return name;
}
