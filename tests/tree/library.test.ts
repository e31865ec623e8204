/** Every entry of the library: what it expands to, and what is said of a use of it that cannot be. */
import { describe, expect, it } from 'vitest';
import { checkAgainst } from '../../src/engine/tree/check-against.ts';
import { LIBRARY } from '../../src/engine/tree/library-table.ts';
import { charmOf, mistakes, outline, tree, VM, WEB } from './outline.ts';

type Case = readonly [name: string, steps: string, expected: readonly string[]];

/** What each stands for on Kubernetes. A node's line is indented below its parent's. */
const ON_KUBERNETES: readonly Case[] = [
  ['leader', '- {use: leader}\n- start', ['start + {leader:true}']],
  [
    'containers',
    '- {use: containers}\n- start',
    ['start + {containers:{app:{can-connect:false},side:{can-connect:false}}}'],
  ],
  [
    'containers-ready',
    '- {use: containers-ready}\n- start',
    ['start + {containers:{app:{can-connect:true},side:{can-connect:true}}}'],
  ],
  [
    'bare-startup',
    '- use: bare-startup',
    ['install', '  install/config-changed', '    install/config-changed/start'],
  ],
  [
    'startup',
    '- {use: startup, as: started}\n- stop',
    [
      'install',
      '  install/replicas-relation-created',
      '    install/replicas-relation-created/leader-elected',
      '      install/replicas-relation-created/leader-elected/data-storage-attached',
      '        install/replicas-relation-created/leader-elected/data-storage-attached/config-changed',
      '          started',
      '            started/stop',
    ],
  ],
  [
    'startup, of a follower whose containers come up',
    '- {use: startup, leader: no, containers: true, as: ready}',
    [
      'install',
      '  install/replicas-relation-created',
      '    install/replicas-relation-created/data-storage-attached',
      '      install/replicas-relation-created/data-storage-attached/config-changed',
      '        install/replicas-relation-created/data-storage-attached/config-changed/start',
      '          install/replicas-relation-created/data-storage-attached/config-changed/start/app-pebble-ready' +
        ' + {containers:{app:{can-connect:true}}}',
      '            ready + {containers:{side:{can-connect:true}}}',
    ],
  ],
  [
    'workload-ready',
    '- {use: workload-ready, containers: [side]}',
    ['side-pebble-ready + {containers:{side:{can-connect:true}}}'],
  ],
  ['bare-teardown', '- use: bare-teardown', ['stop', '  stop/remove']],
  [
    'teardown',
    '- {use: teardown, endpoints: [db, replicas]}',
    [
      'db-relation-departed {departing:this}',
      '  db-relation-departed/db-relation-broken',
      '    db-relation-departed/db-relation-broken/replicas-relation-departed {departing:this}',
      '      db-relation-departed/db-relation-broken/replicas-relation-departed/data-storage-detaching',
      '        db-relation-departed/db-relation-broken/replicas-relation-departed/data-storage-detaching/stop',
      '          db-relation-departed/db-relation-broken/replicas-relation-departed/data-storage-detaching/stop/remove',
    ],
  ],
  [
    'upgrade',
    '- {use: upgrade, to: ../v2, as: upgraded}',
    [
      'stop',
      '  stop/upgrade-charm to ../v2 + {pod-churn:true}',
      '    stop/upgrade-charm/config-changed',
      '      stop/upgrade-charm/config-changed/start',
      '        stop/upgrade-charm/config-changed/start/app-pebble-ready + {containers:{app:{can-connect:true}}}',
      '          upgraded + {containers:{side:{can-connect:true}}}',
    ],
  ],
  ['leadership-change', '- use: leadership-change', ['leader-elected + {leader:true}']],
  [
    'leadership-change, away',
    '- {use: leadership-change, to: another}',
    ['leader-settings-changed + {leader:false}'],
  ],
  [
    'pod-churn',
    '- use: pod-churn',
    [
      'stop',
      '  stop/start + {pod-churn:true}',
      '    stop/start/app-pebble-ready + {containers:{app:{can-connect:true}}}',
      '      stop/start/app-pebble-ready/side-pebble-ready + {containers:{side:{can-connect:true}}}',
    ],
  ],
  [
    'container-restart',
    '- {use: container-restart, containers: app}',
    ['app-pebble-ready + {container-restart:[app]} + {containers:{app:{can-connect:true}}}'],
  ],
  ['reboot', '- use: reboot', ['start + {reboot:true}']],
  [
    'storage-life',
    '- use: storage-life',
    [
      'data-storage-attached {index:0} + {storage:{data/0:{attached:false}}}',
      '  data-storage-attached/data-storage-detaching {index:0}',
    ],
  ],
  [
    'actions',
    '- use: actions\n- stop',
    ['actions/backup (action)', 'actions/restore (action) {params:{id:3,how:fast}}', 'stop'],
  ],
  ['actions, but for one', '- {use: actions, except: [restore]}', ['actions/backup (action)']],
  [
    'config-values, each but the default',
    '- {use: config-values, only: [port, debug, slug, ratio]}',
    [
      'config-values/port-minus-one + {config:{port:-1}}',
      'config-values/port-large + {config:{port:2147483648}}',
      'config-values/debug-true + {config:{debug:true}}',
      'config-values/slug-empty + {config:{slug:}}',
      "config-values/slug-odd + {config:{slug: \\'<&>\\\\ é\\n}}",
      `config-values/slug-long + {config:{slug:${'x'.repeat(256)}}}`,
      'config-values/ratio-zero + {config:{ratio:0}}',
      'config-values/ratio-minus-one-half + {config:{ratio:-0.5}}',
      'config-values/ratio-large + {config:{ratio:1000000000000000}}',
    ],
  ],
  [
    'config-values, of a secret',
    '- {use: config-values, only: token}',
    [
      'config-values/token-granted + {config:{token:secret:token-value},' +
        'secrets:{token-value:{owner:model,content:{value:not-a-secret},readable:true}}}',
      'config-values/token-not-granted + {config:{token:secret:token-value},' +
        'secrets:{token-value:{owner:model,content:{value:not-a-secret},readable:false}}}',
    ],
  ],
  [
    'relation-life, where nobody is known to answer',
    '- {use: relation-life, endpoint: odd_one, app: odd, until: departed}',
    [
      'odd-one-relation-created {app:odd} + {relations:{odd_one:{app:odd,units:{0:{}}}}}',
      '  odd-one-relation-created/odd-one-relation-joined {app:odd}',
      '    odd-one-relation-created/odd-one-relation-joined/odd-one-relation-changed {app:odd}',
      '      odd-one-relation-created/odd-one-relation-joined/odd-one-relation-changed/odd-one-relation-departed' +
        ' {app:odd}',
    ],
  ],
  [
    'relation-life, of peers, who come and go but are never broken',
    '- {use: relation-life, endpoint: replicas}',
    [
      'replicas-relation-joined {unit:1} + {relations:{replicas:{units:{1:{}}}}}',
      '  replicas-relation-joined/replicas-relation-changed {unit:1}',
      '    replicas-relation-joined/replicas-relation-changed/replicas-relation-departed {unit:1}',
    ],
  ],
  [
    'relation-lives',
    '- {use: relation-lives, except: [db, api], until: joined}',
    [
      'odd-one/created {app:remote-odd-one} + {relations:{odd_one:{app:remote-odd-one,units:{0:{}}}}}',
      '  odd-one/created/joined {app:remote-odd-one}',
    ],
  ],
];

