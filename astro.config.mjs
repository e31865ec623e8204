/** Builds this repository's own site from ./records: no Python, no charm. `playbill build` plays first. */
import { defineConfig } from 'astro/config';
import { playbill } from './src/site/integration.ts';

export default defineConfig({
  outDir: './site',
  cacheDir: './.playbill/cache/astro',
  integrations: [playbill()],
});
