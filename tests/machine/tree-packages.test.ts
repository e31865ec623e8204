import { describe, expect, it } from 'vitest';
import { Mistakes } from '../../src/engine/model/mistake.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { ON_MACHINE, laid, rooted } from '../play/laid.ts';

const PROXY = `{machine: {packages: {
  proxy: {version: 1.11.0-1, versions: [1.10-1], depends: [proxy-bin], files: {/etc/proxy.conf: "conf"},
    units: {proxy: {listens: [8888/tcp], command: /usr/bin/proxy -d}},
    commands: [{command: proxy -v, stdout: "1"}]},
  plain: "2.0"}}}`;

describe('packages in a tree', () => {
  it('are what archives offer, with what they need made where nobody speaks of it', () => {
    const { archive = {}, packages } = rooted(PROXY, ON_MACHINE).machine;
    expect(archive['proxy']?.map(({ version }) => version)).toEqual(['1.11.0-1', '1.10-1']);
    expect(archive['proxy']?.[0]).toMatchObject({
      depends: 'proxy-bin',
      units: { proxy: { listens: ['8888/tcp'], command: '/usr/bin/proxy -d' } },
      commands: [{ command: ['proxy', '-v'], stdout: '1' }],
    });
    expect(archive['proxy-bin']).toMatchObject([{ version: '1.11.0-1' }]);
    expect(archive['plain']).toMatchObject([{ version: '2.0' }]);
    expect(packages).toBeUndefined();
  });

  it('come in another version, or are gone, by a delta', () => {
    const before = rooted(PROXY, ON_MACHINE);
    const delta = '{machine: {packages: {proxy: "1.12", plain: }}}';
    const { archive = {} } = laid(before, [delta], ON_MACHINE).machine;
    expect(archive['proxy']).toMatchObject([{ version: '1.12', depends: 'proxy-bin' }]);
    expect(archive['plain']).toEqual([]);
  });

  it('are there when the tree says so, with their services', () => {
    const installed = PROXY.replace('version: 1.11.0-1', 'version: 1.11.0-1, installed: true');
    const { packages, units, processes, root } = rooted(installed, ON_MACHINE).machine;
    expect(packages).toMatchObject({
      proxy: { version: '1.11.0-1', state: 'installed' },
      'proxy-bin': { state: 'installed', auto: true },
    });
    expect(units?.['proxy.service']?.active).toBe('active');
    expect(Object.values(processes ?? {})).toMatchObject([{ listens: ['8888/tcp'] }]);
    expect(root).toHaveProperty(['etc/proxy.conf']);
    expect(root).toHaveProperty(
      ['usr/bin/proxy', 'target'],
      '/opt/playbill/client/machine-command',
    );
  });

  it('bring users of the system, in the files that the release began with', () => {
    const text = `{machine: {packages: {proxy: {installed: true,
      files: {/var/lib/proxy/state: {text: x, user: proxyd, group: adm}},
      users: {proxyd: {home: /var/lib/proxy, groups: [adm]}}}}}}`;
    const { root = {} } = rooted(text, ON_MACHINE).machine;
    expect(root).toMatchObject({
      'var/lib/proxy': { kind: 'dir', user: expect.stringMatching(/^1\d\d$/) },
      'var/lib/proxy/state': { user: expect.stringMatching(/^1\d\d$/), group: 'adm' },
      'etc/passwd': { kind: 'file', size: expect.any(Number) },
    });
    const sizes = ['etc/passwd', 'etc/group'].map((path) => root[path]);
    expect(sizes.every((one) => one?.kind === 'file' && one.size > 500)).toBe(true);
  });

  it('are out of reach when the machine is offline, until a delta says otherwise', () => {
    const before = rooted('{machine: {offline: true}}', ON_MACHINE);
    expect(before.machine.offline).toBe(true);
    const after = laid(before, ['{machine: {offline: false}}'], ON_MACHINE);
    expect(after.machine).not.toHaveProperty('offline');
  });
});

describe('snaps in a tree', () => {
  it('are what the store offers, and there when the tree says so', () => {
    const { snapStore, snaps, units } = rooted(
      `{machine: {snaps: {proxy: {channels: {2/edge: {version: "2", revision: 7}}, confinement: classic,
        services: {daemon: {}}, installed: 2/edge}, other: {}}}}`,
      ON_MACHINE,
    ).machine;
    expect(snapStore?.['other']).toMatchObject({
      channels: { 'latest/stable': { version: '1.0', revision: 1 } },
    });
    expect(snaps).toMatchObject({ proxy: { revision: 7, tracking: '2/edge', classic: true } });
    expect(units?.['snap.proxy.daemon.service']?.active).toBe('active');
  });
});

describe('what is wrong in them', () => {
  it.each([
    ['packages: {Proxy: "1"}', 'machine: "Proxy" is no name of a package'],
    ['packages: {proxy: {versoin: "1"}}', 'package proxy: unknown key "versoin"'],
    [
      'packages: {proxy: new}',
      'package proxy: expected a version in quotes such as "1.11.0-1", got "new"',
    ],
    [
      'packages: {proxy: {files: {/x: {from: y}}}}',
      'package proxy: files: /x: expected its text, or a link',
    ],
    [
      'packages: {proxy: {users: {proxyd: {hoem: /x}}}}',
      'package proxy: users: proxyd: unknown key "hoem"',
    ],
    ['snaps: {proxy: {confinement: loose}}', 'snap proxy: confinement: "loose" is not known'],
    [
      'snaps: {proxy: {channels: {edge: {version: "1"}}}}',
      'snap proxy: channels edge: expected a "version" and a "revision"',
    ],
  ])('%s', (words, expected) => {
    const text = `root: {machine: {${words}}}\nsteps:\n- install\n`;
    try {
      parseTree({ file: 't.yaml', text, name: 't' });
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof Mistakes)) throw error;
      expect(error.all.map(({ message }) => message).join('\n')).toContain(expected);
    }
  });
});
