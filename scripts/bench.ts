/**
 * `npm run bench`: what one dispatched event costs, beside ops.testing.Context.run for the same events of the same
 * charm in the same run. Sandbox on, nothing cached, one core where taskset is to be had. One `ratio` line a figure;
 * `ratio pull`, `push` and `replan`: requests over a container's socket, beside node:http sending back what it is sent.
 * `ratio layered`: a dispatch over a hundred nodes that each changed their machine, beside one over none.
 * `rate` lines say how many events of a small charm `playbill transition` plays in a second, and ops.testing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchLayered } from './bench/layered.ts';
import { benchOurs } from './bench/ours.ts';
import { benchPebble, type RequestName } from './bench/pebble.ts';
import { median } from './bench/measured.ts';
import { benchPeer } from './bench/peer.ts';
import { benchTransitions } from './bench/transitions.ts';

const PASSES = Number(process.argv[2] ?? 20);
const ROUNDS = 3;
const PINNED = 'PLAYBILL_BENCH_PINNED';

/** Runs this program again on one core. False when that cannot be had. */
function runPinned(): boolean {
  if (process.env[PINNED] !== undefined) return false;
  const argv = ['-c', '0', process.execPath, ...process.argv.slice(1)];
  const run = spawnSync('taskset', argv, {
    stdio: 'inherit',
    env: { ...process.env, [PINNED]: '1' },
  });
  if (run.error) return false;
  process.exitCode = run.status ?? 1;
  return true;
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'playbill-bench-'));
  const wall: number[] = [];
  const cpu: number[] = [];
  const rate: number[] = [];
  const peerRate: number[] = [];
  const layered: number[] = [];
  const asked: Readonly<Record<RequestName, number>>[] = [];
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const peer = await benchPeer(folder, PASSES * 5, 'board');
      const ours = await benchOurs(folder, PASSES);
      wall.push(ours.wallMs / peer.wallMs);
      cpu.push(ours.cpuMs / peer.cpuMs);
      rate.push(await benchTransitions(PASSES * 5));
      peerRate.push(1000 / (await benchPeer(folder, PASSES * 5, 'small')).wallMs);
      const { first, above } = await benchLayered(folder, PASSES * 3);
      layered.push(above / first);
      asked.push(await benchPebble(folder));
      console.log(
        `round ${round}: an event takes ${ours.wallMs.toFixed(2)} ms (CPU ${ours.cpuMs.toFixed(2)}), ` +
          `with ops.testing ${peer.wallMs.toFixed(2)} ms (CPU ${peer.cpuMs.toFixed(2)})`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`ratio event ${median(wall).toFixed(2)}`);
  console.log(`ratio event-cpu ${median(cpu).toFixed(2)}`);
  for (const name of ['pull', 'push', 'replan'] as const) {
    console.log(`ratio ${name} ${median(asked.map((one) => one[name])).toFixed(2)}`);
  }
  console.log(`ratio layered ${median(layered).toFixed(2)}`);
  console.log(`rate transition ${median(rate).toFixed(1)}`);
  console.log(`rate ops-testing ${median(peerRate).toFixed(1)}`);
}

if (!runPinned()) await bench();
