/** A tree held against its charm: what it names that is not there is told with its place. */
import { describe, expect, it } from 'vitest';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import { mistakeText } from '../../src/engine/model/mistake.ts';
import { checkAgainst } from '../../src/engine/tree/check-against.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';

const charm = readCharm({
  folder: 'charm',
  files: {
    'charmcraft.yaml': `{type: charm, name: web, summary: s, description: d,
      requires: {db: pg}, peers: {replicas: p}, containers: {web: {}}, actions: {backup: {}},
      storage: {data: {type: filesystem}}, extra-bindings: {admin: },
      resources: {image: {type: oci-image}, seed: {type: file, filename: s}},
      config: {options: {port: {type: int}, slug: {}, token: {type: secret}}}}`,
  },
});
const next = readCharm({
  folder: 'next',
  files: {
    'charmcraft.yaml': `{type: charm, name: web, summary: s, description: d,
      requires: {store: pg}, containers: {web: {}, side: {}}, actions: {restore: {}},
      config: {options: {fresh: {type: boolean}}}}`,
  },
});
const other = (more: string) =>
  readCharm({
    folder: 'other',
    files: { 'charmcraft.yaml': `{type: charm, summary: s, description: d, ${more}}` },
  });
const COMMANDS = ['relation-set', 'relation-get'];

function told(...lines: readonly string[]): readonly string[] {
  const text = lines.join('\n');
  const definition = parseTree({ file: 't.yaml', text, name: 't' });
  const against = { upgrades: { '../next': next }, commands: COMMANDS };
  return checkAgainst(definition, charm, against).map(mistakeText);
}

describe('a tree that names what its charm has', () => {
  it('has nothing said against it', () => {
    const fine = told(
      'root: {use: leader, config: {port: 80, slug: null}, relations: {db: }}',
      'steps:',
      '  - install',
      '  - db-relation-created',
      '  - delta: {containers: {web: {can-connect: true}}}',
      '  - web-pebble-ready',
      '  - run: backup',
    );
    expect(fine).toEqual([]);
  });

  it('has nothing said against any of its words', () => {
    const fine = told(
      'root: {secrets: {login: {grants: {pg: db}}}, config: {token: "secret:login"}, stage: started}',
      'steps:',
      '  - delta: {storage: {data/1: {}}, networks: {db: {}, admin: {}, juju-info: {}}}',
      '  - data-storage-attached: {faults: [{command: relation-set}, {pebble: web}, {commit: no}]}',
      '  - delta: {resources: {image: {image: i}, seed: {text: s}}, relations: {replicas: {units: {1: {}}}}}',
      '  - web-pebble-custom-notice: {notice: a.example/b}',
      '  - delta: {container-restart: web, config: {token: "secret:00000000000000000000"}}',
      '  - web-pebble-check-failed: {check: up}',
      '  - retry',
    );
    expect(fine).toEqual([]);
  });
});

describe('a tree that upgrades its charm', () => {
  it('is held against the next charm from there on, and against the first one elsewhere', () => {
    const branches = [
      'root: leader',
      'steps:',
      '  - branch:',
      '      stays: [delta: {relations: {db: }}, db-relation-changed, run: restore]',
      '      goes:',
      '        - delta: {relations: {db: }, config: {fresh: true}}',
      '        - upgrade: ../next',
      '        - delta: {relations: {store: {}}, containers: {side: {}}}',
      '        - store-relation-created',
      '        - run: restore',
      '        - run: backup',
    ];
    expect(told(...branches)).toEqual([
      't.yaml:4:69: the charm web has no action "restore"\n  It has backup.',
      't.yaml:11:16: the charm web has no action "backup"\n  It has restore.',
    ]);
  });

  it.each([
    ['name: shop', 'the charm web cannot be upgraded to shop'],
    ['name: web', 'an upgrade cannot move an application between Kubernetes and machines'],
    [
      'name: web, subordinate: true, requires: {a: {interface: b, scope: container}}',
      "an upgrade cannot change an application's subordinacy",
    ],
  ])('is told that Juju refuses %s', (more, expected) => {
    const text = 'root: leader\nsteps: [upgrade: {to: o}]';
    const definition = parseTree({ file: 't.yaml', text, name: 't' });
    const [first] = checkAgainst(definition, charm, { upgrades: { o: other(more) } });
    expect(first && mistakeText(first)).toContain(`t.yaml:2:23: ${expected}`);
  });
});

