/** Trees whose machines begin with a root of their own, or with the host's. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Index, NodeRecord } from '../../src/engine/record/format.ts';
import { makeRepository, type Repository } from './repository.ts';

const INSTALL =
  '#!/bin/bash\ncat /etc/own && echo more >> /etc/own; mine; status-set active "$(cat /etc/own | wc -l)"\n';

function makeCharm(base: string): Repository {
  const repository = makeRepository();
  repository.write('metadata.yaml', 'name: tiny\nsummary: s\ndescription: d\n');
  repository.write('hooks/install', INSTALL, 0o755);
  repository.write(
    'trees/life.yaml',
    `title: Life\nroot: {machine: {base: ${base}}}\nsteps:\n- install\n`,
  );
  repository.write('roots/own/etc/own', 'one\n');
  repository.write('roots/own/usr/bin/mine', '#!/bin/sh\necho mine\n', 0o755);
  return repository;
}

function record({ folder }: Repository, id: string): NodeRecord {
  const text = readFileSync(join(folder, `records/${id}.json`), 'utf8');
  return JSON.parse(text) as NodeRecord;
}

describe('a tree that gives a machine its root', () => {
  it('is played over it, and a record tells which it was and what changed', async () => {
    using repository = makeCharm('{root: ../roots/own}');
    const { code, err } = await repository.run('play');
    expect([code, err]).toEqual([0, '']);
    const { state } = record(repository, 'life');
    expect(state?.machine.given).toMatchObject({ files: 2 });
    const install = record(repository, 'life/install');
    expect(JSON.stringify(install.entries)).toContain('mine');
    expect(install.changed.machine).toMatchObject([{ path: ['root', 'etc/own'] }]);
    expect(install.host).toBeUndefined();
    const again = await repository.run('play');
    expect(again.out).toMatch(/cache/);
    repository.write('roots/own/etc/own', 'one\ntwo\n');
    await repository.run('play');
    expect(JSON.stringify(record(repository, 'life/install').changed)).toContain('"3"');
  });

  it('has a mistake told where it names one that cannot be', async () => {
    using repository = makeCharm('{root: ../roots/none}');
    const { code, err } = await repository.run('play');
    expect(code).toBe(1);
    expect(err).toContain(
      'trees/life.yaml:2:18: machine: base: ../roots/none: no such folder or archive',
    );
  });
});

describe('a tree that gives a machine the host’s own files', () => {
  it('is marked wherever it was played, and publishes none of them', async () => {
    using repository = makeCharm('host');
    const hook =
      '#!/bin/bash\ncmp /etc/services /etc/services && wc -c < /etc/group; cat /etc/shadow | wc -l\n';
    repository.write('hooks/install', hook, 0o755);
    const { code, err } = await repository.run('play');
    expect([code, err]).toEqual([0, '']);
    const install = record(repository, 'life/install');
    expect(install.host).toBe(true);
    expect(JSON.stringify(install.entries)).toContain(`"${statSync('/etc/group').size}"`);
    const index = JSON.parse(
      readFileSync(join(repository.folder, 'records/index.json'), 'utf8'),
    ) as Index;
    expect(JSON.stringify(index)).toContain('"host":true');
    const { digest } = record(repository, 'life').state?.machine.given ?? {};
    const blobs = readdirSync(join(repository.folder, 'records'), { recursive: true }).map(String);
    expect(blobs.join()).not.toContain(digest?.replace('sha256:', '').slice(2));
  });
});
