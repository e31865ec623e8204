/**
 * What mermaid drew, made fit for a page. Runs inside the drawing browser (it is handed over as source, so it uses
 * nothing from outside itself). mermaid's colours go: the site's style sheet colours by class, for light and dark.
 * Each line of text is given its measured length, so that it fits its box with whatever font the reader has.
 * Boxes become links to `href="\ue000n0\ue001"`, ids start with `\ue000id\ue001`; both are filled in per page.
 */

/** The SVG as XML. Throws for an element that is not in the allowed list: nothing a charm wrote may become markup. */
export function tidySvg(svg: SVGSVGElement): string {
  const allowed = ['svg', 'g', 'a', 'path', 'rect', 'polygon', 'circle', 'text', 'tspan', 'marker', 'defs', 'title'];
  const kept = [
    ['class', 'd', 'x', 'y', 'dx', 'dy', 'rx', 'ry', 'cx', 'cy', 'r', 'width', 'height', 'points', 'transform'],
    ['viewBox', 'refX', 'refY', 'markerUnits', 'markerWidth', 'markerHeight', 'orient', 'marker-end', 'id'],
    ['text-anchor', 'textLength', 'lengthAdjust', 'href', 'role', 'aria-label', 'xmlns'],
  ].flat();
  const space = 'http://www.w3.org/2000/svg';
  const box = svg.viewBox.baseVal;
  const round = (text: string): string =>
    text.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10));

  const drop = (selector: string): void => {
    for (const one of [...svg.querySelectorAll(selector)]) one.remove();
  };
  const flattenLines = (): void => {
    for (const row of svg.querySelectorAll<SVGTSpanElement>('tspan.row')) {
      // The first line of a box is bold on the page, so it is measured bold.
      const bold = row.matches('.node tspan.row:first-child');
      if (bold) row.style.fontWeight = '700';
      const length = row.getComputedTextLength();
      row.textContent = row.textContent;
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
    for (const marker of [...svg.querySelectorAll('marker')]) {
      if (!used.includes(marker.id)) marker.remove();
      else marker.id = `\ue000id\ue001${marker.id.replace(/^.*_/, '')}`;
    }
    for (const one of svg.querySelectorAll('[marker-end]')) {
      const name = /#[\w-]+_([\w-]+)/.exec(one.getAttribute('marker-end') ?? '')?.[1] ?? '';
      one.setAttribute('marker-end', `url(#\ue000id\ue001${name})`);
    }
  };
  const restrict = (element: Element): void => {
    if (!allowed.includes(element.localName)) throw new Error(`<${element.localName}> in a chart`);
    for (const { name, value } of [...element.attributes]) {
      if (!kept.includes(name)) element.removeAttribute(name);
      else element.setAttribute(name, name === 'href' || name === 'class' ? value : round(value));
    }
    if (element.id && !element.id.startsWith('\ue000')) element.removeAttribute('id');
  };

  drop('style, filter, linearGradient, .label > rect, .node rect.background, g.clusters');
  flattenLines();
  linkBoxes();
  keepMarker();
  for (const element of svg.querySelectorAll('*')) restrict(element);
  restrict(svg);
  drop('defs:empty, g:empty');
  svg.setAttribute('class', 'chart');
  svg.setAttribute('role', 'group');
  svg.setAttribute('viewBox', round(`${box.x} ${box.y} ${box.width} ${box.height}`));
  svg.setAttribute('width', String(Math.ceil(box.width)));
  svg.setAttribute('height', String(Math.ceil(box.height)));
  return new XMLSerializer().serializeToString(svg);
}
