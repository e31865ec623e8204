/**
 * What mermaid drew, made fit for a page. Runs inside the drawing browser (it is handed over as source, so they use
 * nothing but each other). mermaid's colours go: the site's style sheet colours by class, for light and dark.
 * Each line of text is given its measured length, so that it fits its box with whatever font the reader has.
 * Boxes become links to `href="\ue000n0\ue001"`, ids start with `\ue000id\ue001`; both are filled in per page.
 */

/** Leaves what a chart is made of. Throws for an element that is not: nothing a charm wrote may become markup. */
export function restrictSvg(svg: SVGSVGElement): void {
  const allowed = [
    'svg',
    'g',
    'a',
    'path',
    'rect',
    'polygon',
    'circle',
    'text',
    'tspan',
    'marker',
    'defs',
  ];
  const kept = [
    [
      'class',
      'd',
      'x',
      'y',
      'dx',
      'dy',
      'rx',
      'ry',
      'cx',
      'cy',
      'r',
      'width',
      'height',
      'points',
      'transform',
    ],
    [
      'viewBox',
      'refX',
      'refY',
      'markerUnits',
      'markerWidth',
      'markerHeight',
      'orient',
      'marker-end',
      'id',
    ],
    ['text-anchor', 'textLength', 'lengthAdjust', 'href', 'xmlns'],
  ].flat();
  const round = (text: string): string =>
    text.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10));
  for (const element of [svg, ...svg.querySelectorAll('*')]) {
    if (!allowed.includes(element.localName)) throw new Error(`<${element.localName}> in a chart`);
    for (const name of element.getAttributeNames()) {
      const value = element.getAttribute(name) ?? '';
      if (!kept.includes(name)) element.removeAttribute(name);
      else if (name !== 'href' && name !== 'class') element.setAttribute(name, round(value));
    }
    if (element.id && !element.id.startsWith('\ue000')) element.removeAttribute('id');
  }
}

/** The SVG as XML. */
export function tidySvg(svg: SVGSVGElement): string {
  const space = 'http://www.w3.org/2000/svg';
  const { x, y, width, height } = svg.viewBox.baseVal;
  const size = [x, y, width, height].map((one) => Math.round(one * 10) / 10);
  const drop = (selector: string): void => {
    for (const one of svg.querySelectorAll(selector)) one.remove();
  };
  const flattenLines = (): void => {
    for (const row of svg.querySelectorAll<SVGTSpanElement>('tspan.row')) {
      // The first line of a box is bold on the page, so it is measured bold.
      const bold = row.matches('.node tspan.row:first-child');
      if (bold) row.style.fontWeight = '700';
      const length = row.getComputedTextLength();
      row.replaceChildren(row.textContent);
      row.setAttribute('class', 'label-line');
      if (length <= 0) continue;
      row.setAttribute('textLength', length.toFixed(1));
      row.setAttribute('lengthAdjust', 'spacingAndGlyphs');
    }
  };
  const linkBoxes = (): void => {
    for (const node of svg.querySelectorAll('g.node')) {
      const name = /-flowchart-(n\d+)-\d+$/.exec(node.id)?.[1];
      if (!name) throw new Error(`a box without a name: ${node.id}`);
      const link = document.createElementNS(space, 'a');
      link.setAttribute('href', `\ue000${name}\ue001`);
      node.replaceWith(link);
      link.append(node);
      node.removeAttribute('id');
    }
  };
  const keepMarker = (): void => {
    const used = [...svg.querySelectorAll('[marker-end]')].map(
      (one) => /#([\w-]+)/.exec(one.getAttribute('marker-end') ?? '')?.[1],
    );
    for (const marker of svg.querySelectorAll('marker')) {
      if (!used.includes(marker.id)) marker.remove();
      else marker.id = `\ue000id\ue001${marker.id.replace(/^.*_/, '')}`;
    }
    for (const one of svg.querySelectorAll('[marker-end]')) {
      const name = /#[\w-]+_([\w-]+)/.exec(one.getAttribute('marker-end') ?? '')?.[1] ?? '';
      one.setAttribute('marker-end', `url(#\ue000id\ue001${name})`);
    }
  };
  drop('style, filter, linearGradient, .label > rect, .node rect.background, g.clusters');
  flattenLines();
  linkBoxes();
  keepMarker();
  restrictSvg(svg);
  drop('defs:empty, g:empty');
  svg.setAttribute('class', 'chart');
  svg.setAttribute('role', 'group');
  svg.setAttribute('viewBox', size.join(' '));
  svg.setAttribute('width', String(Math.ceil(width)));
  svg.setAttribute('height', String(Math.ceil(height)));
  return new XMLSerializer().serializeToString(svg);
}
