/**
 * What pages are given by whoever builds them: records, charts, highlighted code. Pages are bundled and know nothing of
 * the host, so the host's half hangs on the process under one symbol.
 */
import type { Blobs } from '../engine/model/counterpart.ts';
import type { Index, NodeRecord } from '../engine/record/format.ts';
import type { State } from '../engine/world/state.ts';
import type { FileAtlas } from '../view/file-atlas.ts';
import type { NodeRest } from '../view/node-rest.ts';
import type { Contents } from './records-on-disk.ts';

export type SiteContext = {
  index(): Promise<Index>;
  /** Throws when the record is missing or is of another format. */
  record(id: string): Promise<NodeRecord>;
  /** The State after a node. */
  state(id: string): Promise<State>;
  /** What records have of contents; `put` is refused. `get` throws when it is missing. */
  readonly blobs: Blobs;
  /** Whether the site has these bytes. */
  hasBlob(digest: string): boolean;
  /** A blob's text; null when it is missing, too long, or no text. */
  blobText(digest: string): Promise<string | null>;
  /** Which pages there are about files. */
  atlas(): Promise<FileAtlas>;
  readonly contents: Contents;
  /** What a node's page has no room for. */
  rest(id: string): Promise<NodeRest>;
  /** Mermaid text to SVG with placeholders; see view/chart-svg. */
  draw(text: string): Promise<string>;
  /** Code as HTML with two themes; plain escaped text for a language that is not known, and for more than `most`. */
  highlight(code: string, language: string | null, most?: number): Promise<string>;
  /** Markdown as safe HTML. */
  prose(markdown: string): Promise<string>;
  /** The project's own words for the first page, as Markdown; null when there are none. */
  intro(): Promise<string | null>;
  /** Ids of nodes dispatched for this build; null when that is not known. */
  played(): Promise<ReadonlySet<string> | null>;
  /** `site.css` or `site.js`. */
  asset(name: string): Promise<string>;
};

const KEY = Symbol.for('playbill.site');
type Holder = { [KEY]?: SiteContext };

export function setSiteContext(context: SiteContext | undefined): void {
  if (context) (globalThis as Holder)[KEY] = context;
  else delete (globalThis as Holder)[KEY];
}

/** The context of the build that runs. Throws when the integration has set none. */
export function siteContext(): SiteContext {
  const context = (globalThis as Holder)[KEY];
  if (!context)
    throw new Error('pages are built by the playbill integration; it is not in this Astro config');
  return context;
}
