/** A charm's folder as it was at a revision, from real repositories. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Mistake, mistakeText } from '../../src/engine/model/mistake.ts';
import { charmOfRevision } from '../../src/engine/project/charm-revision.ts';
import { METADATA } from './charm-files.ts';
import { temporary, write } from './temporary.ts';

const AT = { file: 'trees/t.yaml', line: 3, column: 5 };

function git(folder: string, ...args: readonly string[]): void {
  const who = [
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@b.example',
    '-c',
    'init.defaultBranch=main',
  ];
  const environment = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', [...who, ...args], { cwd: folder, env: environment, stdio: 'pipe' });
}

function commit(folder: string, tag: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', tag);
  git(folder, 'tag', tag);
}

/** A repository with a charm at its root, or below it, of two versions, and a third that is not committed. */
function repository(below = '.'): { root: string; charm: string } {
  const root = temporary({ [join(below, 'metadata.yaml')]: METADATA });
  const charm = join(root, below);
  git(root, 'init', '-q');
  write(charm, 'hooks/install', '#!/bin/sh\necho one\n');
  write(charm, 'gone', 'x');
  symlinkSync('install', join(charm, 'hooks/start'));
  commit(root, 'v1.0');
  execFileSync('rm', [join(charm, 'gone')]);
  write(charm, 'hooks/install', '#!/bin/sh\necho two\n');
  commit(root, 'v2.0');
  write(charm, 'hooks/install', '#!/bin/sh\necho three\n');
  write(charm, 'new', 'x');
  return { root, charm };
}

function at(charm: string, revision: string, root: string): Promise<string> {
  return charmOfRevision({ charm, revision, workFolder: join(root, '.playbill'), at: AT });
}

async function told(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Mistake)) throw new Error(`no mistake: ${String(error)}`);
  return mistakeText(error);
}

describe('a charm at a revision', () => {
  it.each(['.', 'charms/web'])('in %s is what was committed then', async (below) => {
    const { root, charm } = repository(below);
    const folder = await at(charm, 'v1.0', root);
    const install = join(folder, 'hooks/install');
    expect(readFileSync(install, 'utf8')).toContain('echo one');
    expect(statSync(install).mode & 0o111).not.toBe(0);
    expect(readlinkSync(join(folder, 'hooks/start'))).toBe('install');
    expect(['metadata.yaml', 'gone', 'new'].map((name) => existsSync(join(folder, name)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('may be named in any way that git knows, and is made once', async () => {
    const { root, charm } = repository();
    const [tag, head, branch] = await Promise.all(
      ['v2.0', 'HEAD', 'main'].map((revision) => at(charm, revision, root)),
    );
    expect([head, branch]).toEqual([tag, tag]);
    expect(await at(charm, 'HEAD~1', root)).toBe(await at(charm, 'v1.0', root));
  });

  it('leaves the repository and what is not committed in it alone', async () => {
    const { root, charm } = repository();
    const status = () =>
      String(execFileSync('git', ['status', '--porcelain'], { cwd: root, stdio: 'pipe' }));
    const before = status();
    await at(charm, 'v1.0', root);
    expect(status()).toBe(before);
    expect(readFileSync(join(charm, 'hooks/install'), 'utf8')).toContain('echo three');
  });

  it('is of the repository that the charm is in, whatever the surroundings say', async () => {
    const { root, charm } = repository();
    const known = process.env['GIT_DIR'];
    process.env['GIT_DIR'] = '/nowhere';
    try {
      expect(existsSync(join(await at(charm, 'v1.0', root), 'gone'))).toBe(true);
    } finally {
      if (known === undefined) delete process.env['GIT_DIR'];
      else process.env['GIT_DIR'] = known;
    }
  });
});

describe('what is no revision of a charm', () => {
  it.each([
    [
      'v1.1',
      'trees/t.yaml:3:5: git:v1.1: the repository has no such revision\n  Did you mean "git:v1.0"?',
    ],
    ['nightly-build', 'Name a tag, a branch or a commit. It has v2.0, v1.0 and main.'],
    ['--all', 'git:--all: the repository has no such revision'],
  ])('such as %s is told with what there is', async (revision, expected) => {
    const { root, charm } = repository();
    expect(await told(at(charm, revision, root))).toContain(expected);
  });

  it('is told where there is no repository', async () => {
    const root = temporary({ 'metadata.yaml': METADATA });
    expect(await told(at(root, 'v1.0', root))).toContain('the charm is in no git repository');
  });

  it('is told where the charm was not there yet, or is packed', async () => {
    const { root } = repository();
    write(root, 'later/metadata.yaml', METADATA);
    expect(await told(at(join(root, 'later'), 'v1.0', root))).toContain(
      'there was no folder later/ at that revision',
    );
    write(root, 'web.charm', 'x');
    expect(await told(at(join(root, 'web.charm'), 'v1.0', root))).toContain(
      'a packed charm has no revisions',
    );
  });
});
