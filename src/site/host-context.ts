/** The host's half of the pages: reads records, draws charts, colours code, for one build or dev server. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileAtlas } from '../view/file-atlas.ts';
import { fileAtlas } from '../view/file-atlas.ts';
import { nodeRest } from '../view/node-rest.ts';
import type { SiteContext } from './context.ts';
import type { Drawer } from './draw.ts';
import { highlightCode } from './highlight.ts';
import { proseHtml } from './prose.ts';
import { readerScript } from './reader-script.ts';
import { recordsOnDisk } from './records-on-disk.ts';

export type HostContextOptions = {
  readonly records: string;
  /** The project's folder: prose is at `trees/README.md` or `src/content/site.md` in it. */
  readonly projectRoot: string;
  readonly drawer: Drawer;
  /** The file that names the nodes dispatched for this build; it may be absent. */
  readonly playedFile: string;
};
const KEPT = 16;
const PROSE = ['src/content/site.md', 'trees/README.md'];

export function hostContext({
  records,
  projectRoot,
  drawer,
  playedFile,
}: HostContextOptions): SiteContext {
  const read = recordsOnDisk(records, join(projectRoot, '.playbill/cache/blobs'));
  const record = lastOnes(KEPT, read.record);
  let atlas: Promise<FileAtlas> | undefined;
  return {
    ...read,
    atlas: () =>
      (atlas ??= read.index().then(({ trees }) => fileAtlas(trees, { ...read, digest: sha256 }))),
    record,
    rest: lastOnes(KEPT, async (id) => nodeRest(await record(id), await read.state(id))),
    draw: (text) => drawer.draw(text),
    highlight: highlightCode,
    prose: proseHtml,
    async intro() {
      for (const file of PROSE) {
        const text = await readFile(join(projectRoot, file), 'utf8').catch(() => null);
        if (text !== null) return text;
      }
      return null;
    },
    played: () => playedIds(playedFile),
    asset: siteAsset,
  };
}

/** The same for an id that was asked for of late: pages of one node come one after the other. */
function lastOnes<Value>(most: number, make: (id: string) => Promise<Value>) {
  const known = new Map<string, Promise<Value>>();
  return (id: string): Promise<Value> => {
    const value = known.get(id) ?? make(id);
    known.set(id, value);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return value;
  };
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** `["lifecycle/install", …]`, written by whoever played; anything else counts as not known. */
async function playedIds(file: string): Promise<ReadonlySet<string> | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const ids: unknown = JSON.parse(text);
  return Array.isArray(ids) ? new Set(ids.filter((id) => typeof id === 'string')) : null;
}

async function siteAsset(name: string): Promise<string> {
  if (name === 'site.js') return `(${readerScript.toString()})();\n`;
  if (name === 'site.css') return readFile(new URL('../styles/site.css', import.meta.url), 'utf8');
  throw new Error(`no asset "${name}"`);
}
