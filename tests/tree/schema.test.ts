/** The schema that editors complete tree files by agrees with the reader, on the demo's trees and on broken ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { readCharm, DECLARATION_FILES } from '../../src/engine/charm/read-charm.ts';
import { Mistakes, mistakeText } from '../../src/engine/model/mistake.ts';
import { checkAgainst } from '../../src/engine/tree/check-against.ts';
import type { Definition } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { treeSchema } from '../../src/engine/tree/schema.ts';
import { OUTCOMES } from '../../src/engine/tree/words.ts';

const CONTENT = resolve(import.meta.dirname, '../../src/content');
const TREES = readdirSync(join(CONTENT, 'trees')).filter((name) => name.endsWith('.yaml'));
const valid = new Ajv({ strict: false, allErrors: true }).compile(treeSchema());

function parse(text: string, name: string): Definition {
  return parseTree({ file: `${name}.yaml`, text, name });
}

function charmOf(definition: Definition) {
  const folder = resolve(CONTENT, 'trees', definition.charm ?? '.');
  const present = readdirSync(folder);
  const texts = DECLARATION_FILES.filter((name) => present.includes(name)).map((name) => [
    name,
    readFileSync(join(folder, name), 'utf8'),
  ]);
  return readCharm({ folder: definition.charm ?? '.', files: Object.fromEntries(texts) });
}

describe('the trees of the demo', () => {
  it('are some', () => expect(TREES.length).toBeGreaterThan(2));

  it.each(TREES)('%s is read without a mistake, fits its charm and the schema', (file) => {
    const text = readFileSync(join(CONTENT, 'trees', file), 'utf8');
    const definition = parse(text, file.replace('.yaml', ''));
    expect(checkAgainst(definition, charmOf(definition)).map(mistakeText)).toEqual([]);
    expect(valid(load(text)), JSON.stringify(valid.errors)).toBe(true);
  });

  it('expect every way for a dispatch to end', () => {
    const expected = TREES.flatMap((file) =>
      parse(readFileSync(join(CONTENT, 'trees', file), 'utf8'), 'x').nodes.map(
        ({ expect: of }) => of?.outcome,
      ),
    );
    expect(new Set(expected.filter((outcome) => outcome !== undefined))).toEqual(new Set(OUTCOMES));
  });
});

const delta = (text: string): string => `root: leader\nsteps: [{delta: ${text}}, install]`;
const step = (text: string): string => `root: leader\nsteps: [{${text}}]`;

/** Trees that are broken in their shape, by what is wrong with them. */
const BROKEN: readonly [string, string][] = [
  ['no root', 'steps: [install]'],
  ['no steps', 'root: leader'],
  ['an empty list of steps', 'root: leader\nsteps: []'],
  ['an unknown root', 'root: lead\nsteps: [install]'],
  ['an unknown key', 'root: leader\nstep: 1\nsteps: [install]'],
  ['an unknown event', 'root: leader\nsteps: [instal]'],
  ['an event of the past', 'root: leader\nsteps: [collect-metrics]'],
  ['an unknown word of a fan-out', 'root: leader\nsteps: [{fan-out: {deep: 2}}]'],
  ['a fan-out of no depth', 'root: leader\nsteps: [{fan-out: {depth: 0}}]'],
  ['a root for a step', 'root: leader\nsteps: [{use: empty}]'],
  ['an unknown parameter', 'root: leader\nsteps: [{use: bare-startup, leader: yes}]'],
  ['a word that no parameter takes', 'root: leader\nsteps: [{use: leadership-change, to: me}]'],
  ['an upgrade from the library to nothing', 'root: leader\nsteps: [{use: upgrade}]'],
  ['a matrix of nothing', 'root: leader\nsteps: [{matrix: {of: {}, steps: [install]}}]'],
  ['a matrix of no choices', 'root: leader\nsteps: [{matrix: {of: {a: {}}, steps: [install]}}]'],
  [
    'a choice that is a number',
    'root: leader\nsteps: [{matrix: {of: {a: {b: 1}}, steps: [install]}}]',
  ],
  ['an unknown word of a matrix', 'root: leader\nsteps: [{matrix: {by: {a: {b: }}}}]'],
  ['alternatives that are none', 'root: leader\nsteps: [{each: []}]'],
  ['an answer with an unknown word', delta('{respond: {db: {as: a}}}')],
  ['a step with two keys', 'root: leader\nsteps: [{install: {}, as: x}]'],
  ['an unknown option of an event', 'root: leader\nsteps: [{install: {af: x}}]'],
  ['a name that is no slug', 'root: leader\nsteps: [{install: {as: A b}}]'],
  ['a unit of no relation', 'root: leader\nsteps: [{install: {unit: 0}}]'],
  ['an unknown outcome', 'root: leader\nsteps: [{install: {expect: {outcome: x}}}]'],
  ['an unknown status', 'root: leader\nsteps: [{install: {expect: {status: x}}}]'],
  ['an action without a name', 'root: leader\nsteps: [{run: {params: {}}}]'],
  ['params that are no mapping', 'root: leader\nsteps: [{run: {action: a, params: 1}}]'],
  ['a branch without steps', 'root: leader\nsteps: [{branch: {a: {about: x}}}]'],
  ['a delta that changes nothing', 'root: leader\nsteps: [{delta: {about: x}}, install]'],
  ['an unknown state word', 'root: {lead: true}\nsteps: [install]'],
  ['a flag that is none', 'root: {leader: "yes"}\nsteps: [install]'],
  ['an option with a list', 'root: {config: {a: [1]}}\nsteps: [install]'],
  ['a version that is a number', 'root: {juju: 3.6}\nsteps: [install]'],
  ['a databag with a number', 'root: {relations: {db: {data: {a: 1}}}}\nsteps: [install]'],
  ['a unit that is no number', 'root: {relations: {db: {units: {a: {}}}}}\nsteps: [install]'],
  ['a relative path', 'root: {containers: {web: {files: {a: b}}}}\nsteps: [install]'],
  ['a path that climbs', 'root: {containers: {web: {files: {/../a: b}}}}\nsteps: [install]'],
  ['a limit of nothing', 'root: leader\nlimits: {seconds: 0}\nsteps: [install]'],
  ['a limit of what is not limited', 'root: leader\nlimits: {minutes: 1}\nsteps: [install]'],
  ['a stage that is none', 'root: {stage: born}\nsteps: [install]'],
  ['a stage in a delta', 'root: leader\nsteps: [{delta: {stage: new}}, install]'],
  ['a happening in a root', 'root: {pod-churn: true}\nsteps: [install]'],
  ['two happenings at once', delta('{pod-churn: true, reboot: true}')],
  ['a happening that does not', delta('{reboot: false}')],
  ['no container to restart', delta('{container-restart: []}')],
  ['a resolve that is none', delta('{resolved: retry}')],
  ['several relations, one without app', delta('{relations: {db: [{app: a}, {}]}}')],
  ['a removal that is none', delta('{relations: {db: {app: a, remove: false}}}')],
  ['a secret that holds nothing', delta('{secrets: {a: {content: {}}}}')],
  ['a secret with a short key', delta('{secrets: {a: {content: {ab: x}}}}')],
  ['a secret with a number', delta('{secrets: {a: {content: {abc: 1}}}}')],
  ['a rotation that is none', delta('{secrets: {a: {rotate: often}}}')],
  ['a secret named in capitals', delta('{secrets: {A: {}}}')],
  ['storage without a number', delta('{storage: {data: {}}}')],
  ['an unknown word of storage', delta('{storage: {data/0: {size: 1}}}')],
  ['a resource from nowhere', delta('{resources: {a: {}}}')],
  ['a resource from two places', delta('{resources: {a: {text: a, file: b}}}')],
  ['a password of a file', delta('{resources: {a: {text: a, password: b}}}')],
  ['an address without a value', delta('{networks: {db: {addresses: [{cidr: x}]}}}')],
  ['a port that is none', delta('{other-ports: {a/0: [eighty]}}')],
  ['ports of no unit', delta('{other-ports: {a: [80/tcp]}}')],
  ['a principal that is no unit', delta('{principal: a}')],
  ['a cloud that is text', delta('{cloud: lxd}')],
  ['a machine with a number', delta('{machine: {id: 1}}')],
  ['a consistency that is none', 'root: leader\nconsistency: lax\nsteps: [install]'],
  ['a unit by name', step('db-relation-joined: {unit: all}')],
  ['a unit that leaves a joining', step('db-relation-joined: {departing: 0}')],
  ['a unit that leaves by name', step('db-relation-departed: {departing: a}')],
  ['a secret of a start', step('start: {secret: a}')],
  ['a revision of secret-changed', step('secret-changed: {revision: 1}')],
  ['a revision before the first', step('secret-remove: {revision: 0}')],
  ['an index of no storage', step('db-relation-joined: {index: 0}')],
  ['a check of a notice', step('web-pebble-custom-notice: {check: a}')],
  ['a base of post-series-upgrade', step('post-series-upgrade: {target: a}')],
  ['an application of a retry', step('retry: {app: a}')],
  ['a fault of nothing', step('install: {faults: [{nth: 1}]}')],
  ['a fault of two kinds', step('install: {faults: [{command: a, pebble: b}]}')],
  ['a code of a dying machine', step('install: {faults: [{dies: a, code: 1}]}')],
  ['a zeroth call', step('install: {faults: [{command: a, nth: 0}]}')],
  ['an nth commit', step('install: {faults: [{commit: a, nth: 1}]}')],
  ['faults that are no list', step('install: {faults: {command: a}}')],
  ['an upgrade to nothing', step('upgrade: {as: a}')],
  ['an upgrade to no revision', step('upgrade: "git:"')],
  ['an upgrade to an option of git', step('upgrade: {to: "git:--all"}')],
  ['an unknown word after an upgrade', step('upgrade: {to: a, config-changed: {unit: 0}}')],
];

