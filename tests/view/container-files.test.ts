/** A container's files at a node: what became of them since the parent node, and what the image brought. */
import { expect, test } from 'vitest';
import { emptyDir, fileOf, withChild } from '../../src/engine/files/edit.ts';
import type { Dir, Entry } from '../../src/engine/files/tree.ts';
import type { Container } from '../../src/engine/world/pebble/slice.ts';
import { containerFiles } from '../../src/view/container-files.ts';
import type { ContainerFiles, ContainerTimes } from '../../src/view/container-files.ts';
import { folderWords, imageWords, markWords } from '../../src/view/container-files-words.ts';
import { fileContents, rowsOf } from '../../src/view/file-contents.ts';
import type { FileNode } from '../../src/view/file-tree.ts';

type Tree = { readonly [name: string]: string | Tree };
const dirOf = (tree: Tree): Dir =>
  Object.entries(tree).reduce((dir, [name, own]) => withChild(dir, name, entryOf(own)), emptyDir());
const entryOf = (own: string | Tree): Entry =>
  typeof own === 'string' ? fileOf({ digest: `sha256:${own}`, size: own.length }, 0) : dirOf(own);

const IMAGE = { bin: { web: 'web', sh: 'sh' }, etc: { motd: 'hello', 'web.ini': 'plain' } };
function container(tree: Tree, image: Tree | null = IMAGE): Container {
  const rest = { canConnect: true, bootId: 'b', layers: [], services: {}, programs: {} };
  const more = { history: [], changes: {}, nextChange: 1, nextTask: 1, notices: {}, nextNotice: 1 };
  const bare: Container = { ...rest, ...more, checks: {}, root: dirOf(tree) };
  if (!image) return bare;
  const base = { digest: JSON.stringify(image), files: 4, size: 15, tree: dirOf(image) };
  return { ...bare, base };
}
function between(
  before: Container | null,
  after: Container,
  more: Partial<ContainerTimes> = {},
): ContainerFiles {
  return containerFiles({ after, before, met: before, isRoot: false, ...more });
}
/** `etc/motd: changed` for every file that is listed, and for every folder with a mark. */
function told(nodes: readonly FileNode[], at = ''): string[] {
  return nodes.flatMap((node) => {
    const line = [`${at}${node.name}:`, node.mark ?? '', ...node.notes].filter(Boolean).join(' ');
    const own = node.row || node.mark ? [line] : [];
    return [...own, ...told(node.below, `${at}${node.name}/`)];
  });
}

test('files that came, changed and went are marked, at any depth; others are not', () => {
  const before = container({ etc: { 'a.ini': '1', old: 'o' }, srv: { x: { y: 'y' } } }, null);
  const after = container(
    { etc: { 'a.ini': '2' }, srv: { x: { y: 'y', z: { deep: 'd' } } }, new: 'n' },
    null,
  );
  const files = between(before, after);
  expect(told(files.tree)).toEqual([
    'etc/a.ini: changed',
    'etc/old: removed',
    'new: added',
    'srv/x/y:',
    'srv/x/z: added',
    'srv/x/z/deep: added',
  ]);
  expect(files.tree.map(folderWords)).toEqual([
    '1 file, 1 changed, 1 removed',
    '1 file, 1 added',
    '2 files, 1 added',
  ]);
  expect(markWords(files)).toBe('2 added, 1 changed, 1 removed since the parent node.');
});

test('nothing became of files that were only written again', () => {
  const after = container({ a: 'same' }, null);
  const again = { ...after, root: { ...after.root, modified: 7 } };
  const files = between(after, again);
  expect([told(files.tree), markWords(files)]).toEqual([
    ['a:'],
    'As they were at the parent node.',
  ]);
});

test('a root is compared with nothing and lists its image once', () => {
  const root = container({ ...IMAGE, srv: { own: 'o' } });
  const files = between(null, root, { isRoot: true });
  expect([told(files.tree), markWords(files)]).toEqual([['srv/own:'], '']);
  expect(told(files.image?.tree ?? [])).toEqual([
    'bin/sh:',
    'bin/web:',
    'etc/motd:',
    'etc/web.ini:',
  ]);
});

test('below the root, files of the image are counted and only what is other is listed', () => {
  const before = container(IMAGE);
  const after = container({ bin: { sh: 'sh' }, etc: { motd: 'bye', 'web.ini': 'plain' } });
  const { tree, image } = between(before, after);
  expect(told(tree)).toEqual([
    'bin/web: removed of the image',
    'etc/motd: changed the image has another',
  ]);
  expect(image).toMatchObject({ files: 4, unchanged: 2, tree: [], replaced: false });
  expect(image && imageWords(image)).toBe('2 of 4 files of the image (15 bytes), unchanged');
});

