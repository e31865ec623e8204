import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DISPATCH, jobFor, openRig, pythonWith, type Files } from './rig.ts';

const python = pythonWith();
const main = 'src/charm.py';

function charm(text: string, more: Files = {}): Files {
  return { dispatch: DISPATCH, [main]: `#!/usr/bin/env python3\n${text}\n`, ...more };
}

it('what a charm does in its rehearsal is in no event: not asked, printed, written or known', async () => {
  const text = `
import json, os, pathlib, subprocess
import known
print('runs', known.count())
subprocess.run(['juju-log', 'played'])
config = subprocess.run(['config-get', '--format=json'], capture_output=True, text=True).stdout
for folder in ('.', '/tmp', '/var/tmp', '/run', '/dev/shm'):
    file = pathlib.Path(folder, 'played')
    print(folder, file.exists())
    file.write_text(config)
`;
  const lib = 'seen = []\ndef count():\n    seen.append(1)\n    return len(seen)\n';
  await using rig = await openRig(charm(text, { 'lib/known.py': lib }), { main, python });
  for (const hook of ['install', 'start']) {
    const { ended, heard } = await rig.play(jobFor(`hooks/${hook}`), (request) => ({
      out: request.kind === 'commands' && request.argv[0] === 'config-get' ? '{}' : '',
    }));
    expect(ended.end).toEqual({ kind: 'exited', code: 0 });
    expect(heard.order).toEqual([
      'juju-log played',
      'config-get --format=json',
      'stdout: runs 1',
      'stdout: . False',
      'stdout: /tmp False',
      'stdout: /var/tmp False',
      'stdout: /run False',
      'stdout: /dev/shm False',
    ]);
  }
});

it.each([
  ['never ends', 'while True: pass'],
  ['ends at once', 'os._exit(3)'],
  ['kills what it can', 'os.kill(-1, signal.SIGKILL)'],
  ['leaves a process behind', 'os.fork() or time.sleep(1000)'],
  [
    'has types without proper names',
    'x = type("T", (), {"__module__": 3, "__init__": lambda s: 0})()',
  ],
  ['stops what watches it', 'sys.setprofile(None)'],
])('a charm that in its rehearsal %s is played as any other', async (_, what) => {
  const text = `
import os, signal, sys, time
if os.environ['JUJU_CONTEXT_ID'] == 'rehearsal':
    ${what}
print('played')
`;
  await using rig = await openRig(charm(text), { main, python });
  const { ended, heard } = await rig.play(jobFor('hooks/install'));
  expect(ended.end).toEqual({ kind: 'exited', code: 0 });
  expect(heard.lines).toEqual(['stdout: played']);
});

it('a charm that in its rehearsal forks without end gets no further than an event would', async () => {
  const text = `
import os
while os.environ['JUJU_CONTEXT_ID'] == 'rehearsal':
    try:
        os.fork()
    except OSError:
        pass
print('played')
`;
  const processes = (): number => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  const before = processes();
  let most = before;
  const counting = setInterval(() => (most = Math.max(most, processes())), 50);
  await using rig = await openRig(charm(text), { main, python });
  const { heard } = await rig.play(jobFor('hooks/install'));
  clearInterval(counting);
  expect(heard.lines).toEqual(['stdout: played']);
  expect(most - before).toBeLessThan(1000);
});

it('what libraries want done in a fork is not done: the charm’s own interpreter has never forked', async () => {
  const lib =
    'import os\nforks = []\nos.register_at_fork(after_in_child=lambda: forks.append(1))\n';
  const text = `
import os, threading
import forking
print(forking.forks, threading.main_thread().native_id == os.getpid(), threading.active_count())
threading.Thread(target=print, args=['in a thread']).start()
os.fork() or os._exit(0)
os.wait()
print(forking.forks)
`;
  for (const freshInterpreter of [false, true]) {
    await using rig = await openRig(charm(text, { 'lib/forking.py': lib }), {
      main,
      python,
      freshInterpreter,
    });
    const { heard } = await rig.play(jobFor('hooks/install'));
    expect(heard.lines).toEqual(['stdout: [] True 1', 'stdout: in a thread', 'stdout: []']);
  }
});
