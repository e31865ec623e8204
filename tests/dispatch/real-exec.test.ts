import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dispatched } from '../../src/engine/play/dispatch-event.ts';
import { openContainerRig, saidIn, type ContainerRig } from './container-rig.ts';

const SCRIPTS = {
  output: `
say(client.exec(['sh', '-c', 'echo out; echo err >&2']).wait_output())
say(client.exec(['sh', '-c', 'echo out; echo err >&2'], combine_stderr=True).wait_output())
say(caught(lambda: client.exec(['sh', '-c', 'exit 7']).wait_output()))
say(client.exec(['grep', 'b'], stdin='a\\nb\\n').wait_output())
say(client.exec(['python3', '-c', 'print(6 * 7)']).wait_output())
say(caught(client.exec, ['no-such-binary']))`,
} as const;

let rig: ContainerRig;
beforeAll(async () => {
  rig = await openContainerRig(SCRIPTS, (container) => ({
    ...container,
    execs: [{ command: { like: '' }, run: 'real' }],
  }));
}, 60_000);
afterAll(() => rig[Symbol.asyncDispose]());

async function play(name: keyof typeof SCRIPTS): Promise<Dispatched> {
  const played = await rig.play(name);
  expect(played.outcome, JSON.stringify(played.entries.slice(-3))).toEqual({ kind: 'played' });
  return played;
}

describe('a program is really run', () => {
  it('and the charm has what it prints', async () => {
    expect(saidIn(await play('output'))).toEqual([
      [['out\n', 'err\n']],
      [['out\nerr\n', null]],
      [expect.objectContaining({ error: 'ExecError', exit_code: 7 })],
      [['b\n', '']],
      [['42\n', '']],
      [expect.objectContaining({ code: 400, message: 'cannot find executable "no-such-binary"' })],
    ]);
  });
});
