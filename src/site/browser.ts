/**
 * A headless browser that is there: playwright's own, the machine's, or @sparticuz/chromium from npm, which needs
 * nothing but glibc. PLAYBILL_BROWSER forces one: `sparticuz`, `playwright`, `system`, or a path to an executable.
 */
import { rmSync } from 'node:fs';
import { access, constants, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { bundledBrowser } from './bundled-browser.ts';

/** What to start, and with which arguments. `name` is for people. */
export type BrowserChoice = {
  readonly name: string;
  readonly executablePath: string;
  readonly args: readonly string[];
  /** Added to the process's own. */
  readonly env?: Readonly<Record<string, string>>;
};
const ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** The same text metrics everywhere, and no part of the machine's graphics. */
const ARGS = [
  '--font-render-hinting=none',
  '--disable-gpu',
  '--no-sandbox',
  '--disable-dev-shm-usage',
];

/** Starts the preferred browser, or the next when it does not start. Throws when none does, naming each. */
export async function launchBrowser(
  wanted = process.env['PLAYBILL_BROWSER'] ?? '',
): Promise<Browser> {
  const refused: string[] = [];
  for (const choose of choicesFor(wanted)) {
    try {
      const choice = await choose();
      if (choice) return await start(choice);
    } catch (error) {
      refused.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    }
  }
  throw new Error(`no browser to draw charts with:\n${refused.join('\n') || 'none was found'}`);
}

/** Browsers keep settings and crash reports in the user's home; this one has a home that goes when it does. */
async function start({ executablePath, args, env: own }: BrowserChoice): Promise<Browser> {
  const home = await mkdtemp(join(tmpdir(), 'playbill-browser-'));
  const leave = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  const env = { ...process.env, ...own, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  try {
    const browser = await chromium.launch({ headless: true, executablePath, args: [...args], env });
    return browser.once('disconnected', leave);
  } catch (error) {
    leave();
    throw error;
  }
}

type Choose = () => Promise<BrowserChoice | null>;

function choicesFor(wanted: string): readonly Choose[] {
  switch (wanted) {
    case '':
      return [playwrightsOwn, onThisMachine, sparticuz];
    case 'playwright':
      return [playwrightsOwn];
    case 'system':
      return [onThisMachine];
    case 'sparticuz':
      return [sparticuz];
    default:
      return [async () => ({ name: wanted, executablePath: wanted, args: ARGS })];
  }
}

async function playwrightsOwn(): Promise<BrowserChoice | null> {
  const path = process.env['PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH'] ?? chromium.executablePath();
  return (await isExecutable(path))
    ? { name: 'playwright', executablePath: path, args: ARGS }
    : null;
}

async function onThisMachine(): Promise<BrowserChoice | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean))
    for (const name of ON_PATH) {
      const path = join(folder, name);
      if (await isExecutable(path)) return { name, executablePath: path, args: ARGS };
    }
  return null;
}

async function sparticuz(): Promise<BrowserChoice> {
  return { name: '@sparticuz/chromium', ...(await bundledBrowser()) };
}

async function isExecutable(path: string): Promise<boolean> {
  if (!path) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
