/**
 * The tree a charm gets when its author wrote none: a unit's first hooks, in the order Juju delivers them.
 * Source: juju internal/worker/uniter (resolver.go)
 */
import type { Charm } from '../model/charm.ts';
import { storageCount } from '../model/storage-count.ts';
import type { Definition } from './definition.ts';
import { parseTree } from './parse-tree.ts';
import { slugOf } from './slug.ts';

const NAME = 'start-up';

function names(record: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(record).sort();
}

/** A name as YAML reads it back, whatever a charm calls its endpoints. */
function word(name: string): string {
  return /^[a-z][a-z0-9_-]*$/.test(name) ? name : JSON.stringify(name);
}

/** A hook for each instance of storage that the charm cannot do without, each with a name of its own. */
function attached(charm: Charm): readonly string[] {
  return names(charm.storage).flatMap((name) => {
    const { min } = storageCount(charm.storage[name] ?? {});
    const hook = word(`${name}-storage-attached`);
    return Array.from({ length: min }, (_, index) =>
      min === 1 ? `  - ${hook}` : `  - ${hook}: {index: ${index}, name: ${slugOf(name)}-${index}}`,
    );
  });
}

/** The text of the tree, as its author could keep it: one step a line, the nodes worth linking to named. */
export function starterText(charm: Charm): string {
  const containers = names(charm.containers);
  const peers = names(charm.endpoints).filter((name) => charm.endpoints[name]?.role === 'peers');
  const lines = [
    `title: ${JSON.stringify(`${charm.title ?? charm.name} starts up`)}`,
    'about: A unit that leads its application, with the options at their defaults.',
    `root: {use: ${containers.length > 0 ? '[leader, containers]' : 'leader'}, stage: new}`,
    'steps:',
    ...(charm.kubernetes ? [] : attached(charm)),
    '  - install: {as: installed}',
    ...peers.map((name) => `  - ${word(`${name}-relation-created`)}`),
    '  - leader-elected',
    ...(charm.kubernetes ? attached(charm) : []),
    '  - config-changed',
    '  - start: {as: started}',
    ...containers.flatMap((name) => [
      `  - delta: {containers: {${word(name)}: {can-connect: true}}}`,
      `  - ${word(`${name}-pebble-ready`)}: {as: ${slugOf(name)}-ready}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** That tree's definition; `file` is what its positions name, for example `metadata.yaml`. */
export function starterTree(charm: Charm, file: string): Definition {
  return parseTree({ file, text: starterText(charm), name: NAME });
}
