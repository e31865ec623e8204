/** What the command says under a Node that cannot run it, and that it runs under this one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const LAUNCHER = resolve(import.meta.dirname, '../../bin/playbill.js');
const PACKAGE = resolve(import.meta.dirname, '../../package.json');
const NEEDED = 24;

/** A Node of this machine that is older than needed: program and version. */
function olderNode(): { program: string; version: string } | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .map((program) => ({ program, found: spawnSync(program, ['--version'], { encoding: 'utf8' }) }))
    .map(({ program, found }) => ({ program, version: found.stdout?.trim().slice(1) ?? '' }))
    .find(({ version }) => version !== '' && Number.parseInt(version, 10) < NEEDED);
}

function disguised(version: string): string {
  const code = `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '${version}'}})`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

function refusal(version: string): string {
  return (
    `playbill needs Node 24 or newer and this is ${version}: ` +
    'run it through a newer Node, for example `npx -p node@24 -p playbill playbill`.\n'
  );
}

describe('the launcher', () => {
  it('tells an older Node in one sentence that it is too old', () => {
    const argv = ['--import', disguised('20.9.0'), LAUNCHER, '--version'];
    const run = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect([run.status, run.stdout, run.stderr]).toEqual([1, '', refusal('20.9.0')]);
  });

  const older = olderNode();
  it.skipIf(older === undefined)('says so under a Node of this machine that really is', () => {
    const { program = '', version = '' } = older ?? {};
    const run = spawnSync(program, [LAUNCHER, '--version'], { encoding: 'utf8' });
    expect([run.status, run.stdout, run.stderr]).toEqual([1, '', refusal(version)]);
  });

  it('starts the command under the Node that npm scripts have', () => {
    const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
    const said = execFileSync(process.execPath, [LAUNCHER, '--version'], { encoding: 'utf8' });
    expect(said).toBe(`${version}\n`);
  });
});
