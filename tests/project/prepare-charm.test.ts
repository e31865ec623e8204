/** A charm's source made into the folder it is played from. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { charmcraft, METADATA, prepared } from './charm-files.ts';
import { temporary, write } from './temporary.ts';

const BASH = {
  'metadata.yaml': METADATA,
  'hooks/install': '#!/bin/sh\nstatus-set active\n',
  'hooks/lib.sh': 'x=1\n',
};

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

describe('a shell charm', () => {
  it('keeps its hooks and their modes, gets no dispatch and needs no Python', async () => {
    const charm = await prepared(temporary(BASH));
    expect(filesOf(charm.folder)).toEqual(['hooks/install', 'hooks/lib.sh', 'metadata.yaml']);
    expect(statSync(join(charm.folder, 'hooks/install')).mode & 0o777).toBe(0o755);
    expect(statSync(join(charm.folder, 'hooks/lib.sh')).mode & 0o777).toBe(0o644);
    expect(charm).toMatchObject({ main: null, python: null });
  });

  it('has the declarations of its charmcraft.yaml written out', async () => {
    const config = 'config:\n  options:\n    slug: {type: string}\n';
    const charm = await prepared(
      temporary({ 'charmcraft.yaml': charmcraft('dump', config), dispatch: '#!/bin/sh\n' }),
    );
    expect(filesOf(charm.folder)).toEqual(['config.yaml', 'dispatch', 'metadata.yaml']);
    expect(readFileSync(join(charm.folder, 'metadata.yaml'), 'utf8')).toContain('name: web');
  });
});

describe('the digest of a charm', () => {
  const digestWith = async (path: string, text: string): Promise<string> => {
    const root = temporary({ ...BASH, 'tests/unit/test_x.py': 'assert 1\n' });
    write(root, path, text);
    return (await prepared(root)).digest;
  };

  it.each([
    'tests/unit/test_x.py',
    'tox.ini',
    '.git/HEAD',
    'docs/index.md',
    'trees/life.yaml',
    'records/index.json',
    'venv/bin/python',
    'node_modules/a/index.js',
    'hooks/__pycache__/x.cpython-311.pyc',
    'web_ubuntu.charm',
  ])('does not change with %s', async (path) => {
    expect(await digestWith(path, 'other\n')).toBe((await prepared(temporary(BASH))).digest);
  });

  it.each(['hooks/install', 'hooks/start', 'metadata.yaml', 'templates/site.conf'])(
    'changes with %s',
    async (path) => {
      const text = path === 'metadata.yaml' ? `${METADATA}terms: [x]\n` : '#!/bin/sh\nexit 1\n';
      expect(await digestWith(path, text)).not.toBe((await prepared(temporary(BASH))).digest);
    },
  );

  it('changes with the mode of a file', async () => {
    const root = temporary(BASH);
    chmodSync(join(root, 'hooks/install'), 0o644);
    expect((await prepared(root)).digest).not.toBe((await prepared(temporary(BASH))).digest);
  });

  it('does not change with what .jujuignore names', async () => {
    const ignored = { ...BASH, '.jujuignore': '/drafts\n' };
    const one = await prepared(temporary({ ...ignored, 'drafts/a': '1' }));
    const two = await prepared(temporary({ ...ignored, 'drafts/a': '2' }));
    expect(one.digest).toBe(two.digest);
  });
});

describe('links', () => {
  it('stay when they lead to a file of the charm, and go when they lead out of it', async () => {
    const root = temporary(BASH);
    symlinkSync('install', join(root, 'hooks/start'));
    symlinkSync(join(root, 'hooks/install'), join(root, 'hooks/stop'));
    symlinkSync('/etc/passwd', join(root, 'hooks/passwd'));
    symlinkSync('../../..', join(root, 'hooks/up'));
    symlinkSync('nowhere', join(root, 'hooks/dangling'));
    const { folder } = await prepared(root);
    expect(readlinkSync(join(folder, 'hooks/start'))).toBe('install');
    expect(readlinkSync(join(folder, 'hooks/stop'))).toBe('install');
    for (const name of ['passwd', 'up', 'dangling']) {
      expect(lstatSync(join(folder, 'hooks', name), { throwIfNoEntry: false })).toBeUndefined();
    }
  });
});

describe('preparing', () => {
  it('leaves the source as it was, but for the work folder', async () => {
    const root = temporary(BASH);
    await prepared(root);
    const left = filesOf(root).filter((path) => !path.startsWith('.playbill/'));
    expect(left).toEqual(Object.keys(BASH).sort());
  });

  it('leaves nothing half made behind', async () => {
    const root = temporary(BASH);
    const [one, two] = await Promise.all([prepared(root), prepared(root)]);
    expect(one.folder).toBe(two?.folder);
    expect(readdirSync(join(root, '.playbill/charms'))).toHaveLength(1);
  });

  it('says that a layer has to be built first', async () => {
    const root = temporary({ 'charmcraft.yaml': charmcraft('reactive'), 'layer.yaml': '' });
    await expect(prepared(root)).rejects.toThrow(/charm-tools/);
    expect(existsSync(join(root, '.playbill/charms'))).toBe(false);
  });

  it('names every charm library that is imported and not there, with the command that gets it', async () => {
    const libraries =
      'charm-libs:\n  - {lib: data-platform-libs.data_interfaces, version: "0.57"}\n';
    const root = temporary({
      'charmcraft.yaml': charmcraft('uv', libraries),
      'src/charm.py': [
        'from charms.data_platform_libs.v0.data_interfaces import DatabaseRequires',
        'from charms.web.v1 import here, gone',
        'import charms.reactive',
        'try:\n    import charms.maybe.v0.tried\nexcept ImportError:\n    pass\n',
      ].join('\n'),
      'lib/charms/web/v1/here.py': '"""Use:\nfrom charms.old_name.v0.here import Here\n"""\n',
    });
    await expect(prepared(root)).rejects.toMatchObject({
      all: [
        { hint: 'Fetch it: charmcraft fetch-libs' },
        {
          message: 'src/charm.py imports charms.web.v1.gone, which is not in lib/',
          hint: 'Fetch it: charmcraft fetch-lib charms.web.v1.gone',
        },
      ],
    });
  });

  it('takes an import of charm libraries to end with its line, or with its parenthesis', async () => {
    const root = temporary({
      'charmcraft.yaml': charmcraft('uv', ''),
      'src/charm.py': [
        'from charms.web.v1 import here  # and not there',
        'from ops import CharmBase, main',
        'from charms.web.v1 import (',
        '    here,  # a, b',
        '    gone as away,',
        ')',
        'print(1, 2)',
      ].join('\n'),
      'lib/charms/web/v1/here.py': '',
    });
    await expect(prepared(root)).rejects.toMatchObject({
      all: [{ message: 'src/charm.py imports charms.web.v1.gone, which is not in lib/' }],
    });
  });
});
