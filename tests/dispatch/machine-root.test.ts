/** The machine's root: what a charm writes anywhere is in the State, for the events after it and for no other. */
import { describe, expect, it } from 'vitest';
import type { Changes } from '../../src/engine/files/tree.ts';
import { NOW, bash, jobFor, openRig, type Rig, type RigOptions } from './rig.ts';

const install = jobFor('hooks/install');

/** A hook that runs what its event says. */
const SCRIPT = bash('eval "$(config-get script)"');

async function runs(rig: Rig, script: string, root: Changes = {}) {
  const { ended, heard } = await rig.play({ ...install, root }, (request) =>
    request.kind === 'commands' && request.argv[0] === 'config-get' ? { out: script } : {},
  );
  expect(ended.end).toEqual({ kind: 'exited', code: 0 });
  const printed = heard.lines.map((line) => line.replace(/^stdout: /, ''));
  return { root: ended.root ?? {}, printed };
}

const WRITES = `echo one > /etc/app.conf; printf '#!/bin/sh\\necho ran\\n' > /usr/local/bin/own; chmod 755 /usr/local/bin/own
mkdir -m 700 -p /root/me/.config; ln -s /etc/app.conf /opt/link; echo 7 > /run/app.pid; echo t > /tmp/left; echo v > /var/lib/app; rm /etc/timezone`;
const READS = `cat /etc/app.conf; own; stat -c %a /root/me/.config; readlink /opt/link; cat /var/run/app.pid /tmp/left /var/lib/app; ls /etc/timezone || echo gone`;

describe.each<[string, RigOptions]>([
  ['layers', {}],
  ['lower rungs', { lowerRungs: true }],
])('what a charm writes, with %s', (rungs, options) => {
  const writes = rungs === 'layers' ? WRITES : WRITES.replaceAll('/usr/local/bin', '/opt');
  const reads = rungs === 'layers' ? READS : READS.replace('own', '/opt/own');

  it('is in the State, and there for the next event, on this sandbox or another', async () => {
    await using rig = await openRig(SCRIPT, options);
    const { root } = await runs(rig, writes);
    expect(root).toMatchObject({
      'etc/app.conf': { kind: 'file', mode: 0o644, user: 'root', group: 'root', modified: NOW },
      'etc/timezone': { kind: 'removed' },
      'root/me/.config': { kind: 'dir', mode: 0o700 },
      'opt/link': { kind: 'link', target: '/etc/app.conf' },
      'run/app.pid': { kind: 'file', size: 2 },
    });
    await using other = await openRig(SCRIPT, options);
    for (const digest of Object.values(root).flatMap((c) =>
      c.kind === 'file' ? [c.digest] : [],
    )) {
      other.blobs.put(rig.blobs.get(digest));
    }
    for (const one of [rig, other, rig]) {
      const next = await runs(one, reads, root);
      expect(next.printed.filter((line) => !line.startsWith('stderr'))).toEqual([
        ...['one', 'ran', '700', '/etc/app.conf', '7', 't', 'v', 'gone'],
      ]);
      expect(next.root).toEqual(root);
    }
  });

  it('leaves files of other units of the machine where a subordinate reads them', async () => {
    await using rig = await openRig(SCRIPT, options);
    const digest = rig.blobs.put(new TextEncoder().encode('name: web\n'));
    const owned = { user: 'root', group: 'root', modified: NOW } as const;
    const dirs = ['', '/agents', '/agents/unit-web-0', '/agents/unit-web-0/charm'];
    const root: Changes = {
      ...Object.fromEntries(
        dirs.map((dir) => [`var/lib/juju${dir}`, { ...owned, kind: 'dir', mode: 0o755 } as const]),
      ),
      'var/lib/juju/agents/unit-web-0/charm/metadata.yaml': {
        ...owned,
        kind: 'file',
        mode: 0o644,
        digest,
        size: 10,
      },
    };
    const read = 'cat ../../unit-web-0/charm/metadata.yaml; ls /var/lib/juju/agents';
    for (const played of [await runs(rig, read, root), await runs(rig, read, root)]) {
      expect(played.printed).toEqual(['name: web', 'unit-app-0', 'unit-web-0']);
      expect(played.root).toEqual(root);
    }
  });

  it('is not there for a sibling', async () => {
    await using rig = await openRig(SCRIPT, options);
    const parent = await runs(rig, 'echo parent > /etc/parent');
    const left = await runs(rig, 'echo left > /etc/left; rm /etc/parent', parent.root);
    const right = await runs(rig, 'cat /etc/parent; ls /etc/left || echo none', parent.root);
    expect(Object.keys(left.root)).toEqual(['etc/left']);
    expect(right.printed).toContain('parent');
    expect(right.printed).toContain('none');
    expect(right.root).toEqual(parent.root);
  });

  it('is nothing when it is as before in the end', async () => {
    await using rig = await openRig(SCRIPT, options);
    const away = `echo x >> /etc/os-release; rm -r /var/log; mkdir /var/log; mkdir -p /srv/a/b; echo y > /srv/a/b/c; chmod 700 /srv`;
    const { root } = await runs(rig, `cp -p /etc/os-release /tmp/kept; ${away}`);
    expect(Object.keys(root)).toEqual([
      ...['etc/os-release', 'srv', 'srv/a', 'srv/a/b', 'srv/a/b/c', 'tmp/kept'],
    ]);
    const back = `cat /tmp/kept > /etc/os-release; rm -r /srv/a /tmp/kept; chmod 755 /srv; touch /etc/lsb-release`;
    expect((await runs(rig, back, root)).root).toEqual({});
    const again = await runs(
      rig,
      'rm -rf /srv; mkdir /srv; rm -r /etc/ssl; mkdir /etc/ssl; touch /etc/ssl/own',
      root,
    );
    expect(again.root).not.toHaveProperty('srv/a');
    expect(again.root['etc/ssl/own']).toMatchObject({ kind: 'file' });
    const listed = await runs(rig, 'ls -A /etc/ssl', again.root);
    expect(listed.printed).toEqual(['own']);
  });

  it('is kept when the hook fails, and not when it is cut short', async () => {
    await using rig = await openRig(
      bash('echo x > /etc/x; [ -e /etc/y ] && exec cat /dev/zero; touch /etc/y; exit 3'),
      options,
    );
    const one = await rig.play(install);
    expect(Object.keys(one.ended.root ?? {})).toEqual(['etc/x', 'etc/y']);
    const root = one.ended.root as Changes;
    const two = await rig.play({ ...install, root, limits: { ...install.limits, output: 100 } });
    expect(two.ended).toMatchObject({ end: { kind: 'limit', of: 'output' }, root });
  });
});

