/** The words of a root and of deltas for all that a unit may have, and how they are shown again. */
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { Mistakes, mistakeText } from '../../src/engine/model/mistake.ts';
import type { Json } from '../../src/engine/model/json.ts';
import { authorWords } from '../../src/engine/tree/author-words.ts';
import type { DeltaSpec, RootSpec, StateSpec } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { treeSchema } from '../../src/engine/tree/schema.ts';

function tree(text: string) {
  return parseTree({ file: 't.yaml', text, name: 't' });
}

function delta(words: string): DeltaSpec {
  const found = tree(`root: leader\nsteps:\n- delta: ${words}\n- install`).nodes[0]?.deltas[0];
  if (!found) throw new Error(`no delta: ${words}`);
  return found;
}

function told(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof Mistakes) return error.all.map(mistakeText);
    throw error;
  }
  return [];
}

const EVERYTHING: readonly [words: string, state: StateSpec][] = [
  ['{pod-churn: true}', { happens: { kind: 'pod-churn' } }],
  ['{reboot: true}', { happens: { kind: 'reboot' } }],
  ['{resolved: no-retry}', { happens: { kind: 'resolved' } }],
  [
    '{container-restart: [web, db]}',
    { happens: { kind: 'container-restart', containers: ['web', 'db'] } },
  ],
  [
    '{relations: {db: [{app: a, local: {x: y}, local-unit: {z: null}}, {app: b, model: far, remove: true}]}}',
    {
      relations: {
        db: [
          { app: 'a', local: { x: 'y' }, localUnit: { z: null } },
          { app: 'b', model: 'far', remove: true },
        ],
      },
    },
  ],
  [
    '{secrets: {login: {owner: unit, content: {user: u}, label: l, description: d, rotate: daily, ' +
      'grants: {a/0: db}, readable: false}, other: null}}',
    {
      secrets: {
        login: {
          owner: 'unit',
          content: { user: 'u' },
          label: 'l',
          description: 'd',
          rotate: 'daily',
          grants: { 'a/0': 'db' },
          readable: false,
        },
        other: null,
      },
    },
  ],
  [
    '{storage: {data/0: {attached: true}, data/1: null}}',
    { storage: { 'data/0': { attached: true }, 'data/1': null } },
  ],
  [
    '{resources: {a: {text: t}, b: {file: ./f}, c: {image: i, username: u, password: p}, d: null}}',
    {
      resources: {
        a: { text: 't' },
        b: { file: './f' },
        c: { image: 'i', username: 'u', password: 'p' },
        d: null,
      },
    },
  ],
  [
    '{leader-settings: {a: b}, unit-state: {c: null}, other-ports: {o/0: [80/tcp]}}',
    { leaderSettings: { a: 'b' }, unitState: { c: null }, otherPorts: { 'o/0': ['80/tcp'] } },
  ],
  [
    '{networks: {db: {interface: e, mac: m, addresses: [{value: v, cidr: c, hostname: h}], ingress: [i], egress: [e]}}}',
    {
      networks: {
        db: {
          interface: 'e',
          mac: 'm',
          addresses: [{ value: 'v', cidr: 'c', hostname: 'h' }],
          ingress: ['i'],
          egress: ['e'],
        },
      },
    },
  ],
  [
    '{trusted: true, cloud: {type: lxd}, machine: {id: "3", zone: z}, principal: p/0, model: {config: {a: b}}}',
    {
      trusted: true,
      cloud: { type: 'lxd' },
      machine: { id: '3', zone: 'z' },
      principal: 'p/0',
      model: { config: { a: 'b' } },
    },
  ],
];

describe('the words of a delta', () => {
  it.each(EVERYTHING)('%s are read', (words, state) => {
    expect(delta(words).state).toEqual(state);
  });

  it.each(EVERYTHING)('%s are shown again as they were written', (words, state) => {
    expect(authorWords(state as Json)).toEqual(load(words));
  });

  it('may give an address alone', () => {
    expect(delta('{networks: {db: {addresses: [10.0.0.1]}}}').state.networks?.['db']).toEqual({
      addresses: [{ value: '10.0.0.1' }],
    });
  });

  it('say where each of them stands, three deep', () => {
    const { places } = delta('{secrets: {login: {grants: {a: db}}}, reboot: true}');
    expect(places).toMatchObject({
      secrets: { line: 3, column: 11 },
      'secrets/login': { column: 21 },
      'secrets/login/grants': { column: 29 },
      reboot: { column: 48 },
    });
  });
});

