/** A machine that begins with a root of the tree's own, in the real sandbox. */
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRoot } from '../../src/engine/project/read-root.ts';
import { baseRoot } from '../../src/engine/world/machine/bases/base-root.ts';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import { temporary } from '../project/temporary.ts';
import { jobFor, openRig, type Files } from './rig.ts';

const SLICE = { cpus: 1, memoryMiB: 1, charmDir: {}, folders: {}, databases: {} } as MachineSlice;

function hooks(install: string, start = 'true'): Files {
  const script = (text: string): string => `#!/bin/bash\n${text}\n`;
  return {
    'hooks/install': script(install),
    'hooks/start': script(start),
    'metadata.yaml': 'name: app\n',
  };
}

/** A folder with a program of its own, a file of the release's, and one of the host's programs. */
function rootFolder(): string {
  const folder = temporary({
    'etc/hosts': 'made\n',
    'etc/issue': 'a root of its own\n',
    'usr/bin/own': '#!/bin/sh\necho own $1\n',
    'usr/bin/tac': '#!/bin/sh\necho of the root\n',
    'srv/data/file': 'data\n',
  });
  for (const name of ['own', 'tac']) chmodSync(join(folder, 'usr/bin', name), 0o755);
  chmodSync(join(folder, 'srv/data'), 0o700);
  symlinkSync('/srv/data/file', join(folder, 'etc/link'));
  mkdirSync(join(folder, 'var/empty'), { recursive: true });
  return folder;
}

async function played(files: Files, folder: string) {
  await using rig = await openRig(files);
  const given = await readRoot(folder, rig.blobs);
  const { digest, files: count, size } = given;
  const base = baseRoot({ ...SLICE, given: { digest, files: count, size } }, rig.blobs);
  const first = await rig.play({ ...jobFor('hooks/install'), base });
  const { root = {} } = first.ended;
  const second = await rig.play({ ...jobFor('hooks/start'), base, root });
  return { first, second, root };
}

describe('a root of the tree’s own', () => {
  it('is what the charm finds, its files before the release’s and the host’s', async () => {
    const { first, root } = await played(
      hooks(
        'cat /etc/issue /etc/link; own x; tac; stat -c "%a %U" /srv/data; ls -d /etc/apt; sort --version | head -c 4; ls /packs 2>/dev/null',
      ),
      rootFolder(),
    );
    expect(first.heard.lines).toEqual([
      'stdout: a root of its own',
      'stdout: data',
      'stdout: own x',
      'stdout: of the root',
      'stdout: 700 root',
      'stdout: /etc/apt',
      'stdout: sort',
    ]);
    expect(root).toEqual({});
  });

  it('is written over by the charm, for its machine alone', async () => {
    const folder = rootFolder();
    const { second, root } = await played(
      hooks(
        'echo more >> /etc/issue; rm /usr/bin/own; rm -r /srv/data',
        'cat /etc/issue; own; ls /srv',
      ),
      folder,
    );
    expect(Object.keys(root)).toEqual(['etc/issue', 'srv/data', 'usr/bin/own']);
    expect(root['srv/data']).toEqual({ kind: 'removed' });
    expect(second.heard.lines.slice(0, 2)).toEqual(['stdout: a root of its own', 'stdout: more']);
    expect(second.heard.lines[2]).toMatch(/own: command not found/);
    rmSync(folder, { recursive: true });
  });
});
