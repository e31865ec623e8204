/** Simulated processes of a machine, as a charm sees them while an event lasts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  endure,
  forks,
  hooks,
  leaveHost,
  playAs,
  prepareHost,
  processesWith,
  TOKEN,
  users,
} from './hostile-rig.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

const DAEMON = { pid: 4001, argv: ['/usr/bin/tinyproxy', '-c', '/etc/a b'], user: 'www-data' };
const OTHER = { pid: 4007, argv: ['sshd: /usr/sbin/sshd', '-D'], user: 'root' };
const DONE = { kind: 'exited', code: 0 };

async function played(user: string, script: string, more: object = {}) {
  const events = [{ path: 'hooks/install' }];
  const processes = [DAEMON, OTHER];
  const [one] = await playAs(user, { files: hooks(script), events, processes, ...more });
  return { lines: [], signals: [], left: [], ...one };
}

/** The same by Python in the process that the interpreter forks. */
async function forked(user: string, text: string) {
  const [one] = await playAs(user, {
    files: forks(text),
    events: [{ path: 'hooks/install' }],
    processes: [DAEMON, OTHER],
    python: true,
  });
  return { lines: [], signals: [], ...one };
}

describe.each(users)('played by %s', (user) => {
  it('is there for ps, pgrep, pidof and /proc', async () => {
    const { lines, end } = await played(
      user,
      `kill -0 4001 && kill -0 4007 || exit 5
kill -0 4002 2>/dev/null && exit 6
pgrep -x tinyproxy; pgrep -f 'a b'; pidof tinyproxy; tr '\\0' '|' < /proc/4001/cmdline; echo
ps -o pid=,ppid=,comm=,args= -p 4001,4007; cat /proc/4007/comm
ls /proc/4001/fd /proc/4001/root/ 2>&1 | grep -c denied; cat /proc/4001/mem 2>&1 | grep -c denied`,
    );
    expect(end).toEqual(DONE);
    expect(lines.map((line) => line.replace(/^stdout: */, '').replace(/ +/g, ' '))).toEqual([
      '4001',
      '4001',
      '4001',
      '/usr/bin/tinyproxy|-c|/etc/a b|',
      '4001 1 tinyproxy /usr/bin/tinyproxy -c /etc/a b',
      '4007 1 sshd sshd: /usr/sbin/sshd -D',
      'sshd',
      '2',
      '1',
    ]);
  });

  it('belongs to its user where there are ids for it, and to root where there is one', async () => {
    const { lines, rungs = [] } = await played(user, 'stat -c %u /proc/4001 /proc/4007');
    const single = rungs.some((rung) => rung.startsWith('ids:'));
    expect(lines).toEqual([`stdout: ${single ? 0 : 33}`, 'stdout: 0']);
  });

  it('has ended once a deadly signal was sent, and lives on after another', async () => {
    const { lines, signals, end } = await played(
      user,
      `for i in 1 2 3; do kill -USR1 4001 && kill -0 4001 || exit 3; done
kill 4001 || exit 4; kill -0 4001 2>/dev/null && exit 5; kill 4001 2>/dev/null && exit 6; test -e /proc/4001 && exit 7
pgrep tinyproxy && exit 8; kill -9 4007 && ! kill -0 4007 2>/dev/null`,
    );
    expect({ lines, end }).toEqual({ lines: [], end: DONE });
    const usr = ['4001 SIGUSR1', '4001 SIGUSR1', '4001 SIGUSR1'];
    expect(signals).toEqual([...usr, '4001 SIGTERM', '4007 SIGKILL']);
  });

  it('is reached by whatever sends a signal', async () => {
    const { signals, lines, end } = await played(
      user,
      `pkill -HUP tinyproxy; killall -USR1 tinyproxy; /bin/kill -USR2 4001; kill -s HUP -- -4001
perl -e 'kill("USR1", 4001) == 1 or exit 3' || exit 3
python3 - <<'END'
import os, signal, ctypes
signal.pidfd_send_signal(os.pidfd_open(4001), signal.SIGUSR2)
libc = ctypes.CDLL(None, use_errno=True)
assert libc.syscall(234, 4001, 4001, 1) == 0 and libc.syscall(200, 4001, 12) == 0
class Value(ctypes.Union):
    _fields_ = [('one', ctypes.c_int), ('other', ctypes.c_void_p)]
libc.sigqueue.argtypes = (ctypes.c_int, ctypes.c_int, Value)
assert libc.sigqueue(4001, 10, Value(0)) == 0
assert libc.kill(4001, 99) == -1 and ctypes.get_errno() == 22
END`,
    );
    expect({ lines, end }).toEqual({ lines: [], end: DONE });
    expect(signals.map((one) => one.replace('4001 SIG', ''))).toEqual([
      'HUP',
      'USR1',
      'USR2',
      'HUP',
      'USR1',
      'USR2',
      'HUP',
      'USR2',
      'USR1',
    ]);
  });

  it('is there for Python in a fork as well, and is gone at once', async () => {
    const { lines, signals } = await forked(
      user,
      `import os, signal
os.kill(4001, 0); os.kill(4001, signal.SIGUSR1); os.kill(4001, signal.SIGTERM)
try:
    os.kill(4001, 0)
except ProcessLookupError:
    print('gone')
os.kill(4007, 0)
child = os.fork()
if child == 0:
    while True: signal.pause()
os.kill(child, signal.SIGKILL)
print(os.waitpid(child, 0)[1])`,
    );
    expect(lines).toEqual(['stdout: gone', 'stdout: 9']);
    expect(signals).toEqual(['4001 SIGUSR1', '4001 SIGTERM']);
  });

  it('begins before the program that starts it has ended, under the pid that was given', async () => {
    const { end, signals } = await played(
      user,
      `kill -0 4100 2>/dev/null && exit 3; systemctl start daemon; kill -0 4100 && kill 4100; ! kill -0 4100 2>/dev/null`,
      { processes: [] },
    );
    expect(end).toEqual(DONE);
    expect(signals).toEqual(['4100 SIGTERM']);
  });

  it('dies of a signal to everybody, and each death is told', async () => {
    const { end, signals } = await played(user, 'kill -9 -1; kill -0 4001 2>/dev/null || exit 7');
    expect(end).toEqual({ kind: 'exited', code: 7 });
    expect(signals).toEqual(['4001 SIGKILL', '4007 SIGKILL']);
  });

  it('counts towards no limit, and a charm that forks without end meets its own', async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ ...OTHER, pid: 5000 + index }));
    const limits = { processes: 40, seconds: 10 };
    const events = [{ path: 'hooks/install', limits }];
    const quiet = await played(user, 'for i in 1 2 3 4 5; do sh -c "sleep 0" & done; wait', {
      processes: many,
      events,
    });
    expect(quiet.end).toEqual(DONE);
    const bomb = await played(user, 'f() { f | f & }; f; /bin/sleep 9', {
      processes: many,
      events,
    });
    expect(bomb.end).toEqual({ kind: 'limit', of: 'processes', allowed: '40' });
  });

  it('leaves nothing on the host, and nothing of one event to the next', async () => {
    const events = [{ path: 'hooks/install' }, { path: 'hooks/install' }];
    const processes = [{ pid: 4001, argv: [TOKEN], user: 'root' }];
    const ends = await playAs(user, {
      files: hooks('kill 4001 && ! kill -0 4001'),
      events,
      processes,
    });
    expect(ends.map(({ end }) => end)).toEqual([DONE, DONE]);
    expect(processesWith(TOKEN)).toEqual([]);
  });

  it('becomes of a daemon that the charm leaves behind, under the same pid each time', async () => {
    // One fork each: where a daemon forks again while the charm goes on, either may be first.
    const script = `setsid -f tail -f /dev/null >/dev/null 2>&1; { tail -f /dev/null & } 2>/dev/null; sh -c 'exit 0'
setsid -f bash -c 'exec -a "thing --well" tail -f /dev/null' >/dev/null 2>&1`;
    const one = await played(user, script);
    const two = await played(user, `true; systemctl x; ${script}`);
    expect(one.left.map(({ argv, user: owner }) => [argv.join(' ').trim(), owner])).toEqual([
      ['tail -f /dev/null', 'root'],
      ['thing --well -f /dev/null', 'root'],
    ]);
    expect(two.left.map(({ pid }) => pid)).not.toEqual(one.left.map(({ pid }) => pid));
    const again = await playAs(user, {
      files: hooks(script),
      events: Array.from({ length: 3 }, () => ({ path: 'hooks/install' })),
      processes: [],
    });
    expect(again.map(({ left }) => left)).toEqual([one.left, one.left, one.left]);
  });
});

describe.each(users)('without a sandbox, played by %s', (user) => {
  it('is known to whatever sends a signal, and no process of the host is meant', async () => {
    const { lines, signals, end, left } = await played(
      user,
      `kill -0 4001 && kill -USR1 4001 && kill 4001 || exit 4; kill -0 4001 2>/dev/null && exit 5
systemctl start daemon; kill -0 4100 && /bin/kill -9 4100; kill -0 4100 2>/dev/null && exit 6; sleep 5 & kill $!; wait; true`,
      { sandbox: 'none' },
    );
    expect({ lines, end, left }).toEqual({ lines: [], end: DONE, left: [] });
    expect(signals).toEqual(['4001 SIGUSR1', '4001 SIGTERM', '4100 SIGKILL']);
  });
});

describe('where there is no machine of the charm’s own', () => {
  it('no daemon is told of, and signals go where they always went', async () => {
    const { end, lines } = await endure(
      'an ordinary user',
      hooks('setsid -f tail -f /dev/null; kill -TERM 4001'),
    );
    expect(end).toEqual({ kind: 'exited', code: 1 });
    expect(lines.join()).toContain('No such process');
  });
});
