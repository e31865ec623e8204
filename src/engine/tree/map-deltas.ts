/** The same tree with other deltas, those of its fan-outs as well. */
import type { Definition, DeltaSpec } from './definition.ts';

export function mapDeltas(tree: Definition, map: (delta: DeltaSpec) => DeltaSpec): Definition {
  const nodes = tree.nodes.map((node) => ({ ...node, deltas: node.deltas.map(map) }));
  const fans = tree.fans?.map((fan) => ({ ...fan, deltas: fan.deltas.map(map) }));
  return { ...tree, nodes, ...(fans ? { fans } : {}) };
}
