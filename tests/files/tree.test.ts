import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, diff } from '../../src/engine/files/diff.ts';
import { digestOf } from '../../src/engine/files/digest.ts';
import { emptyDir, fileOf, mkdir, mkdirAll, remove, write } from '../../src/engine/files/edit.ts';
import { child, lookup, names, resolve } from '../../src/engine/files/path.ts';
import type { Dir, Entry, Link } from '../../src/engine/files/tree.ts';

const sha256 = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A tree without its times, in one order: what "equal contents" means. */
function meaning(entry: Entry): unknown {
  const { modified: _, ...rest } = entry;
  if (rest.kind !== 'dir') return rest;
  const { entries, ...own } = rest;
  return [own, names(entry as Dir).map((name) => [name, meaning(entries[name]!)])];
}

const NAMES = ['a', 'b', 'a.b', '10', 'constructor', '__proto__', 'ü', 'a b'];
const owner = {
  mode: fc.constantFrom(0o644, 0o755),
  user: fc.constantFrom('root', 'app'),
  group: fc.constant('root'),
  modified: fc.nat(3),
};
const { dir: anyDir } = fc.letrec<{ dir: Dir; entry: Entry }>((tie) => ({
  entry: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('file' as const),
      ...owner,
      digest: fc.constantFrom('x', 'y'),
      size: fc.nat(1),
    }),
    fc.record({
      kind: fc.constant('link' as const),
      ...owner,
      target: fc.constantFrom('a', '/b', '../a'),
    }),
    tie('dir'),
  ),
  dir: fc.record({
    kind: fc.constant('dir' as const),
    ...owner,
    entries: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), tie('entry')), {
        selector: ([name]) => name,
        maxLength: 4,
      })
      .map((pairs) => Object.fromEntries(pairs)),
  }),
}));
const file = (digest: string, modified = 0): ReturnType<typeof fileOf> =>
  fileOf({ digest, size: 1 }, modified);
const link = (target: string): Link => ({
  kind: 'link',
  mode: 0o777,
  user: 'root',
  group: 'root',
  modified: 0,
  target,
});
function built(...steps: ((dir: Dir) => Dir | string)[]): Dir {
  return steps.reduce<Dir>((tree, step) => {
    const next = step(tree);
    if (typeof next === 'string') throw new Error(next);
    return next;
  }, emptyDir());
}

