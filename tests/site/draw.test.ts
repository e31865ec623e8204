/** Charts drawn by a real browser: whatever a charm wrote, the chart is drawn, says it, and is inert. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Flowchart } from '../../src/chart/flowchart.ts';
import { mermaidText } from '../../src/chart/mermaid.ts';
import { plainText } from '../../src/chart/plain-text.ts';
import { createDrawer } from '../../src/site/draw.ts';
import type { Drawer } from '../../src/site/draw.ts';
import { chartSvg } from '../../src/view/chart-svg.ts';
import { HOSTILE } from './sample-records.ts';

let folder = '';
let drawer: Drawer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playbill-draw-'));
  drawer = createDrawer(join(folder, 'charts'));
});
afterAll(async () => {
  await drawer[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function chartOf(...labels: readonly string[]): Flowchart {
  const shapes = ['rounded', 'plain', 'hexagon', 'slanted'] as const;
  return {
    title: 'labels',
    direction: 'TD',
    boxes: labels.map((label, at) => ({
      id: `box ${at}`,
      lines: [label],
      shape: shapes[at % 4] ?? 'plain',
      marks: ['status-active'],
    })),
    arrows: labels
      .slice(1)
      .map((label, at) => ({ from: `box ${at}`, to: `box ${at + 1}`, kind: 'event', label })),
  };
}
const unescaped = (xml: string): string =>
  xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&nbsp;', '\u00a0')
    .replaceAll('&amp;', '&');
/** What a reader sees in each box, spaces and the invisible joiner aside. */
function boxTexts(svg: string): string[] {
  const boxes = svg
    .split('<a href="')
    .slice(1)
    .map((part) => part.split('</a>')[0] ?? '');
  return boxes.map((box) => bare(unescaped(box.replace(/^[^>]*>/, '').replace(/<[^>]*>/g, ''))));
}
const bare = (text: string): string => text.replace(/[\s\u2060\u00ad]+/g, '');
const ELEMENTS = /^(svg|g|a|path|rect|polygon|circle|text|tspan|marker|defs|title)$/;

function expectInert(svg: string): void {
  for (const [, name = ''] of svg.matchAll(/<([A-Za-z][\w:-]*)/g)) expect(name).toMatch(ELEMENTS);
  for (const [tag] of svg.matchAll(/<[A-Za-z][^>]*>/g)) {
    expect(tag).not.toMatch(/\son\w+=|\sstyle=|javascript:|xlink:|src=/);
    for (const [, link = ''] of tag.matchAll(/(?:href|url)[=(]"?([^")]*)/g))
      expect(link).toMatch(/^(#?\ue000)/);
  }
}

const TROUBLE = [
  HOSTILE,
  '"',
  '\\n',
  '\\N',
  '\\',
  '`',
  '`**b**`',
  '*a* _b_ **c**',
  '1. one',
  '- item',
  '# head',
  '#35;',
  '#quot;',
  '&lt;b&gt;',
  '&amp;amp;',
  '%% c',
  '%%{init: {"theme":"dark"}}%%',
  'end',
  'graph',
  'click n0 href "x"',
  '<br/>',
  '<b>x</b>',
  'ﬂ°°35¶ß',
  ']',
  '}}',
  '/]',
  '---',
  '==>',
  '|x|',
  ':::x',
  '@{shape: x}',
  '$$x^2$$',
  'fa:fa-car',
  'http://example.com/x',
  '日本語',
  'a\u2028b',
  '{{x}}',
  '&#x41;',
  "it's",
  '~~~',
  'é',
  '😀',
];

test('each label known to be trouble is drawn as it is', async () => {
  const svg = await drawer.draw(mermaidText(chartOf(...TROUBLE)));
  expectInert(svg);
  expect(boxTexts(svg)).toEqual(TROUBLE.map((label) => bare(plainText(label))));
});

test('any label is drawn as it is', { timeout: 120_000 }, async () => {
  const soup = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);
  const label = fc.oneof(
    soup,
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc
      .array(fc.oneof(fc.constantFrom(...TROUBLE), soup), { maxLength: 3 })
      .map((parts) => parts.join(' ')),
  );
  const labels = fc.array(label, { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(labels, async (texts) => {
      const svg = await drawer.draw(mermaidText(chartOf(...texts)));
      expectInert(svg);
      expect(boxTexts(svg)).toEqual(texts.map((text) => bare(plainText(text))));
    }),
    { numRuns: 60 },
  );
});

test('the same text gives the same bytes in another browser process', async () => {
  const text = mermaidText(chartOf('one', 'two', 'three', 'four', 'five'));
  const first = await drawer.draw(text);
  await using other = createDrawer(join(folder, 'other'));
  expect(await other.draw(text)).toBe(first);
  expect(other.drawn).toBe(1);
});

/** Runs with PLAYBILL_BROWSER set, and puts it back. */
async function withBrowser(name: string, use: () => Promise<void>): Promise<void> {
  const before = process.env['PLAYBILL_BROWSER'];
  process.env['PLAYBILL_BROWSER'] = name;
  try {
    await use();
  } finally {
    if (before === undefined) delete process.env['PLAYBILL_BROWSER'];
    else process.env['PLAYBILL_BROWSER'] = before;
  }
}

test('the browser that comes from npm draws the same bytes, and leaves the environment alone', async () => {
  const text = mermaidText(chartOf('one', 'two é', 'three', 'four'));
  const first = await drawer.draw(text);
  const environment = { ...process.env, PLAYBILL_BROWSER: 'sparticuz' };
  await withBrowser('sparticuz', async () => {
    await using bundled = createDrawer(join(folder, 'bundled'));
    expect(await bundled.draw(text)).toBe(first);
    expect(process.env).toEqual(environment);
  });
});

test('a chart drawn before starts no browser', async () => {
  const text = mermaidText(chartOf('kept'));
  const first = await drawer.draw(text);
  await withBrowser('/no/such/browser', async () => {
    await using again = createDrawer(join(folder, 'charts'));
    expect(await again.draw(text)).toBe(first);
    expect(again.drawn).toBe(0);
    await expect(again.draw(mermaidText(chartOf('not kept')))).rejects.toThrow(
      'no browser to draw charts with',
    );
  });
});

test('text that is no chart is an error, and the next chart is drawn all the same', async () => {
  await expect(drawer.draw('flowchart TD\n  a[')).rejects.toThrow();
  expect(await drawer.draw(mermaidText(chartOf('after')))).toContain('after');
  expect((await readdir(join(folder, 'charts'))).every((name) => name.endsWith('.svg'))).toBe(true);
});

test('two charts on one page share no id, and links are only what the page gives', async () => {
  const drawn = await drawer.draw(mermaidText(chartOf('a', 'b')));
  const [one, two] = ['one', 'two'].map((id) =>
    chartSvg(drawn, { id, label: '"><script>', hrefs: ['a"b.html', null] }),
  );
  const ids = (svg = '') => [...svg.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
  expect(ids(one).length).toBeGreaterThan(0);
  expect(ids(one).filter((id) => ids(two).includes(id))).toEqual([]);
  expect(one).toContain('href="a&quot;b.html"');
  expect(one?.match(/href=/g)).toHaveLength(1);
  expect(one).not.toMatch(/[\ue000\ue001]|<script/);
});
