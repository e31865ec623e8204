#!/usr/bin/env node
// Starts Playbill under a Node that can run it, and says so in one sentence where there is none.
import { existsSync } from 'node:fs';

const needed = 24;
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < needed) {
  console.error(
    `playbill needs Node ${needed} or newer and this is ${process.versions.node}: ` +
      'run it through a newer Node, for example `npx -p node@24 -p playbill playbill`.',
  );
  process.exit(1);
}
const compiled = new URL('../dist/scripts/playbill.js', import.meta.url);
const source = new URL('../scripts/playbill.ts', import.meta.url);
await import(existsSync(source) ? source.href : compiled.href);
