/** The bench's tree: nine events in the life of the demo's ops charm, the same that the peer runs. */
import type { Definition } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';

const TEXT = `
title: The bench
root: {use: [leader, containers], config: {slug: hello}}
steps:
  - install
  - leader-elected
  - config-changed
  - start
  - delta: {containers: {board: {can-connect: true}}}
  - board-pebble-ready
  - delta:
      relations:
        db: {app: postgresql, units: {0: {}}, data: {endpoints: "db.example:5432", username: board, password: x}}
  - db-relation-created
  - db-relation-joined
  - db-relation-changed
  - update-status
`;

export function benchTree(): Definition {
  return parseTree({ file: 'bench.yaml', text: TEXT, name: 'bench' });
}
