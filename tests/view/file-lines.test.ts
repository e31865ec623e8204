/** A root's files along a trace: what became of each against every node, and what is one line because it is alike. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyDir, fileOf, withChild } from '../../src/engine/files/edit.ts';
import type { Dir, Entry } from '../../src/engine/files/tree.ts';
import { absent, changedEntries, continued, markOf } from '../../src/view/file-history.ts';
import type { Mark } from '../../src/view/file-history.ts';
import { fileLines } from '../../src/view/file-lines.ts';
import type { Line } from '../../src/view/file-lines.ts';

type Tree = { readonly [name: string]: string | Tree };
const dirOf = (tree: Tree): Dir =>
  Object.entries(tree).reduce((dir, [name, own]) => withChild(dir, name, entryOf(own)), emptyDir());
const entryOf = (own: string | Tree): Entry =>
  typeof own === 'string' ? fileOf({ digest: `sha256:${own}`, size: own.length }, 0) : dirOf(own);
const historyOf = (trees: readonly Tree[]) => trees.map(dirOf).reduce(continued, absent(0));

/** `etc/motd: added 0, changed 1 2`. */
const marked = (path: string, marks: readonly Mark[]): string =>
  `${path}: ${marks.map(({ mark, against }) => [mark, ...against].join(' ')).join(', ')}`.trim();
const told = (lines: readonly Line[]): readonly string[] =>
  lines.map((line) =>
    line.kind === 'file'
      ? marked(line.path, line.marks)
      : marked(`${line.folder}/ ${line.whole ? 'all' : 'here'} ${line.files}`, line.marks),
  );
const linesOf = (trees: readonly Tree[], met: Tree | null = null): readonly string[] =>
  told(fileLines(historyOf(trees), met && dirOf(met)).lines);
const many = (count: number, text = 'x'): Tree =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`f${String(at).padStart(4, '0')}`, text]),
  );

test('each file is marked against every node of the trace', () => {
  const trees = [
    { a: '1', old: 'o' },
    { a: '2', old: 'o', new: 'n' },
    { a: '1', new: 'n' },
  ];
  expect(linesOf(trees)).toEqual(['a: changed 1', 'new: added 0', 'old: removed 0 1']);
});

test('what came and went between has a mark only against the nodes that had it', () => {
  expect(linesOf([{}, { brief: 'b' }, {}, {}])).toEqual(['brief: removed 1']);
});

test('a folder that became a file, and the other way round, is told file by file', () => {
  const trees = [
    { a: { x: 'x' }, b: 'file' },
    { a: 'file', b: { y: 'y' } },
  ];
  expect(linesOf(trees)).toEqual(['a: changed 0', 'a/x: removed 0', 'b/y: added 0']);
});

test('what was there earlier can be looked at', () => {
  const { lines } = fileLines(historyOf([{ a: '1' }, { a: '22' }, { a: '333' }]), null);
  const [line] = lines;
  expect(line?.kind === 'file' && line.earlier.map(({ from, entry }) => [from, entry])).toEqual([
    [0, entryOf('1')],
    [1, entryOf('22')],
  ]);
});

test('what the event found is one more to compare with', () => {
  const met = { a: '2', laid: 'l' };
  expect(linesOf([{ a: '1' }, { a: '2', laid: 'm', own: 'o' }], met)).toEqual([
    'a: changed 0',
    'laid: added 0, changed 1',
    'own: added 0 1',
  ]);
  expect(linesOf([{}, {}], { gone: 'g' })).toEqual(['gone: removed 1']);
});

test('a container that was not there has all its files added', () => {
  const history = continued(absent(2), dirOf({ a: '1' }));
  expect(told(fileLines(history, null).lines)).toEqual(['a: added 0 1']);
});

