import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PROGRAMS } from '../pebble/exec-programs.ts';
import { openContainerRig } from './container-rig.ts';

const FOLDER = new URL('../pebble/transcripts/', import.meta.url);
const CALLS = 95;

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** The recorder's script, which names its socket and its folder in arguments. */
const SCRIPT = read('ops_client.py')
  .replace(/^SOCKET = .*$/m, "SOCKET = '/charm/containers/web/pebble.socket'")
  .replace(/^ROOT = .*$/m, "ROOT = '/scratch'");

it('ops’ own client is answered in a charm as it was by a real Pebble, call by call', async () => {
  const bad = { exits: 3, after: 0, slow: 0, output: 'broken\n' };
  await using rig = await openContainerRig({ client: SCRIPT }, (container) => ({
    ...container,
    execs: PROGRAMS,
    programs: { bad },
  }));
  const { outcome, unmet, entries } = await rig.play('client');
  expect(outcome).toEqual({ kind: 'played' });
  expect(unmet).toEqual([]);
  const printed = entries.flatMap((entry) =>
    entry.kind === 'log' && entry.from === 'stdout' ? [entry.message] : [],
  );
  const recorded = JSON.parse(read('ops_client.expected.json')) as readonly unknown[];
  expect(recorded).toHaveLength(CALLS);
  expect(JSON.parse(printed.join('\n'))).toEqual(recorded);
}, 60_000);
