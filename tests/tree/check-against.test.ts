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
      requires: {db: pg}, containers: {web: {}}, actions: {backup: {}},
      config: {options: {port: {type: int}, slug: {}}}}`,
  },
});

function told(...lines: readonly string[]): readonly string[] {
  const text = lines.join('\n');
  const definition = parseTree({ file: 't.yaml', text, name: 't' });
  return checkAgainst(definition, charm).map(mistakeText);
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