describe('any words of a delta together', () => {
  const valid = new Ajv({ strict: false }).compile(treeSchema());
  const WORDS = EVERYTHING.filter(([, { happens }]) => !happens).map(
    ([words]) => load(words) as object,
  );

  it('are read, shown as they were written, and fit the schema', () => {
    const some = fc
      .subarray(WORDS, { minLength: 1 })
      .map((all) => Object.assign({}, ...all) as object);
    const property = fc.property(some, fc.boolean(), (words, churns) => {
      const whole = churns ? { 'pod-churn': true, ...words } : words;
      const { state } = delta(dump(whole, { flowLevel: 0, lineWidth: -1 }).trim());
      const shown = authorWords(state as Json);
      expect(shown).toEqual(whole);
      const steps = [{ delta: shown }, 'install'];
      expect(valid({ root: 'leader', steps }), JSON.stringify(valid.errors)).toBe(true);
    });
    fc.assert(property, { numRuns: 200, seed: 3 });
  });
});

describe('the words of a root', () => {
  it('may declare a stage', () => {
    const root: RootSpec = tree('root: {stage: started}\nsteps: [install]').root;
    expect(root.state).toEqual({ stage: 'started' });
  });

  it('stand beside how strict the tree is', () => {
    expect(tree('root: leader\nconsistency: permissive\nsteps: [install]').consistency).toBe(
      'permissive',
    );
    expect(tree('root: leader\nsteps: [install]').consistency).toBeUndefined();
  });
});

describe('a mistake in the words of a delta', () => {
  it.each([
    [
      '{stage: new}',
      '3:11: delta: "stage" cannot be said here\n  Only a root says what happened before',
    ],
    ['{pod-churn: false}', '3:22: pod-churn: expected true, got false'],
    [
      '{pod-churn: true, reboot: true}',
      '3:28: delta: pod-churn and reboot at once\n  Write a delta',
    ],
    ['{container-restart: []}', '3:30: container-restart: which container?\n  Write [web].'],
    ['{resolved: retry}', '3:21: resolved: "retry" is not known'],
    ['{secrets: {Login: {}}}', '3:21: secrets: "Login" is not a lower-case word with hyphens'],
    [
      '{secrets: {a: {content: {pw: x}}}}',
      '3:35: secret a: content: "pw" is not a key of a secret',
    ],
    ['{secrets: {a: {content: {}}}}', '3:34: secret a: content: a secret holds something'],
    [
      '{secrets: {a: {rotate: dayly}}}',
      '3:33: secret a: rotate: "dayly" is not known\n  Did you mean "daily"?',
    ],
    ['{secrets: {a: {owner: "A B"}}}', '3:32: secret a: owner: expected application, unit, model,'],
    ['{secrets: {a: {lable: x}}}', '3:25: secret a: unknown key "lable"\n  Did you mean "label"?'],
    [
      '{storage: {data: {}}}',
      '3:21: storage: "data" is not an instance of storage such as "data/0"',
    ],
    ['{resources: {a: {}}}', '3:26: resource a: expected one of text, file or image'],
    ['{resources: {a: {file: f, password: p}}}', '3:36: resource a: "password" is for an image'],
    ['{networks: {db: {addresses: [{cidr: c}]}}}', '3:39: network db: address: which address?'],
    ['{other-ports: {o/0: [http]}}', '3:31: other-ports: o/0: expected a port such as "80/tcp"'],
    ['{relations: {db: [{}]}}', '3:28: relation on db: one of several has no "app"'],
    ['{relations: {db: [{app: a}, {app: a}]}}', '3:38: relation on db: a is there twice'],
    ['{relations: {db: {remove: false}}}', '3:36: relation on db: remove: expected true'],
    ['{principal: p}', '3:22: principal: expected a unit such as "postgresql/0"'],
    ['{juju: 4.0}', '3:17: juju: expected text, got 4\n  Write it in quotes: "4.0".'],
  ])('such as %s is told with its place', (words, expected) => {
    const [first = ''] = told(() => delta(words));
    expect(first).toContain(`t.yaml:${expected}`);
  });

  it('that belongs into a delta is told in a root', () => {
    const [first] = told(() => tree('root: {reboot: true}\nsteps: [install]'));
    expect(first).toBe(
      't.yaml:1:8: root: "reboot" cannot be said here\n' +
        '  It happens between events: write it in a delta.',
    );
  });
});