describe('digest', () => {
  it('is equal exactly when the contents are', () => {
    fc.assert(
      fc.property(anyDir, anyDir, (a, b) => {
        const same = JSON.stringify(meaning(a)) === JSON.stringify(meaning(b));
        expect(digestOf(a, sha256) === digestOf(b, sha256)).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same for a tree that was built again with other times and in another order', () => {
    fc.assert(
      fc.property(anyDir, (tree) => {
        const again = (entry: Entry): Entry =>
          entry.kind === 'dir'
            ? {
                ...entry,
                modified: 99,
                entries: Object.fromEntries(
                  Object.entries(entry.entries)
                    .reverse()
                    .map(([name, one]) => [name, again(one)]),
                ),
              }
            : { ...entry, modified: 99 };
        expect(digestOf(again(tree), sha256)).toBe(digestOf(tree, sha256));
      }),
    );
  });

  it('hashes after a change only the directories on the way to it', () => {
    const tree = built(
      ...['a/b/c', 'a/x', 'y/z'].map((path) => (dir: Dir) => mkdirAll(dir, path, emptyDir())),
      (dir) => write(dir, 'a/b/c/f', file('one')),
    );
    let hashed = 0;
    const counting = (bytes: Uint8Array): string => {
      hashed += 1;
      return sha256(bytes);
    };
    digestOf(tree, counting);
    hashed = 0;
    digestOf(write(tree, 'a/b/c/f', file('two')) as Dir, counting);
    expect(hashed).toBe(5); // the root, a, a/b, a/b/c and the file
  });
});

describe('diff and apply', () => {
  it('give back the second tree when laid over the first', () => {
    fc.assert(
      fc.property(anyDir, anyDir, (a, b) => {
        expect(meaning(apply(a, diff(a, b)))).toEqual(meaning(b));
      }),
      { numRuns: 500 },
    );
  });

  it('find nothing between trees that differ in times only', () => {
    const before = built((dir) => write(dir, 'f', file('x', 1)));
    expect(
      diff(
        before,
        built((dir) => write(dir, 'f', file('x', 2))),
      ),
    ).toEqual({});
  });

  it('work when the changes come back from JSON with their keys in any order', () => {
    fc.assert(
      fc.property(anyDir, anyDir, (a, b) => {
        const reversed = Object.fromEntries(Object.entries(diff(a, b)).reverse());
        expect(meaning(apply(a, reversed))).toEqual(meaning(b));
      }),
    );
  });

  it('say one removal for a directory that is gone', () => {
    const before = built(
      (dir) => mkdirAll(dir, 'a/b', emptyDir()),
      (dir) => write(dir, 'a/b/f', file('x')),
    );
    expect(diff(before, emptyDir())).toEqual({ a: { kind: 'removed' } });
  });
});

describe('changes of a tree', () => {
  it('share everything but the directories on the way', () => {
    const tree = built(
      (dir) => mkdirAll(dir, 'a/b', emptyDir()),
      (dir) => mkdirAll(dir, 'c/d', emptyDir()),
    );
    const after = write(tree, 'a/b/f', file('x')) as Dir;
    expect(child(after, 'c')).toBe(child(tree, 'c'));
    expect(child(after, 'a')).not.toBe(child(tree, 'a'));
    expect(lookup(tree, 'a/b/f')).toBeUndefined();
  });

  it('are refused by the name of the errno', () => {
    const tree = built(
      (dir) => mkdirAll(dir, 'd/e', emptyDir()),
      (dir) => write(dir, 'f', file('x')),
    );
    expect(write(tree, 'none/f', file('x'))).toBe('ENOENT');
    expect(write(tree, 'f/g', file('x'))).toBe('ENOTDIR');
    expect(write(tree, 'd', file('x'))).toBe('EEXIST');
    expect(mkdir(tree, 'd', emptyDir())).toBe('EEXIST');
    expect(mkdir(tree, 'n/m', emptyDir())).toBe('ENOENT');
    expect(mkdirAll(tree, 'f/g', emptyDir())).toBe('ENOTDIR');
    expect(remove(tree, 'd', { now: 0 })).toBe('ENOTEMPTY');
    expect(remove(tree, 'none', { now: 0 })).toBe('ENOENT');
    expect(remove(tree, '/', { now: 0, recursive: true })).toBe('EBUSY');
    expect(write(tree, 'n'.repeat(256), file('x'))).toBe('ENAMETOOLONG');
  });

  it('remove a whole directory only when asked to, and a missing one then too', () => {
    const tree = built((dir) => mkdirAll(dir, 'd/e', emptyDir()));
    expect(names(remove(tree, 'd', { now: 0, recursive: true }) as Dir)).toEqual([]);
    expect(remove(tree, 'none', { now: 0, recursive: true })).toBe(tree);
  });

  it('write over a link instead of through it', () => {
    const tree = built(
      (dir) => write(dir, 'to', link('target')),
      (dir) => write(dir, 'to', file('x')),
    );
    expect(child(tree, 'to')?.kind).toBe('file');
    expect(child(tree, 'target')).toBeUndefined();
  });
});

describe('paths', () => {
  const tree = built(
    (dir) => mkdirAll(dir, 'a/b', emptyDir()),
    (dir) => write(dir, 'a/b/f', file('x')),
    (dir) => write(dir, 'up', link('../../../a')),
    (dir) => write(dir, 'a/abs', link('/a/b')),
    (dir) => write(dir, 'loop', link('pool')),
    (dir) => write(dir, 'pool', link('loop')),
    (dir) => write(dir, 'dangling', link('nowhere')),
  );
  it.each([
    ['/a/b/f', 'file'],
    ['a//b/./f', 'file'],
    ['/../../a/b', 'dir'],
    ['/up/b/f', 'file'],
    ['/a/abs/f', 'file'],
    ['/a/abs/..', 'dir'],
    ['/', 'dir'],
  ])('%s leads to a %s', (path, kind) => {
    expect(lookup(tree, path)?.kind).toBe(kind);
  });

  it('never leave the root, whatever .. and links say', () => {
    expect(resolve(tree, '../../..')).toEqual({ at: [], entry: tree });
    expect(resolve(tree, 'up')).toMatchObject({ at: ['a'] });
  });

  it.each([
    ['loop', 'ELOOP'],
    ['a/b/f/', 'ENOTDIR'],
    ['a/b/f/..', 'ENOTDIR'],
    ['none/f', 'ENOENT'],
  ])('%s is refused with %s', (path, fault) => {
    expect(resolve(tree, path)).toBe(fault);
  });

  it('name where a dangling link points when followed, and the link when not', () => {
    expect(resolve(tree, 'dangling')).toEqual({ at: ['nowhere'], entry: null });
    expect(resolve(tree, 'dangling', 'keep')).toMatchObject({
      at: ['dangling'],
      entry: { kind: 'link' },
    });
  });

  it('do not find what every JavaScript object has', () => {
    expect(lookup(tree, 'constructor')).toBeUndefined();
    expect(lookup(tree, '__proto__')).toBeUndefined();
  });
});
