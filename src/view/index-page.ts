/** The first page: the charms that were played, and their trees. */
import { plainText } from '../chart/plain-text.ts';
import type { Index, IndexCharm, IndexTree } from '../engine/record/format.ts';
import { linkFrom, pagePath } from './links.ts';
import type { Tally } from './tally.ts';
import { tallyOf } from './tally.ts';

export type TreeCard = {
  readonly title: string;
  readonly about: string;
  readonly file: string;
  readonly href: string;
  readonly tally: Tally;
};
export type CharmCard = {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly environment: string;
  readonly source: string;
  readonly trees: readonly TreeCard[];
};
export type IndexPage = {
  readonly path: string;
  readonly title: string;
  readonly charms: readonly CharmCard[];
};

export function indexPage(index: Index): IndexPage {
  const path = pagePath.index();
  return {
    path,
    title: `Playbill: ${index.charms.map((charm) => plainText(charm.title ?? charm.name)).join(', ') || 'no charms'}`,
    charms: index.charms.map((charm) => charmCard(charm, index.trees, path)),
  };
}

function charmCard(charm: IndexCharm, trees: readonly IndexTree[], path: string): CharmCard {
  return {
    name: plainText(charm.name),
    title: plainText(charm.title ?? charm.name),
    summary: plainText(charm.summary ?? ''),
    environment: plainText(charm.environment),
    source: plainText(charm.source),
    trees: trees
      .filter((tree) => tree.charm === charm.name)
      .map((tree) => ({
        title: plainText(tree.title),
        about: plainText(tree.about ?? ''),
        file: plainText(tree.file),
        href: linkFrom(path, pagePath.tree(tree.name)),
        tally: tallyOf(tree),
      })),
  };
}
