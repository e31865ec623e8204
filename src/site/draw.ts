/**
 * Mermaid text to SVG, in one headless browser that is started when the first chart is not in the cache.
 * Equal texts give equal bytes: mermaid's randomness is seeded and text is measured with a font of ours.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { CHART_FONT, chartFontCss } from './chart-font.ts';
import { restrictSvg, tidySvg } from './tidy-svg.ts';

export interface Drawer extends AsyncDisposable {
  /** The SVG with placeholders, as tidySvg says. Throws for text that mermaid does not parse. */
  draw(text: string): Promise<string>;
  /** Charts drawn in the browser so far, those from the cache not counted. */
  readonly drawn: number;
}

const SETTINGS = {
  startOnLoad: false,
  securityLevel: 'strict',
  look: 'classic',
  theme: 'neutral',
  htmlLabels: false,
  flowchart: {
    htmlLabels: false,
    wrappingWidth: 420,
    nodeSpacing: 28,
    rankSpacing: 44,
    padding: 12,
  },
  deterministicIds: true,
  deterministicIDSeed: 's',
  handDrawnSeed: 1,
  maxEdges: 5000,
  maxTextSize: 1e6,
  fontFamily: `"${CHART_FONT}"`,
  fontSize: 14,
  themeVariables: { fontSize: '14px' },
  suppressErrorRendering: true,
} as const;
const require = createRequire(import.meta.url);

/** A drawer that keeps its SVGs in `cache`, a folder made when it is needed. */
export function createDrawer(cache: string): Drawer {
  let browser: Promise<Browser> | undefined;
  let page: Promise<Page> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let drawn = 0;
  const drawNow = async (text: string): Promise<string> => {
    browser ??= launchBrowser();
    page ??= browser.then(preparedPage);
    drawn += 1;
    return drawOn(await page, text);
  };
  return {
    get drawn() {
      return drawn;
    },
    async draw(text) {
      const file = join(cache, `${await chartKey(text)}.svg`);
      const kept = await readFile(file, 'utf8').catch(() => null);
      if (kept !== null) return kept;
      const turn = last.then(() => drawNow(text));
      last = turn.catch(() => undefined);
      const svg = await turn;
      await keep(cache, file, svg);
      return svg;
    },
    async [Symbol.asyncDispose]() {
      await (await browser?.catch(() => undefined))?.close();
      browser = page = undefined;
    },
  };
}

async function keep(cache: string, file: string, svg: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, svg);
  await rename(beside, file);
}

/** Whatever decides the bytes of a drawing: mermaid, the settings, how it is tidied, the text. */
async function chartKey(text: string): Promise<string> {
  const { version } = JSON.parse(await readFile(mermaidFile('package.json'), 'utf8')) as {
    version: string;
  };
  const parts = [version, JSON.stringify(SETTINGS), `${restrictSvg}${tidySvg}`, text];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function mermaidFile(name: string): string {
  return require.resolve(`mermaid/${name}`);
}

async function preparedPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  // Whatever a label says, the drawing page asks the network for nothing.
  await page.route('**/*', (route) => route.abort());
  await page.setContent('<!doctype html><title>charts</title><body></body>');
  await page.addStyleTag({ content: await chartFontCss() });
  await page.addScriptTag({ path: mermaidFile('dist/mermaid.min.js') });
  await page.evaluate(`(async () => {
    await Promise.all([400, 700].map((w) => document.fonts.load(w + ' 14px "${CHART_FONT}"')));
    mermaid.initialize(${JSON.stringify(SETTINGS)});
    window.restrictSvg = ${restrictSvg.toString()};
    window.tidySvg = ${tidySvg.toString()};
  })()`);
  return page;
}

async function drawOn(page: Page, text: string): Promise<string> {
  const svg = await page.evaluate(`(async () => {
    const { svg } = await mermaid.render('chart', ${JSON.stringify(text)});
    const holder = document.createElement('div');
    holder.innerHTML = svg;
    document.body.append(holder);
    try { return tidySvg(holder.querySelector('svg')); } finally { holder.remove(); }
  })()`);
  if (typeof svg !== 'string') throw new Error('the drawing browser returned no chart');
  return svg;
}
