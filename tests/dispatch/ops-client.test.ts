import { expect, it } from 'vitest';
import { PROGRAMS } from '../pebble/exec-programs.ts';
import { OPS_CLIENT_SCRIPTS } from '../pebble/ops-client-scripts.ts';
import { openContainerRig } from './container-rig.ts';

/** The recorder's script, with its socket and its folder in place. */
function inCharm(text: string): string {
  return text
    .replace(/^SOCKET = .*$/m, "SOCKET = '/charm/containers/web/pebble.socket'")
    .replace(/^ROOT = .*$/m, "ROOT = '/scratch'");
}

it.each(OPS_CLIENT_SCRIPTS)(
  'ops’ own client is answered in a charm as it was by a real Pebble, call by call: $name',
  async ({ text, calls, recorded }) => {
    const bad = { exits: 3, after: 0, slow: 0, output: 'broken\n' };
    await using rig = await openContainerRig({ client: inCharm(text) }, (container) => ({
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
    expect(recorded).toHaveLength(calls);
    expect(JSON.parse(printed.join('\n'))).toEqual(recorded);
  },
  60_000,
);
