/** The peer's figures: ops.testing runs the bench's events in our sandbox and prints what they cost. */
import type { Job } from '../../src/engine/model/dispatch.ts';
import { blobsOnDisk } from '../../src/engine/project/blobs-fs.ts';
import { join } from 'node:path';
import { limitsOf } from '../limits.ts';
import { openBenchStage, peerCharm, UNITS, type Which } from './charm.ts';
import type { Measured } from './measured.ts';

/** How many passes to count travels as the model's name, a variable any charm may read. */
function peerJob(passes: number, which: Which): Job {
  const charmDir = `/var/lib/juju/agents/unit-${UNITS[which].replace('/', '-')}/charm`;
  return {
    unit: UNITS[which],
    path: 'hooks/install',
    environment: { JUJU_CHARM_DIR: charmDir, JUJU_MODEL_NAME: String(passes), LANG: 'C.UTF-8' },
    channels: [],
    charmDir: {},
    folders: {},
    files: {},
    now: 0,
    seed: '0'.repeat(64),
    machine: {
      hostname: 'bench',
      cpus: 1,
      memoryMiB: 4096,
      kernel: { release: '6.8.0-41-generic', version: '#41-Ubuntu SMP' },
    },
    limits: limitsOf({ seconds: 600 }),
  };
}

/** Milliseconds per event, after one pass that is not counted. */
export async function benchPeer(folder: string, passes: number, which: Which): Promise<Measured> {
  const { prepared } = await peerCharm(folder, which);
  const lines: string[] = [];
  await using stage = await openBenchStage(prepared, folder, which);
  const listener = {
    ask: () => ({ end: { kind: 'stuck', on: 'the peer asks nothing' } as const }),
    line: (_stream: string, text: string) => void lines.push(text),
    traced: () => undefined,
  };
  const { end } = await stage.dispatch(
    peerJob(passes, which),
    listener,
    blobsOnDisk(join(folder, 'work')),
  );
  const last = lines.findLast((line) => line.startsWith('{'));
  if (end.kind !== 'exited' || end.code !== 0 || last === undefined) {
    throw new Error(`the peer ended with ${JSON.stringify(end)}:\n${lines.join('\n')}`);
  }
  const { wall, cpu } = JSON.parse(last) as { wall: number; cpu: number };
  return { wallMs: wall, cpuMs: cpu };
}
