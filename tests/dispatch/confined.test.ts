/** Hosts without user namespaces: charms are confined by Landlock, and one that would write elsewhere is ended. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  type Stats,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Play, Played } from './play-as.ts';
import {
  MARKS,
  NOBODY,
  SEARCH_PATH,
  SECRET,
  SYSTEM_PYTHON,
  TOKEN,
  becomeNobody,
  folder,
  forks,
  hooks,
  leaveHost,
  prepareHost,
  processesWith,
  run,
  users,
} from './hostile-rig.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

/** In a user namespace of its own, where no other can be made; the files are the host's. */
const NO_NAMESPACES = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
let plays = 0;

async function played(user: string, play: Partial<Play>): Promise<Played[]> {
  const own = join(folder, `confined-${(plays += 1)}`);
  mkdirSync(own);
  const drop = user !== 'root';
  if (drop && process.getuid?.() === 0) chownSync(own, NOBODY, NOBODY);
  const described: Play = {
    ...{ folder: own, main: null, python: null, files: {}, events: [{ path: 'hooks/install' }] },
    ...play,
  };
  const apart = ['unshare', '-Urpf', '--mount-proc', 'sh', '-c', NO_NAMESPACES, 'sh'];
  const script = join(import.meta.dirname, 'play-as.ts');
  const node = [process.execPath, script, JSON.stringify(described)];
  const [program = '', ...args] = [...(drop ? becomeNobody() : []), ...apart, ...node];
  const { stdout } = await run(program, args, { env: { PATH: SEARCH_PATH }, maxBuffer: 64 << 20 });
  return JSON.parse(stdout) as Played[];
}

