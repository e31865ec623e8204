/** Packages with services, sources of their own, held conffiles: what the recorded calls do not come to. */
import type { Draft } from 'immer';
import { describe, expect, it } from 'vitest';
import { openTransaction, setNow } from '../../src/engine/play/transaction.ts';
import { aptMark } from '../../src/engine/world/machine/apt-mark.ts';
import { PACKAGE_PROGRAMS } from '../../src/engine/world/machine/package-programs.ts';
import type { Package } from '../../src/engine/world/machine/package-slice.ts';
import type { MachineDraw } from '../../src/engine/world/machine/program.ts';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import type { State } from '../../src/engine/world/state.ts';
import { openMachine, packageFile, type Machine, type Ran } from './machine-rig.ts';

const plain: Package = { version: '1.0', arch: 'all', description: 'x' };

function machineWith(archive: Record<string, Package>): Machine {
  return openMachine(PACKAGE_PROGRAMS, {
    archive: Object.fromEntries(Object.entries(archive).map(([name, one]) => [name, [one]])),
  });
}

function ran(machine: Machine, words: string, given = {}): Ran {
  const answer = machine.run(words.split(' '), given);
  if ('unmet' in answer) throw new Error(`${answer.unmet} is not simulated`);
  return answer;
}

const proxy: Package = {
  ...plain,
  version: '1.11.0-1',
  units: {
    proxy: { listens: ['8888/tcp'], pidFile: '/run/proxy.pid', command: '/usr/bin/proxy -d' },
  },
  commands: [{ command: ['proxy', '-v'], stdout: 'proxy 1.11\n' }],
};
const UNIT = '/usr/lib/systemd/system/proxy.service';
const WANTS = '/etc/systemd/system/multi-user.target.wants/proxy.service';

describe('a package with a service', () => {
  it('is enabled and started when it is installed', () => {
    const machine = machineWith({ proxy });
    const { code, out } = ran(machine, 'apt-get install -y proxy');
    expect(code).toBe(0);
    expect(out).toContain(`Created symlink ${WANTS} → /lib/systemd/system/proxy.service.\n`);
    expect(machine.text(UNIT)).toContain('ExecStart=/usr/bin/proxy -d\n');
    expect(machine.files(WANTS)).toHaveProperty([WANTS, 'kind'], 'link');
    const { units = {}, processes = {} } = machine.slice();
    expect(units['proxy.service']).toMatchObject({ active: 'active', sub: 'running' });
    expect(Object.values(processes)).toMatchObject([
      { argv: ['/usr/bin/proxy', '-d'], listens: ['8888/tcp'], unit: 'proxy.service' },
    ]);
    expect(machine.text('/run/proxy.pid')).toBe(`${units['proxy.service']?.mainPid}\n`);
  });

  it('is not started where policy-rc.d forbids it', () => {
    const machine = machineWith({ proxy });
    const bytes = new TextEncoder().encode('#!/bin/sh\nexit 101\n');
    machine.write({ '/usr/sbin/policy-rc.d': { kind: 'file', mode: 0o755, bytes } });
    ran(machine, 'apt-get install -y proxy');
    expect(machine.slice().processes).toBeUndefined();
    expect(machine.files(WANTS)).toHaveProperty([WANTS]);
  });

  it('is stopped when it is removed, and forgotten when it is purged', () => {
    const machine = machineWith({ proxy });
    ran(machine, 'apt-get install -y proxy');
    ran(machine, 'apt-get remove -y proxy');
    expect(machine.slice().processes).toEqual({});
    expect(machine.files(UNIT, '/usr/bin/proxy')).toEqual({});
    ran(machine, 'apt-get install -y proxy');
    ran(machine, 'apt-get purge -y proxy');
    expect(machine.files(WANTS, UNIT, '/var/lib/dpkg/info/proxy.list')).toEqual({});
    expect(machine.slice().packages).toEqual({ proxy: null });
  });

  it('is started again when it is upgraded', () => {
    const machine = machineWith({ proxy });
    ran(machine, 'apt-get install -y proxy');
    const before = machine.slice().units?.['proxy.service']?.mainPid;
    machine.change({ archive: { proxy: [{ ...proxy, version: '1.12' }] } });
    ran(machine, 'apt-get upgrade -y');
    expect(machine.slice().packages?.['proxy']?.version).toBe('1.12');
    expect(machine.slice().units?.['proxy.service']?.mainPid).not.toBe(before);
  });

  it('has its programs on the machine as long as it is there', () => {
    const machine = machineWith({ proxy });
    ran(machine, 'apt-get install -y proxy');
    expect(machine.files('/usr/bin/proxy')).toEqual({
      '/usr/bin/proxy': { kind: 'link', target: '/opt/playbill/client/machine-command' },
    });
    expect(ran(machine, 'dpkg -S /usr/bin/proxy').out).toBe('proxy: /usr/bin/proxy\n');
  });
});

