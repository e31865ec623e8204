/** What has files at a node: each root with a name of its own, and a key that no charm chose. */
import { expect, test } from 'vitest';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { State } from '../../src/engine/world/state.ts';
import { entryAt } from '../../src/view/file-history.ts';
import { fileRoots } from '../../src/view/file-roots.ts';
import { sampleRecords } from '../site/sample-records.ts';

const sample = sampleRecords();
const blobs: Blobs = {
  put: () => '',
  get: (digest) =>
    new TextEncoder().encode(sample.blobs.get(digest.replace('sha256:', '')) ?? 'missing'),
};
const FILE = { kind: 'file', mode: 0o644, user: 'u', group: 'g', modified: 0, size: 1 } as const;
const state = sample.states.get('board-life/ready') as State;
const rootsOf = (machine: Partial<State['machine']>) =>
  fileRoots({ ...state, machine: { ...state.machine, ...machine } }, blobs, () => 'sha256:of-it');

test('a container, storage by location and the charm directory are roots', () => {
  const folders = { '/srv/../b': { 'x/y': { ...FILE, digest: 'd' } }, '/srv/a': {} };
  const roots = rootsOf({ folders, charmDir: { 'a/b/c': { ...FILE, digest: 'e' } } });
  expect(roots.map(({ key, kind, name }) => [key, kind, name])).toEqual([
    ['container-1', 'container', 'board'],
    ['storage-1', 'storage', '/srv/../b'],
    ['storage-2', 'storage', '/srv/a'],
    ['charm-directory-1', 'charm directory', ''],
  ]);
  const found = (at: number, path: string) => roots[at] && entryAt(roots[at].tree, path);
  expect(found(1, 'x/y')).toMatchObject({ digest: 'd' });
  expect(found(3, 'a/b/c')).toMatchObject({ digest: 'e' });
});

test('a machine that was changed is a root, with what its release began with', () => {
  const root = {
    'etc/app.conf': { ...FILE, digest: 'd' },
    'etc/passwd': { kind: 'removed' },
    'usr/bin/app': { ...FILE, digest: 'e' },
  } as const;
  expect(rootsOf({}).some(({ kind }) => kind === 'machine')).toBe(false);
  const found = rootsOf({ root }).find(({ kind }) => kind === 'machine');
  const at = (path: string) => found && entryAt(found.tree, path);
  expect([found?.key, found?.name]).toEqual(['machine-1', '']);
  expect(at('etc/app.conf')).toMatchObject({ digest: 'd' });
  expect(at('usr/bin/app')).toMatchObject({ digest: 'e' });
  expect(at('etc/passwd') ?? null).toBe(null);
  expect(at('etc/group')).toMatchObject({ kind: 'file', digest: 'sha256:of-it' });
});

test('a charm directory with nothing but databases, or nothing but what is gone, is none', () => {
  const charmDir = {
    '.unit-state.db': { ...FILE, digest: 'rows' },
    'src/x': { kind: 'removed' },
  } as const;
  expect(rootsOf({ charmDir }).map(({ kind }) => kind)).toEqual(['container']);
});
