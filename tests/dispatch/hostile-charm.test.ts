/** Charms that mean harm, played by root where the tests run as root, and by an ordinary user in any case. */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Play, Played } from './play-as.ts';
import { DISPATCH, UNIT_DIR, jobFor, openRig, temporaryFolder, type Files } from './rig.ts';

const NOBODY = 65534;
const SECRET = `secret-of-the-host-${process.pid}`;
const TOKEN = `left-behind-${process.pid}`;
const SYSTEM_PYTHON = '/usr/bin/python3';
const users = process.getuid?.() === 0 ? ['root', 'an ordinary user'] : ['an ordinary user'];
const run = promisify(execFile);

let folder = '';
beforeAll(() => {
  folder = temporaryFolder();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'packages'));
  writeFileSync(join(folder, 'secret'), SECRET);
  chmodSync(join(folder, 'secret'), 0o666);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Plays events of one charm as `user`; an ordinary user is nobody, when root is there to become one. */
async function playAs(
  user: string,
  play: Omit<Play, 'folder' | 'main' | 'python'> & { python?: boolean },
) {
  const own = join(folder, `play-${readdirSync(folder).length}`);
  mkdirSync(own);
  const drop = user !== 'root' && process.getuid?.() === 0;
  if (drop) chownSync(own, NOBODY, NOBODY);
  const { python, ...rest } = play;
  const described: Play = {
    ...rest,
    folder: own,
    main: python ? 'src/charm.py' : null,
    python: python ? { executable: SYSTEM_PYTHON, packages: join(folder, 'packages') } : null,
  };
  const node = [
    process.execPath,
    join(import.meta.dirname, 'play-as.ts'),
    JSON.stringify(described),
  ];
  const [program = '', ...args] = drop ? [...becomeNobody(), ...node] : node;
  const { stdout } = await run(program, args, {
    env: { PATH: '/usr/bin:/bin', HOST_SECRET: SECRET },
    maxBuffer: 64 << 20,
  });
  return JSON.parse(stdout) as Played[];
}

/** An ordinary user, where root is there to become one. */
function becomeNobody(): string[] {
  if (process.getuid?.() !== 0) return [];
  return ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
}

/** What a charm could have done to this machine, as text; the same before and after. */
function hostState(): string {
  const settings = [
    'vm/overcommit_memory',
    'kernel/core_pattern',
    'kernel/hostname',
    'net/ipv4/ip_forward',
  ];
  const values = settings.map((name) => readFileSync(`/proc/sys/${name}`, 'utf8'));
  const folders = ['/', '/etc', '/usr', '/usr/bin', '/opt', '/root', '/var/lib', '/run'].map(
    (path) => {
      const { mode, uid } = statSync(path);
      return `${path} ${mode} ${uid}`;
    },
  );
  const mounts = readFileSync('/proc/self/mounts', 'utf8');
  const secret = readFileSync(join(folder, 'secret'), 'utf8');
  return JSON.stringify({ values, folders, mounts, secret });
}

function processesWith(token: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(token);
      } catch {
        return false;
      }
    });
}

const MARKS = ['/etc', '/usr', '/usr/bin', '/opt', '/', '/var/lib', '/srv', '/root', '/home'].map(
  (path) => join(path, `mark-${TOKEN}`),
);

function hooks(install: string): Files {
  return {
    'hooks/install': `#!/bin/bash\n${install}\n`,
    'hooks/start': '#!/bin/bash\nis-leader; echo still here\n',
  };
}

function forks(install: string): Files {
  return {
    dispatch: DISPATCH,
    'src/charm.py': `#!/usr/bin/env python3
import os, subprocess, sys
if os.environ['JUJU_DISPATCH_PATH'] == 'hooks/start':
    subprocess.run(['is-leader'])
    print('still here')
    sys.exit(0)
${install}
`,
  };
}

/** Plays the hostile install, then start; the host is as before, and start is played as ever. */
async function endure(user: string, files: Files, limits: Play['events'][0]['limits'] = {}) {
  const before = hostState();
  const events = [{ path: 'hooks/install', limits }, { path: 'hooks/start' }];
  const [install, start] = await playAs(user, { files, events, python: 'src/charm.py' in files });
  expect(start).toEqual({
    end: { kind: 'exited', code: 0 },
    reason: '',
    lines: ['stdout: still here'],
  });
  expect(hostState()).toBe(before);
  expect(MARKS.filter((path) => existsSync(path))).toEqual([]);
  expect(processesWith(TOKEN)).toEqual([]);
  if (!install) throw new Error('install was not played');
  return install;
}

