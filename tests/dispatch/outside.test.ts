/** Storage kept from event to event, and files that are there when an event begins. */
import { describe, expect, it } from 'vitest';
import type { Changes } from '../../src/engine/files/tree.ts';
import { NOW, UNIT_DIR, bash, jobFor, openRig, type RigOptions } from './rig.ts';

const install = jobFor('hooks/install');
const DATA = '/var/lib/juju/storage/data/0';

const inSandbox: [string, RigOptions][] = [
  ['layers', {}],
  ['lower rungs', { lowerRungs: true }],
];

describe.each([...inSandbox, ['no sandbox', { sandbox: 'none' }] as [string, RigOptions]])(
  'storage, with %s',
  (_, options) => {
    const script = `cd "\${CHARM_DIR%/agents/*}/storage/data/0"
if [ -e made ]; then cat made deep/er; stat -c %a made; rm made; else
pwd | grep -o /var/lib/juju.*; ls -A | wc -l; echo new > made; chmod 640 made; mkdir deep; echo x > deep/er; ln -s made link; fi`;

    it('is empty at first, then what events left there, whole', async () => {
      await using rig = await openRig(bash(script), options);
      const one = await rig.play({ ...install, folders: { [DATA]: {} } });
      expect(one.heard.lines).toEqual([`stdout: ${DATA}`, 'stdout: 0']);
      const left = one.ended.folders[DATA] as Changes;
      expect(left).toMatchObject({
        deep: { kind: 'dir', mode: 0o755, modified: NOW },
        'deep/er': { kind: 'file', size: 2 },
        link: { kind: 'link', target: 'made' },
        made: { kind: 'file', mode: 0o640 },
      });
      expect(one.ended.charmDir).toEqual({});

      const two = await rig.play({ ...install, folders: one.ended.folders, now: NOW + 1000 });
      expect(two.heard.lines).toEqual(['stdout: new', 'stdout: x', 'stdout: 640']);
      const { made: _made, ...kept } = left;
      expect(two.ended.folders).toEqual({ [DATA]: kept });
    });

    it('is not there for an event that has none', async () => {
      await using rig = await openRig(bash('ls "${CHARM_DIR%/agents/*}/storage"'), options);
      const { ended } = await rig.play(install);
      expect(ended).toMatchObject({ end: { kind: 'exited', code: 2 }, folders: {} });
    });
  },
);

describe.each(inSandbox)('storage at a location of its own, with %s', (_, options) => {
  it('lies there, beside other storage, and the rest of the folder is the machine’s', async () => {
    const script = 'echo a > /srv/one/f; echo b > /data/big/0/f; touch /data/f; ls /data';
    await using rig = await openRig(bash(script), { ...options, locations: ['/data/big', '/srv'] });
    const folders = { '/data/big/0': {}, '/data/big/1': {}, '/srv/one': {} };
    const { ended, heard } = await rig.play({ ...install, folders });
    expect(ended.end).toEqual({ kind: 'exited', code: 0 });
    expect(heard.lines.filter((line) => line.startsWith('stdout'))).toEqual([
      'stdout: big',
      'stdout: f',
    ]);
    expect(Object.keys(ended.root ?? {})).toEqual(['data/f']);
    expect(Object.entries(ended.folders).map(([path, left]) => [path, Object.keys(left)])).toEqual([
      ['/data/big/0', ['f']],
      ['/data/big/1', []],
      ['/srv/one', ['f']],
    ]);
    const after = await rig.play(install);
    expect(after.ended.end).toEqual({ kind: 'exited', code: 0 });
  });

  it.each(['/usr/share', '/etc', UNIT_DIR])(
    'cannot be at %s, and the next event is played as ever',
    async (location) => {
      await using rig = await openRig(bash('ls -A /srv'), options);
      const { ended } = await rig.play({ ...install, folders: { [location]: {}, '/srv/x': {} } });
      expect(ended.end.kind).toBe('not-started');
      expect(ended.reason).toMatch(
        /^storage cannot be in .*: the sandbox has files of its own there$/,
      );
      const next = await rig.play(install);
      expect(next.heard.lines).toEqual([]);
      expect(next.ended.end).toEqual({ kind: 'exited', code: 0 });
    },
  );
});

it('without a sandbox storage is in Juju’s folder only', async () => {
  await using rig = await openRig(bash('true'), { sandbox: 'none' });
  const { ended } = await rig.play({ ...install, folders: { '/srv/x': {} } });
  expect(ended.reason).toContain('storage cannot be in /srv/x without a sandbox');
});

it('storage and the charm directory share one limit, and stay as they were beyond it', async () => {
  const script = `head -c 600000 /dev/zero > ${DATA}/big; head -c 600000 /dev/zero > big`;
  await using rig = await openRig(bash(script));
  const earlier = await rig.play({ ...install, folders: { [DATA]: {} } });
  expect(earlier.ended.end).toEqual({ kind: 'exited', code: 0 });
  const limits = { ...install.limits, files: 1 << 20 };
  const { ended } = await rig.play({ ...install, limits, folders: { [DATA]: {} } });
  expect(ended).toMatchObject({
    end: { kind: 'limit', of: 'files', allowed: '1 MiB' },
    charmDir: {},
    folders: { [DATA]: {} },
  });
});

it('what a hostile charm makes in its storage is no more than files, folders and links', async () => {
  const script = `cd ${DATA}; mkfifo pipe; mknod null c 0 0; perl -e 'socket(S,1,1,0); bind S, pack "Sa*",1,"sock"'
ln -s /etc/passwd link; cd /; rm -rf ${DATA}; mv ${DATA} ${DATA}x; echo f > ${DATA}/f`;
  await using rig = await openRig(bash(script));
  const { ended } = await rig.play({ ...install, folders: { [DATA]: {} } });
  expect(ended.end).toEqual({ kind: 'exited', code: 0 });
  expect(Object.keys(ended.folders[DATA] ?? {})).toEqual(['f']);
  const next = await rig.play({ ...install, folders: ended.folders });
  expect(Object.keys(next.ended.folders[DATA] ?? {})).toEqual(['f']);
});

describe('files of earlier events', () => {
  const path = `${UNIT_DIR}/resources/image/image.txt`;
  const look = `f="$CHARM_DIR/../resources/image/image.txt"; cat "$f"; stat -c %a "$f"`;

  it.each<[string, RigOptions]>([...inSandbox, ['no sandbox', { sandbox: 'none' }]])(
    'are there when an event begins, read-only, with %s',
    async (_, options) => {
      await using rig = await openRig(bash(look), options);
      const files = { [path]: rig.blobs.put(new TextEncoder().encode('ü\n')) };
      const { heard } = await rig.play({ ...install, files });
      expect(heard.lines).toEqual(['stdout: ü', 'stdout: 444']);
      const after = await rig.play(install);
      expect(after.ended.end).toEqual({ kind: 'exited', code: 1 });
    },
  );

  it('are replaced by what a hook command brings', async () => {
    await using rig = await openRig(bash(`resource-get image; ${look}`));
    const files = { [path]: rig.blobs.put(new TextEncoder().encode('old\n')) };
    const bytes = new TextEncoder().encode('new\n');
    const answer = { out: `${path}\n`, files: [{ path, bytes, parents: true }] };
    const { heard } = await rig.play({ ...install, files }, () => answer);
    expect(heard.lines).toEqual([`stdout: ${path}`, 'stdout: new', 'stdout: 644']);
  });
});