describe('a tree that names what its charm does not have', () => {
  it.each([
    [
      '- delta: {config: {prot: 1}}',
      '3:21: the charm web has no config option "prot"\n  Did you mean "port"?',
    ],
    [
      '- delta: {config: {port: x}}',
      '3:21: config option port takes int, got "x"\n  null sets it back',
    ],
    [
      '- delta: {relations: {bd: }}',
      '3:24: the charm web has no endpoint "bd"\n  Did you mean "db"?',
    ],
    ['- delta: {containers: {wbe: {}}}', '3:25: the charm web has no container "wbe"'],
    ['- dbs-relation-changed', '3:4: the charm web has no endpoint "dbs"\n  Did you mean "db"?'],
    ['- api-pebble-ready', '3:4: the charm web has no container "api"\n  It has web.'],
    ['- delta: {storage: {dta/0: {}}}', '3:22: the charm web has no storage "dta"'],
    ['- delta: {resources: {sed: {text: a}}}', '3:24: the charm web has no resource "sed"'],
    [
      '- delta: {resources: {image: {text: a}}}',
      '3:24: resource image is an oci-image\n  Say where the image is: {image: …}.',
    ],
    ['- delta: {resources: {seed: {image: a}}}', '3:24: resource seed is a file\n  Write {text'],
    ['- delta: {networks: {bd: {}}}', '3:23: the charm web has no binding "bd"'],
    ['- delta: {secrets: {a: {grants: {pg: bd}}}}', '3:26: the charm web has no endpoint "bd"'],
    [
      '- delta: {config: {token: x}}',
      '3:21: config option token takes secret, got "x"\n  Name a secret of the tree',
    ],
    [
      '- delta: {config: {token: "secret:logn"}, secrets: {login: {}}}',
      '3:21: no secret of the tree is called "logn"\n  Did you mean "login"?',
    ],
    ['- delta: {relations: {replicas: }}', '3:24: replicas is a peer relation: it cannot be taken'],
    [
      '- delta: {relations: {replicas: [{app: web}]}}',
      '3:24: replicas is a peer relation: there is',
    ],
    ['- delta: {relations: {replicas: {app: pg}}}', '3:24: replicas is a peer relation: its other'],
    [
      '- delta: {reboot: true}',
      '3:12: reboot: the unit is on Kubernetes\n  Write pod-churn there.',
    ],
    ['- delta: {container-restart: wbe}', '3:12: the charm web has no container "wbe"'],
    ['- dta-storage-attached', '3:4: the charm web has no storage "dta"'],
    ['- wbe-pebble-check-failed', '3:4: the charm web has no container "wbe"'],
    [
      '- start: {faults: [{command: relation-st}]}',
      '3:21: there is no hook command "relation-st"\n  Did you mean "relation-set"?',
    ],
    ['- start: {faults: [{pebble: wbe}]}', '3:21: the charm web has no container "wbe"'],
    ['- run: bakcup', '3:9: the charm web has no action "bakcup"\n  Did you mean "backup"?'],
  ])('is told of %s', (step, expected) => {
    const [first, ...more] = told('root: leader', 'steps:', ` ${step}`, ' - install');
    expect(first).toContain(`t.yaml:${expected}`);
    expect(more).toEqual([]);
  });

  it('is told of its root, first', () => {
    const all = told('root: {config: {prot: 1}}', 'steps:', ' - run: bakcup');
    expect(all.map((text) => text.slice(0, 11))).toEqual(['t.yaml:1:17', 't.yaml:3:9:']);
  });

  it('is told once of a delta that several branches begin with', () => {
    const delta = ' - delta: {config: {prot: 1}}';
    const all = told('root: leader', 'steps:', delta, ' - branch: {a: [install], b: [start]}');
    expect(all).toHaveLength(1);
  });
});