test('what differs from the image since earlier is listed without a mark', () => {
  const after = container({ bin: { sh: 'sh' }, etc: { motd: 'bye', 'web.ini': 'plain' } });
  const { tree } = between(after, after);
  expect(told(tree)).toEqual([
    'bin/web: of the image removed earlier',
    'etc/motd: the image has another',
  ]);
});

test('a file that is as in the image again is a change', () => {
  const before = container({ ...IMAGE, etc: { motd: 'bye', 'web.ini': 'plain' } });
  const { tree, image } = between(before, container(IMAGE));
  expect(told(tree)).toEqual(['etc/motd: changed as in the image again']);
  expect(image?.unchanged).toBe(4);
});

test('a folder that went is one line with how much was in it', () => {
  const { tree, image } = between(container(IMAGE), container({ bin: IMAGE.bin }));
  expect(told(tree)).toEqual(['etc: removed a directory, 2 files in it of the image']);
  expect(image?.unchanged).toBe(2);
});

test('what the tree changed before the event is told apart', () => {
  const before = container({ a: '1', b: '1' }, null);
  const met = container({ a: '2', b: '1' }, null);
  const { tree } = between(before, container({ a: '2', b: '2' }, null), { met });
  expect(told(tree)).toEqual(['a: changed before the event', 'b: changed']);
});

test('another image is listed where it comes; what lies over it is not called new', () => {
  const other = { bin: { web: 'web 2', sh: 'sh' }, etc: { motd: 'hi', 'web.ini': 'plain' } };
  const before = container({ ...IMAGE, own: 'o' });
  const { tree, image } = between(before, container({ ...other, own: 'o' }, other));
  expect(told(tree)).toEqual(['own:']);
  expect(image).toMatchObject({ replaced: true, unchanged: 4 });
  expect(told(image?.tree ?? [])).toHaveLength(4);
});

test('too many files are cut, marked ones last, and the others counted', () => {
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`f${at}`, 'x']));
  const files = between(container(many, null), container({ ...many, zz: 'new' }, null));
  expect(told(files.tree)).toHaveLength(60);
  expect(told(files.tree)).toContain('zz: added');
  expect(files.more).toBe(541);
});

test('a crowded folder of which all became the same is one line', () => {
  const many = Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`f${at}`, 'x']));
  const before = container({ a: '1' }, null);
  const files = between(before, container({ a: '2', srv: { data: many } }, null));
  expect(told(files.tree)).toEqual(['a: changed', 'srv: added']);
  expect(files.tree.map(folderWords)).toEqual(['1 file, 1 changed', '700 files, 700 added']);
  expect([files.more, markWords(files)]).toEqual([
    0,
    '700 added, 1 changed since the parent node.',
  ]);
});

test('a large image is counted where it comes', () => {
  const many = Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`f${at}`, 'x']));
  const root = container(many, many);
  const large = { ...root, base: { ...root.base, digest: 'd', files: 70, size: 70 } };
  expect(between(null, large, { isRoot: true }).image).toMatchObject({ files: 70, tree: [] });
});

test('names are only names, and folders in folders end in one line', () => {
  const deep = 'a/b/c/d/e/f/g/h/i/j'
    .split('/')
    .reduceRight<Tree>((below, name) => ({ [name]: below }), { end: 'x' });
  const { tree } = between(null, container({ ...deep }, null));
  expect(told(tree).at(-1)).toBe('a/b/c/d/e/f/g/h/i/j/end: added');
  const leaf = (nodes: readonly FileNode[]): string =>
    nodes[0]?.row ? nodes[0].name : leaf(nodes[0]?.below ?? []);
  expect(leaf(tree)).toBe('i/j/end');
  const root = withChild(dirOf({ '\u001b[31m<b>': 'b' }), '__proto__', entryOf('p'));
  const named = between(null, { ...container({}, null), root });
  expect(told(named.tree)).toEqual(['<b>: added', '__proto__: added']);
});

test('texts are shown up to what a page has room for; other bytes are not', async () => {
  const texts: Record<string, string | null> = { one: 'text', two: null, big: 'x'.repeat(20_000) };
  const bare = (digest: string): string => digest.replace('sha256:', '');
  const kept = {
    hasBlob: (digest: string) => bare(digest) in texts,
    blobText: async (digest: string) => texts[bare(digest)] ?? null,
  };
  const { tree } = between(null, container({ a: 'one', b: 'two', c: 'big', d: 'lost' }, null));
  const contents = await fileContents(rowsOf(tree), kept);
  expect([...contents].map(([{ path }, { text, why }]) => [path, text, why])).toEqual([
    ['/a', 'text', ''],
    ['/b', null, 'Not text.'],
    ['/c', null, 'Too long to show here.'],
  ]);
});
