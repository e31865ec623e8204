/** The project around a folder. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProject } from '../../src/engine/project/find-project.ts';
import { findCharm, readCharmSource } from '../../src/engine/project/read-charm-fs.ts';
import { temporary } from './temporary.ts';

const CHARM = { 'charmcraft.yaml': 'name: web\n' };

describe('findProject', () => {
  it("finds a charm's repository from any folder in it, with its trees sorted", () => {
    const root = temporary({ ...CHARM, 'src/charm.py': '', 'trees/b.yaml': '', 'trees/a.yml': '' });
    expect(findProject(join(root, 'src'))).toEqual({
      root,
      treeFiles: ['trees/a.yml', 'trees/b.yaml'],
      libraryFiles: [],
      recordsFolder: join(root, 'records'),
      workFolder: join(root, '.playbill'),
      isDemo: false,
    });
  });

  it('has no tree files where there is no folder of trees', () => {
    expect(findProject(temporary(CHARM)).treeFiles).toEqual([]);
  });

  it('takes the trees of the folder that --trees names, relative to where it was said', () => {
    const root = temporary({ ...CHARM, 'tests/plays/x.yaml': '', 'trees/a.yaml': '' });
    expect(findProject(join(root, 'tests'), { trees: 'plays' }).treeFiles).toEqual([
      'tests/plays/x.yaml',
    ]);
    expect(() => findProject(root, { trees: 'nowhere' })).toThrow(/nowhere/);
  });

  it('takes the library of the folder beside the trees’ own', () => {
    const root = temporary({
      ...CHARM,
      'library/b.yaml': '',
      'library/a.yml': '',
      'library/notes.md': '',
      'tests/plays/x.yaml': '',
      'tests/library/mine.yaml': '',
      'trees/a.yaml': '',
    });
    expect(findProject(root).libraryFiles).toEqual(['library/a.yml', 'library/b.yaml']);
    expect(findProject(root, { trees: 'tests/plays' }).libraryFiles).toEqual([
      'tests/library/mine.yaml',
    ]);
  });

  it('says that there is no charm where there is none', () => {
    expect(() => findProject(temporary())).toThrow(/no charm here/);
  });
});

describe('findCharm', () => {
  it('finds the charm that a tree names, relative to its file', () => {
    const root = temporary({ 'charms/web/charmcraft.yaml': 'name: web\n', 'trees/a.yaml': '' });
    const place = findCharm({ root, treeFile: 'trees/a.yaml', charm: '../charms/web' });
    expect(place).toEqual({ path: join(root, 'charms/web'), shown: 'charms/web', packed: false });
    expect(readCharmSource(place).files).toEqual({ 'charmcraft.yaml': 'name: web\n' });
  });

  it('finds the nearest charm above a tree that names none', () => {
    const root = temporary({ ...CHARM, 'trees/deep/a.yaml': '' });
    expect(findCharm({ root, treeFile: 'trees/deep/a.yaml' }).path).toBe(root);
  });

  it('says at the place in the tree that the charm is missing', () => {
    const root = temporary({ ...CHARM, 'trees/a.yaml': '' });
    const at = { file: 'trees/a.yaml', line: 2, column: 8 };
    const find = (): unknown => findCharm({ root, treeFile: 'trees/a.yaml', charm: '../wbe', at });
    expect(find).toThrow(expect.objectContaining({ at, message: 'charm: ../wbe: not found' }));
  });
});