it('is the same after many events as after few: layers become one', async () => {
  await using rig = await openRig(SCRIPT);
  let root: Changes = {};
  for (let event = 0; event < 40; event += 1) {
    const script = `echo ${event} > /etc/last; mkdir -p /srv/d; echo ${event} > /srv/d/${event}; rm -f /srv/d/${event - 3}; ls /srv/d | wc -l
if [ ${event % 10} = 9 ]; then rm -r /srv/d; mkdir /srv/d; fi`;
    const played = await runs(rig, script, root);
    ({ root } = played);
    expect(played.printed).toEqual([String(Math.min((event % 10) + 1, 3))]);
  }
  expect(Object.keys(root)).toEqual(['etc/last', 'srv/d']);
});

it('a base lies over the host’s programs, whole, with owners', async () => {
  await using rig = await openRig(SCRIPT);
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const entries = {
    'etc/os-release': { kind: 'file', mode: 0o644, bytes: bytes('ID=other\n') },
    'usr/share/other/x': { kind: 'file', mode: 0o600, bytes: bytes('x\n') },
    'var/spool/own': { kind: 'dir', mode: 0o770 },
    'var/spool/link': { kind: 'link', target: 'own' },
  } as const;
  const played = await rig.play({ ...install, base: { key: 'other', entries } }, (request) =>
    request.kind === 'commands' && request.argv[0] === 'config-get'
      ? {
          out: 'cat /etc/os-release /usr/share/other/x; stat -Lc %a /var/spool/link; touch /usr/bin/y',
        }
      : {},
  );
  expect(played.heard.lines).toEqual(['stdout: ID=other', 'stdout: x', 'stdout: 770']);
  expect(Object.keys(played.ended.root ?? {})).toEqual(['usr/bin/y']);
});