/** What lies between braces is mostly a list of names: the schema must not be stricter than the reader either. */
const FINE: readonly [string, string][] = [
  ['an answer', delta('{respond: db}')],
  ['answers', delta('{respond: [db, web]}')],
  ['the answer of one application', delta('{respond: {db: {app: a}, web: }}')],
  [
    'a matrix of one choice',
    'root: leader\nsteps: [{matrix: {of: {a: {b: {leader: true}}}, steps: [install]}}]',
  ],
  ['an alternative', 'root: leader\nsteps: [{each: [install]}]'],
  ['null for its root', 'root:\nsteps: [install]'],
  ['several roots', 'root: [leader, containers]\nsteps: [install]'],
  ['an event without options', 'root: leader\nsteps: [{install: }]'],
  ['a relation removed', 'root: {relations: {db: }}\nsteps: [install]'],
  ['a unit of a relation', 'root: leader\nsteps: [{db-relation-joined: {unit: 1}}]'],
  ['an expectation of what is not met', 'root: leader\nsteps: [{install: {expect: {unmet: [x]}}}]'],
  ['a stage', 'root: {stage: started}\nsteps: [install]'],
  ['permission', 'root: leader\nconsistency: permissive\njuju: "4.0"\nsteps: [install]'],
  ['pod churn', delta('{pod-churn: true, containers: {web: {can-connect: true}}}')],
  ['containers that restart', delta('{container-restart: [web, db]}')],
  ['one container that restarts', delta('{container-restart: web}')],
  ['a reboot', delta('{reboot: true, about: Power fails.}')],
  ['a hook that is resolved', delta('{resolved: no-retry}')],
  ['several relations', delta('{relations: {db: [{app: a, units: {0: {}}}, {app: b}]}}')],
  ['a relation taken away', delta('{relations: {db: {app: a, remove: true}}}')],
  [
    'everything of a relation',
    delta('{relations: {db: {local: {a: b}, local-unit: {a: }, model: other, app: a}}}'),
  ],
  [
    'a secret',
    delta(
      '{secrets: {a: {owner: unit, content: {pass-word: x}, label: l, description: d, rotate: daily, ' +
        'grants: {b: db, c/0: db}, readable: true}, b: }}',
    ),
  ],
  ['storage', delta('{storage: {data/0: {attached: true}, data/1: }}')],
  [
    'resources',
    delta(
      '{resources: {a: {text: x}, b: {file: ./x}, c: {image: x, username: u, password: p}, d: }}',
    ),
  ],
  ['kept words', delta('{leader-settings: {a: b}, unit-state: {a: }}')],
  [
    'networks',
    delta(
      '{networks: {db: {interface: e, mac: m, addresses: [10.0.0.1, {value: a, cidr: b, hostname: c}], ' +
        'ingress: [a], egress: [b]}, x: }}',
    ),
  ],
  ['ports of others', delta('{other-ports: {a/0: [80/tcp, 1-2/udp, icmp], b/1: []}}')],
  ['a cloud', delta('{trusted: true, cloud: {type: lxd}, machine: {id: "3", zone: z}}')],
  ['no cloud', delta('{cloud: , principal: a/0, model: {config: {http-proxy: x}}}')],
  ['no unit', step('db-relation-changed: {unit: none}')],
  ['a storage event', step('data-storage-attached: {index: 1}')],
  ['a unit that leaves', step('db-relation-departed: {app: a, unit: 0, departing: this}')],
  ['another unit that leaves', step('db-relation-departed: {departing: 2}')],
  ['a secret event', step('secret-expired: {secret: a, revision: 2}')],
  ['a notice', step('web-pebble-custom-notice: {notice: example.com/a}')],
  ['a check', step('web-pebble-check-failed: {check: up}')],
  ['a series upgrade', step('pre-series-upgrade: {target: ubuntu@24.04/stable}')],
  ['a retry', 'root: leader\nsteps: [retry]'],
  ['a retry that is named', step('retry: {as: again}')],
  [
    'faults',
    step(
      'install: {faults: [{command: config-get, nth: 2, code: 3, stderr: no}, {pebble: web, nth: 1}, ' +
        '{commit: no}, {leadership-lost: is-leader}, {dies: config-get, nth: 4}]}',
    ),
  ],
  ['a dotted file', 'root: {containers: {w: {files: {/a/..b: x}}}}\nsteps: [install]'],
];

describe('a tree with', () => {
  it.each(FINE)('%s is read, and fits the schema', (_, text) => {
    expect(parse(text, 'fine').nodes).toHaveLength(1);
    expect(valid(load(text)), JSON.stringify(valid.errors)).toBe(true);
  });

  it.each([
    'upgrade: ../next',
    'upgrade: {to: git:v2.0, as: up, faults: [], expect: {outcome: played}}',
    'upgrade: {to: web.charm, config-changed: {as: done, expect: {status: active}}}',
  ])('%s is read, and fits the schema', (text) => {
    expect(parse(step(text), 'fine').nodes).toHaveLength(2);
    expect(valid(load(step(text))), JSON.stringify(valid.errors)).toBe(true);
  });

  it.each(BROKEN)('%s is refused by the reader and by the schema', (_, text) => {
    expect(() => parse(text, 'broken')).toThrow(Mistakes);
    expect(valid(load(text))).toBe(false);
  });
});
