/** What a project adds to the library: entries with parameters, and what is said of files that cannot be read. */
import { describe, expect, it } from 'vitest';
import { Mistakes, mistakeText } from '../../src/engine/model/mistake.ts';
import { readLibrary } from '../../src/engine/tree/library-own.ts';
import { mistakes, outline, tree } from './outline.ts';

const TEXT = `
entries:
  connect:
    about: The database is related, by whatever name.
    parameters:
      to: {about: Its application., default: postgresql}
      endpoint: {about: Which endpoint., of: endpoint, default: db}
      answers: {about: Whether it answers., type: flag, default: true}
      options: {about: Options to begin with., default: {slug: hello}}
    steps:
      - delta: {config: "{{options}}", about: "{{to}} comes."}
      - relate: {endpoint: "{{endpoint}}", app: "{{to}}", respond: "{{answers}}"}
      - "{{endpoint}}-relation-changed": {name: "from-{{to}}"}
  twice:
    about: Another entry, and one of the library.
    steps: [{use: connect, to: pg}, {use: bare-teardown}]
  round:
    about: It goes round and round.
    steps: [{use: about}]
  about:
    about: The other half of it.
    steps: [{use: round}]
  broken:
    about: Its step is no event.
    steps: [instal]
`;

function library(...texts: readonly string[]) {
  return readLibrary(texts.map((text, at) => ({ file: `library/${at}.yaml`, text })));
}

function told(...texts: readonly string[]): readonly string[] {
  try {
    library(...texts);
  } catch (error) {
    if (error instanceof Mistakes) return error.all.map(mistakeText);
    throw error;
  }
  return [];
}

const own = library(TEXT);

describe('an entry of a project’s own library', () => {
  it('stands for its steps, with what is said of its parameters', () => {
    expect(
      outline(tree('- {use: connect, to: pg, options: {port: 1}, answers: false}', { own })),
    ).toEqual([
      'db-relation-created {app:pg} + {config:{port:1}} + {relations:{db:{app:pg,units:{0:{}}}}}',
      '  db-relation-created/db-relation-joined {app:pg}',
      '    db-relation-created/db-relation-joined/db-relation-changed {app:pg}',
      '      db-relation-created/db-relation-joined/db-relation-changed/from-pg',
    ]);
  });

  it('has what is usual for what is not said', () => {
    const [first] = tree('- use: connect', { own }).nodes;
    expect(first?.deltas[0]).toMatchObject({
      state: { config: { slug: 'hello' } },
      about: 'postgresql comes.',
      at: { file: 't.yaml', line: 3 },
    });
  });

  it('may use others', () => {
    expect(
      tree('- {use: twice, as: end}', { own })
        .nodes.map(({ edge, id }) => [edge, id])
        .at(-1),
    ).toEqual(['remove', 't/end']);
  });

  it('may not use itself, by whatever way', () => {
    expect(mistakes('- use: round', { own })).toEqual([
      't.yaml:3:3: round: about: round uses itself\n  Leave it out there.',
    ]);
  });

  it('says what is wrong with its steps where it is used', () => {
    expect(mistakes('- install\n- use: broken', { own })).toEqual([
      't.yaml:4:3: broken: unknown event "instal"\n  Did you mean "install"?',
    ]);
  });

  it.each([
    [
      '{use: connect, endpoint: dbb}',
      't.yaml:3:28: the charm web has no endpoint "dbb"\n  Did you mean "db"?',
    ],
    ['{use: connect, answers: 1}', 't.yaml:3:27: connect: answers: expected true or false, got 1'],
    ['{use: conect}', 't.yaml:3:9: the library has no entry "conect"\n  Did you mean "connect"?'],
  ])('%s is told with its place', (use, expected) => {
    expect(mistakes(`- ${use}`, { own })).toEqual([expected]);
  });
});

describe('a file of the library', () => {
  it('may be empty of either', () => {
    expect(library('entries: {}', 'responders: {}')).toEqual({ entries: [], responders: [] });
  });

  it.each([
    [
      'with an entry that the library has',
      'entries: {startup: {steps: [install]}}',
      '1:11: the library has an entry "startup" already\n  Give it another name.',
    ],
    [
      'with a name that is none',
      'entries: {My Entry: {steps: [install]}}',
      '1:11: "My Entry" is no name for an entry\n  Use lower-case letters, digits and hyphens.',
    ],
    [
      'without steps',
      'entries: {mine: {about: It is empty.}}',
      '1:11: entry mine: no steps\n  Write "steps:" and below it what it stands for.',
    ],
    [
      'with a hole for nothing',
      'entries: {mine: {steps: ["{{what}}-relation-created"]}}',
      '1:26: {{what}} is no parameter of the entry\n  Write it among the parameters: {what: {about: …}}.',
    ],
    [
      'with a mistyped word',
      'entries: {mine: {step: [install]}}',
      '1:18: entry mine: unknown key "step"\n  Did you mean "steps"?',
    ],
    [
      'with a parameter called as what every use may say',
      'entries: {mine: {parameters: {as: {about: x}}, steps: [install]}}',
      '1:31: "as" is no name for a parameter\n' +
        '  Parameters are lower-case words with hyphens, other than those that every use may say.',
    ],
    [
      'with a type of nothing',
      'entries: {mine: {parameters: {a: {type: number}}, steps: [install]}}',
      '1:41: parameter a: type: "number" is not known\n  It can be text, flag, whole, names or any.',
    ],
    [
      'with a side that is neither',
      'responders: {x: {provide: {}}}',
      '1:18: responder x: unknown key "provide"\n  Did you mean "provides"?',
    ],
    [
      'with a condition that is a number',
      'responders: {x: {provides: {answers: [{when: {a: 1}}]}}}',
      '1:50: x provides: answers: when: expected true, or a text that it contains, got 1',
    ],
    ['that is no YAML', 'entries: *x', '1:10: nothing is anchored as "x"'],
  ])('%s is told with its place and what to write', (_, text, expected) => {
    expect(told(text)).toContain(`library/0.yaml:${expected}`);
  });

  it('may not have what another has', () => {
    const text = 'entries: {mine: {steps: [install]}}';
    expect(told(text, text)).toEqual([
      'library/1.yaml:1:1: "mine" is in two files of the library\n  Keep one.',
    ]);
  });
});
