/** A page about a folder and all in it, whichever nodes have it; and one about a text that files have. */
import { plainText } from '../chart/plain-text.ts';
import type { Change } from '../engine/files/tree.ts';
import { rootWords } from './browser-page.ts';
import { inParts, LISTING_ROWS } from './file-atlas.ts';
import type { ListedFile, Listing, TextPage } from './file-atlas.ts';
import { linkFrom, pagePath } from './links.ts';
import type { NodeLink } from './node-page.ts';
import { nested } from './nested.ts';
import type { Nested } from './nested.ts';
import { countedFiles } from './values.ts';

export type ListingNode = {
  readonly name: string;
  /** Null for a folder with something in it. */
  readonly entry: Change | null;
  readonly below: readonly ListingNode[];
};
export type ListingPage = {
  readonly path: string;
  readonly title: string;
  readonly heading: string;
  readonly files: string;
  /** The first node with it. */
  readonly first: NodeLink;
  readonly nodes: readonly ListingNode[];
  readonly parts: readonly NodeLink[];
};

/** `part` is counted from 1. */
export function listingPage(listing: Listing, part: number): ListingPage {
  const { key, path: folder, files, at, root } = listing;
  const path = pagePath.listing(key, part);
  const parts = inParts(files, LISTING_ROWS);
  const heading = plainText(`/${folder}`);
  return {
    path,
    title: `${heading} · ${rootWords(root)}`,
    heading,
    files: countedFiles(files.length),
    first: firstNode({ at, root }, path),
    nodes: nested(parts[part - 1] ?? []).map(listingNode),
    parts:
      parts.length === 1
        ? []
        : parts.map((one, index) => ({
            text: `${index + 1}: ${plainText(one[0]?.path ?? '')}`,
            href: linkFrom(path, pagePath.listing(key, index + 1)),
            ...(index + 1 === part ? { here: true } : {}),
          })),
  };
}

function listingNode({ name, item, below }: Nested<ListedFile>): ListingNode {
  return { name: plainText(name), entry: item?.entry ?? null, below: below.map(listingNode) };
}

export function listingParts({ files }: Listing): number {
  return inParts(files, LISTING_ROWS).length;
}

export type TextPageView = {
  readonly path: string;
  readonly title: string;
  readonly heading: string;
  readonly first: NodeLink;
  readonly download: string;
  readonly name: string;
  readonly parts: readonly NodeLink[];
};

export function textPage({ digest, path: file, at, root, parts }: TextPage, part: number) {
  const path = pagePath.text(digest, part);
  const heading = plainText(`/${file}`);
  return {
    path,
    title: `${heading} · ${rootWords(root)}`,
    heading,
    first: firstNode({ at, root }, path),
    download: linkFrom(path, pagePath.blob(digest)),
    name: heading.split('/').at(-1) ?? '',
    parts:
      parts === 1
        ? []
        : Array.from({ length: parts }, (_, index) => ({
            text: String(index + 1),
            href: linkFrom(path, pagePath.text(digest, index + 1)),
            ...(index + 1 === part ? { here: true } : {}),
          })),
  } satisfies TextPageView;
}

function firstNode({ at, root }: Pick<Listing, 'at' | 'root'>, path: string): NodeLink {
  return { text: at, href: linkFrom(path, pagePath.files(at, root.key)) };
}
