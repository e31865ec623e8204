/** ops' own client, at a socket that `playbill pebble` serves, beside what a real Pebble told it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { pythonWith } from '../dispatch/rig.ts';
import { serve } from './served.ts';

const FOLDER = new URL('./transcripts/', import.meta.url);
const CALLS = 95;

it('ops’ own client is answered on a served socket as by a real Pebble, call by call', async () => {
  const { executable, packages } = pythonWith('ops==3.9.0');
  const { socket } = await serve('--run');
  const script = fileURLToPath(new URL('ops_client.py', FOLDER));
  const { stdout } = await promisify(execFile)(executable, [script, socket, '/scratch'], {
    env: { PYTHONPATH: packages ?? '', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const text = readFileSync(new URL('ops_client.expected.json', FOLDER), 'utf8');
  const recorded = JSON.parse(text) as readonly unknown[];
  expect(recorded).toHaveLength(CALLS);
  expect(JSON.parse(stdout)).toEqual(recorded);
}, 120_000);
