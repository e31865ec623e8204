/** Python charms that mean harm, in a fork of the interpreter that waits. */
import type { Play } from './play-as.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endure, forks, leaveHost, MARKS, prepareHost, TOKEN, users } from './hostile-rig.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

describe.each(users)('in a fork of the interpreter, played by %s', (user) => {
  it('a charm has no descriptor, no right and no memory of the server', async () => {
    const { end, lines } = await endure(
      user,
      forks(`
import ctypes, fcntl
libc = ctypes.CDLL(None, use_errno=True)
for fd in range(3, 4096):
  try:
      os.fstat(fd); print('open', fd, os.readlink(f'/proc/self/fd/{fd}'))
  except OSError:
      pass
calls = {
'mount': libc.mount(b'none', b'/mnt', b'tmpfs', 0, None), 'remount': libc.mount(None, b'/usr', None, 32 | 4096, None),
'umount': libc.umount2(b'/run', 2), 'chroot': libc.chroot(b'/tmp'), 'hostname': libc.sethostname(b'x', 1),
'ptrace': libc.ptrace(16, 1, 0, 0), 'setns': libc.setns(os.open('/proc/self/ns/mnt', os.O_RDONLY), 0),
'nice': libc.setpriority(0, 1, -5), 'capbset': libc.prctl(24, 0, 0, 0, 0),
}
print({name: value for name, value in calls.items() if value != -1})
import resource
for what in (resource.RLIMIT_NPROC, resource.RLIMIT_DATA):
  try:
      resource.setrlimit(what, (1 << 40, 1 << 40)); print('limit raised')
  except (ValueError, OSError):
      pass
try:
  open('/proc/1/mem', 'rb'); print('memory')
except OSError:
  pass
try:
  print(os.kill(1, 9), 'kill')
except OSError:
  pass`),
    );
    expect(end).toEqual({ kind: 'exited', code: 0 });
    expect(lines).toEqual(['stdout: {}', 'stdout: None kill']);
  });

  it('a charm that kills, forks, loops, prints or leaves children ends as any other', async () => {
    const ends: [string, Play['events'][0]['limits'], unknown][] = [
      [
        'try:\n    os.kill(-1, 9)\nexcept OSError:\n    pass\nos.kill(os.getpid(), 9)',
        {},
        { kind: 'killed', signal: 'SIGKILL' },
      ],
      [
        'while True:\n    try:\n        os.fork()\n    except OSError:\n        pass',
        { processes: 40, seconds: 10 },
        { kind: 'limit', of: 'processes', allowed: '40' },
      ],
      [
        'import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass',
        { seconds: 1 },
        { kind: 'limit', of: 'time', allowed: '1 s' },
      ],
      [
        'while True: print("x" * 1000)',
        { output: 50_000 },
        { kind: 'limit', of: 'output', allowed: '50000 bytes' },
      ],
      [
        'x = []\ntry:\n    while True: x.append(bytearray(1000000))\nexcept MemoryError:\n    os._exit(4)',
        { memory: 200 << 20 },
        { kind: 'exited', code: 4 },
      ],
      [
        `for i in range(3):\n    if os.fork() == 0:\n        os.setsid(); os.execv('/usr/bin/sleep', ['sleep', '1000', '${TOKEN}'][:2] + ['0'])\nos._exit(0)`,
        {},
        { kind: 'exited', code: 0 },
      ],
      ['import ctypes\nctypes.string_at(0)', {}, { kind: 'killed', signal: 'SIGSEGV' }],
      [
        'import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nimport gc\nos.write(1, b"")\nos.close(0); os.close(1); os.close(2); os._exit(5)',
        {},
        { kind: 'exited', code: 5 },
      ],
    ];
    for (const [text, limits, end] of ends) {
      expect((await endure(user, forks(text), limits)).end).toEqual(end);
    }
  });

  it('a library that hangs, or ends the interpreter, when it is imported is one event’s matter', async () => {
    const hangs: Record<string, string> = {
      ...forks(''),
      'lib/evil.py': 'while True:\n    pass\n',
    };
    const [first] = hangs['src/charm.py']?.split('import os') ?? [];
    const early = {
      ...hangs,
      'src/charm.py': `${first}import os\nif os.environ['JUJU_DISPATCH_PATH'] == 'hooks/install':\n    import evil\n${forks('')['src/charm.py']}`,
    };
    expect((await endure(user, early, { seconds: 1 })).end).toMatchObject({ of: 'time' });
    const ends = {
      ...early,
      'lib/evil.py': 'import os\nif os.getpid() == 1:\n    os._exit(0)\n',
    };
    expect((await endure(user, ends)).end).toEqual({ kind: 'exited', code: 0 });
  });

  it('a library that does harm while it is imported does it in the sandbox', async () => {
    const { end } = await endure(user, {
      ...forks('import evil'),
      'lib/evil.py': `import os\nfor path in ${JSON.stringify(MARKS)}:\n    try:\n        open(path, 'w')\n    except OSError:\n        pass\nos.system('kill -9 -1; mount -o remount,rw /usr')\n`,
    });
    expect(end).toMatchObject({ kind: 'killed' });
  });
});
