/** What layers add to a dispatch: a hook that changes its machine, a hundred times over what the one before it left. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStage } from '../../src/engine/dispatch/open-stage.ts';
import type { Changes } from '../../src/engine/files/tree.ts';
import type { Job } from '../../src/engine/model/dispatch.ts';
import { memoryBlobs } from '../memory-blobs.ts';

const DEPTH = 100;
const HOOK = `#!/bin/bash
echo line >> /etc/app.conf; mkdir -p /var/lib/app
echo x > /var/lib/app/$(wc -l < /etc/app.conf); cat /etc/app.conf > /dev/null
`;

const JOB: Job = {
  unit: 'app/0',
  path: 'hooks/install',
  environment: { LANG: 'C.UTF-8' },
  channels: [],
  charmDir: {},
  folders: {},
  files: {},
  now: 0,
  seed: '00',
  machine: {
    hostname: 'juju-app-0',
    cpus: 1,
    memoryMiB: 1024,
    kernel: { release: '6.8.0-41-generic', version: '#41-Ubuntu SMP' },
  },
  limits: {
    ...{ seconds: 60, memory: 1 << 30, processes: 200, output: 1 << 20, calls: 1000 },
    files: 64 << 20,
  },
};

function middle(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** Milliseconds of a dispatch: the middle one of those over a root as it began, and of those on top of many. */
export async function benchLayered(
  folder: string,
  rounds: number,
): Promise<{ first: number; above: number }> {
  const source = join(folder, 'layered');
  mkdirSync(join(source, 'hooks'), { recursive: true });
  writeFileSync(join(source, 'hooks/install'), HOOK, { mode: 0o755 });
  await using stage = await openStage({
    prepared: { folder: source, digest: '', main: null, python: null },
    unit: 'app/0',
    workFolder: join(folder, 'layered-stage'),
    sandbox: 'namespaces',
    machineCommands: [],
    containers: [],
  });
  const blobs = memoryBlobs();
  const listener = { ask: () => ({ end: { kind: 'missing' as const } }), line() {}, traced() {} };
  const play = async (root: Changes): Promise<{ ms: number; root: Changes }> => {
    const began = performance.now();
    const ended = await stage.dispatch({ ...JOB, root }, listener, blobs);
    if (ended.end.kind !== 'exited' || ended.end.code !== 0) throw new Error(ended.reason);
    return { ms: performance.now() - began, root: ended.root ?? {} };
  };
  let root: Changes = {};
  for (let node = 0; node < DEPTH; node += 1) ({ root } = await play(root));
  const first: number[] = [];
  const above: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    first.push((await play({})).ms);
    above.push((await play(root)).ms);
  }
  return { first: middle(first), above: middle(above) };
}