describe.each(users)('played by %s', (user) => {
  it('a charm finds its hook commands, its own files and a folder for temporary ones', async () => {
    const [one] = await played(user, {
      files:
        hooks(`pwd; is-leader; echo kept > kept; chmod 640 kept; touch -d @5 kept; t=$(mktemp); echo x > $t && echo temporary
python3 -c 'import tempfile, os; tempfile.NamedTemporaryFile().write(b"x"); os.makedirs("/usr/bin", exist_ok=True); print("python")'
echo err > /dev/stderr; echo gone > /dev/null; chown 33:33 kept; apt-get update; true`),
    });
    expect(one).toMatchObject({
      end: { kind: 'exited', code: 0 },
      charmDir: { kept: { mode: 0o640 } },
    });
    expect(one?.lines).toEqual(
      expect.arrayContaining([
        'stdout: /var/lib/juju/agents/unit-app-0/charm',
        'stdout: temporary',
        'stdout: python',
        'stderr: err',
      ]),
    );
    expect(one?.rungs.join()).toMatch(/only Landlock.*max_user_namespaces/);
  });

  const secret = join(folder, 'secret');
  const outside: [string, string, string][] = [
    ['makes a file', `echo x > /etc/mark-${TOKEN}`, `/etc/mark-${TOKEN}`],
    ['makes a folder', `mkdir /srv/mark-${TOKEN}`, `/srv/mark-${TOKEN}`],
    ['makes a link', `ln -s x /opt/mark-${TOKEN}`, `/opt/mark-${TOKEN}`],
    ['makes a pipe', `mkfifo /tmp/mark-${TOKEN}`, `/tmp/mark-${TOKEN}`],
    ['writes over a file', `echo x > ${secret}`, secret],
    ['appends to one of its folder', `cd ${folder}; echo x >> secret`, secret],
    ['goes through a link', `ln -s ${secret} own; echo x > own`, secret],
    ['goes through a linked folder', `ln -s ${folder} own; rm -f own/secret`, secret],
    ['cuts one off', `truncate -s 0 ${secret}`, secret],
    ['cuts one off unseen', `perl -e 'truncate "${secret}", 0'`, secret],
    ['removes one', `rm -f ${secret}`, secret],
    ['moves one in', `mv ${secret} own`, secret],
    ['moves one out', `echo x > own; mv -f own ${secret}`, secret],
    ['changes a mode', `chmod 600 ${secret}`, secret],
    [
      'changes the mode of an open file',
      `perl -e 'open F, "<", "/etc/passwd"; chmod 0600, *F'`,
      '/etc/passwd',
    ],
    ['changes an owner', `chown 5 ${secret}`, secret],
    ['changes a time', `touch -c -d @5 ${secret}`, secret],
    ['removes all', 'rm -rf --no-preserve-root /etc/alternatives', '/etc/alternatives'],
  ];
  it.each(outside)('a charm that %s is ended, and the path is told', async (_, script, path) => {
    const before = [readFileSync(secret, 'utf8'), statSync(secret), statSync('/etc/passwd').mode];
    const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
    const [one, next] = await played(user, { files: hooks(`${script}; exit 0`), events });
    if (path === '/etc/alternatives') {
      expect(one?.end).toMatchObject({ kind: 'outside', path: expect.stringMatching(`^${path}`) });
    } else expect(one?.end).toEqual({ kind: 'outside', path });
    expect(one?.reason).toMatch(/^would write to \//);
    expect(next?.lines).toEqual(['stdout: still here']);
    const { atimeMs: _atime, atime: _at, ...same } = before[1] as Stats;
    expect(statSync(secret)).toMatchObject(same);
    expect([readFileSync(secret, 'utf8'), statSync('/etc/passwd').mode]).toEqual([
      before[0],
      before[2],
    ]);
    expect(MARKS.filter((mark) => existsSync(mark))).toEqual([]);
  });

  it('a charm reaches no file, socket, port or process of the host', async () => {
    const place = join(folder, `host-${plays}.socket`);
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined).end('hello');
    });
    await new Promise<void>((resolve) => server.listen(place, resolve));
    chmodSync(place, 0o777);
    const tries = `cat ${secret} && echo read; ls /home /root ${folder} && echo listed
ln ${secret} own && echo linked
perl -e 'use Socket; for my $f (PF_INET, PF_INET6, 16, 17) { for my $t (1, 2, 3) { print "socket\n" if socket my $s, $f, $t, 0 } }
print "datagram\n" if socket my $d, 1, 2, 0;
socket my $s, 1, 1, 0; print "connected\n" if connect $s, pack "S a*", 1, "${place}"; print "abstract\n" if connect $s, pack "S a*", 1, "\0x"'
kill -9 1 && echo killed; kill -0 $PPID && echo signalled; kill -9 -1
python3 -c 'import os; os.setxattr("kept", "user.x", b"y")' 2>/dev/null && echo attribute
perl -e 'syscall(425, 1, 0) == -1 or print "ring\n"; syscall(101, 16, 1, 0, 0) == -1 or print "traced\n"; syscall(272, 0x10000000) == -1 or print "unshared\n"'
cat /proc/1/environ && echo environment; true`;
    try {
      const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
      const [one, next] = await played(user, { files: hooks(tries), events });
      expect(one?.lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
      expect(one?.lines.join()).not.toContain(SECRET);
      expect(next?.lines).toEqual(['stdout: still here']);
      expect(connections).toBe(0);
    } finally {
      server.close();
    }
  });

  it('a charm changes nothing that the next event is played with', async () => {
    const script = 'cd ../../../../../../opt/playbill/charm && echo "echo other" >> hooks/start';
    const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
    const [one, next] = await played(user, { files: hooks(script), events });
    expect(one?.end).toEqual({ kind: 'outside', path: '/opt/playbill/charm/hooks/start' });
    expect(next?.lines).toEqual(['stdout: still here']);
  });

  it('a charm in Python is played, and ended at its first write elsewhere', async () => {
    const python = { executable: SYSTEM_PYTHON, packages: join(folder, 'packages') };
    const install = `import pathlib, threading
pathlib.Path('own').write_text('x')
thread = threading.Thread(target=subprocess.run, args=(['is-leader'],))
thread.start(); thread.join()
print('before', flush=True)
try:
    pathlib.Path('/etc/mark-${TOKEN}').write_text('x')
finally:
    print('after', flush=True)`;
    const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
    const play = { files: forks(install), events, main: 'src/charm.py', python };
    const [one, next] = await played(user, play);
    expect(one).toMatchObject({
      end: { kind: 'outside', path: `/etc/mark-${TOKEN}` },
      lines: ['stdout: before'],
    });
    expect(next).toMatchObject({ end: { kind: 'exited', code: 0 }, lines: ['stdout: still here'] });
  });

  it('a charm that forks without end is cut, and nothing of it is left', async () => {
    const forking = hooks(`perl -e 'sub f { fork; f() } f() # ${TOKEN}'`);
    const events = [{ path: 'hooks/install', limits: { processes: 40 } }, { path: 'hooks/start' }];
    const [one, next] = await played(user, { files: forking, events });
    expect(one?.end).toMatchObject({ kind: 'limit', of: 'processes' });
    expect(next?.lines).toEqual(['stdout: still here']);
    expect(processesWith(TOKEN)).toEqual([]);
  });
});

