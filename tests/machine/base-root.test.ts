/** What the releases' roots begin as, as programs of the host find it in the sandbox. */
import { describe, expect, it } from 'vitest';
import { baseRoot } from '../../src/engine/world/machine/bases/base-root.ts';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import { bash, jobFor, memoryBlobs, openRig } from '../dispatch/rig.ts';

const SLICE: MachineSlice = {
  ...{ cpus: 1, memoryMiB: 1024, charmDir: {}, folders: {}, databases: {} },
};
const SCRIPT = `. /etc/os-release; echo $VERSION_CODENAME; getent passwd ubuntu _apt; getent group adm shadow
id www-data; stat -c '%U:%G %a' /etc/shadow ~ubuntu; readlink /etc/systemd/system/multi-user.target.wants/cron.service
ls /lib/systemd/system/cron.service; grep -c ^Package: /var/lib/dpkg/status; ls /etc/apt/sources.list /etc/apt/sources.list.d; echo x > /etc/apt/sources.list.d/x.list
su -s /bin/sh www-data -c id || echo "no su"; exit 0`;

describe.each(['22.04', '24.04'] as const)('a machine of Ubuntu %s', (release) => {
  it('begins with the release’s files, users and packages', async () => {
    await using rig = await openRig(bash(SCRIPT));
    const base = baseRoot({ ...SLICE, base: `ubuntu@${release}` }, memoryBlobs());
    const { ended, heard } = await rig.play({ ...jobFor('hooks/install'), base });
    expect(ended.end).toEqual({ kind: 'exited', code: 0 });
    const said = heard.lines.filter((line) => line.startsWith('stdout')).map((l) => l.slice(8));
    const jammy = release === '22.04';
    expect(said).toContain(jammy ? 'jammy' : 'noble');
    expect(said).toContainEqual(expect.stringMatching(/^ubuntu:x:1000:1000:Ubuntu:.home.ubuntu:/));
    expect(said).toContain(`_apt:x:${jammy ? 100 : 42}:65534::/nonexistent:/usr/sbin/nologin`);
    expect(said).toContain('adm:x:4:syslog,ubuntu');
    expect(said).toContain('uid=33(www-data) gid=33(www-data) groups=33(www-data)');
    expect(said.filter((line) => line.startsWith('root:shadow'))).toHaveLength(
      process.getuid?.() === 0 ? 1 : 0,
    );
    expect(said).toContain('/lib/systemd/system/cron.service');
    expect(Object.keys(ended.root ?? {})).toEqual(['etc/apt/sources.list.d/x.list']);
  });

  it('is the same whenever it is made', () => {
    const one = baseRoot({ ...SLICE, base: `ubuntu@${release}` }, memoryBlobs());
    expect(baseRoot({ ...SLICE, base: `ubuntu@${release}` }, memoryBlobs())).toBe(one);
    const paths = Object.keys(one.entries);
    expect(paths).toEqual([...paths].sort());
    expect(paths.filter((path) => path.startsWith('/'))).toEqual([]);
  });
});
