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
/** Calls whose recorded answer ends in the words of Go's YAML scanner. */
const WORDED = 1;
type Called = {
  readonly call: string;
  readonly exception?: { readonly message: string };
};

it('ops’ own client is answered on a served socket as by a real Pebble, call by call', async () => {
  const { executable, packages } = pythonWith('ops==3.9.0');
  const { socket } = await serve('--run');
  const script = fileURLToPath(new URL('ops_client.py', FOLDER));
  const { stdout } = await promisify(execFile)(executable, [script, socket, '/scratch'], {
    env: { PYTHONPATH: packages ?? '', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const called = JSON.parse(stdout) as readonly Called[];
  const text = readFileSync(new URL('ops_client.expected.json', FOLDER), 'utf8');
  const recorded = JSON.parse(text) as readonly Called[];
  expect(recorded).toHaveLength(CALLS);
  expect(called.map(({ call }) => call)).toEqual(recorded.map(({ call }) => call));
  const beforeYaml = (one: Called): string | undefined =>
    one.exception?.message.replace(/(yaml: line \d+:).*/, '$1');
  const otherwise = called.filter(
    (one, index) => JSON.stringify(one) !== JSON.stringify(recorded[index]),
  );
  expect(otherwise).toHaveLength(WORDED);
  for (const one of otherwise) {
    const own = recorded.find(({ call }) => call === one.call);
    expect(beforeYaml(one)).toBe(own && beforeYaml(own));
    expect(beforeYaml(one)).toContain('yaml: line');
  }
}, 120_000);
