/** Owners, other users and devices: the same in the State whether ids are the sandbox's own or kept on record. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hooks, leaveHost, playAs, prepareHost, users } from './hostile-rig.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

async function rootOf(user: string, script: string, look = 'true') {
  const files = { ...hooks(script), 'hooks/start': `#!/bin/bash\n${look}\n` };
  const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
  const [one, two] = await playAs(user, { files, events, keep: true });
  expect(one).toMatchObject({ end: { kind: 'exited', code: 0 }, reason: '' });
  expect(two?.root).toEqual(one?.root);
  return { root: one?.root ?? {}, lines: one?.lines ?? [], later: two?.lines ?? [] };
}

const OWNERS = `mkdir -p /srv/d /var/lib/own; touch /srv/f /srv/d/deep /srv/rel /srv/fd /srv/link-target /etc/secret /srv/back
chown www-data:adm /srv/f && chown -R 1000:1001 /srv/d && cd /srv && chown 105 rel && chgrp shadow /etc/secret
exec 5</srv/fd; perl -e 'open F, "</srv/fd"; chown(7, 8, *F) == 1 or die; close F' || exit 9
ln -s link-target /srv/link; chown 33:33 /srv/link; chown 5:5 /srv/back; chown root:root /srv/back; install -o 1 -g 2 -m 640 /dev/null /var/lib/own/i; echo more >> /srv/f
chmod 4755 /srv/f; chmod 2775 /srv/d; chmod 4711 /srv/rel; chown 106 /srv/rel`;

describe.each(users)('played by %s', (user) => {
  it('files have the owners they were given, and modes', async () => {
    const { root } = await rootOf(user, OWNERS);
    expect(root).toMatchObject({
      'etc/secret': { user: 'root', group: 'shadow' },
      'srv/back': { user: 'root', group: 'root' },
      'srv/d': { kind: 'dir', user: '1000', group: '1001', mode: 0o2775 },
      'srv/d/deep': { user: '1000', group: '1001' },
      'srv/f': { user: 'www-data', group: 'adm', mode: 0o4755, size: 5 },
      'srv/fd': { user: 'lp', group: 'mail' },
      'srv/link': { kind: 'link' },
      'srv/link-target': { user: 'www-data', group: 'www-data' },
      'srv/rel': { user: '106', group: 'root', mode: 0o711 },
      'var/lib/own/i': { user: 'daemon', group: 'bin', mode: 0o640 },
    });
  });

  it('files of the charm directory keep theirs', async () => {
    const script = 'touch own; chown 1000:adm own; mkdir d; chown www-data d; chown 5 hooks/start';
    const look = 'ls -ln own hooks | grep -c 1000 > /srv/seen; true';
    const files = { ...hooks(script), 'hooks/start': `#!/bin/bash\n${look}\n` };
    const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
    const [one, two] = await playAs(user, { files, events, keep: true });
    for (const played of [one, two]) {
      expect(played?.charmDir).toMatchObject({
        d: { user: 'www-data', group: 'root' },
        'hooks/start': { user: 'games' },
        own: { user: '1000', group: 'adm' },
      });
    }
  });

  it('a process becomes another user', async () => {
    const python = `python3 -c '
import os, subprocess
subprocess.run(["true"], user=33, group=33, extra_groups=[4], check=True)
subprocess.run(["true"], preexec_fn=lambda: (os.setgroups([]), os.setgid(1000), os.setuid(1000)), check=True)'`;
    const { lines } = await rootOf(
      user,
      `setpriv --reuid=1000 --regid=1000 --clear-groups true || exit 4; ${python} || exit 5; perl -e '$) = "5 5"; $( = 5; $> = 6; $< = 6' || exit 6`,
    );
    expect(lines).toEqual([]);
  });

  it('devices are what they stand for, and do nothing', async () => {
    const script = `mkdir /srv/dev; cd /srv/dev; mknod null c 1 3; mknod -m 600 /srv/dev/sda b 8 0; mkfifo pipe; mknod pipe2 p
mknod /nowhere/x c 1 3 && exit 4; mknod null c 1 3 && exit 5; mknod zero c 0 0 && exit 6; ls`;
    const look = 'stat -c %a /srv/dev/sda; ls /srv/dev; cat /srv/dev/null';
    const { root, lines, later } = await rootOf(user, script, look);
    expect(Object.keys(root)).toEqual(['srv/dev', 'srv/dev/null', 'srv/dev/sda']);
    expect(root).toMatchObject({
      'srv/dev/null': { kind: 'file', device: 'c 1 3', size: 0, mode: 0o644 },
      'srv/dev/sda': { kind: 'file', device: 'b 8 0', size: 0, mode: 0o600 },
    });
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual(
      ['null', 'pipe', 'pipe2', 'sda'].map((name) => `stdout: ${name}`),
    );
    expect(later).toEqual(['stdout: 600', 'stdout: null', 'stdout: sda']);
  });

  it('a call that is handed over reaches nothing by way of the server’s own descriptors', async () => {
    const { lines } = await rootOf(
      user,
      `for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
  mknod /proc/1/fd/$n/node c 1 3 2>/dev/null && echo "made by $n"; mknod /proc/1/cwd/node c 1 3 2>/dev/null && echo made
  chown 5:5 /proc/1/fd/$n/layers /proc/1/fd/$n/etc /proc/1/root/layers 2>/dev/null && echo "owned by $n"; done; true`,
    );
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
  });
});