describe('sources', () => {
  const ours: Package = { ...plain, source: 'repo.example/apt' };
  const LINE = 'deb https://repo.example/apt jammy main';

  it('bring their packages once their lists were fetched', () => {
    const machine = machineWith({ ours });
    expect(ran(machine, 'apt-get install -y ours').err).toBe('E: Unable to locate package ours\n');
    const added = machine.run([
      'add-apt-repository',
      '--yes',
      `--sourceslist=${LINE}`,
      '--no-update',
    ]);
    expect(added).toMatchObject({ code: 0 });
    expect(ran(machine, 'apt-get install -y ours').code).toBe(100);
    expect(ran(machine, 'apt-get update').out).toContain(
      'Hit:1 https://repo.example/apt jammy InRelease\n',
    );
    expect(ran(machine, 'apt-cache policy ours').out).toContain(
      '500 https://repo.example/apt jammy/main amd64',
    );
    expect(ran(machine, 'apt-get install -y ours').code).toBe(0);
  });

  it('are read from lists and from stanzas', () => {
    const machine = machineWith({ ours });
    const stanza = 'Types: deb\nURIs: https://repo.example/apt\nSuites: noble\nComponents: main\n';
    const bytes = new TextEncoder().encode(stanza);
    machine.write({ '/etc/apt/sources.list.d/o.sources': { kind: 'file', mode: 0o644, bytes } });
    ran(machine, 'apt-get update');
    expect(machine.slice().lists).toEqual(['https://repo.example/apt noble']);
    const off = new TextEncoder().encode(`Enabled: no\n${stanza}`);
    machine.write({
      '/etc/apt/sources.list.d/o.sources': { kind: 'file', mode: 0o644, bytes: off },
    });
    ran(machine, 'apt-get update');
    expect(machine.slice().lists).toEqual([]);
  });

  it('of a PPA are written as add-apt-repository writes them, and taken away again', () => {
    const machine = machineWith({});
    ran(machine, 'add-apt-repository -y -n ppa:some/thing');
    const path = '/etc/apt/sources.list.d/some-ubuntu-thing-jammy.list';
    expect(machine.text(path)).toContain(
      'deb https://ppa.launchpadcontent.net/some/thing/ubuntu/ jammy main\n',
    );
    ran(machine, 'add-apt-repository -y -n --remove ppa:some/thing');
    expect(machine.files(path)).toEqual({});
  });

  it('cannot be reached when the machine is offline', () => {
    const machine = machineWith({ plain });
    machine.change({ offline: true });
    expect(ran(machine, 'apt-get update')).toMatchObject({ code: 0 });
    expect(ran(machine, 'apt-get update --error-on=any').code).toBe(100);
    expect(ran(machine, 'apt-get install -y plain')).toMatchObject({ code: 100 });
    expect(machine.slice().packages).toBeUndefined();
  });
});