test('a thousand files that came together are one line, at every node after', () => {
  const data = many(1000);
  const trees = [{ etc: {} }, { etc: {}, srv: { data } }, { etc: { a: '1' }, srv: { data } }];
  expect(linesOf(trees)).toEqual(['etc/a: added 0 1', 'srv/ all 1000: added 0']);
});

test('one that changed among them stands out', () => {
  const trees = [{}, { d: many(1000) }, { d: { ...many(1000), f0007: 'y' } }];
  expect(linesOf(trees)).toEqual(['d/ here 999: added 0', 'd/f0007: added 0, changed 1']);
});

test('a thousand files that went are one line that knows what they were', () => {
  const { lines } = fileLines(historyOf([{ d: many(1000), e: 'e' }, { e: 'e' }]), null);
  expect(told(lines)).toEqual(['d/ all 1000: removed 0', 'e:']);
  expect(lines[0]?.kind === 'folder' && Object.keys(lines[0].dir.entries)).toHaveLength(1000);
  const some = linesOf([{ d: { ...many(1000), kept: 'k' } }, { d: { kept: 'k' } }]);
  expect(some).toEqual(['d/ here 1000: removed 0', 'd/kept:']);
});

test('folders of which nothing became anything are not looked into', () => {
  const image = dirOf({ usr: many(100), etc: { a: '1' } });
  const poisoned = new Proxy(image.entries['usr'] as Dir, {
    get: (target, key) => {
      if (key === 'mode') throw new Error('compared');
      return Reflect.get(target, key);
    },
  });
  const first = withChild(image, 'usr', poisoned);
  const second = withChild(first, 'etc', entryOf({ a: '2' }));
  const { lines } = fileLines([first, second].reduce(continued, absent(0)), null);
  expect(told(lines)).toEqual(['etc/a: changed 0', 'usr/ all 100:']);
});

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; entry: string | Tree }>((tie) => ({
  tree: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'd'), tie('entry'), { maxKeys: 4 }),
  entry: fc.oneof({ maxDepth: 3 }, fc.constantFrom('1', '2'), tie('tree')),
})).tree;

test('marks are what comparing the two trees finds, for any trace', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 5 }), (trees) => {
      const dirs = trees.map(dirOf);
      const { folders } = fileLines(dirs.reduce(continued, absent(0)), null);
      const last = dirs.at(-1) as Dir;
      dirs.slice(0, -1).forEach((dir, node) => {
        const found = [...folders].flatMap(([path, marks]) =>
          marks.filter(({ against }) => against.includes(node)).map(({ mark }) => [path, mark]),
        );
        const compared = [...changedEntries(dir, last)].map(([path, both]) => [path, markOf(both)]);
        expect(new Map(found as [string, string][])).toEqual(new Map(compared as never));
      });
    }),
  );
});

test('every file that is there or went is on one line, for any trace', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 1, maxLength: 5 }), (trees) => {
      const paths = linesOf(trees).map((line) => line.split(':')[0]);
      expect(new Set(paths).size).toBe(paths.length);
      const leaves = (own: Tree, at = ''): string[] =>
        Object.entries(own).flatMap(([name, one]) =>
          typeof one === 'string' || Object.keys(one).length === 0
            ? [at + name]
            : leaves(one, `${at}${name}/`),
        );
      expect(paths).toEqual(expect.arrayContaining(leaves(trees.at(-1) ?? {})));
    }),
  );
});

test('a machine that nobody spoke of before is as it began, not new', () => {
  const began = dirOf({ etc: { passwd: 'p', motd: 'm' } });
  const now = dirOf({ etc: { passwd: 'p', motd: 'other' }, srv: { x: 'x' } });
  const history = continued(absent(2, began), now);
  expect(told(fileLines(history, null).lines)).toEqual(
    expect.arrayContaining(['etc/motd: changed 0 1', 'srv/x: added 0 1']),
  );
  expect(changedEntries(began, began).size).toBe(0);
  expect(told(fileLines(history, null).lines).join()).not.toContain('etc/passwd: added');
});
