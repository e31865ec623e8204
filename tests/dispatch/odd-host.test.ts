/** Hosts that allow less, sandboxes that are lost, and no sandbox at all. */
import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Play } from './play-as.ts';
import { DISPATCH, UNIT_DIR, jobFor, openRig } from './rig.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  becomeNobody,
  endure,
  folder,
  forks,
  hooks,
  leaveHost,
  NOBODY,
  prepareHost,
  processesWith,
  run,
  SEARCH_PATH,
  SYSTEM_PYTHON,
  users,
} from './hostile-rig.ts';

beforeAll(prepareHost);
afterAll(leaveHost);

it('where /proc cannot be mounted, a charm finds made files there and is played all the same', async () => {
  const own = join(folder, 'no-proc');
  mkdirSync(own);
  if (process.getuid?.() === 0) chownSync(own, NOBODY, NOBODY);
  const files = hooks(
    'ls /proc; cat /proc/meminfo | wc -l; is-leader; kill -9 -1 2>/dev/null; true',
  );
  const events = [{ path: 'hooks/install' }, { path: 'hooks/start' }];
  const play: Play = { folder: own, main: null, python: null, files, events };
  // As in a container that hides parts of /proc.
  const hide = 'mount -t tmpfs none /proc/acpi && exec "$@"';
  const apart = ['unshare', '-Urmpfn', '--mount-proc', 'sh', '-c', hide, 'sh'];
  const node = [process.execPath, join(import.meta.dirname, 'play-as.ts'), JSON.stringify(play)];
  const [program = '', ...args] = [...becomeNobody(), ...apart, ...node];
  const { stdout } = await run(program, args, { env: { PATH: SEARCH_PATH } });
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
    const { stdout } = await run(program, args, { env: { PATH: SEARCH_PATH } });
    const printed = main === null ? [`stdout: ${UNIT_DIR}/charm`] : [];
    expect(JSON.parse(stdout)).toMatchObject([
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
