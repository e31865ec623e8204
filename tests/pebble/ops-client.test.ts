/** ops' own client, at a socket that `playbill pebble` serves, beside what a real Pebble told it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { pythonWith } from '../dispatch/rig.ts';
import { temporary } from '../project/temporary.ts';
import { OPS_CLIENT_SCRIPTS } from './ops-client-scripts.ts';
import { serve } from './served.ts';

it.each(OPS_CLIENT_SCRIPTS)(
  'ops’ own client is answered on a served socket as by a real Pebble, call by call: $name',
  async ({ text, calls, recorded }) => {
    const { executable, packages } = pythonWith('ops==3.9.0');
    const { socket } = await serve('--run');
    const script = join(temporary({ 'client.py': text }), 'client.py');
    const { stdout } = await promisify(execFile)(executable, [script, socket, '/scratch'], {
      env: { PYTHONPATH: packages ?? '', PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(recorded).toHaveLength(calls);
    expect(JSON.parse(stdout)).toEqual(recorded);
  },
  120_000,
);
