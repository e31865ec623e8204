/** Real programs of a container, run by root and by an ordinary user, and what is left on the host. */
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  becomeNobody,
  folder,
  leaveHost,
  NOBODY,
  prepareHost,
  run,
  SEARCH_PATH,
  SECRET,
  users,
} from './hostile-rig.ts';
import type { Came } from './run-as.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

async function runAs(user: string, commands: readonly string[]) {
  const own = join(folder, `run-${readdirSync(folder).length}`);
  mkdirSync(own);
  const drop = user !== 'root' && process.getuid?.() === 0;
  if (drop) chownSync(own, NOBODY, NOBODY);
  const runs = JSON.stringify({ folder: own, commands });
  const node = [process.execPath, join(import.meta.dirname, 'run-as.ts'), runs];
  const [program = '', ...args] = drop ? [...becomeNobody(), ...node] : node;
  const env = { PATH: SEARCH_PATH, HOST_SECRET: SECRET };
  const { stdout } = await run(program, args, { env, maxBuffer: 64 << 20 });
  return { came: JSON.parse(stdout) as readonly Came[], left: readdirSync(own) };
}

describe.each(users)('a program of a container, run by %s', (user) => {
  it('reads, writes, closes and removes what is the container’s, and leaves nothing on the host', async () => {
    const { came, left } = await runAs(user, [
      'cat /kept; mkdir -m 0 /shut; mkdir -p /a/b; echo x > /a/b/c; chmod 0 /a/b/c',
      'stat -c "%a %n" /shut /a /a/b/c /kept; cat /a/b/c; echo y > /shut/in',
      'rm -r /a; chmod 644 /kept; ls /shut',
    ]);
    const file = { kind: 'file', user: 'root', size: 2 };
    expect(came).toMatchObject([
      {
        ran: { code: 0 },
        said: 'kept\n',
        changes: {
          a: { kind: 'dir', mode: 0o755 },
          'a/b': { kind: 'dir' },
          'a/b/c': { ...file, mode: 0 },
          shut: { kind: 'dir', mode: 0 },
        },
      },
      {
        said: '700 /shut\n755 /a\n0 /a/b/c\n400 /kept\nx\n',
        changes: { shut: { kind: 'dir', mode: 0 }, 'shut/in': file },
      },
      { said: 'in\n', changes: { a: { kind: 'removed' }, kept: { mode: 0o644, user: 'app' } } },
    ]);
    expect(came.map(({ changes }) => Object.keys(changes as object))).toEqual([
      ['a', 'a/b', 'a/b/c', 'shut'],
      ['shut', 'shut/in'],
      ['a', 'kept'],
    ]);
    expect(left).toEqual([]);
  });

  it('finds neither the host’s files and variables nor its processes, and cannot write to it', async () => {
    const escape =
      'for up in . .. ../.. ../../..; do ln -s $up/../../out /link$up 2>/dev/null; done';
    const { came } = await runAs(user, [
      `cat ${folder}/secret 2>&1; env; ls /home ${folder} 2>&1; echo gone > ${folder}/secret`,
      `cat /proc/[0-9]*/cmdline | tr '\\0' ' '; cat /proc/1/environ 2>&1 | wc -c`,
      'ln -s /usr/bin /bin2; echo x > /bin2/owned; echo x > /usr/bin/env2; mknod /dev2 b 8 0; mount -t tmpfs none /mnt',
      escape,
    ]);
    expect(JSON.stringify(came)).not.toContain(SECRET);
    expect(came[1]?.said).not.toContain(folder);
    expect(came[2]?.ran).toMatchObject({ code: expect.any(Number) as number });
    expect(existsSync('/usr/bin/owned') || existsSync('/usr/bin/env2')).toBe(false);
    expect(came[2]?.changes).not.toHaveProperty('dev2');
  });

  it('hides nothing of the host’s programs from the next, whatever it removed', async () => {
    const { came } = await runAs(user, [
      'rm -f /etc/hosts /usr/bin/env; mkfifo /pipe; printf x > "$(printf "/\\377")"; ls /usr/bin/env 2>&1',
      'ls /etc/hosts /usr/bin/env; ls -A / | LC_ALL=C grep -c "^pipe$\\|[^a-z0-9]"',
    ]);
    expect(came[1]?.said).toBe('/etc/hosts\n/usr/bin/env\n0\n');
  });
});