describe('who asks', () => {
  it('must be root to change packages, and not to look at them', () => {
    const machine = machineWith({ plain });
    const user = { user: 1000 };
    expect(ran(machine, 'apt-get install -y plain', user).err).toContain('are you root?');
    expect(ran(machine, 'dpkg -i x.deb', user).err).toContain('requires superuser privilege');
    expect(ran(machine, 'apt-cache policy plain', user).code).toBe(0);
    expect(ran(machine, 'dpkg -l bash', user).code).toBe(0);
  });

  it('is asked when more is done than was named, and may say yes', () => {
    const machine = machineWith({ one: { ...plain, depends: 'two' }, two: plain });
    expect(ran(machine, 'apt-get install one').code).toBe(1);
    expect(ran(machine, 'apt-get install one', { stdin: 'y\n' }).code).toBe(0);
  });
});

describe('the base', () => {
  it.each(['ubuntu@22.04', 'ubuntu@24.04'] as const)('%s has its packages', (base) => {
    const machine = openMachine(PACKAGE_PROGRAMS, { base });
    expect(ran(machine, 'dpkg -l').out.split('\n').length).toBeGreaterThan(250);
    expect(ran(machine, 'dpkg-query -W -f=${Status} openssh-server').out).toBe(
      'install ok installed',
    );
    expect(ran(machine, 'apt-get install -y systemd').out).toContain(
      'systemd is already the newest version',
    );
    expect(ran(machine, 'apt-get autoremove -y').out).toContain('0 to remove');
    expect(machine.slice().packages).toBeUndefined();
  });
});

describe('answers and alternatives', () => {
  it('are kept for packages that would ask', () => {
    const machine = machineWith({});
    const stdin = '# x\npostfix postfix/mailname string host.example\npostfix a/b boolean true\n';
    expect(ran(machine, 'debconf-set-selections', { stdin })).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(ran(machine, 'debconf-show postfix').out).toBe(
      '* a/b: true\n* postfix/mailname: host.example\n',
    );
  });

  it('lead a name to the program of the highest priority, or to the one that is set', () => {
    const machine = machineWith({});
    for (const path of ['/usr/bin/a', '/usr/bin/b']) {
      machine.write({ [path]: { kind: 'link', target: '/bin/true' } });
    }
    ran(machine, 'update-alternatives --install /usr/bin/it it /usr/bin/a 10');
    ran(machine, 'update-alternatives --install /usr/bin/it it /usr/bin/b 20');
    const link = (): unknown => machine.files('/etc/alternatives/it')['/etc/alternatives/it'];
    expect(link()).toMatchObject({ target: '/usr/bin/b' });
    ran(machine, 'update-alternatives --set it /usr/bin/a');
    expect(link()).toMatchObject({ target: '/usr/bin/a' });
    expect(ran(machine, 'update-alternatives --query it').out).toContain('Status: manual\n');
    ran(machine, 'update-alternatives --remove it /usr/bin/a');
    expect(link()).toMatchObject({ target: '/usr/bin/b' });
  });
});

describe('what is not simulated', () => {
  it.each([
    ['apt-get source x', 'apt-get source'],
    ['apt-cache rdepends x', 'apt-cache rdepends'],
    ['dpkg --unpack x.deb', 'dpkg --unpack'],
    ['apt-mark minimize-manual', 'apt-mark minimize-manual'],
  ])('%s is refused by name', (words, unmet) => {
    expect(machineWith({}).run(words.split(' '))).toEqual({ unmet });
  });

  it('is a .deb file whose package no tree tells of', () => {
    const machine = machineWith({});
    machine.write({
      '/x/strange_1_all.deb': { kind: 'file', mode: 0o644, bytes: new Uint8Array() },
    });
    expect(machine.run(['dpkg', '-i', '/x/strange_1_all.deb'])).toEqual({
      unmet: 'the package in /x/strange_1_all.deb',
    });
  });
});

it('keeps a configuration file that a charm has changed', () => {
  const machine = machineWith({});
  const version = (number: string, text: string): Package => ({
    ...plain,
    version: number,
    files: { '/etc/it.conf': packageFile(machine, text) },
  });
  machine.change({ archive: { it: [version('1', 'one')] } });
  ran(machine, 'apt-get install -y it');
  const bytes = new TextEncoder().encode('ours');
  machine.write({ '/etc/it.conf': { kind: 'file', mode: 0o644, bytes } });
  machine.change({ archive: { it: [version('2', 'two')] } });
  expect(ran(machine, 'apt-get install -y it -o Dpkg::Options::=--force-confold').code).toBe(0);
  expect(machine.text('/etc/it.conf')).toBe('ours');
  expect(machine.text('/etc/it.conf.dpkg-dist')).toBe('two');
});