it.runIf(process.getuid?.() === 0)(
  'root of a container that may not make namespaces is confined as well, and is no root to the charm',
  async () => {
    const own = join(folder, 'container');
    mkdirSync(own);
    const files = hooks(
      `id -u; grep CapEff /proc/self/status; head -c 1 /etc/shadow; chroot / true; date -s @5 > own; true; chmod 600 own && echo x > /etc/mark-${TOKEN}`,
    );
    const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
    const play: Play = { folder: own, main: null, python: null, files, events };
    const script = join(import.meta.dirname, 'play-as.ts');
    const node = [process.execPath, script, JSON.stringify(play)];
    const less = ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin'];
    const apart = ['-mpf', '--mount-proc', ...less, ...node];
    const { stdout } = await run('unshare', apart, { env: { PATH: SEARCH_PATH } });
    const [one, next] = JSON.parse(stdout) as Played[];
    expect(one?.end).toEqual({ kind: 'outside', path: `/etc/mark-${TOKEN}` });
    expect(one?.lines.filter((line) => line.startsWith('stdout'))).toEqual([
      'stdout: 0',
      'stdout: CapEff:\t0000000000000000',
    ]);
    expect(next?.lines).toEqual(['stdout: still here']);
    expect(MARKS.filter((mark) => existsSync(mark))).toEqual([]);
  },
);

/** In place of the kernel's Landlock: no such call. */
const NO_LANDLOCK = `import ctypes, os, struct, sys
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x50026), (0x06, 0, 0, 0x7fff0000)]
code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *step) for step in steps))
libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)
assert libc.prctl(22, 2, struct.pack('HxxxxxxP', len(steps), ctypes.addressof(code)), 0, 0) == 0
os.execvp(sys.argv[1], sys.argv[1:])`;

it('where there is no Landlock either, nothing is played, and what would allow it is told', async () => {
  const wrapped = `echo 0 > /proc/sys/user/max_user_namespaces && exec ${SYSTEM_PYTHON} -c "$0" "$@"`;
  const own = join(folder, 'refused');
  mkdirSync(own);
  const play: Play = { folder: own, main: null, python: null, files: hooks('true'), events: [] };
  const script = join(import.meta.dirname, 'play-as.ts');
  const node = [process.execPath, script, JSON.stringify(play)];
  const apart = ['-Urpf', '--mount-proc', 'sh', '-c', wrapped, NO_LANDLOCK, ...node];
  await expect(run('unshare', apart, { env: { PATH: SEARCH_PATH } })).rejects.toThrow(
    /no sandbox can be made: .*user namespaces/,
  );
});
