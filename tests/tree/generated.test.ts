/**
 * Any tree that an author could write, generated: ids are unique and in tree order, and the schema agrees with the
 * reader. An id that grows too long is the one mistake such a tree can have.
 */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { treeSchema } from '../../src/engine/tree/schema.ts';

const EVENTS = [
  'install',
  'config-changed',
  'update-status',
  'db-relation-changed',
  'web-pebble-ready',
  'data-storage-attached',
  'secret-rotate',
  'web-pebble-check-failed',
  'retry',
];
const BRANCHES = ['golden', 'bad slug', 'database leaves', 'b2'];

type Written = { readonly steps: readonly unknown[]; readonly events: number };

const event = fc.tuple(fc.constantFrom(...EVENTS), fc.boolean()).map(([name, bare]) => ({
  steps: [bare ? name : { [name]: { about: 'x' } }],
  events: 1,
}));
const action = fc.constant<Written>({ steps: [{ run: 'backup' }], events: 1 });
const upgrade = fc.boolean().map<Written>((bare) => ({
  steps: [{ upgrade: bare ? '../next' : { to: 'git:v2', 'config-changed': { about: 'x' } } }],
  events: 2,
}));
const delta = event.map((one) => ({
  steps: [{ delta: { leader: true } }, ...one.steps],
  events: 1,
}));

function joined(parts: readonly Written[]): Written {
  return {
    steps: parts.flatMap(({ steps }) => steps),
    events: parts.reduce((sum, part) => sum + part.events, 0),
  };
}

const { list } = fc.letrec<{ list: Written; branch: Written }>((tie) => ({
  branch: fc
    .dictionary(fc.constantFrom(...BRANCHES), tie('list'), { minKeys: 1, maxKeys: 3 })
    .map((branches) => {
      const steps = Object.entries(branches).map(([key, { steps: inside }]) => [
        key,
        key === 'b2' ? { about: 'b', steps: inside } : inside,
      ]);
      const events = Object.values(branches).reduce((sum, one) => sum + one.events, 0);
      return { steps: [{ branch: Object.fromEntries(steps) }], events };
    }),
  list: fc
    .tuple(
      fc.array(fc.oneof(event, action, upgrade, delta), { minLength: 1, maxLength: 4 }),
      fc.option(tie('branch'), { depthSize: 'small', maxDepth: 2, nil: undefined }),
      fc.array(event, { maxLength: 2 }),
    )
    .map(([before, branch, after]) => joined([...before, ...(branch ? [branch] : []), ...after])),
}));

/** A golden branch may not stand under one that is not: here none is marked. */
function unmarked(text: string): string {
  return text.replaceAll('golden:', 'fine:');
}

describe('any tree', () => {
  const valid = new Ajv({ strict: false }).compile(treeSchema());

  it('has unique ids, parents first, one node for each event', () => {
    let branched = 0;
    const property = fc.property(list, ({ steps, events }) => {
      const text = unmarked(dump({ root: 'leader', steps: steps }, { noRefs: true }));
      let tree;
      try {
        tree = parseTree({ file: 't.yaml', text, name: 't' });
      } catch (error) {
        // Ids too long is the one mistake such a tree can have.
        return (error as Error).message.split('\n').every((line) => line.includes('characters'));
      }
      const ids = ['t', ...tree.nodes.map(({ id }) => id)];
      if (tree.branches?.length) branched += 1;
      expect(new Set(ids).size).toBe(events + 1);
      tree.nodes.forEach(({ parent, id }, index) => {
        expect(ids.slice(0, index + 1)).toContain(parent);
        expect(id.startsWith(`${parent}/`)).toBe(true);
      });
      return true;
    });
    fc.assert(property, { numRuns: 300, seed: 1 });
    expect(branched).toBeGreaterThan(50);
  });

  it('is what the schema says a tree may be', () => {
    const property = fc.property(list, ({ steps }) => {
      expect(valid({ root: 'leader', steps }), JSON.stringify(valid.errors)).toBe(true);
    });
    fc.assert(property, { numRuns: 200, seed: 2 });
  });
});
