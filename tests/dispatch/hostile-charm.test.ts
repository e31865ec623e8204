/** Charms that mean harm, played by root where the tests run as root, and by an ordinary user in any case. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  endure,
  folder,
  hooks,
  leaveHost,
  MARKS,
  prepareHost,
  SECRET,
  TOKEN,
  users,
} from './hostile-rig.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

describe.each(users)('played by %s', (user) => {
  it('a charm writes its own machine’s system folders, and nothing of the host or the sandbox', async () => {
    const { lines } = await endure(
      user,
      hooks(`
for m in / /usr /etc /opt/playbill/charmside /opt/playbill/sockets /opt/playbill/stage /proc/sys /dev; do
  mount -o remount,rw $m; mount -o remount,rw,bind $m; umount -l $m
done
for f in ${MARKS.join(' ')}; do touch $f || echo "no $f"; done
for f in /usr/bin/env /opt/playbill/charmside/client/hook-command /opt/playbill/clock /opt/playbill/charm /opt/python/bin/python3*; do
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
mknod /tmp/disk b 254 0 && [ "$(head -c 1 /tmp/disk | wc -c)" = 1 ] && echo disk
mknod /tmp/mem c 1 1 && [ "$(head -c 1 /tmp/mem | wc -c)" = 1 ] && echo mem
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
cd /; for home in root home/*; do cat $home/.ssh/*; done; cat /etc/shadow ${folder}/secret ${import.meta.filename}
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
for i in $(seq 20); do perl -e 'socket(S, 1, 1, 0); connect(S, pack "Sa*", 1, $ENV{JUJU_AGENT_SOCKET_ADDRESS}); syswrite S, pack("N", 9000000) . "x" x 8000000; select undef, undef, undef, 9' & done
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
});
