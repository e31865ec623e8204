/** A container's sandbox, opened by root and by an ordinary user, with the kernel's layers and without. */
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Doing, Step } from './container-as.ts';
import {
  becomeNobody,
  folder,
  leaveHost,
  MARKS,
  NOBODY,
  prepareHost,
  processesWith,
  run,
  SEARCH_PATH,
  SECRET,
  TOKEN,
  users,
} from './hostile-rig.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

type Came = {
  readonly came: readonly { readonly [member: string]: unknown }[];
  readonly left: unknown;
  readonly root: readonly string[];
  readonly rungs: readonly string[];
};
const MIB = 1024 * 1024;
const cases = users.flatMap((user) => [
  { user, layers: true },
  { user, layers: false },
]);

async function doing(
  { user, layers }: (typeof cases)[0],
  steps: readonly Step[],
  limits: Pick<Doing, 'limits'> = {},
): Promise<Came> {
  const own = join(folder, `container-${readdirSync(folder).length}`);
  mkdirSync(own);
  const drop = user !== 'root' && process.getuid?.() === 0;
  if (drop) chownSync(own, NOBODY, NOBODY);
  const told: Doing = { folder: own, layers, steps, ...limits };
  const node = [
    process.execPath,
    join(import.meta.dirname, 'container-as.ts'),
    JSON.stringify(told),
  ];
  const [program = '', ...args] = drop ? [...becomeNobody(), ...node] : node;
  const env = { PATH: SEARCH_PATH, HOST_SECRET: SECRET };
  const { stdout } = await run(program, args, { env, maxBuffer: 64 << 20 });
  return JSON.parse(stdout) as Came;
}

describe.each(cases)('a container’s sandbox of $user, layers: $layers', (one) => {
  it('runs programs: environment, folder, input, outputs, ends', async () => {
    const { came, rungs } = await doing(one, [
      { run: 'id -u; pwd; cat kept; hostname', cwd: '/' },
      { run: 'echo out; echo err >&2; exit 3', split: true },
      { run: 'echo out; echo err >&2; kill -9 $$' },
      { feed: 'a\nb\n', to: 'cat' },
      { feed: '', to: 'no-such-program' },
      { run: 'true', cwd: '/nowhere' },
      { run: 'true', user: 5 },
    ]);
    expect(came).toEqual([
      { code: 0, stdout: '0\n/\nkept\ncontainer\n', stderr: '' },
      { code: 3, stdout: 'out\n', stderr: 'err\n' },
      { signal: 'SIGKILL', stdout: 'out\nerr\n', stderr: '' },
      { code: 0, stdout: 'a\nb\n' },
      { failed: 'no such file or directory', stdout: '' },
      { failed: 'no such file or directory', stdout: '', stderr: '' },
      { failed: 'operation not permitted', stdout: '', stderr: '' },
    ]);
    if (!one.layers) {
      expect(rungs.slice(0, 2)).toEqual(['root: bound, not layered', 'usr: bound, not layered']);
    }
  });

  it('sends signals to a program alone or to all of its group', async () => {
    const trap = 'trap "echo got; exit 4" USR1; (trap "" USR1; sleep 0.2) & echo go; wait; wait';
    const { came } = await doing(one, [
      { run: trap, signal: 'SIGUSR1', to: 'program' },
      { run: 'sleep 1000 & echo go; wait', signal: 'SIGTERM', to: 'group' },
      { run: 'ls /proc | grep -c "^[0-9]*$"' },
    ]);
    expect(came.slice(0, 2)).toMatchObject([
      { code: 4, stdout: 'go\ngot\n' },
      { signal: 'SIGTERM', stdout: 'go\n' },
    ]);
    expect(Number(came[2]?.['stdout'])).toBeLessThanOrEqual(6);
  });

  it('shows programs what is written from outside, and outside what programs write', async () => {
    const { came, left, root } = await doing(one, [
      {
        run: 'test -e /later; echo $?; echo made > /made; echo stored > /data/stored; ln -s /a /b',
      },
      { write: '/later', text: '#!/bin/sh\necho later\n' },
      { run: '/later; stat -c "%Y %a" /later' },
      { write: '/data/given', text: 'given' },
      { run: 'cat /data/given; rm /kept; mkfifo /pipe' },
      { files: true },
      { read: '/data/stored' },
      { read: '/kept' },
      { read: '/pipe' },
    ]);
    expect(came[0]).toMatchObject({ stdout: '1\n' });
    expect(came[2]).toMatchObject({ stdout: 'later\n1700000000 755\n' });
    expect(came[4]).toMatchObject({ code: 0, stdout: 'given' });
    const files = new Map(came[5] as unknown as [string, object][]);
    expect([...files.keys()].sort()).toEqual([
      ...['/b', '/data', '/data/given', '/data/stored', '/later', '/made'],
    ]);
    expect(files.get('/b')).toMatchObject({ kind: 'link', target: '/a' });
    expect(files.get('/later')).toMatchObject({ kind: 'file', mode: 0o755, size: 21 });
    expect(came.slice(6)).toEqual(['stored\n', null, null]);
    expect(left).toEqual({ work: [], mounted: ['given', 'stored'] });
    expect([...root].sort()).toEqual(['b', 'data', 'later', 'made', 'pipe']);
  });

  it('lets no program out, whatever it tries', async () => {
    const links = `ln -s ${folder}/secret /a; ln -s ../../../../../..${folder}/secret /b`;
    const marks = MARKS.map((path) => `echo x > ${path}`).join('; ');
    const { came } = await doing(one, [
      { run: `cat ${folder}/secret; env; ls /home ${folder}; cat /proc/1/environ; ls /proc/1/fd/` },
      { run: `${links}; ln -s ${folder} /c` },
      { read: '/a' },
      { read: '/b' },
      { read: '/c/secret' },
      { read: '/../../../../../../etc/passwd' },
      { write: '/b', text: 'gone' },
      {
        run: 'mount -t tmpfs x /tmp || mount -o remount,rw /usr || mknod /d b 8 0 || unshare -Ur id',
      },
      { run: `${marks}; echo x > /proc/sys/kernel/panic; kill -9 -1; echo lives` },
      { run: `sh -c 'sleep 1000 ${TOKEN}' & sleep 1000 &` },
    ]);
    expect(JSON.stringify(came)).not.toContain(SECRET);
    expect(came.slice(2, 6)).toEqual([null, null, null, null]);
    expect(came[7]?.['code']).not.toBe(0);
    expect(String(came[8]?.['stdout'])).toContain('lives');
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe(SECRET);
    expect(MARKS.filter((path) => existsSync(path))).toEqual([]);
    expect(processesWith(TOKEN)).toEqual([]);
  });

  it('kills what forks or takes memory without end, and goes on', async () => {
    const bomb = `perl -e 'while (1) { fork }'`;
    const eaters = 'for i in 1 2 3 4; do head -c 100M /dev/zero | tail & done; wait';
    const { came } = await doing(
      one,
      [{ run: bomb }, { run: 'echo on' }, { run: eaters }, { run: 'echo on' }],
      { limits: { memory: 200 * MIB, processes: 40 } },
    );
    expect(came).toMatchObject([
      { signal: 'SIGKILL', limit: 'processes' },
      { code: 0, stdout: 'on\n' },
      { signal: 'SIGKILL', limit: 'memory' },
      { code: 0, stdout: 'on\n' },
    ]);
  });
});
