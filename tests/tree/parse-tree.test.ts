/** Tree files to definitions: what each step becomes, how ids are made, and what is said of mistakes. */
import { describe, expect, it } from 'vitest';
import { Mistakes, mistakeText } from '../../src/engine/model/mistake.ts';
import type { Definition } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';

function parse(text: string, name = 'life'): Definition {
  return parseTree({ file: 'trees/life.yaml', text, name });
}

/** A tree with these steps, each line indented below `steps:`. The first step is on line 3. */
function steps(...lines: readonly string[]): Definition {
  return parse(`root: leader\nsteps:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

function mistakesOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof Mistakes) return error.all.map(mistakeText);
    throw error;
  }
  throw new Error('no mistake was found');
}

const ids = (tree: Definition) => tree.nodes.map(({ id }) => id);

describe('a tree file', () => {
  it('gives its title, charm, limits and root', () => {
    const tree = parse(
      [
        'title: Life of a unit',
        'about: From install to remove.',
        'charm: ../charm',
        'juju: "3.6.9"',
        'limits: {seconds: 2}',
        'root: {use: [leader, containers], config: {slug: hello}}',
        'steps: [install]',
      ].join('\n'),
    );
    expect(tree).toMatchObject({
      name: 'life',
      title: 'Life of a unit',
      about: 'From install to remove.',
      file: 'trees/life.yaml',
      charm: '../charm',
      limits: { seconds: 2 },
      root: {
        use: ['leader', 'containers'],
        state: { config: { slug: 'hello' }, juju: '3.6.9' },
        at: { file: 'trees/life.yaml', line: 6, column: 7 },
        places: { 'config/slug': { line: 6, column: 44 } },
      },
    });
  });

  it('is titled by its name when it says no title', () => {
    expect(steps('- install').title).toBe('life');
  });

  it.each([
    ['leader', ['leader']],
    ['null', ['empty']],
    ['"null"', ['empty']],
    ['[leader, containers-ready]', ['leader', 'containers-ready']],
    ['{leader: true}', []],
  ])('starts from root %s', (root, use) => {
    expect(parse(`root: ${root}\nsteps: [install]`).root.use).toEqual(use);
  });

  it('reads every state word', () => {
    const tree = parse(`
root:
  leader: true
  config: {slug: hello, port: 80, debug: false}
  model: {name: dev, type: machine}
  app: web
  unit: 2
  planned-units: 3
  relations:
    db: {app: postgresql, data: {version: "16"}, units: {0: {host: 10.0.0.1}, 1: }}
    logs:
  containers:
    web:
      {can-connect: true, layers: {image: {services: {}}}, files: {/etc/a: b, /etc/c: }}
    sidecar: {checks: {up: down}, notices: {a.b/c: , d.e/f: {k: v}}}
steps: [install]`);
    expect(tree.root.state).toEqual({
      leader: true,
      config: { slug: 'hello', port: 80, debug: false },
      model: { name: 'dev', type: 'machine' },
      app: 'web',
      unit: 2,
      plannedUnits: 3,
      relations: {
        db: {
          app: 'postgresql',
          data: { version: '16' },
          units: { 0: { host: '10.0.0.1' }, 1: null },
        },
        logs: null,
      },
      containers: {
        web: {
          canConnect: true,
          layers: { image: { services: {} } },
          files: { '/etc/a': 'b', '/etc/c': null },
        },
        sidecar: { checks: { up: 'down' }, notices: { 'a.b/c': {}, 'd.e/f': { k: 'v' } } },
      },
    });
  });

  it('may use anchors, aliases and merge keys', () => {
    const tree = parse(`
root: &base {leader: true, config: &c {slug: a}}
steps:
  - delta: {<<: *base, config: {<<: *c, port: 1}}
  - install`);
    expect(tree.nodes[0]?.deltas[0]?.state).toEqual({
      leader: true,
      config: { slug: 'a', port: 1 },
    });
  });
});

describe('steps', () => {
  it('grow one below the other', () => {
    const tree = steps('- install', '- config-changed', '- start');
    expect(tree.nodes.map(({ id, parent }) => [id, parent])).toEqual([
      ['life/install', 'life'],
      ['life/install/config-changed', 'life/install'],
      ['life/install/config-changed/start', 'life/install/config-changed'],
    ]);
  });

  it('begin ids anew below a named node', () => {
    const tree = steps('- install', '- start: {as: ready}', '- update-status');
    expect(ids(tree)).toEqual(['life/install', 'life/ready', 'life/ready/update-status']);
    expect(tree.nodes[1]?.edge).toBe('start');
  });

  it('take the name of an edge from the author when there is one', () => {
    const tree = steps('- install', '- config-changed: {name: bad-slug}');
    expect(tree.nodes[1]).toMatchObject({ id: 'life/install/bad-slug', edge: 'bad-slug' });
    expect(tree.nodes[1]?.event.name).toBe('config-changed');
  });

  it('make slugs of names that are none', () => {
    expect(ids(steps('- my_db-relation-created', '- run: Get_Password'))).toEqual([
      'life/my-db-relation-created',
      'life/my-db-relation-created/get-password',
    ]);
  });

  it('keep what is said of an event, and where it was written', () => {
    const tree = steps(
      '- db-relation-changed:',
      '    unit: 1',
      '    title: The database answers',
      '    about: Credentials arrive.',
      '    expect: {outcome: played, status: active, message: "", app-status: active}',
    );
    expect(tree.nodes[0]).toMatchObject({
      title: 'The database answers',
      about: 'Credentials arrive.',
      expect: { outcome: 'played', status: 'active', message: '', appStatus: 'active' },
      event: {
        name: 'db-relation-changed',
        kind: 'hook',
        unit: 1,
        at: { file: 'trees/life.yaml', line: 3, column: 5 },
      },
    });
  });

  it('run actions, with their params', () => {
    const tree = steps('- run: backup', '- run: {action: backup, params: {full: true}, as: full}');
    expect(tree.nodes.map(({ event }) => [event.kind, event.name, event.params])).toEqual([
      ['action', 'backup', undefined],
      ['action', 'backup', { full: true }],
    ]);
    expect(ids(tree)).toEqual(['life/backup', 'life/full']);
  });

  it('lay deltas over the state before the next event, one over the other', () => {
    const tree = steps(
      '- install',
      '- delta: {config: {slug: null}, about: Reset.}',
      '- delta: {leader: false}',
      '- config-changed',
      '- start',
    );
    expect(tree.nodes.map(({ deltas }) => deltas.length)).toEqual([0, 2, 0]);
    expect(tree.nodes[1]?.deltas[0]).toMatchObject({
      state: { config: { slug: null } },
      about: 'Reset.',
      at: { line: 4 },
      places: { 'config/slug': { line: 4, column: 22 } },
    });
  });
});

describe('branches', () => {
  const tree = steps(
    '- start: {as: ready}',
    '- branch:',
    '    golden:',
    '      - update-status',
    '    bad slug:',
    '      about: The operator mistypes.',
    '      steps:',
    '        - delta: {config: {slug: "!"}}',
    '        - config-changed',
    '        - branch: {and then: [stop]}',
    '- remove',
  );

  it('add their name to the ids of their nodes, and grow from the same node', () => {
    expect(tree.nodes.map(({ id, parent }) => [id, parent])).toEqual([
      ['life/ready', 'life'],
      ['life/ready/golden/update-status', 'life/ready'],
      ['life/ready/bad-slug/config-changed', 'life/ready'],
      ['life/ready/bad-slug/config-changed/and-then/stop', 'life/ready/bad-slug/config-changed'],
      ['life/ready/remove', 'life/ready'],
    ]);
  });

  it('keep their titles as written and what is said of them', () => {
    expect(tree.nodes[3]?.branch).toEqual(['bad slug', 'and then']);
    expect(tree.branches?.[1]).toEqual({
      id: 'life/ready/bad-slug',
      title: 'bad slug',
      about: 'The operator mistypes.',
    });
  });

  it('lead the golden trace through the one that is marked', () => {
    expect(tree.nodes.map(({ golden }) => golden)).toEqual([true, true, false, false, false]);
  });

  it('leave the trunk golden when none is marked', () => {
    const plain = steps('- install', '- branch: {other: [stop]}', '- start');
    expect(plain.nodes.map(({ golden }) => golden)).toEqual([true, false, true]);
  });

  it('can be marked golden under any name', () => {
    const marked = steps('- branch: {fine: {golden: true, steps: [install]}, not: [start]}');
    expect(marked.nodes.map(({ golden }) => golden)).toEqual([true, false]);
  });

  it('each begin with the deltas that came before them', () => {
    const both = steps('- delta: {leader: false}', '- branch: {a: [install], b: [start]}');
    expect(both.nodes.map(({ deltas }) => deltas.length)).toEqual([1, 1]);
  });
});

describe('a mistake in a tree file', () => {
  it.each<[string, readonly string[], string]>([
    ['a mistyped event', ['- instal'], '3:5: unknown event "instal"\n  Did you mean "install"?'],
    [
      'a mistyped phase',
      ['- db-relation-chnaged'],
      '3:5: unknown event "db-relation-chnaged"\n  Did you mean "db-relation-changed"?',
    ],
    [
      'underscores',
      ['- config_changed'],
      '3:5: unknown event "config_changed"\n  Did you mean "config-changed"?',
    ],
    [
      'an event of the past',
      ['- collect-metrics'],
      '3:5: "collect-metrics" is sent by no Juju of today\n' +
        '  Leave it out: a charm that observes it never sees it.',
    ],
    [
      'an event of the framework',
      ['- collect-unit-status'],
      '3:5: "collect-unit-status" is emitted by ops within a dispatch, never delivered by Juju\n' +
        '  Name the event of Juju that it happens in.',
    ],
    [
      'an entry of the library that depends on a charm which nobody knows',
      ['- {use: relation-life, endpoint: db}'],
      '3:6: relation-life depends on the charm, and none is known\n' +
        '  Write its steps, or play the tree where its charm is.',
    ],
    [
      'a mistyped entry of the library',
      ['- use: bare-startpu'],
      '3:10: the library has no entry "bare-startpu"\n  Did you mean "bare-startup"?',
    ],
    [
      'a mistyped parameter',
      ['- {use: leadership-change, too: another}'],
      '3:30: leadership-change: unknown key "too"\n  Did you mean "to"?',
    ],
    [
      'a word that a parameter does not take',
      ['- {use: leadership-change, to: anothr}'],
      '3:34: leadership-change: to: "anothr" is not known\n  Did you mean "another"?',
    ],
    [
      'a parameter that is not said',
      ['- use: upgrade'],
      '3:5: upgrade depends on the charm, and none is known\n' +
        '  Write its steps, or play the tree where its charm is.',
    ],
    [
      'what is said of a last event where there is none',
      ['- {each: [install]}', '- {use: leader, as: x}', '- start'],
      '4:19: leader: "as" is about the last event of a trace, and it has none\n  Leave it out.',
    ],
    [
      'a kind of events that is mistyped',
      ['- fan-out: {only: [relation]}'],
      '3:22: fan-out: only: "relation" is no kind of events\n  Did you mean "relations"?',
    ],
    [
      'a combination that there is none of',
      ['- matrix: {of: {a: {x: }, b: {y: }}, steps: [install], except: [[x, z]]}'],
      '3:67: matrix: except: there is no "z"\n  Did you mean "y"?',
    ],
    [
      'options that were not indented',
      ['- install:', '  as: ready'],
      '4:5: a step has one key, this one has "install", "as"\n' +
        '  Indent "as" below "install", or write {install: {as: …}}.',
    ],
    [
      'a mistyped option',
      ['- install: {tilte: x}'],
      '3:15: install: unknown key "tilte"\n  Did you mean "title"?',
    ],
    [
      'a comma in braces',
      ['- install: {about: Yes, and no}'],
      '3:27: install: unknown key "and no"\n' +
        '  Inside braces a comma ends a value: put text with commas in quotes.',
    ],
    [
      'a name that is no slug',
      ['- install: {as: My Node}'],
      '3:19: as: "My Node" is no lower-case word with hyphens\n' +
        '  Write "my-node"; "title" may be any text.',
    ],
    [
      'a unit where there is none',
      ['- install: {unit: 0}'],
      '3:15: install: "unit" names the remote unit of a relation event\n  Leave it out here.',
    ],
    [
      'an unknown outcome',
      ['- install: {expect: {outcome: crashed}}'],
      '3:33: expect: outcome: "crashed" is not known\n' +
        '  It can be played, failed, timed-out, commit-failed, inconsistent or parent-failed.',
    ],
    [
      'a number in a databag',
      ['- delta: {relations: {db: {data: {port: 5432}}}}', '- install'],
      '3:43: relation on db: data: port: expected text, got 5432\n  Write it in quotes: "5432".',
    ],
    [
      'a delta at the end',
      ['- install', '- delta: {leader: true}'],
      '4:5: no event comes after this delta\n' +
        '  A delta is laid over the state before the next event: write one after it.',
    ],
    [
      'two equal siblings',
      ['- branch: {a b: [install]}', '- branch: {a-b: [install]}'],
      '4:20: lines 3 and 4 would both be the node "life/a-b/install"\n' +
        '  Give one of them a name: {name: …}.',
    ],
    [
      'a name given twice',
      ['- install: {as: one}', '- start: {as: one}'],
      '4:5: a second node is named "one": the first is on line 3\n  Names are unique in a tree.',
    ],
    [
      'two golden branches',
      ['- branch: {golden: [install], b: {golden: true, steps: [start]}}'],
      '3:33: a second golden branch at the same place\n' +
        '  One trace is drawn bold: leave "golden" to one branch.',
    ],
    [
      'a golden branch under one that is not',
      ['- branch: {b: [install, branch: {golden: [start]}]}'],
      '3:36: golden, under a branch that is not\n' +
        '  Mark the branch around it golden as well, or neither.',
    ],
    [
      'a branch without steps',
      ['- branch: {b: []}'],
      '3:17: branch b: no steps\n  Name at least one event.',
    ],
    [
      'a key written twice',
      ['- install: {title: a, title: b}'],
      '3:25: "title" is already written on line 3\n  Each key may appear once.',
    ],
    [
      'a relative path of a container',
      ['- delta: {containers: {web: {files: {etc/a: b}}}}', '- install'],
      '3:40: container web: files: "etc/a" is no absolute path\n' +
        '  A file is named by its absolute path in the container: /etc/app.conf.',
    ],
  ])('such as %s is told with its place and what to write', (_, lines, expected) => {
    const told = mistakesOf(() => steps(...lines));
    expect(told).toContain(`trees/life.yaml:${expected}`);
  });

  it('asks for a name where an id grows too long', () => {
    const long = Array.from({ length: 20 }, () => '- config-changed');
    const [first] = mistakesOf(() => steps(...long));
    expect(first).toMatch(/^trees\/life\.yaml:16:5: the id of this node has 214 characters/);
    expect(first).toContain('{as: ready}');
  });

  it.each([
    ['root: lead\nsteps: [install]', '1:7: no root is called "lead"\n  Did you mean "leader"?'],
    ['root: leader\nstep: [install]', '2:1: tree: unknown key "step"\n  Did you mean "steps"?'],
    ['steps: [install]', '1:1: the tree has no "root"\n  Write "root: leader", or "root: empty".'],
    ['', '1:1: tree: expected a mapping, got nothing'],
    ['root: leader\nsteps: [a: b: c]', '2:13: not readable as YAML: '],
    ['root: {juju: 3.6}\nsteps: [install]', '1:14: juju: expected text, got 3.6'],
    ['a: &a [*a]', '1:8: "a" contains itself'],
  ])('is told for the tree %j', (text, expected) => {
    const told = mistakesOf(() => parse(text));
    expect(told.join('\n')).toContain(`trees/life.yaml:${expected}`);
  });

  it('does not hide the others of the file, which are told from top to end', () => {
    const told = mistakesOf(() => parse('root: led\nsteps:\n  - instal\n  - start: {as: A}\n'));
    expect(told.map((text) => text.split(': ')[0])).toEqual([
      'trees/life.yaml:1:7',
      'trees/life.yaml:3:5',
      'trees/life.yaml:4:17',
    ]);
  });

  it('is a tree name that files cannot have', () => {
    const [told] = mistakesOf(() => parse('root: leader\nsteps: [install]', 'My Tree'));
    expect(told).toContain('"My Tree" is no name for a tree\n  Call the file my-tree.yaml.');
    const [reserved] = mistakesOf(() => parse('root: leader\nsteps: [install]', 'index'));
    expect(reserved).toContain('a tree cannot be named "index"');
  });

  it('is a text whose aliases would fill the memory', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const below = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
    });
    const [told] = mistakesOf(() => parse(levels.join('\n')));
    expect(told).toContain('more than 100000 values');
  });
});
