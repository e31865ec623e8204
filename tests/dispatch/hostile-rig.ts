/** Charms that mean harm: how they are played, as whom, and what is looked at on the host afterwards. */
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
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Play, Played } from './play-as.ts';
import { DISPATCH, pythonWith, temporaryFolder, type Files } from './rig.ts';

export const NOBODY = 65534;
export const SECRET = `secret-of-the-host-${process.pid}`;
export const TOKEN = `left-behind-${process.pid}`;
/** An interpreter that an ordinary user may read, which root's own may not be. */
export const SYSTEM_PYTHON =
  process.getuid?.() === 0 && existsSync('/usr/bin/python3')
    ? '/usr/bin/python3'
    : pythonWith().executable;
export const SEARCH_PATH = `${dirname(SYSTEM_PYTHON)}:/usr/bin:/bin`;
export const users = process.getuid?.() === 0 ? ['root', 'an ordinary user'] : ['an ordinary user'];
export const run = promisify(execFile);

export const folder = temporaryFolder();

/** Called by each test file before its tests. */
export function prepareHost(): void {
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'packages'));
  writeFileSync(join(folder, 'secret'), SECRET);
  chmodSync(join(folder, 'secret'), 0o666);
}

export function leaveHost(): void {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Plays events of one charm as `user`; an ordinary user is nobody, when root is there to become
 * one.
 */
export async function playAs(
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
    env: { PATH: SEARCH_PATH, HOST_SECRET: SECRET },
    maxBuffer: 64 << 20,
  });
  return JSON.parse(stdout) as Played[];
}

/** An ordinary user, where root is there to become one. */
export function becomeNobody(): string[] {
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
    'net/ipv4/ip_unprivileged_port_start',
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

export function processesWith(token: string): string[] {
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

export const MARKS = [
  '/etc',
  '/usr',
  '/usr/bin',
  '/opt',
  '/',
  '/var/lib',
  '/srv',
  '/root',
  '/home',
].map((path) => join(path, `mark-${TOKEN}`));

export function hooks(install: string): Files {
  return {
    'hooks/install': `#!/bin/bash\n${install}\n`,
    'hooks/start': '#!/bin/bash\nis-leader; echo still here\n',
  };
}

export function forks(install: string): Files {
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
export async function endure(user: string, files: Files, limits: Play['events'][0]['limits'] = {}) {
  const before = hostState();
  const events = [{ path: 'hooks/install', limits }, { path: 'hooks/start' }];
  const [install, start] = await playAs(user, { files, events, python: 'src/charm.py' in files });
  expect(start).toMatchObject({
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