it('never installs an earlier version than is there, unless it is asked for', () => {
  const machine = machineWith({ bash: plain, it: { ...plain, version: '2' } });
  ran(machine, 'apt-get install -y it');
  machine.change({ archive: { it: [plain], bash: [plain] } });
  const { code, out } = ran(machine, 'apt-get install -y it bash');
  expect(code).toBe(0);
  expect(out).toContain('it is already the newest version (2).\n');
  expect(out).toContain('bash is already the newest version');
  expect(ran(machine, 'apt-cache policy it').out).toBe(
    'it:\n  Installed: 2\n  Candidate: 2\n  Version table:\n *** 2 100\n        100 /var/lib/dpkg/status\n' +
      '     1.0 500\n        500 http://archive.ubuntu.com/ubuntu jammy/main amd64 Packages\n',
  );
  ran(machine, 'apt-get install -y --allow-downgrades it=1.0');
  expect(machine.slice().packages?.['it']?.version).toBe('1.0');
});

describe('a package with users of its own', () => {
  const users = {
    proxyd: { home: '/var/lib/proxy', comment: 'Proxy', groups: ['ssl-cert'] },
    other: {},
  };
  const file = (text: string) =>
    ({ kind: 'file', mode: 0o644, bytes: new TextEncoder().encode(text) }) as const;
  const machineOf = (): Machine => {
    const machine = machineWith({ proxy: { ...proxy, users } });
    machine.write({
      '/etc/passwd': file('root:x:0:0:root:/root:/bin/bash\nfirst:x:100:65534::/:/bin/false\n'),
      '/etc/group': file('root:x:0:\n'),
      '/etc/shadow': file('root:*:1::::::\n'),
      '/etc/gshadow': file('root:*::\n'),
    });
    return machine;
  };

  it('makes them, with groups and homes', () => {
    const machine = machineOf();
    ran(machine, 'apt-get install -y proxy');
    expect(machine.text('/etc/passwd')?.split('\n').slice(2)).toEqual([
      'proxyd:x:101:100:Proxy:/var/lib/proxy:/usr/sbin/nologin',
      'other:x:102:102::/nonexistent:/usr/sbin/nologin',
      '',
    ]);
    expect(machine.text('/etc/group')?.split('\n').slice(1)).toEqual([
      'proxyd:x:100:',
      'ssl-cert:x:101:proxyd',
      'other:x:102:',
      '',
    ]);
    expect(machine.files('/var/lib/proxy')).toMatchObject({ '/var/lib/proxy': { kind: 'dir' } });
  });

  it('leaves them when it goes, and makes none twice', () => {
    const machine = machineOf();
    ran(machine, 'apt-get install -y proxy');
    const before = machine.text('/etc/passwd');
    ran(machine, 'apt-get purge -y proxy');
    ran(machine, 'apt-get install -y proxy');
    expect(machine.text('/etc/passwd')).toBe(before);
  });
});

it('is told package by package: one that was marked was not installed by that', () => {
  const machine = machineWith({ it: plain, other: plain });
  ran(machine, 'apt-get install -y it other');
  const state = { machine: machine.slice() } as State;
  const transaction = openTransaction(state);
  const draw = {
    ...machine.draw(),
    set: (change: (slice: Draft<MachineSlice>) => void) => setNow(transaction, 'machine', change),
  } as MachineDraw;
  const call = { kind: 'commands', channel: 'machine', cwd: '/', stdin: null } as const;
  aptMark(draw, { ...call, argv: ['apt-mark', 'hold', 'it'] });
  expect(transaction.effects).toEqual([{ path: ['machine', 'packages', 'it'], when: 'now' }]);
});
