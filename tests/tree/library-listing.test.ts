/** The library as a list: an entry shows a use of it that can be read, and what that stands for, which reads the same. */
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { listedEntries, listedResponders } from '../../src/engine/tree/library-listing.ts';
import { LIBRARY } from '../../src/engine/tree/library-table.ts';
import { readLibrary } from '../../src/engine/tree/library-own.ts';
import { treeSchema } from '../../src/engine/tree/schema.ts';
import { charmOf, outline, tree, VM, WEB } from './outline.ts';

const OWN = readLibrary([
  {
    file: 'library/mine.yaml',
    text: `
entries: {mine: {about: It is mine., parameters: {endpoint: {of: endpoint}}, steps: [{relate: "{{endpoint}}"}]}}
responders: {http: {about: Another web., requires: {about: A crawler comes.}}}`,
  },
]);
const valid = new Ajv({ strict: false }).compile(treeSchema());
/** An event after it, for entries that are states. */
const END = '- update-status: {name: end, as: end}\n';

describe.each([
  ['on Kubernetes', WEB],
  ['on a machine', VM],
])('every entry %s', (_, charm) => {
  const entries = listedEntries({ charm, own: OWN });
  const there = entries.filter(({ steps }) => steps !== null);

  it.each(there.map((entry) => [entry.name, entry] as const))(
    '%s stands for what its listing shows',
    (_name, { use, steps }) => {
      const own = { charm, own: OWN };
      const used = outline(tree(`${use}\n${END}`, own));
      expect(used.length).toBeGreaterThan(0);
      expect(outline(tree(`${steps ?? ''}${END}`, own))).toEqual(used);
    },
  );

  it('is there, but for what the charm has nothing for', () => {
    const missing = entries.filter(({ steps }) => steps === null).map(({ name }) => name);
    const none = [
      'containers',
      'containers-ready',
      'workload-ready',
      'container-restart',
      'actions',
      'config-values',
    ];
    expect(missing).toEqual(charm === VM ? none : []);
    expect(entries.map(({ name }) => name)).toEqual([...LIBRARY.map(({ name }) => name), 'mine']);
  });

  it('is used as the schema says', () => {
    for (const { use } of entries) {
      const steps = load(use) as unknown[];
      expect(valid({ root: 'leader', steps }), JSON.stringify(valid.errors)).toBe(true);
    }
  });
});

describe('the listing', () => {
  it('is there without a charm: then only what does not depend on one is shown expanded', () => {
    const shown = listedEntries({}).filter(({ steps }) => steps !== null);
    expect(shown.map(({ name }) => name)).toEqual(
      LIBRARY.filter(({ dynamic }) => !dynamic).map(({ name }) => name),
    );
  });

  it('tells of an entry what it is for, its parameters, and whose it is', () => {
    const entry = listedEntries({ charm: WEB, own: OWN }).find(
      ({ name }) => name === 'leadership-change',
    );
    expect(entry).toEqual({
      name: 'leadership-change',
      about: 'The unit becomes the leader, or another one does.',
      kind: 'subtree',
      dynamic: false,
      root: false,
      own: false,
      parameters: [
        {
          name: 'to',
          about: 'Who leads from then on: this unit, or another.',
          usual: 'this',
          choices: ['this', 'another'],
        },
      ],
      use: '- {use: leadership-change}',
      steps: '- delta: {leader: true, about: The unit leads.}\n- leader-elected\n',
    });
  });

  it('has a project’s own responder in the place of the library’s', () => {
    const http = listedResponders({ own: OWN }).filter((one) => one.interface === 'http');
    expect(http).toEqual([
      {
        interface: 'http',
        about: 'Another web.',
        source: '',
        own: true,
        requires: 'A crawler comes.',
      },
    ]);
    expect(listedResponders({})).toHaveLength(12);
  });

  it('knows no name twice for a charm that has nothing at all', () => {
    const entries = listedEntries({ charm: charmOf('subordinate: false') });
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  });
});
