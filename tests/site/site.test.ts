/** The built site, read from disk in a real browser. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../../src/site/browser.ts';
import { builtSite, filesIn } from './built-site.ts';
import type { BuiltSite } from './built-site.ts';
import { worstContrast } from './contrast.ts';

let site: BuiltSite;
let browser: Browser;
let pages: readonly string[];
beforeAll(async () => {
  site = await builtSite();
  browser = await launchBrowser();
  pages = await site.pages();
});
afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});
const address = (page: string) => new URL(`file://${join(site.out, page)}`).href;
async function opened(
  page: string,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<Page> {
  const shown = await browser.newPage(options);
  await shown.goto(address(page));
  return shown;
}
const FLYING = 'nodes/pennant-life/flying.html';
const CHANGED = 'board-life/ready/golden/database-relation-created/database-relation-changed';
const CROWD = 'board-life/ready/golden/many-cards/config-changed';
const BROWSER = `files/container-1/1/${CHANGED}.html`;

test('every node, tree and trace has a page', () => {
  const nodes = [...site.sample.records.keys()].map((id) => `nodes/${id}.html`);
  const trees = site.sample.index.trees.map((tree) => `trees/${tree.name}.html`);
  expect(nodes.length).toBeGreaterThan(50);
  expect(pages).toEqual(expect.arrayContaining([...nodes, ...trees, 'index.html']));
  const parents = new Set([...site.sample.records.values()].map((record) => record.parent));
  const leaves = [...site.sample.records.keys()].filter((id) => !parents.has(id));
  expect(pages.filter((page) => page.startsWith('traces/'))).toEqual(
    leaves.map((id) => `traces/${id}.html`).sort(),
  );
});

test('every link of every page leads somewhere, without JavaScript and from disk', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const found = new Map<string, { links: string[]; ids: string[] }>();
  for (const path of pages) {
    await page.goto(address(path));
    const links = await page
      .locator('a')
      .evaluateAll((all) =>
        all.map((one) => new URL(one.getAttribute('href') ?? 'missing:', document.baseURI).href),
      );
    const ids = await page.locator('[id]').evaluateAll((all) => all.map((one) => one.id));
    expect(new Set(ids).size, `ids of ${path} are unique`).toBe(ids.length);
    found.set(address(path), { links, ids });
  }
  let followed = 0;
  for (const [from, { links }] of found)
    for (const link of links) {
      const { protocol, hash } = new URL(link);
      expect(protocol, `${link} in ${from}`).toBe('file:');
      const target = link.split('#')[0] ?? '';
      expect(existsSync(fileURLToPath(target)), `${link} in ${from}`).toBe(true);
      if (hash) expect(found.get(target)?.ids, `${link} in ${from}`).toContain(hash.slice(1));
      followed += 1;
    }
  expect(followed).toBeGreaterThan(1000);
  await context.close();
});

test('pages ask for nothing but their own files', async () => {
  const page = await browser.newPage();
  const asked: string[] = [];
  const wrong: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => wrong.push(error.message));
  for (const path of ['index.html', 'trees/pennant-life.html', FLYING])
    await page.goto(address(path));
  expect(asked.length).toBeGreaterThan(6);
  for (const url of asked)
    expect(url.startsWith(address('')) || url.startsWith('data:')).toBe(true);
  expect(wrong).toEqual([]);
  await page.close();
});

test('every chart is drawn and its boxes lead to the pages of the nodes they show', async () => {
  const tree = site.sample.index.trees.find((one) => one.name === 'pennant-life');
  const page = await opened('trees/pennant-life.html', { javaScriptEnabled: false });
  const links = await page
    .locator('svg.chart a')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  expect(links).toEqual(
    expect.arrayContaining(tree?.nodes.map((node) => `../nodes/${node.id}.html`) ?? []),
  );
  expect(links).toHaveLength(tree?.nodes.length ?? -1);
  await page.locator('svg.chart a', { hasText: 'config-changed' }).first().click();
  expect(new URL(page.url()).pathname).toMatch(/\/nodes\/pennant-life\/flying\.html$/);
  for (const path of pages.filter((one) => /^(trees|traces|nodes)\//.test(one)))
    expect(await readFile(join(site.out, path), 'utf8'), path).toContain('class="chart"');
  await page.close();
});

test('a tree too large for one chart is drawn in several that can be read', async () => {
  const page = await opened('trees/long.html');
  const sizes = await page
    .locator('svg.chart')
    .evaluateAll((all) => all.map((one) => one.querySelectorAll('a').length));
  expect(sizes.length).toBeGreaterThan(1);
  for (const size of sizes) expect(size).toBeLessThanOrEqual(40);
  await page.close();
});

test('what a charm writes is text and nothing else', async () => {
  const page = await browser.newPage();
  for (const path of pages) {
    await page.goto(address(path));
    expect(await page.evaluate('window.pwned'), path).toBeUndefined();
    expect(await page.locator('script').count(), path).toBe(1);
    expect(await page.locator('img, iframe, object, embed, foreignObject').count(), path).toBe(0);
  }
  await page.goto(address('nodes/pennant-life/flying/bad-colour/config-changed.html'));
  expect(await page.locator('.entries').textContent()).toContain(
    '<img src=x onerror="window.pwned=1">',
  );
  const files = await filesIn(site.out);
  for (const file of files.filter((one) => one.endsWith('.html')))
    // oxlint-disable-next-line no-control-regex
    expect(await readFile(join(site.out, file), 'utf8'), file).not.toMatch(/[\u001b\u202e\ue000]/);
  await page.close();
});

test('no page scrolls sideways on a phone', async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  for (const path of pages) {
    await page.goto(address(path));
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth),
      path,
    ).toBeLessThanOrEqual(390);
  }
  await page.close();
});

test.each(['light', 'dark'] as const)('text can be read in %s', async (colorScheme) => {
  for (const path of [
    'index.html',
    'trees/pennant-life.html',
    FLYING,
    'traces/pennant-life/flying/torn/stop/remove.html',
    'nodes/pennant-life/flying/torn/stop.html',
    'nodes/board-life/ready.html',
    BROWSER,
  ]) {
    const page = await opened(path, { colorScheme });
    await page.evaluate(() =>
      document.querySelectorAll('details').forEach((one) => (one.open = true)),
    );
    const worst = await page.evaluate(worstContrast);
    expect(worst.checked, path).toBeGreaterThan(20);
    expect(worst.ratio, `${path}: ${worst.text} ${worst.colours}`).toBeGreaterThanOrEqual(4.5);
    await page.close();
  }
});

test('the keyboard reaches the content, the links and the next node', async () => {
  const page = await opened(FLYING);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
    'Skip to the content',
  );
  await page.keyboard.press('Enter');
  expect(new URL(page.url()).hash).toBe('#main');
  const focusable = await page.locator('a:not([href]), .scroll:not([tabindex])').count();
  expect(focusable).toBe(0);
  await page.keyboard.press('h');
  await page.waitForURL(/pennant-life\/install\.html/);
  await page.keyboard.press('j');
  await page.waitForURL(/pennant-life\/flying\.html/);
  await page.close();
});

test('the light or dark button appears with JavaScript and is kept from page to page', async () => {
  const page = await opened('index.html', { colorScheme: 'light' });
  const ground = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: 'Light / dark' }).click();
  expect(await ground()).not.toBe(light);
  await page.close();
  const quiet = await opened('index.html', { javaScriptEnabled: false });
  expect(await quiet.locator('button:visible').count()).toBe(0);
  await quiet.close();
});

test('files are compared with any node of the trace, without JavaScript and by keyboard', async () => {
  const page = await opened(BROWSER, { javaScriptEnabled: false });
  const seen = async () => {
    const marks = await page.locator('.file:visible').allInnerTexts();
    const found = marks.map((text) => /^(\S+) (added|changed|removed)\b/.exec(text)?.slice(1));
    return found.flatMap((one) => one ?? []);
  };
  const parent = page.getByRole('radio', { name: 'the parent node, database-relation-created' });
  expect(await parent.isChecked()).toBe(true);
  expect(await page.locator('[role=status]').innerText()).toContain(
    '2 added, 2 changed, 2 removed since the parent node',
  );
  const since = (name: string, mark: string) => [name, mark];
  expect(await seen()).toEqual([
    ...since('board', 'removed'),
    ...since('board.ini', 'changed'),
    ...since('long', 'added'),
    ...since('motd', 'changed'),
    ...since('key.der', 'added'),
  ]);
  await parent.focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
  expect(await page.getByRole('radio', { name: 'the root, board-life' }).isChecked()).toBe(true);
  expect(await seen()).toEqual([
    ...since('board', 'removed'),
    ...since('board.ini', 'added'),
    ...since('long', 'added'),
    ...since('motd', 'changed'),
    ...since('key.der', 'added'),
  ]);
  expect(await page.locator('del:visible').allInnerTexts()).toEqual(['board']);
  const before = await page.locator('.files > li:visible').count();
  await page.getByRole('checkbox', { name: 'Show only what changed' }).check();
  expect(await page.locator('.files > li:visible').count()).toBeLessThan(before);
  expect((await seen()).length).toBe(10);
  await page.close();
});

test('every file of an image is listed and has its bytes, which nothing shows or runs', async () => {
  const browser = await opened(`files/container-1/1/${CHANGED}.html`);
  await browser.getByRole('link', { name: '600 files' }).click();
  const names = new Set<string>();
  for (;;) {
    for (const name of await browser.locator('.file code:not(.digest)').allInnerTexts())
      names.add(name);
    const next = browser.getByRole('link', { name: 'Next' });
    if ((await next.count()) === 0) break;
    await next.click();
  }
  expect(names.size).toBe(600);
  const [file] = await Promise.all([
    browser.waitForEvent('download'),
    browser.getByRole('link', { name: 'Download part-99.so' }).click(),
  ]);
  expect(await readFile(await file.path(), 'utf8')).toBe('usr/lib/board/part-99.so');
  await browser.close();
  const files = await filesIn(join(site.out, 'bytes'));
  expect(files.length).toBeGreaterThan(600);
  expect(files.filter((name) => !/^[0-9a-f]{64}\.bin$/.test(name))).toEqual([]);
  expect(existsSync(join(site.out, 'records/blobs'))).toBe(false);
});

test('a text is on a page of its own, whole', async () => {
  const page = await opened(BROWSER);
  await page.getByRole('link', { name: 'long', exact: true }).click();
  const texts = [await page.locator('pre').innerText()];
  await page.getByRole('link', { name: 'Next' }).first().click();
  texts.push(await page.locator('pre').innerText());
  expect(texts.join('\n').match(/a line of many/g)).toHaveLength(2000);
  await page.close();
});

test('a node that adds seven hundred files tells of each, on pages of their own', async () => {
  const page = await opened(`nodes/${CROWD}.html`, { javaScriptEnabled: false });
  expect(await page.locator('#changed').innerText()).toContain('board: /srv/cards/ (700 files)');
  const told = async (rows: string) => {
    const found: string[] = [];
    for (;;) {
      found.push(...(await page.locator(rows).allInnerTexts()));
      const next = page.getByRole('link', { name: 'Next' }).first();
      if ((await next.count()) === 0) return found;
      await next.click();
    }
  };
  await page.getByRole('link', { name: 'All that changed' }).click();
  const cards = (await told('.changes th[scope=row]')).filter((text) => text.includes('card-'));
  expect(new Set(cards).size).toBe(700);
  await page.goto(address(`nodes/${CROWD}.html`));
  await page.getByRole('link', { name: 'All that happened' }).click();
  expect(await told('.entry')).toHaveLength(700);
  await page.close();
});

test('a page says whether its node was played in this build', async () => {
  const footer = async (path: string) => {
    const page = await opened(path);
    const text = await page.locator('footer').textContent();
    await page.close();
    return text?.trim();
  };
  expect(await footer('nodes/pennant-life/install.html')).toBe('Played in this build.');
  expect(await footer(FLYING)).toBe('Read from a record; not dispatched in this build.');
});

test('pages are small', async () => {
  for (const path of pages) {
    const size = gzipSync(await readFile(join(site.out, path))).length;
    expect(size, path).toBeLessThanOrEqual(30_000);
  }
  expect((await readFile(join(site.out, 'assets/site.js'))).length).toBeLessThanOrEqual(2_500);
});

test('the record of a node lies beside the site as it was written', async () => {
  const page = await opened(FLYING);
  const link = await page.getByRole('link', { name: /record of this node/ }).getAttribute('href');
  const file = fileURLToPath(new URL(link ?? '', address(FLYING)));
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(
    site.sample.records.get('pennant-life/flying'),
  );
  await page.close();
});

test('a second build starts no browser and writes the same bytes', async () => {
  const out = join(site.folder, 'again');
  await site.again(out, { PLAYBILL_BROWSER: '/no/such/browser' });
  const files = await filesIn(out);
  expect(files).toEqual(await filesIn(site.out));
  for (const file of files)
    expect(await readFile(join(out, file), 'utf8'), file).toBe(
      await readFile(join(site.out, file), 'utf8'),
    );
});

test('only .playbill and the trees that were there are in the project', async () => {
  const tops = new Set((await filesIn(site.project)).map((file) => file.split('/')[0]));
  expect([...tops].sort()).toEqual(['.playbill', 'trees']);
});
