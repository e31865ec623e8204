/**
 * The Astro integration: injects the site's routes with absolute paths, so that it works in this repository, in a
 * charm's repository and inside someone's own docs; gives pages their context; copies the records beside them.
 */
import { cp, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { setSiteContext } from './context.ts';
import { createDrawer } from './draw.ts';
import type { Drawer } from './draw.ts';
import { hostContext } from './host-context.ts';

export type PlaybillOptions = {
  /** Folder of the records. Default: `records` in the project. */
  readonly records?: string;
  /** The project's folder, where `.playbill` is. Default: Astro's root. */
  readonly projectRoot?: string;
};

/** Route patterns and their pages. Compiled, the endpoints end in `.js`. */
const ENDING = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const ROUTES = [
  ['/', 'index.astro'],
  ['/trees/[tree]', 'trees/[tree].astro'],
  ['/traces/[...leaf]', 'traces/[...leaf].astro'],
  ['/nodes/[...id]', 'nodes/[...id].astro'],
  ['/assets/[name]', `assets/[name].${ENDING}`],
] as const;
const PAGES = new URL('../pages/', import.meta.url);

export function playbill(options: PlaybillOptions = {}): AstroIntegration {
  let drawer: Drawer | undefined;
  let records = '';
  return {
    name: 'playbill',
    hooks: {
      'astro:config:setup': ({ config, injectRoute, updateConfig }) => {
        const root = options.projectRoot ?? fileURLToPath(config.root);
        records = options.records ?? join(root, 'records');
        drawer = createDrawer(join(root, '.playbill/cache/charts'));
        const playedFile = join(root, '.playbill/played.json');
        setSiteContext(hostContext({ records, projectRoot: root, drawer, playedFile }));
        updateConfig({
          build: { format: 'file' },
          trailingSlash: 'ignore',
          devToolbar: { enabled: false },
        });
        if (new URL('pages/', config.srcDir).href === PAGES.href) return;
        for (const [pattern, page] of ROUTES)
          injectRoute({
            pattern,
            entrypoint: fileURLToPath(new URL(page, PAGES)),
            prerender: true,
          });
      },
      'astro:build:done': async ({ dir, logger }) => {
        await copyRecords(records, join(fileURLToPath(dir), 'records'));
        logger.info(`${drawer?.drawn ?? 0} charts drawn, the others were in the cache`);
        await drawer?.[Symbol.asyncDispose]();
      },
      'astro:server:done': async () => drawer?.[Symbol.asyncDispose](),
    },
  };
}

async function copyRecords(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true });
}
