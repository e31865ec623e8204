/** A tree that upgrades its charm, played with the command in a charm's repository: folders and git revisions. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeRepository, type Repository } from './repository.ts';

const METADATA = 'name: tiny\nsummary: s\ndescription: d\n';
const INSTALL = '#!/bin/bash\necho mine > kept; echo mine > shipped\n';

function git(folder: string, ...args: readonly string[]): void {
  const who = [
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@b.example',
    '-c',
    'init.defaultBranch=main',
  ];
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', [...who, ...args], { cwd: folder, env, stdio: 'pipe' });
}

function hook(text: string): string {
  return `#!/bin/bash\n${text}\n`;
}

/** A charm that upgrades to itself of another version: the hook says what it finds in its folder. */
function versions(repository: Repository, below: string, version: string): void {
  const at = (path: string): string => `${below}${path}`;
  repository.write(at('metadata.yaml'), METADATA);
  repository.write(at('hooks/install'), INSTALL, 0o755);
  repository.write(at('shipped'), `of ${version}\n`);
  const says = `status-set active "$(cat kept), $(cat shipped), ${version}"`;
  repository.write(at('hooks/upgrade-charm'), hook(says), 0o755);
  repository.write(at('hooks/config-changed'), hook(`juju-log "configured by ${version}"`), 0o755);
}

function tree(to: string): string {
  return [
    'root: {use: leader, stage: new}',
    'steps:',
    '  - install',
    '  - leader-elected',
    '  - config-changed',
    '  - start',
    `  - upgrade: {to: "${to}", as: upgraded, expect: {message: "mine, of two, two"}}`,
    '  - update-status',
  ].join('\n');
}

describe('an upgrade', () => {
  it('to a folder plays both of its hooks with the next charm, and keeps what the charm wrote', async () => {
    using repository = makeRepository();
    versions(repository, '', 'one');
    versions(repository, 'dist/next/', 'two');
    repository.write('trees/life.yaml', tree('../dist/next'));
    const { code, out, err } = await repository.run('play');
    expect([code, err], out).toEqual([0, '']);
    const upgraded = repository.read('records/life/upgraded.json');
    expect(JSON.parse(upgraded)).toMatchObject({ upgrade: '../dist/next', unexpected: [] });
    expect(repository.read('records/life/upgraded/config-changed.json')).toContain(
      'configured by two',
    );
  }, 60_000);

  it('to a git revision takes what was committed then', async () => {
    using repository = makeRepository();
    versions(repository, '', 'two');
    git(repository.folder, 'init', '-q');
    git(repository.folder, 'add', '-A');
    git(repository.folder, 'commit', '-q', '-m', 'two');
    git(repository.folder, 'tag', 'v2');
    versions(repository, '', 'one');
    repository.write('trees/life.yaml', tree('git:v2'));
    const { code, out, err } = await repository.run('play');
    expect([code, err], out).toEqual([0, '']);
  }, 60_000);

  it('to what is not there is told before anything is played', async () => {
    using repository = makeRepository();
    versions(repository, '', 'one');
    repository.write('trees/life.yaml', tree('../next'));
    const { code, err } = await repository.run('play');
    expect([code, err]).toEqual([
      1,
      "trees/life.yaml:7:19: upgrade: to: ../next: not found\n  Name a charm's folder or a .charm, relative to the " +
        "tree's file.\n",
    ]);
  });
});

describe('a resource', () => {
  it('may be a file beside the tree', async () => {
    using repository = makeRepository();
    const resources = 'resources: {seed: {type: file, filename: seed.txt, description: d}}\n';
    repository.write('metadata.yaml', `${METADATA}${resources}`);
    const reads = 'status-set active "$(cat "$(resource-get seed)")"';
    repository.write('hooks/install', hook(reads), 0o755);
    repository.write('trees/seeds/a.txt', 'hello');
    repository.write(
      'trees/life.yaml',
      'root: {resources: {seed: {file: seeds/a.txt}}}\nsteps:\n  - install: {expect: {message: hello}}\n',
    );
    const { code, out, err } = await repository.run('play');
    expect([code, err], out).toEqual([0, '']);
  }, 60_000);

  it('that is missing is told with its place', async () => {
    using repository = makeRepository();
    const resources = 'resources: {seed: {type: file, filename: seed.txt, description: d}}\n';
    repository.write('metadata.yaml', `${METADATA}${resources}`);
    repository.write(
      'trees/life.yaml',
      'root: {resources: {seed: {file: no.txt}}}\nsteps: [install]\n',
    );
    const { code, err } = await repository.run('play');
    expect([code, err]).toEqual([
      1,
      "trees/life.yaml:1:27: resource seed: no.txt: no such file\n  A resource's file is named relative to the tree's file.\n",
    ]);
  });
});
