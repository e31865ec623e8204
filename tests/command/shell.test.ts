/** `playbill shell`: what somebody types into the sandbox of a node. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepository, type Repository } from './repository.ts';

const PROGRAM = resolve(import.meta.dirname, '../../bin/playbill.js');
const TREE = `title: Life
root: {use: leader, config: {slug: hello}, relations: {db: {app: pg, units: {0: {}}}}}
steps:
- install
- config-changed
- upgrade: {to: ../next, as: next}
`;

function makeCharm(): Repository {
  const repository = makeRepository();
  const requires = 'requires: {db: {interface: pg}}\n';
  const options = 'options: {slug: {type: string, default: none}}\n';
  for (const [folder, word] of [
    ['.', 'first'],
    ['next', 'second'],
  ]) {
    repository.write(
      `${folder}/metadata.yaml`,
      `name: tiny\nsummary: s\ndescription: d\n${requires}`,
    );
    repository.write(`${folder}/config.yaml`, options);
    repository.write(`${folder}/hooks/install`, `#!/bin/bash\necho ${word} > left\n`, 0o755);
    repository.write(`${folder}/word`, `the ${word} charm\n`);
  }
  repository.write('trees/life.yaml', TREE);
  return repository;
}

/** What the terminal showed, and the exit code, of a shell that these lines were typed into. */
function typed(
  { folder }: Repository,
  lines: readonly string[],
  argv: readonly string[],
): Promise<{ shown: string; told: string; code: number | null }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [PROGRAM, 'shell', ...argv], { cwd: folder });
    let [shown, told] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (shown += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (told += bytes.toString()));
    child.on('close', (code) => done({ shown, told, code }));
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  });
}

describe('playbill shell', () => {
  it('stands in the charm directory as the node left it, and hook commands answer', async () => {
    using repository = makeCharm();
    const lines = ['echo "<$(pwd) $(cat left) $(config-get slug)>"', 'exit 7'];
    const { shown, told, code } = await typed(repository, lines, ['life/install']);
    expect(shown).toContain('</var/lib/juju/agents/unit-tiny-0/charm first hello>');
    expect(told).toContain('tiny/0 at life/install, in the context of update-status.');
    expect(code).toBe(7);
  });

  it('has the context of the event that was asked for', async () => {
    using repository = makeCharm();
    const lines = ['echo "<$JUJU_HOOK_NAME $JUJU_REMOTE_APP $(relation-ids db)>"'];
    const argv = ['life/install', '--event', 'db-relation-changed'];
    const { shown, code } = await typed(repository, lines, argv);
    expect(shown).toMatch(/<db-relation-changed pg db:\d+>/u);
    expect(code).toBe(0);
  });

  it('keeps nothing of what was done', async () => {
    using repository = makeCharm();
    await typed(repository, ['rm left; status-set blocked oh'], ['life/install']);
    const { shown } = await typed(
      repository,
      ['echo "<$(cat left) $(status-get)>"'],
      ['life/install'],
    );
    expect(shown).toMatch(/<first (?!blocked)\w+>/u);
  });

  it('has the charm that the node was upgraded to', async () => {
    using repository = makeCharm();
    const { shown } = await typed(repository, ['echo "<$(cat word)>"'], ['life/next']);
    expect(shown).toContain('<the second charm>');
  });

  it('says which events there are when there is none of that name', async () => {
    using repository = makeCharm();
    const argv = ['life/install', '--event', 'db-relation-chnged'];
    const { told, code } = await typed(repository, [], argv);
    expect([code, told.includes('db-relation-chnged')]).toEqual([1, true]);
    expect(told).not.toContain('    at ');
  });
});
