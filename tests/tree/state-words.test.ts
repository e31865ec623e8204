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
  [
    '{containers: {web: {image: ../image, files: {/a: x, /b: null, /c: {text: y, mode: "0600", user: u, group: g}, ' +
      '/d: {from: seeds/d.bin}, /e: {link: ../a}}}}}',
    {
      containers: {
        web: {
          image: '../image',
          files: {
            '/a': 'x',
            '/b': null,
            '/c': { text: 'y', mode: '0600', user: 'u', group: 'g' },
            '/d': { from: 'seeds/d.bin' },
            '/e': { link: '../a' },
          },
        },
      },
    },
  ],
];
/** Beside those, for a container has each word once. */
const MORE_OF_CONTAINERS: typeof EVERYTHING = [
  [
    '{containers: {web: {services: {a: {exits: 1, after: 3s, output: x}, b: {slow: 1.5s}, c: null, ' +
      'd: {signals: {SIGHUP: {exits: SIGTERM, files: {/a: b}}}}}}}}',
    {
      containers: {
        web: {
          services: {
            a: { exits: 1, after: '3s', output: 'x' },
            b: { slow: '1.5s' },
            c: null,
            d: { signals: { SIGHUP: { exits: 'SIGTERM', files: { '/a': 'b' } } } },
          },
        },
      },
    },
  ],
  [
    '{containers: {web: {exec: [{command: pg_isready -q, exit: 2, takes: 500ms}, {command: [a, b], stdout: o, ' +
      'stderr: e, stdin: {x: y, z: {exit: 1}}, files: {/a: b, /c: null}}, {command: {like: "^c"}, run: real}, ' +
      '{command: d, signals: {SIGINT: {exit: 3}}}]}, side: {exec: null}}}',
    {
      containers: {
        web: {
          exec: [
            { command: 'pg_isready -q', exit: 2, takes: '500ms' },
            {
              command: ['a', 'b'],
              stdout: 'o',
              stderr: 'e',
              stdin: { x: 'y', z: { exit: 1 } },
              files: { '/a': 'b', '/c': null },
            },
            { command: { like: '^c' }, run: 'real' },
            { command: 'd', signals: { SIGINT: { exit: 3 } } },
          ],
        },
        side: { exec: null },
      },
    },
  ],
  [
    '{containers: {web: {checks: {a: up, b: {down: dial tcp}, c: slow, d: inactive}}}}',
    {
      containers: {
        web: { checks: { a: 'up', b: { down: 'dial tcp' }, c: 'slow', d: 'inactive' } },
      },
    },
  ],
];