describe('an entry of the library', () => {
  it.each(ON_KUBERNETES)('%s stands for these steps', (_, steps, expected) => {
    expect(outline(tree(steps))).toEqual(expected);
  });

  const there = ON_KUBERNETES.filter(([name]) => name !== 'reboot');
  it.each(there)('%s names nothing that the charm has not', (_, steps) => {
    expect(checkAgainst(tree(steps), WEB, { upgrades: { '../v2': WEB } })).toEqual([]);
  });

  it('goes by what the unit runs on: a machine’s storage is attached before install', () => {
    expect(
      outline(tree('- {use: startup, as: started}', { charm: VM })).map((line) => line.trim()),
    ).toEqual([
      'data-storage-attached',
      'data-storage-attached/many-0-attached {index:0}',
      'data-storage-attached/many-0-attached/many-1-attached {index:1}',
      'data-storage-attached/many-0-attached/many-1-attached/install',
      'data-storage-attached/many-0-attached/many-1-attached/install/replicas-relation-created',
      'data-storage-attached/many-0-attached/many-1-attached/install/replicas-relation-created/leader-elected',
      'data-storage-attached/many-0-attached/many-1-attached/install/replicas-relation-created/leader-elected/' +
        'config-changed',
      'started',
    ]);
    expect(outline(tree('- {use: upgrade, to: ../v2}', { charm: VM }))).toEqual([
      'upgrade-charm to ../v2',
      '  upgrade-charm/config-changed',
    ]);
  });

  it('goes by whether the root leads', () => {
    const hooks = (root: string) => tree('- use: startup', { root }).nodes.map(({ edge }) => edge);
    expect(hooks('empty')).not.toContain('leader-elected');
    expect(hooks('{leader: true}')).toContain('leader-elected');
    expect(hooks('{use: leader, leader: false}')).not.toContain('leader-elected');
  });

  it('has the author’s line for its place', () => {
    const { nodes } = tree('- install\n- use: bare-teardown\n- {use: leader}\n- start');
    expect(nodes.map(({ event }) => event.at.line)).toEqual([3, 4, 4, 6]);
    expect(nodes.at(-1)?.deltas[0]?.at).toMatchObject({ file: 't.yaml', line: 5 });
  });

  it('says what is said of it of its last event', () => {
    const { nodes } = tree(
      '- {use: bare-startup, as: up, title: It is up, about: All is well., expect: {status: active}}',
    );
    expect(nodes.at(-1)).toMatchObject({
      id: 't/up',
      title: 'It is up',
      about: 'All is well.',
      expect: { status: 'active' },
    });
    expect(nodes[0]?.title).toBeUndefined();
  });

  it('may be used without a charm when it does not depend on one', () => {
    const fixed = LIBRARY.filter(({ dynamic }) => !dynamic).map(({ name }) => name);
    expect(fixed).toEqual([
      'leader',
      'bare-startup',
      'bare-teardown',
      'leadership-change',
      'reboot',
    ]);
    for (const name of fixed) {
      expect(mistakes(`- use: ${name}\n- update-status: {as: end}`, { charm: null })).toEqual([]);
    }
  });

  it('is the only one of its name', () => {
    const names = LIBRARY.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('and each of its parameters say what they are for', () => {
    for (const { about, parameters } of LIBRARY) {
      for (const words of [about, ...Object.values(parameters).map((one) => one.about)]) {
        expect(words).toMatch(/^[A-Z].+\.$/);
      }
    }
  });
});

describe('a use that cannot be', () => {
  it.each([
    [
      '- {use: relation-life, endpoint: dbb}',
      't.yaml:3:34: the charm web has no endpoint "dbb"\n  Did you mean "db"?',
    ],
    [
      '- use: relation-life',
      't.yaml:3:3: relation-life: "endpoint" is not said\n' +
        '  Write {use: relation-life, endpoint: …}, with api, db, odd_one or replicas.',
    ],
    [
      '- {use: relation-life, endpoint: db, until: brken}',
      't.yaml:3:45: relation-life: until: "brken" is not known\n  Did you mean "broken"?',
    ],
    [
      '- {use: actions, only: [backap]}',
      't.yaml:3:25: the charm web has no action "backap"\n  Did you mean "backup"?',
    ],
    [
      '- {use: actions, except: [backup, restore]}',
      't.yaml:3:4: actions: the charm web has nothing for it\n  Leave it out.',
    ],
    [
      '- {use: actions, as: x}',
      't.yaml:3:18: actions: "as" is about the last event of a trace, and it has none\n  Leave it out.',
    ],
    [
      '- use: empty',
      't.yaml:3:8: use: "empty" is no step\n  It is a root: over another state it changes nothing.',
    ],
  ])('%s is told with its place and what to write', (steps, expected) => {
    expect(mistakes(steps)).toEqual([expected]);
  });

  it('names what the charm does not have at all', () => {
    const charm = charmOf('provides: {api: {interface: http}}');
    expect(mistakes('- use: storage-life', { charm })).toEqual([
      't.yaml:3:3: storage-life: "storage" is not said\n  The charm web has no storage at all.',
    ]);
  });
});

describe('each', () => {
  it('lets traces part that go by their events, and what follows goes on from before', () => {
    const steps =
      '- install: {as: in}\n- delta: {leader: true}\n- each: [update-status, [stop, remove]]\n- start';
    expect(outline(tree(steps))).toEqual([
      'in',
      '  in/update-status + {leader:true}',
      '  in/stop + {leader:true}',
      '    in/stop/remove',
      '  in/start + {leader:true}',
    ]);
  });

  it('leaves the trace drawn bold on the trunk', () => {
    const { nodes } = tree('- install\n- each: [update-status]\n- start');
    expect(nodes.map(({ golden }) => golden)).toEqual([true, false, true]);
  });

  it('needs other events of its traces', () => {
    expect(mistakes('- each: [install, [install, start]]')[0]).toContain(
      'would both be the node "t/install"',
    );
  });
});

describe('a matrix', () => {
  const steps = `- matrix:
    of:
      configs: {plain: , loud: {config: {slug: LOUD}}}
      startups: {quick: [install], slow: [install, update-status]}
    steps: [stop]
`;

  it('is a branch for each choice of each axis, one within the other, and what all have in common', () => {
    expect(outline(tree(steps))).toEqual([
      'plain/quick/install',
      '  plain/quick/install/stop',
      'plain/slow/install',
      '  plain/slow/install/update-status',
      '    plain/slow/install/update-status/stop',
      'loud/quick/install + {config:{slug:LOUD}}',
      '  loud/quick/install/stop',
      'loud/slow/install + {config:{slug:LOUD}}',
      '  loud/slow/install/update-status',
      '    loud/slow/install/update-status/stop',
    ]);
    expect(tree(steps).nodes[0]?.branch).toEqual(['plain', 'quick']);
  });

  it('plays what a choice of an outer axis says once for all within it', () => {
    const shared = '- matrix: {of: {a: {x: [install]}, b: {y: , z: }}, steps: [start]}';
    expect(outline(tree(shared))).toEqual([
      'x/install',
      '  x/install/y/start',
      '  x/install/z/start',
    ]);
  });

  it('may leave out combinations', () => {
    const ids = tree(`${steps}    except: [[plain, slow]]\n`).nodes.map(({ id }) => id);
    expect(ids.filter((id) => id.includes('slow')).every((id) => id.includes('loud'))).toBe(true);
    expect(ids).toHaveLength(7);
  });

  it('tells a mistake of its steps once', () => {
    expect(mistakes(steps.replace('[stop]', '[stpo]'))).toHaveLength(1);
  });
});
