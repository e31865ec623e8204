/** Where pages are, and links between them that work under any base and from disk. */

/** Pages of the site by what they are about; paths are relative to the site's root. */
export const pagePath = {
  index: () => 'index.html',
  tree: (name: string) => `trees/${name}.html`,
  trace: (leaf: string) => `traces/${leaf}.html`,
  node: (id: string) => `nodes/${id}.html`,
  record: (id: string) => `records/${id}.json`,
  /** Bytes as they are: under a name that nothing shows or runs. */
  blob: (digest: string) => `bytes/${hexOf(digest)}.bin`,
  /** The files of one root at a node: one of its pages, counted from 1. */
  files: (id: string, root: string, part = 1) => `files/${root}/${part}/${id}.html`,
  listing: (key: string, part = 1) => `listings/${part}/${key}.html`,
  text: (digest: string, part = 1) => `texts/${part}/${hexOf(digest)}.html`,
  /** What a node's page has no room for. */
  rest: (id: string, of: Rest, part = 1) => `${of}/${part}/${id}.html`,
  asset: (name: string) => `assets/${name}`,
} as const;

export type Rest = 'changed' | 'happened' | 'state';

function hexOf(digest: string): string {
  return digest.replace(/^sha256:/, '');
}

/** The link from one page to another, both as paths from the site's root: `../../trees/life.html`. */
export function linkFrom(page: string, to: string): string {
  const here = page.split('/').slice(0, -1);
  const there = to.split('/');
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared])
    shared += 1;
  const up = here.slice(shared).map(() => '..');
  return [...up, ...there.slice(shared).map(encodeURIComponent)].join('/');
}
