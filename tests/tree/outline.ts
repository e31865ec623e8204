/** A definition as a picture: a line a node, indented below its parent, with the deltas before it. */
import type { Charm } from '../../src/engine/model/charm.ts';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import { Mistake, Mistakes, mistakeText } from '../../src/engine/model/mistake.ts';
import { authorWords } from '../../src/engine/tree/author-words.ts';
import type { Json } from '../../src/engine/model/json.ts';
import type { Definition, DeltaSpec, EventSpec } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import type { OwnLibrary } from '../../src/engine/tree/reading.ts';

/** The charm that the text of a charmcraft.yaml declares, less the keys that every charm has. */
export function charmOf(more: string): Charm {
  const text = `{type: charm, name: web, summary: s, description: d, ${more}}`;
  return readCharm({ folder: '.', files: { 'charmcraft.yaml': text } });
}

export const WEB: Charm = charmOf(`
  requires: {db: {interface: postgresql_client}, odd_one: {interface: unheard-of}},
  provides: {api: {interface: http}},
  peers: {replicas: {interface: web_peers}}, containers: {app: {}, side: {}}, storage: {data: {type: filesystem}},
  actions: {backup: {}, restore: {params: {id: {type: integer, minimum: 3}, how: {enum: [fast, slow]}}, required: [id, how]}},
  config: {options: {slug: {}, port: {type: int, default: 0}, debug: {type: boolean, default: false},
    ratio: {type: float}, token: {type: secret}}}`);
export const VM: Charm = charmOf(`
  requires: {db: {interface: postgresql_client}}, peers: {replicas: {interface: web_peers}},
  storage: {data: {type: filesystem, location: /srv/data}, many: {type: filesystem, location: /srv/many,
    multiple: {range: 2-5}}}`);

type TreeOptions = {
  readonly root?: string;
  readonly charm?: Charm | null;
  readonly own?: OwnLibrary;
};

/** The tree with these steps, in one line or several. */
export function tree(
  steps: string,
  { root = 'leader', charm = WEB, own }: TreeOptions = {},
): Definition {
  const text = `root: ${root}\nsteps:\n${steps}`;
  const given = {
    ...(charm === null ? {} : { charm: () => charm }),
    ...(own === undefined ? {} : { own }),
  };
  return parseTree({ file: 't.yaml', text, name: 't' }, given);
}

/** What is wrong with such a tree, in the words of the command. */
export function mistakes(...of: Parameters<typeof tree>): readonly string[] {
  try {
    tree(...of);
  } catch (error) {
    if (error instanceof Mistakes) return error.all.map(mistakeText);
    if (error instanceof Mistake) return [mistakeText(error)];
    throw error;
  }
  return [];
}

function deltaWords({ state, respond }: DeltaSpec): string {
  const words = { ...(authorWords(state as Json) as object), ...(respond ? { respond } : {}) };
  return JSON.stringify(words).replaceAll('"', '');
}

function options({ name: _name, kind, at: _at, places: _places, ...said }: EventSpec): string {
  const action = kind === 'action' ? ' (action)' : '';
  const words = JSON.stringify(said).replaceAll('"', '');
  return words === '{}' ? action : `${action} ${words}`;
}

/** `install`, below it `  config-changed`; ` + {leader:true}` before the event whose delta it is. */
export function outline({ nodes, fans = [] }: Definition): readonly string[] {
  const depth = (id: string): number => {
    const node = nodes.find((one) => one.id === id);
    return node ? depth(node.parent) + 1 : 0;
  };
  const lines = nodes.map((node) => {
    const deltas = node.deltas.map((delta) => ` + ${deltaWords(delta)}`).join('');
    const up = node.upgrade === undefined ? '' : ` to ${node.upgrade}`;
    return `${'  '.repeat(depth(node.parent))}${node.id.slice(2)}${options(node.event)}${up}${deltas}`;
  });
  const fanned = fans.map(({ id, after }) => ({ line: `${id.slice(2)} *`, after }));
  for (const { line, after } of fanned.toReversed()) lines.splice(after, 0, line);
  return lines;
}