describe.each(users)('played by %s', (user) => {
  it('a charm cannot write system folders, not after a remount either', async () => {
    const { lines } = await endure(
      user,
      hooks(`
for m in / /usr /etc /opt/playbill/charmside /opt/playbill/sockets /opt/playbill/stage /proc/sys /dev; do
  mount -o remount,rw $m; mount -o remount,rw,bind $m; umount -l $m
done
for f in ${MARKS.join(' ')}; do touch $f && echo "wrote $f"; done
for f in /usr/bin/env /etc/ssl/certs /opt/playbill/charmside/client/hook-command /opt/playbill/clock /opt/playbill/charm /opt/python/bin/python3*; do
  chmod 777 $f && echo "changed $f"; { echo x >> $f; } && echo "wrote $f"; done
exit 0`),
    );
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
  });

  it('a charm cannot change the kernel’s settings, load modules or make devices', async () => {
    const { lines } = await endure(
      user,
      hooks(`
for s in vm/overcommit_memory kernel/core_pattern kernel/hostname net/ipv4/ip_forward kernel/ns_last_pid user/max_user_namespaces; do
  { echo 1 > /proc/sys/$s; } && echo "set $s"; done
{ echo b > /proc/sysrq-trigger; }; { echo -1000 > /proc/self/oom_score_adj; } && echo oom
mknod /tmp/disk b 254 0 && head -c 1 /tmp/disk && echo disk
mknod /tmp/mem c 1 1 && head -c 1 /tmp/mem && echo mem
chroot / true && echo chroot; /opt/playbill/host-date -s 2001-01-01 >/dev/null && echo date; hostname changed && echo hostname
exit 0`),
    );
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
  });

  it('a charm that makes namespaces of its own gets no further', async () => {
    const { lines } = await endure(
      user,
      hooks(`
try='mount -o remount,rw,bind /usr && echo rw; umount -l /run && ls -A /run; umount -l /opt/playbill/sockets && ls -A /opt/playbill/sockets; umount -l /proc/sys && echo 1 > /proc/sys/vm/overcommit_memory && echo sys; touch /usr/mark-${TOKEN} && echo wrote; mount -t proc proc /mnt && ls /mnt/1/root/'
unshare -Urm bash -c "$try"; unshare -Um bash -c "$try"; unshare -Urmpf --mount-proc bash -c "$try"; unshare -m bash -c "$try"
for n in mnt pid user net uts ipc; do nsenter --$n=/proc/1/ns/$n true && echo "entered $n"; done
exit 0`),
    );
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
  });

  it('a charm cannot read secrets: homes, other folders, its parents’ environment and memory', async () => {
    const { lines } = await endure(
      user,
      hooks(`
cat ~/.ssh/* /root/.ssh/* /home/*/.ssh/* /etc/shadow ${folder}/secret ${import.meta.filename}
cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -a secret-of-the-host
cat /proc/1/environ /proc/1/maps /proc/1/root/etc/shadow; head -c 1 /proc/1/mem; readlink /proc/1/fd/* /proc/1/exe /proc/1/cwd
ls -d /work* /tmp/* ${folder} ${process.cwd()}; find / -xdev -name .git -o -name '.ssh' 2>/dev/null
true`),
    );
    expect(lines.join('\n')).not.toContain(SECRET);
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
  });

  it('a charm cannot reach the network or the host’s sockets', async () => {
    const { lines } = await endure(
      user,
      hooks(`
ls /run/docker.sock /var/run/docker.sock /run/dbus /run/systemd
for a in 127.0.0.1/22 169.254.169.254/80 8.8.8.8/53; do (exec 3<>/dev/tcp/$a) && echo "reached $a"; done
cat /proc/net/unix | grep -v '^Num' | grep -v playbill | awk '{print $8}' | grep '^@'
true`),
    );
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
  });

  it('a charm that kills everything it can see kills itself only', async () => {
    const { end } = await endure(
      user,
      hooks('kill -9 1; kill -STOP 1; kill -TERM 1; kill -9 -1; kill -9 -1 -$$; kill -9 $$'),
    );
    expect(end).toEqual({ kind: 'killed', signal: 'SIGKILL' });
  });

  it('a charm that forks without end is stopped at its limit', async () => {
    const { end } = await endure(
      user,
      hooks(
        `bomb() { bomb | bomb & }; bomb; sleep() { read -t 5 <> <(:); }; while :; do sleep; done # ${TOKEN}`,
      ),
      {
        processes: 60,
        seconds: 10,
      },
    );
    expect(end).toEqual({ kind: 'limit', of: 'processes', allowed: '60' });
  });

  it('a charm that never ends is stopped at its limit', async () => {
    const { end } = await endure(user, hooks("trap '' TERM INT HUP; while :; do :; done"), {
      seconds: 1,
    });
    expect(end).toEqual({ kind: 'limit', of: 'time', allowed: '1 s' });
  });

  it('a charm that prints a gigabyte is stopped at its limit', async () => {
    const { end, lines } = await endure(user, hooks('head -c 1000000000 /dev/zero'), {
      output: 100_000,
    });
    expect(end).toMatchObject({ kind: 'limit', of: 'output' });
    expect(lines.map((line) => line.length)).toEqual([100_000 + 'stdout: '.length]);
  });

  it('a charm that takes memory is stopped, in one process or in many', async () => {
    const one = await endure(user, hooks('perl -e \'push @a, "x" x 1000000 while 1\' || exit 3'), {
      memory: 128 << 20,
    });
    expect(one.end).toEqual({ kind: 'exited', code: 3 });
    const many = await endure(
      user,
      hooks(
        'for i in 1 2 3 4; do perl -e \'$a = "x" x 40000000; select undef, undef, undef, 20\' & done; wait',
      ),
      { memory: 128 << 20 },
    );
    expect(many.end).toEqual({ kind: 'limit', of: 'memory', allowed: '128 MiB' });
    const files = await endure(
      user,
      hooks('head -c 2000000000 /dev/zero > /dev/shm/x; stat -c %s /dev/shm/x'),
    );
    expect(Number(files.lines.find((line) => line.startsWith('stdout'))?.slice(8))).toBeLessThan(
      400 << 20,
    );
  });

  it('a charm that leaves children behind leaves none', async () => {
    const { end } = await endure(
      user,
      hooks(`
for i in 1 2 3; do setsid bash -c "trap '' TERM HUP; exec -a ${TOKEN} /usr/bin/sleep 100" >/dev/null 2>&1 & done
(setsid setsid /usr/bin/sleep 1000 ${TOKEN}) & disown -a; exit 0`),
    );
    expect(end).toEqual({ kind: 'exited', code: 0 });
  });

  it('a charm that says nonsense to the agent is not heard, and others are', async () => {
    const { end, lines } = await endure(
      user,
      hooks(`
say() { perl -e 'socket(S, 1, 1, 0); connect(S, pack "Sa*", 1, $ENV{JUJU_AGENT_SOCKET_ADDRESS}) or die; syswrite S, eval($ARGV[0]); shutdown S, 1; print while <S>' "$1"; }
say '"\\xff" x 100000'; say 'pack("N", 3) . "abc"'; say 'pack("N/a*", pack("N/a* N", "command", 99999))'
say 'pack("N/a*", pack("(N/a*)*", "traced", $ENV{JUJU_CONTEXT_ID}, "raise", "{not json"))'; say '"GET / HTTP/1.1\\r\\n\\r\\n"'
for i in $(seq 50); do perl -e 'socket(S, 1, 1, 0); connect(S, pack "Sa*", 1, $ENV{JUJU_AGENT_SOCKET_ADDRESS}); syswrite S, pack("N", 1000000); select undef, undef, undef, 9' & done
is-leader && echo heard`),
    );
    expect(end).toEqual({ kind: 'exited', code: 0 });
    expect(lines).toEqual(['stdout: heard']);
  });

  it('a charm directory full of odd things does no harm', async () => {
    const { end } = await endure(
      user,
      hooks(
        'ln -s /etc/passwd link; ln -s ../../../../../../etc up; mkfifo pipe; mkdir -p a/b/c; ln -s / a/root; touch "$(printf "\\xff\\n<x>")"; chmod 000 a; rm -rf hooks; ln -s /usr hooks',
      ),
    );
    expect(end).toEqual({ kind: 'exited', code: 0 });
  });

  describe('in a fork of the interpreter', () => {
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
      const hangs: Record<string, string> = { ...forks(''), 'lib/evil.py': 'while True:\n    pass\n' };
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
});

it('where /proc cannot be mounted, a charm finds made files there and is played all the same', async () => {
  const own = join(folder, 'no-proc');
  mkdirSync(own);
  if (process.getuid?.() === 0) chownSync(own, NOBODY, NOBODY);
  const files = hooks('ls /proc; cat /proc/meminfo | wc -l; is-leader; kill -9 -1 2>/dev/null; true');
  const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
  const play: Play = { folder: own, main: null, python: null, files, events };
  // As in a container that hides parts of /proc.
  const hide = 'mount -t tmpfs none /proc/acpi && exec "$@"';
  const apart = ['unshare', '-Urmpfn', '--mount-proc', 'sh', '-c', hide, 'sh'];
  const node = [process.execPath, join(import.meta.dirname, 'play-as.ts'), JSON.stringify(play)];
  const [program = '', ...args] = [...becomeNobody(), ...apart, ...node];
  const { stdout } = await run(program, args, { env: { PATH: '/usr/bin:/bin' } });
  expect(JSON.parse(stdout)).toMatchObject([
    { lines: ['stdout: cpuinfo', 'stdout: meminfo', 'stdout: 8'] },
    { end: { kind: 'exited', code: 0 }, lines: ['stdout: still here'] },
  ]);
});

it('a sandbox that is killed from outside ends its event, and the next is played in a new one', async () => {
  await using rig = await openRig(hooks('is-leader; while :; do :; done'));
  const launchers = (): string[] =>
    processesWith('python/launch.py').filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(rig.folder),
    );
  const { ended } = await rig.play(jobFor('hooks/install'), () => {
    for (const pid of launchers()) process.kill(Number(pid), 'SIGKILL');
    return {};
  });
  expect(ended.end).toMatchObject({ kind: 'not-started' });
  const next = await rig.play(jobFor('hooks/start'));
  expect(next.heard.lines).toEqual(['stdout: still here']);
});

it('without a sandbox, a charm is played under a folder of its own that no record tells of', async () => {
  const own = join(folder, 'bare');
  mkdirSync(own);
  if (process.getuid?.() === 0) chownSync(own, NOBODY, NOBODY);
  const play: Play = {
    ...{ folder: own, sandbox: 'none', main: 'src/charm.py', events: [{ path: 'hooks/start' }] },
    python: { executable: SYSTEM_PYTHON, packages: join(folder, 'packages') },
    files: {
      ...forks(''),
      dispatch: DISPATCH.replace(
        'exec',
        'pwd; is-leader; (setsid /usr/bin/sleep 99 >&- 2>&- &) ; exec',
      ),
    },
  };
  // Never on the host itself: an ordinary user in namespaces of its own.
  const apart = [...becomeNobody(), 'unshare', '-Urmpfn', '--mount-proc'];
  const node = [process.execPath, join(import.meta.dirname, 'play-as.ts')];
  for (const main of ['src/charm.py', null]) {
    const [program = '', ...args] = [...apart, ...node, JSON.stringify({ ...play, main })];
    const { stdout } = await run(program, args, { env: { PATH: '/usr/bin:/bin' } });
    const printed = main === null ? [`stdout: ${UNIT_DIR}/charm`] : [];
    expect(JSON.parse(stdout)).toEqual([
      { end: { kind: 'exited', code: 0 }, reason: '', lines: [...printed, 'stdout: still here'] },
    ]);
  }
});

it('a hook that takes its unit’s directory apart is played as any other', async () => {
  const user = users[0] as string;
  const { end } = await endure(
    user,
    hooks(`rm -rf ${UNIT_DIR}/agent.socket /var/lib/juju/* /charm 2>/dev/null; exit 0`),
  );
  expect(end).toEqual({ kind: 'exited', code: 0 });
});
