/** Charms that mean harm and have a root to write: the host and other nodes' machines are as they were. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  endure,
  hooks,
  leaveHost,
  playAs,
  prepareHost,
  SECRET,
  TOKEN,
  users,
} from './hostile-rig.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

/** The same hook twice, the second over what the first left or over a machine of its own. */
async function twice(user: string, first: string, second: string, keep: boolean) {
  const files = { ...hooks(first), 'hooks/start': `#!/bin/bash\n${second}\n` };
  const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }, { path: 'hooks/stop' }];
  const [one, two, three] = await playAs(user, { files, events, keep });
  if (!one || !two || !three) throw new Error('not all was played');
  return [one, two, three] as const;
}

describe.each(users)('played by %s', (user) => {
  it('a charm that removes everything has a machine that no hook starts on, and others go on', async () => {
    const host = (): string[] => [
      readFileSync('/etc/passwd', 'utf8'),
      String(statSync('/usr/bin').mtimeMs),
    ];
    const before = host();
    const { end } = await endure(user, hooks('rm -rf --no-preserve-root / 2>/dev/null; exit 0'));
    expect(end).toEqual({ kind: 'exited', code: 0 });
    const removes = 'rm -rf /etc /var/log /bin /lib /lib64 /opt /srv 2>/dev/null; exit 0';
    const [, next] = await twice(user, removes, 'echo alive', true);
    expect(next.end).toMatchObject({ kind: 'not-started' });
    expect(next.reason).not.toBe('');
    expect(host()).toEqual(before);
  });

  it('a charm that fills the disk is red, and keeps nothing of it', async () => {
    const fills =
      'head -c 4000000000 /dev/zero > /var/lib/big; head -c 4000000000 /dev/zero > /usr/share/big; echo "$?"; exit 0';
    const [full, next] = await twice(user, fills, 'ls /var/lib/big', true);
    expect(full.end).toMatchObject({ kind: 'limit', of: 'files' });
    expect(full.lines).toContain('stdout: 1');
    expect(full.root).toEqual({});
    expect(next.end).toEqual({ kind: 'exited', code: 2 });
    const many =
      'mkdir /var/many; cd /var/many; perl -e \'for (1 .. 400000) { open my $f, ">", $_ or last }\'; exit 0';
    const [inodes] = await twice(user, many, 'true', false);
    expect(inodes.end).toMatchObject({ kind: 'limit', of: 'files' });
    const holes = 'truncate -s 900G /var/lib/holes; exit 0';
    expect((await twice(user, holes, 'true', false))[0].end).toMatchObject({ kind: 'limit' });
  });

  it('a charm finds no other node’s machine', async () => {
    const looks = `cat /etc/mine-${TOKEN} /proc/1/root/layers/*/root/etc/* /proc/1/cwd/root/etc/* /layers/*/*/etc/* 2>/dev/null
ls -d /layers /machine /proc/1/root/layers 2>/dev/null
for n in $(seq 3 30); do ls /proc/self/fd/$n/ /proc/self/fd/$n/.. 2>/dev/null; done
perl -e 'opendir my $d, ".." x 1 or die; chdir ".." for 1 .. 30; print "out\\n" if -e "layers"'
perl -e 'mkdir "/tmp/j"; chroot "/tmp/j" and chdir ".." for 1 .. 30; print "out\\n" if -e "layers"'
grep -rl secret-of-another / --include='mine-*' 2>/dev/null; true`;
    const [, other] = await twice(
      user,
      `echo secret-of-another > /etc/mine-${TOKEN}`,
      looks,
      false,
    );
    expect(other.lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
  });

  it('a charm plants no file that makes anybody root', async () => {
    const plants = `cp /usr/bin/id /srv/id; chmod 6755 /srv/id; setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs /srv/id -u || exit 4`;
    const [planted] = await twice(user, plants, 'true', false);
    expect(planted.root).toMatchObject({ 'srv/id': { mode: 0o6755 } });
    expect(planted.end).toEqual({ kind: 'exited', code: 0 });
    expect(existsSync('/srv/id')).toBe(false);
  });

  it('a charm mounts nothing, and takes nothing off', async () => {
    const mounts = `cd /tmp; mkdir -p l u w m
mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w m && echo overlay; mount -t tmpfs none m && echo tmpfs; mount --bind l m && echo bind
for m in / /usr /proc /opt/playbill /opt/python /var/lib/juju /dev; do umount -l $m && echo "took $m"; mount -o remount,rw $m && echo "remounted $m"; mount --move $m m && echo moved; done
mv /opt/playbill /opt/other && echo mv; rmdir /opt/python /proc && echo rmdir; pivot_root . m && echo pivot
setfattr -n trusted.overlay.opaque -v y l && echo trusted; setfattr -n user.overlay.opaque -v y l 2>/dev/null && echo user; true`;
    const [tried] = await twice(user, mounts, 'true', false);
    expect(tried.lines.filter((line) => line.startsWith('stdout'))).toEqual([]);
  });

  it('a charm does not write into the host’s programs; it removes and replaces them for its machine alone', async () => {
    const env = readFileSync('/usr/bin/env');
    const writes = `echo x >> /usr/bin/env && echo appended; chmod 777 /usr/bin/env && echo mode; chown 5 /usr/bin/env && echo owner
touch /usr/bin/env && echo touched; ln /usr/bin/env /usr/bin/own && echo x >> /usr/bin/own && echo linked; truncate -s 0 /usr/bin/env && echo cut
perl -e 'open F, "+<", "/opt/playbill/usr/bin/date" and print "open\\n"'; rm /usr/bin/tac; printf '#!/bin/sh\\necho mine\\n' > /usr/bin/tac; chmod 755 /usr/bin/tac; tac`;
    const [tried, next] = await twice(user, writes, 'tac', true);
    expect(tried.lines.filter((line) => line.startsWith('stdout'))).toEqual(['stdout: mine']);
    expect(tried.lines.join()).toMatch(/\/usr\/bin\/env: Permission denied/);
    expect(Object.keys(tried.root)).toEqual(['usr/bin/tac']);
    expect(next.lines).toEqual(['stdout: mine']);
    expect(readFileSync('/usr/bin/env').equals(env)).toBe(true);
  });

  it('a charm listens on any port of its own network, and on none of the host’s', async () => {
    const listens = `perl -e 'use Socket; for my $p (22, 80, 8080) { socket my $s, PF_INET, SOCK_STREAM, 0; bind $s, sockaddr_in($p, INADDR_ANY) or die "$p $!"; listen $s, 1 or die; push @a, $s }
open my $f, "<", "/proc/net/tcp"; print scalar(grep /:(0016|0050|1F90) 0/, <$f>), "\\n"'; cat ${SECRET} 2>/dev/null; true`;
    const [tried] = await twice(user, listens, 'true', false);
    expect(tried.lines).toEqual(['stdout: 3']);
  });
});