describe('the words of a delta', () => {
  it.each([...EVERYTHING, ...MORE_OF_CONTAINERS])('%s are read', (words, state) => {
    expect(delta(words).state).toEqual(state);
  });

  it.each([...EVERYTHING, ...MORE_OF_CONTAINERS])(
    '%s are shown again as they were written',
    (words, state) => {
      expect(authorWords(state as Json)).toEqual(load(words));
    },
  );

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
  const WORDS = [...EVERYTHING, ...MORE_OF_CONTAINERS]
    .filter(([, { happens }]) => !happens)
    .map(([words]) => load(words) as object);

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

describe('what was read of files', () => {
  it('is not shown among the words', () => {
    const base = { digest: 'sha256:0', files: 1, size: 1 };
    const files = { '/a': { from: 'a', digest: 'sha256:1', size: 1 } };
    const state = { containers: { web: { image: 'i', base, files } } };
    expect(authorWords(state)).toEqual({
      containers: { web: { image: 'i', files: { '/a': { from: 'a' } } } },
    });
  });
});

const container = (words: string): string => `{containers: {web: ${words}}}`;

describe('a mistake in the words of a container', () => {
  it.each([
    ['{serivces: {}}', '3:30: container web: unknown key "serivces"\n  Did you mean "services"?'],
    ['{image: /srv/image}', '3:37: container web: image: expected a path relative to this file'],
    [
      '{files: {/a: {txet: x}}}',
      '3:43: container web: files: /a: unknown key "txet"\n  Did you mean "text"?',
    ],
    [
      '{files: {/a: {mode: "0600"}}}',
      '3:42: container web: files: /a: nothing says what it is\n  Write text, from or link.',
    ],
    [
      '{files: {/a: {text: x, link: b}}}',
      '3:42: container web: files: /a: text and link together\n  Write text, from or link.',
    ],
    [
      '{files: {/a: {link: b, mode: "0777"}}}',
      '3:52: container web: files: /a: a link has no mode',
    ],
    [
      '{files: {/a: {text: x, mode: 0600}}}',
      '3:58: container web: files: /a: mode: expected text, got 600\n  Write it in quotes: "600".',
    ],
    [
      '{files: {/a: {text: x, mode: "0999"}}}',
      '3:58: container web: files: /a: mode: expected permissions in octal such as "0600", got "0999"',
    ],
    [
      '{services: {a: {exits: 256}}}',
      '3:52: container web: service a: exits: expected an exit code of at most 255, got 256',
    ],
    [
      '{services: {a: {exits: SIGTREM}}}',
      '3:52: container web: service a: exits: "SIGTREM" is not known\n  Did you mean "SIGTERM"?',
    ],
    [
      '{services: {a: {after: 3s}}}',
      '3:45: container web: service a: "after" says when it exits\n  Say what with: exits: 1.',
    ],
    [
      '{services: {a: {exits: 1, after: 3}}}',
      '3:62: container web: service a: after: expected a duration such as "3s" or "500ms", got 3\n' +
        '  Write its unit: 3s.',
    ],
    [
      '{services: {a: {signals: {HUP: {}}}}}',
      '3:55: container web: service a: signals: "HUP" is no signal\n  Did you mean "SIGHUP"?',
    ],
    ['{exec: [{exit: 1}]}', '3:37: container web: exec: no "command"\n  Say which: command:'],
    [
      '{exec: [{command: []}]}',
      '3:47: container web: exec: command: expected the words that a command begins with',
    ],
    [
      '{exec: [{command: {like: "("}}]}',
      '3:54: container web: exec: command: like: expected a regular expression, got "("',
    ],
    [
      '{exec: [{command: a, run: raal}]}',
      '3:55: container web: exec: run: "raal" is not known\n  Did you mean "real"?',
    ],
    [
      '{exec: [{command: a, run: real, stdout: x}]}',
      '3:61: container web: exec: "stdout" beside "run: real"\n  Leave one of the two out.',
    ],
    [
      '{services: {a: {run: real, output: x}}}',
      '3:56: container web: service a: "output" beside "run: real"\n  Leave one of the two out.',
    ],
    ['{checks: {a: {dwon: x}}}', '3:43: container web: check a: unknown key "dwon"'],
    [
      '{checks: {a: slwo}}',
      '3:42: container web: check a: "slwo" is not known\n  Did you mean "slow"?',
    ],
  ])('such as %s is told with its place', (words, expected) => {
    const [first = ''] = told(() => delta(container(words)));
    expect(first).toContain(`t.yaml:${expected}`);
  });

  it.each([
    ['a file of nothing', '{files: {/a: {mode: "0600"}}}'],
    ['a file of two kinds', '{files: {/a: {text: x, from: b}}}'],
    ['a link with permissions', '{files: {/a: {link: b, mode: "0777"}}}'],
    ['an image by its absolute path', '{image: /srv/image}'],
    ['a time without what comes then', '{services: {a: {after: 3s}}}'],
    ['a time without a unit', '{services: {a: {slow: "3"}}}'],
    ['a signal by half its name', '{services: {a: {signals: {HUP: {}}}}}'],
    ['a rule of no command', '{exec: [{exit: 1}]}'],
    ['a real program that is told what to print', '{exec: [{command: a, run: real, stdout: x}]}'],
    ['a real service that is told when to exit', '{services: {a: {run: real, exits: 1}}}'],
    ['a check that is no word', '{checks: {a: gone}}'],
  ])('such as %s is none by the schema either', (_, words) => {
    const valid = new Ajv({ strict: false }).compile(treeSchema());
    expect(told(() => delta(container(words)))).not.toEqual([]);
    expect(valid({ root: 'leader', steps: [{ delta: load(container(words)) }, 'install'] })).toBe(
      false,
    );
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
