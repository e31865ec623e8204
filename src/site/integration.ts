/**
 * The Astro integration: injects the site's routes with absolute paths, so that it works in this repository, in a
 * charm's repository and inside someone's own docs; gives pages their context; copies the records beside them.
 */
import { cp, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { pagePath } from '../view/links.ts';
import { setSiteContext, siteContext } from './context.ts';
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
  ['/files/[root]/[part]/[...id]', 'files/[root]/[part]/[...id].astro'],
  ['/listings/[part]/[key]', 'listings/[part]/[key].astro'],
  ['/changed/[part]/[...id]', 'changed/[part]/[...id].astro'],
  ['/happened/[part]/[...id]', 'happened/[part]/[...id].astro'],
  ['/state/[part]/[...id]', 'state/[part]/[...id].astro'],
  ['/texts/[part]/[hex]', 'texts/[part]/[hex].astro'],
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
        await copyRecords(records, fileURLToPath(dir));
        logger.info(`${drawer?.drawn ?? 0} charts drawn, the others were in the cache`);
        await drawer?.[Symbol.asyncDispose]();
      },
      'astro:server:done': async () => drawer?.[Symbol.asyncDispose](),
    },
  };
}

/**
 * Records as they are. Contents are what a charm wrote, page or program: they go under names that no server and no
 * browser shows or runs. Those of files that no record has are the store's.
 */
async function copyRecords(from: string, site: string): Promise<void> {
  if (!existsSync(from)) return;
  const isContent = (file: string): boolean => relative(from, file).split(/[\\/]/)[0] === 'blobs';
  await cp(from, join(site, 'records'), { recursive: true, filter: (file) => !isContent(file) });
  const { atlas, contents } = siteContext();
  const recorded = await readdir(join(from, 'blobs')).catch(() => []);
  const wanted = new Set([...(await atlas()).kept, ...recorded.map((name) => `sha256:${name}`)]);
  for (const digest of wanted) {
    const file = contents.file(digest);
    if (file !== null) await cp(file, join(site, pagePath.blob(digest)));
  }
}
