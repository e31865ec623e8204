/** An answer may be the dispatch's end: a reboot, a machine that dies, a wait that nothing ends. */
import { describe, expect, it } from 'vitest';
import type { End } from '../../src/engine/model/outcome.ts';
import {
  DISPATCH,
  bash,
  jobFor,
  openRig,
  pythonWith,
  type Answers,
  type Files,
  type RigOptions,
} from './rig.ts';

const install = jobFor('hooks/install');
const ends: End[] = [
  { kind: 'rebooted' },
  { kind: 'died', at: 'juju-reboot' },
  { kind: 'stuck', on: 'a lock' },
];

/** Another process of the charm prints, asks and traps signals, without end, when the end comes. */
const NOISE = "trap '' TERM HUP INT; while :; do echo noise; is-leader; echo x >> noise; done";
const shell = bash(
  `echo before; echo kept > kept; printf half; bash -c "${NOISE}" >/dev/null 2>&1 &
juju-reboot --now; echo "after $?"; echo lost > lost`,
);
const python: Files = {
  dispatch: DISPATCH,
  'src/charm.py': `#!/usr/bin/env python3
import atexit, subprocess, threading
print('before', flush=True)
open('kept', 'w').write('kept')
atexit.register(print, 'at exit')
def ask():
    while True:
        subprocess.run(['is-leader'])
threading.Thread(target=ask).start()
print('half', end='', flush=True)
try:
    subprocess.run(['juju-reboot', '--now'])
finally:
    print('after')
    open('lost', 'w').write('lost')
`,
};
const kinds: [string, Files, RigOptions][] = [
  ['a shell charm', shell, {}],
  ['a forked Python charm', python, { main: 'src/charm.py', python: pythonWith() }],
  [
    'a Python charm in an interpreter of its own',
    python,
    { main: 'src/charm.py', python: pythonWith(), freshInterpreter: true },
  ],
];

describe.each(kinds)('%s is killed by an answer that ends it', (_, files, options) => {
  it.each(ends)('as $kind, with what it did by then and nothing after it', async (end) => {
    const answers: Answers = (request) =>
      request.kind === 'commands' && request.argv[0] === 'juju-reboot' ? { end } : {};
    await using rig = await openRig(files, options);
    const { ended, heard } = await rig.play(install, answers);
    expect(ended.end).toEqual(end);
    expect(heard.lines).toEqual(['stdout: before', 'stdout: half']);
    expect(heard.order.filter((what) => what !== 'is-leader').at(-1)).toBe('stdout: half');
    expect(heard.order).toContain('juju-reboot --now');
    expect(Object.keys(ended.charmDir).filter((path) => path !== 'noise')).toEqual(['kept']);
    expect((await rig.play(install, () => ({ end }))).ended.end).toEqual(end);
  });

  it('and asks nothing more once it has been told', async () => {
    await using rig = await openRig(files, options);
    let over = false;
    let late = 0;
    const answers: Answers = (request) => {
      if (over) late += 1;
      if (request.kind !== 'commands' || request.argv[0] !== 'juju-reboot') return {};
      over = true;
      return { end: { kind: 'rebooted' } };
    };
    await rig.play(install, answers);
    expect({ over, late }).toEqual({ over: true, late: 0 });
  });
});

it('what an event asked and did not wait for is not taken for the next one’s', async () => {
  const ask = `perl -e '
    my $body = pack "(N/a*)*", "command", $ENV{JUJU_CONTEXT_ID}, "/", "-", "", "is-leader";
    for (1 .. 40) {
      socket($s[$_], 1, 1, 0); connect($s[$_], pack "Sa*", 1, $ENV{JUJU_AGENT_SOCKET_ADDRESS});
      syswrite $s[$_], pack "N/a*", $body;
    }'`;
  await using rig = await openRig({
    'hooks/install': `#!/bin/bash\n${ask}\n`,
    'hooks/start': '#!/bin/bash\nconfig-get\n',
  });
  for (let time = 0; time < 10; time += 1) {
    await rig.play(install);
    const { ended, heard } = await rig.play(jobFor('hooks/start'));
    expect(ended.end).toEqual({ kind: 'exited', code: 0 });
    expect(heard.order).toEqual(['config-get']);
  }
});
