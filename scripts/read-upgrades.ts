/** The charms that trees upgrade to: folders and .charms beside the tree, revisions of the charm's own repository. */
import { readCharm } from '../src/engine/charm/read-charm.ts';
import type { Charm } from '../src/engine/model/charm.ts';
import { charmOfRevision } from '../src/engine/project/charm-revision.ts';
import type { Project } from '../src/engine/project/find-project.ts';
import {
  findCharm,
  readCharmSource,
  type CharmPlace,
} from '../src/engine/project/read-charm-fs.ts';
import type { Definition, NodeDefinition } from '../src/engine/tree/definition.ts';

/** A charm where it was found: a path that is absolute, and what messages call it. */
export type FoundCharm = { readonly path: string; readonly shown: string; readonly charm: Charm };
/** By what the tree says after `to`. */
export type Upgrades = Readonly<Record<string, FoundCharm>>;
type Of = { readonly project: Project; readonly tree: Definition; readonly charm: string };

async function placeOf(to: string, node: NodeDefinition, of: Of): Promise<CharmPlace> {
  const { root, workFolder } = of.project;
  const at = node.event.places?.['upgrade'] ?? node.event.at;
  const revision = /^git:(.+)$/.exec(to)?.[1];
  if (revision === undefined) {
    return findCharm({ root, treeFile: of.tree.file, charm: to, at, what: 'upgrade: to' });
  }
  const path = await charmOfRevision({ charm: of.charm, revision, workFolder, at });
  return { ...findCharm({ root, charm: path, at, what: `upgrade: to: ${to}` }), shown: to };
}

/** Every charm that the tree upgrades to. `charm`: the path of its own. Throws Mistakes. */
export async function readUpgrades(of: Of): Promise<Upgrades> {
  const found: Record<string, FoundCharm> = {};
  for (const node of of.tree.nodes) {
    const { upgrade } = node;
    if (upgrade === undefined || found[upgrade]) continue;
    const place = await placeOf(upgrade, node, of);
    const charm = readCharm(readCharmSource(place));
    found[upgrade] = { path: place.path, shown: place.shown, charm };
  }
  return found;
}
