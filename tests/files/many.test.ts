/** Directories of many entries, against a map that is copied whole at each step. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedMembers } from '../../src/engine/files/changed-members.ts';
import { apply, diff } from '../../src/engine/files/diff.ts';
import { digestOf } from '../../src/engine/files/digest.ts';
import { emptyDir, fileOf, putAt, remove, withChild } from '../../src/engine/files/edit.ts';
import { laidOver, overlay } from '../../src/engine/files/overlay.ts';
import { child, differing, isEmpty, names } from '../../src/engine/files/path.ts';
import { runsOf } from '../../src/engine/files/runs.ts';
import type { Dir, Entry } from '../../src/engine/files/tree.ts';

type Model = ReadonlyMap<string, Entry>;

const sha256 = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const file = (content: number): Entry => fileOf({ digest: `d${content}`, size: content }, 0);
const ODD = ['__proto__', 'constructor', '10', '9', 'ü', 'f\u{1F600}', 'f\uffff'];
const NAMES = [...ODD, ...Array.from({ length: 400 }, (_, index) => `f${index}`)];

/** The same entries in one record, as an image or a stored state has them. */
function plain(model: Model): Dir {
  return Object.freeze({ ...emptyDir(), entries: Object.freeze(Object.fromEntries(model)) });
}

function sortedNames(model: Model): readonly string[] {
  return [...model.keys()].sort();
}

function agrees(dir: Dir, model: Model): void {
  expect(names(dir)).toEqual(sortedNames(model));
  expect(NAMES.filter((name) => child(dir, name) !== model.get(name))).toEqual([]);
  expect(isEmpty(dir)).toBe(model.size === 0);
  expect(digestOf(dir, sha256)).toBe(digestOf(plain(model), sha256));
}

type Step = { readonly name: string; readonly entry: Entry | null };
const step = fc.record({
  name: fc.constantFrom(...NAMES),
  entry: fc.option(fc.nat(3).map(file), { freq: 2 }),
});
/** Where it begins, and what is done to it. */
const life = fc.record({
  first: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: NAMES.length, size: 'max' }),
  steps: fc.array(step, { maxLength: 300, size: 'max' }),
});

function stepped(model: Model, { name, entry }: Step): Model {
  const next = new Map(model);
  if (entry) next.set(name, entry);
  else next.delete(name);
  return next;
}

type Version = { readonly dir: Dir; readonly model: Model };

function versionsOf(first: readonly string[], steps: readonly Step[]): readonly Version[] {
  const model: Model = new Map(first.map((name) => [name, file(9)]));
  const versions: Version[] = [{ dir: plain(model), model }];
  for (const one of steps) {
    const last = versions.at(-1)!;
    const dir = withChild(last.dir, one.name, one.entry);
    versions.push({ dir, model: stepped(last.model, one) });
  }
  return versions;
}

describe('a directory of many entries', () => {
  it('has what was put into it, and an older one what it had', () => {
    const property = fc.property(life, ({ first, steps }) => {
      const versions = versionsOf(first, steps);
      const some = versions.filter((_, index) => index % 50 === 0);
      for (const { dir, model } of [...some, versions.at(-1)!]) {
        agrees(dir, model);
        expect(dir.entries).toEqual(Object.fromEntries(model));
        expect(Object.isFrozen(dir) && Object.isFrozen(dir.entries)).toBe(true);
      }
    });
    fc.assert(property, { numRuns: 60, seed: 11 });
  });

  it('tells by name where it differs from another, however either was made', () => {
    const property = fc.property(life, fc.nat(), ({ first, steps }, pick) => {
      const versions = versionsOf(first, steps);
      const [one, other] = [versions[pick % versions.length]!, versions.at(-1)!];
      const all = NAMES.filter((name) => one.model.get(name) !== other.model.get(name)).sort();
      for (const [before, after] of [
        [one.dir, other.dir],
        [plain(one.model), other.dir],
        [one.dir, plain(other.model)],
      ] as const) {
        expect(differing(before, after)).toEqual(all);
        expect(
          changedMembers(before, after)
            .map(([, name]) => name)
            .sort(),
        ).toEqual(all);
        expect(digestOf(apply(before, diff(before, after)), sha256)).toBe(digestOf(after, sha256));
        const laid = laidOver(before, overlay(before, after));
        expect(digestOf(laid, sha256)).toBe(digestOf(after, sha256));
      }
    });
    fc.assert(property, { numRuns: 60, seed: 12 });
  });

  it('has one digest for the same contents, and another for others', () => {
    const all = NAMES.map((name) => ({ name, entry: file(1) }));
    const [forth, back] = [versionsOf([], all), versionsOf([], all.toReversed())].map(
      (versions) => versions.at(-1)!.dir,
    );
    expect(digestOf(forth!, sha256)).toBe(digestOf(back!, sha256));
    const other = withChild(forth!, 'f7', file(2));
    expect(digestOf(other, sha256)).not.toBe(digestOf(forth!, sha256));
    expect(digestOf(withChild(other, 'f7', file(1)), sha256)).toBe(digestOf(forth!, sha256));
  });

  it('keeps its entries when its mode changes or a file in it is removed', () => {
    const many = versionsOf(NAMES, [{ name: 'f1', entry: file(1) }]).at(-1)!;
    const root = putAt(emptyDir(), ['many'], many.dir, 1);
    const changed = apply(root, { many: { ...emptyDir(7), mode: 0o700 } });
    const dir = child(changed, 'many') as Dir;
    expect([dir.mode, dir.modified]).toEqual([0o700, 7]);
    expect(names(dir)).toEqual(sortedNames(many.model));
    expect(remove(root, 'many', { now: 2 })).toBe('ENOTEMPTY');
    const less = remove(root, 'many/f1', { now: 2 }) as Dir;
    expect(names(child(less, 'many') as Dir)).toEqual(
      sortedNames(many.model).filter((name) => name !== 'f1'),
    );
    expect((child(less, 'many') as Dir).modified).toBe(2);
  });

  it('shares with the one before it all but the run that was changed', () => {
    const count = 10_000;
    let dir = emptyDir();
    for (let index = 0; index < count; index += 1) {
      dir = withChild(dir, `f${(index * 7919) % count}`, file(1));
    }
    expect(names(dir)).toHaveLength(count);
    const before = new Set(runsOf(dir));
    for (const changed of [withChild(dir, 'new', file(2)), withChild(dir, 'f77', null)]) {
      const runs = runsOf(changed)!;
      const own = runs.filter((run) => !before.has(run));
      expect(own.length).toBeLessThanOrEqual(2);
      expect(Math.max(...runs.map((run) => run.length))).toBeLessThanOrEqual(64);
      expect(runs.length).toBeLessThan(count / 16);
    }
  });
});
