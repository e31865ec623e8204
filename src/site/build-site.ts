/**
 * Builds a project's site through Astro, wherever this package is installed. Astro's root is
 * `<project>/.playbill/site`: building with the package itself as root writes into node_modules, and prerendering
 * cannot resolve from there.
 */
import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'astro';
import { playbill } from './integration.ts';

export type BuildSiteOptions = {
  /** The project's folder, absolute; only `.playbill` below it is written, beside `out`. */
  readonly projectRoot: string;
  /** The folder of records, absolute. */
  readonly records: string;
  /** Where the site goes, absolute. */
  readonly out: string;
  /** Where it will be served, for absolute addresses only; pages link relatively. */
  readonly base?: string;
  readonly quiet?: boolean;
};

/** Builds the site. Throws what Astro throws. */
export async function buildSite(options: BuildSiteOptions): Promise<void> {
  const { projectRoot, records, out } = options;
  const work = join(projectRoot, '.playbill');
  const root = join(work, 'site');
  await linkAstro(root);
  // Astro would note in the user's home, and tell its makers, that a site was built.
  process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
  await build({
    root,
    configFile: false,
    outDir: out,
    cacheDir: join(work, 'cache/astro'),
    logLevel: options.quiet ? 'error' : 'info',
    ...(options.base === undefined ? {} : { base: options.base }),
    integrations: [playbill({ projectRoot, records })],
    vite: { environments: { prerender: { resolve: { noExternal: true } } } },
  });
}

/** Pages are bundled from the root, so Astro's own modules are made resolvable there. */
async function linkAstro(root: string): Promise<void> {
  const astro = dirname(createRequire(import.meta.url).resolve('astro/package.json'));
  const modules = join(root, 'node_modules');
  await mkdir(modules, { recursive: true });
  const link = join(modules, 'astro');
  const there = await lstat(link).catch(() => null);
  if (there?.isSymbolicLink() && (await readlink(link)) === astro) return;
  await rm(link, { recursive: true, force: true });
  await symlink(astro, link, 'junction');
}
