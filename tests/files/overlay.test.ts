import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyDir, fileOf, remove, write } from '../../src/engine/files/edit.ts';
import { laidOver, overlay } from '../../src/engine/files/overlay.ts';
import { names } from '../../src/engine/files/path.ts';
import type { Dir, Entry } from '../../src/engine/files/tree.ts';

const NAMES = ['a', 'b', 'a.b', '10', 'constructor', '__proto__', 'ü'];
const owner = {
  mode: fc.constantFrom(0o644, 0o755),
  user: fc.constantFrom('root', 'app'),
  group: fc.constant('root'),
  modified: fc.nat(1),
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
    fc.record({ kind: fc.constant('link' as const), ...owner, target: fc.constantFrom('a', '/b') }),
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

/** Entries in one order; times count where asked for. */
function plain(entry: Entry, times: boolean): unknown {
  const { modified, ...rest } = entry;
  const own = times ? { ...rest, modified } : rest;
  if (entry.kind !== 'dir') return own;
  return [
    { ...own, entries: null },
    names(entry).map((name) => [name, plain(entry.entries[name]!, times)]),
  ];
}

function tree(files: Readonly<Record<string, string>>): Dir {
  return Object.entries(files).reduce<Dir>((root, [name, digest]) => {
    const written = write(root, name, fileOf({ digest, size: 1 }, 0));
    if (typeof written === 'string') throw new Error(written);
    return written;
  }, emptyDir());
}

describe('what lies over a tree', () => {
  it('makes the other tree of it, whatever the two are', () => {
    const property = fc.property(anyDir, anyDir, (below, above) => {
      expect(plain(laidOver(below, overlay(below, above)), true)).toEqual(plain(above, true));
    });
    fc.assert(property, { numRuns: 1000, seed: 5 });
  });

  it('makes it all but for times where these do not count', () => {
    const property = fc.property(anyDir, anyDir, (below, above) => {
      const made = laidOver(below, overlay(below, above, { times: false }));
      expect(plain(made, false)).toEqual(plain(above, false));
    });
    fc.assert(property, { numRuns: 500, seed: 6 });
  });

  it('is nothing where the two are the same', () => {
    const below = tree({ a: 'x', b: 'y' });
    for (const same of [below, tree({ a: 'x', b: 'y' })]) {
      const { root, gone } = overlay(below, same);
      expect(root.entries).toEqual({});
      expect(gone).toEqual({});
    }
  });

  it('is what was written and what was removed, and shares the rest', () => {
    const below = tree({ a: 'x', b: 'y', c: 'z' });
    const removed = remove(below, 'b', { now: 0 });
    if (typeof removed === 'string') throw new Error(removed);
    const over = overlay(below, {
      ...removed,
      entries: { ...removed.entries, d: below.entries['a']! },
    });
    expect(Object.keys(over.root.entries)).toEqual(['d']);
    expect(over.gone).toEqual({ b: true });
    expect(laidOver(below, over).entries['c']).toBe(below.entries['c']);
  });
});
