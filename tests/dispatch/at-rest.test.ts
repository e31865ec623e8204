import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { atRest, type Watched } from '../../src/engine/dispatch/at-rest.ts';

let child: ChildProcess | undefined;
afterEach(async () => {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
});

async function watched(program: string, received = (): number => 0): Promise<Watched> {
  child = spawn('python3', ['-c', `print('up', flush=True)\n${program}`]);
  await once(child.stdout!, 'data');
  return { pid: child.pid!, received, over: () => false };
}

/** Whether it comes to rest within this long. */
async function rests(one: Watched, millis: number): Promise<boolean> {
  let rested = false;
  const over = (): boolean => rested;
  void atRest({ ...one, over }).then(() => (rested = true));
  await setTimeout(millis);
  const seen = rested;
  rested = true;
  return seen;
}

const WAITS = 'import sys; sys.stdin.read()';
/** Busy for a while, and over by itself: a grandchild outlives its parent. */
const BUSY = `import time
until = time.time() + 2
while time.time() < until: pass`;
const BUSY_CHILD = `import subprocess, sys
subprocess.run([sys.executable, '-c', '''${BUSY}'''])`;
const BUSY_THREAD = `import threading
def run():
    while True: pass
threading.Thread(target=run, daemon=True).start()
threading.Event().wait(10)`;

it('a process that waits is at rest', async () => {
  expect(await rests(await watched(WAITS), 2000)).toBe(true);
});

it.each([
  ['a thread of it', BUSY_THREAD],
  ['a child of it', BUSY_CHILD],
])('a process is not at rest while %s is busy', async (_, program) => {
  const process = await watched(program);
  await setTimeout(300);
  expect(await rests(process, 300)).toBe(false);
});

it('a process from which something still comes is not at rest', async () => {
  let bytes = 0;
  expect(await rests(await watched(WAITS, () => (bytes += 1)), 300)).toBe(false);
});

it('patience with a busy process comes to an end', async () => {
  const process = await watched('while True: pass');
  await atRest(process, 50);
  expect(child?.exitCode).toBeNull();
});
