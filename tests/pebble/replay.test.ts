/**
 * All that was recorded of a real Pebble, played by the recorder's own player against `playbill pebble --run`, a fresh
 * one for each scenario.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const PLAYBILL = join(import.meta.dirname, '../../bin/playbill.js');
const FOLDER = join(import.meta.dirname, 'transcripts');
const SERVER = [process.execPath, PLAYBILL, 'pebble']
  .map((word) => `'${word}'`)
  .concat('--socket {socket} --layers {layers} --root {root} --run')
  .join(' ');
/** They mostly wait. */
const AT_ONCE = '8';
/** Only the user who serves can connect. */
const SKIPPED = 'access-other-user (needs other-uid, which --cannot names)';

it('every recorded scenario is answered as it was', async () => {
  const args = ['--server', SERVER, '--container-root', '/scratch', '--jobs', AT_ONCE];
  const { stdout } = await promisify(execFile)('python3', [
    join(FOLDER, 'replay.py'),
    ...args,
    ...['--cannot', 'other-uid', FOLDER],
  ]).catch(({ stdout: said, stderr }: { stdout: string; stderr: string }) => ({
    stdout: `${said}${stderr}`,
  }));
  expect(stdout.trimEnd().split('\n')).toEqual([
    `1 skipped: ${SKIPPED}`,
    '70 passed, 0 failed; steps: 762 of 762 agree',
  ]);
}, 300_000);
