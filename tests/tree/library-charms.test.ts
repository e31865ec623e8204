/** The library on charms of every shape: what an entry stands for can be read, and names only what is there. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import { checkAgainst } from '../../src/engine/tree/check-against.ts';
import { listedEntries } from '../../src/engine/tree/library-listing.ts';
import { RESPONDERS } from '../../src/engine/tree/responders.ts';
import { mistakes, outline, tree } from './outline.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z][a-z0-9]{0,4}){0,2}$/);
/** Endpoints and options may have underscores. */
const loose = fc.stringMatching(/^[a-z][a-z0-9]{0,5}([_-][a-z][a-z0-9]{0,4}){0,2}$/);
const interfaces = fc.constantFrom(...RESPONDERS.map((one) => one.interface), 'unheard-of');
const endpoints = fc.dictionary(
  loose,
  interfaces.map((name) => ({ interface: name })),
  { maxKeys: 3 },
);
const type = fc.constantFrom('string', 'int', 'float', 'boolean', 'secret');
const param = fc.record({
  type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'array', 'object'),
});
const action = fc
  .dictionary(word, param, { maxKeys: 3 })
  .map((params) => ({ params, required: Object.keys(params).slice(0, 2) }));

const metadata = fc.record({
  kubernetes: fc.boolean(),
  requires: endpoints,
  provides: endpoints,
  peers: endpoints,
  containers: fc.uniqueArray(word, { maxLength: 2 }),
  storage: fc.dictionary(word, fc.constantFrom('0-1', '1', '2', '1-3'), { maxKeys: 2 }),
  options: fc.dictionary(
    loose,
    type.map((of) => ({ type: of })),
    { maxKeys: 4 },
  ),
  actions: fc.dictionary(word, action, { maxKeys: 3 }),
});

/** Names are told apart whatever stands between their letters: ids are made of them. */
function apart(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.replaceAll('_', '-'))).size === names.length;
}

type Made = typeof metadata extends fc.Arbitrary<infer Value> ? Value : never;

function charmOf({
  kubernetes,
  containers,
  storage,
  options,
  actions,
  ...ends
}: Made): Charm | null {
  const { requires, provides, peers } = ends;
  const names = [requires, provides, peers].flatMap(Object.keys);
  if (!apart(names) || !apart(Object.keys(options))) return null;
  const stores = Object.entries(storage).map(
    ([name, range]) =>
      [name, { type: 'filesystem', location: `/srv/${name}`, multiple: { range } }] as const,
  );
  const text = JSON.stringify({
    type: 'charm',
    name: 'any',
    summary: 's',
    description: 'd',
    requires,
    provides,
    peers,
    storage: Object.fromEntries(stores),
    config: { options },
    actions,
    ...(kubernetes ? { containers: Object.fromEntries(containers.map((name) => [name, {}])) } : {}),
    ...(kubernetes ? { assumes: ['k8s-api'] } : {}),
  });
  try {
    return readCharm({ folder: '.', files: { 'charmcraft.yaml': text } });
  } catch {
    return null;
  }
}

describe('the library on any charm', () => {
  it('stands for what can be read, names what is there, and shows what it stands for', () => {
    let uses = 0;
    const property = fc.property(metadata, (made) => {
      const charm = charmOf(made);
      if (!charm) return;
      for (const { name, use, steps } of listedEntries({ charm })) {
        if (steps === null || (name === 'reboot' && charm.kubernetes)) continue;
        if (['pod-churn', 'container-restart'].includes(name) && !charm.kubernetes) continue;
        const written = `${use}\n- update-status: {as: end}\n`;
        // Ids too long is the one mistake that a use can have: a node above it can be named.
        const wrong = mistakes(written, { charm });
        expect(
          wrong.filter((one) => !one.includes('characters, more than')),
          written,
        ).toEqual([]);
        if (wrong.length > 0) continue;
        uses += 1;
        const used = tree(written, { charm });
        expect(checkAgainst(used, charm, { upgrades: { '../next': charm } }), written).toEqual([]);
        expect(outline(tree(`${steps}- update-status: {as: end}\n`, { charm }))).toEqual(
          outline(used),
        );
      }
    });
    fc.assert(property, { numRuns: 150, seed: 7 });
    expect(uses).toBeGreaterThan(500);
  });
});
