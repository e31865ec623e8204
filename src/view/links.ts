/** Where pages are, and links between them that work under any base and from disk. */

/** Pages of the site by what they are about; paths are relative to the site's root. */
export const pagePath = {
  index: () => 'index.html',
  tree: (name: string) => `trees/${name}.html`,
  trace: (leaf: string) => `traces/${leaf}.html`,
  node: (id: string) => `nodes/${id}.html`,
  record: (id: string) => `records/${id}.json`,
  blob: (digest: string) => `records/blobs/${digest.replace(/^sha256:/, '')}`,
  asset: (name: string) => `assets/${name}`,
} as const;

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
