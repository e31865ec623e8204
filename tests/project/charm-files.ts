/** Small charms as files, and what preparing one comes to. */
import { join } from 'node:path';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import type { PreparedCharm } from '../../src/engine/model/prepared.ts';
import { prepareCharm } from '../../src/engine/project/prepare-charm.ts';
import { findCharm, readCharmSource } from '../../src/engine/project/read-charm-fs.ts';

export const METADATA = 'name: web\nsummary: A site\ndescription: Serves a site.\n';

/** charmcraft.yaml of a charm whose one part has that plugin; `more` is added as it is. */
export function charmcraft(plugin: string, more = ''): string {
  return `${METADATA}type: charm\nparts:\n  web:\n    plugin: ${plugin}\n    source: .\n${more}`;
}

/** Prepares the charm in `root`, or the one named, in a work folder beside its files. */
export async function prepared(root: string, charm?: string): Promise<PreparedCharm> {
  const named = charm === undefined ? {} : { treeFile: 'tree.yaml', charm };
  const place = findCharm({ root, ...named });
  return prepareCharm({
    source: place.path,
    charm: readCharm(readCharmSource(place)),
    workFolder: join(root, '.playbill'),
    progress: () => undefined,
  });
}
