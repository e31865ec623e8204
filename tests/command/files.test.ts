/** `playbill files`: what a node left behind, as a folder. */
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepository, type Repository } from './repository.ts';

const INSTALL = `#!/bin/bash
mkdir -p notes && echo one > notes/one && ln -s /etc/passwd notes/link && rm version
install -m 4755 /dev/null tool
status-set maintenance
`;
const START = '#!/bin/bash\necho two > notes/one\nstatus-set active\n';
const CONTAINERS = 'containers: {web: {}}\nassumes: [k8s-api]\n';
const TREE = `title: Life
root: {use: leader, containers: {web: {files: {/etc/motd: "hello\\n"}}}}
steps:
- install
- config-changed
- start: {as: up}
`;

function makeCharm(): Repository {
  const repository = makeRepository();
  repository.write('metadata.yaml', `name: tiny\nsummary: s\ndescription: d\n${CONTAINERS}`);
  repository.write('version', '1\n');
  repository.write('hooks/install', INSTALL, 0o755);
  repository.write('hooks/start', START, 0o755);
  repository.write('trees/life.yaml', TREE);
  return repository;
}

describe('playbill files', () => {
  it('writes the charm directory and the containers as the node left them', async () => {
    using repository = makeCharm();
    const { code, out, err } = await repository.run('files', 'life/install');
    expect([code, err]).toEqual([0, '']);
    const folder = out.trim();
    expect(folder).toBe(join(repository.folder, '.playbill/files/life.install'));
    const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
    expect(read('charm/notes/one')).toBe('one\n');
    expect(existsSync(join(folder, 'charm/version'))).toBe(false);
    expect(read('containers/web/etc/motd')).toBe('hello\n');
    expect(existsSync(join(repository.folder, 'records'))).toBe(false);
  });

  it('keeps links as links, and gives nobody a setuid file', async () => {
    using repository = makeCharm();
    const { out } = await repository.run('files', 'life/install');
    expect(readlinkSync(join(out.trim(), 'charm/notes/link'))).toBe('/etc/passwd');
    expect(lstatSync(join(out.trim(), 'charm/tool')).mode & 0o7777).toBe(0o755);
  });

  it('replaces what an earlier look left in its own folder, and nothing elsewhere', async () => {
    using repository = makeCharm();
    await repository.run('files', 'life/up');
    const { out, err } = await repository.run('files', 'life/up');
    expect(err).toBe('');
    expect(readFileSync(join(out.trim(), 'charm/notes/one'), 'utf8')).toBe('two\n');
    repository.write('mine/kept', 'kept\n');
    const refused = await repository.run('files', 'life/up', '--out', 'mine');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('is there already\n  Remove it, or name another folder');
    expect(repository.read('mine/kept')).toBe('kept\n');
  });

  it('names the nearest node when there is none of that id', async () => {
    using repository = makeCharm();
    const { code, err } = await repository.run('files', 'life/instal');
    expect([code, err]).toEqual([
      1,
      'there is no node life/instal\n  did you mean life/install?\n',
    ]);
  });
});
