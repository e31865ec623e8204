/** The machine of a unit in tables. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/engine/model/json.ts';
import type { MachineSlice } from '../../src/engine/world/machine/slice.ts';
import type { InstalledPackage } from '../../src/engine/world/machine/package-slice.ts';
import type { Process, Unit } from '../../src/engine/world/machine/unit-slice.ts';
import { changeGroups, changeSentence } from '../../src/view/changes.ts';
import { machineTables } from '../../src/view/machine-view.ts';

const BARE: MachineSlice = { cpus: 1, memoryMiB: 1024, charmDir: {}, folders: {}, databases: {} };
const UNIT: Unit = {
  loaded: [],
  description: 'A proxy',
  active: 'active',
  sub: 'running',
  result: 'success',
  mainPid: 401,
  since: 0,
};
const PROCESS: Process = {
  argv: ['/usr/bin/proxy', '-d'],
  user: 'proxy',
  unit: 'proxy.service',
  listens: ['8888/tcp'],
  signals: ['SIGUSR1', 'SIGHUP'],
  started: 0,
};
const PACKAGE: InstalledPackage = {
  version: '1.11-1',
  arch: 'amd64',
  description: 'a proxy',
  state: 'installed',
};

function table(machine: Partial<MachineSlice>, title: string) {
  return machineTables({ ...BARE, ...machine }).find((one) => one.title === title)?.rows;
}

describe('what changed on a machine', () => {
  it('is told in a few words', () => {
    const changed = {
      machine: [
        { path: ['packages', 'proxy'], after: PACKAGE as unknown as Json },
        { path: ['processes', '401'], before: PROCESS as unknown as Json },
        { path: ['root', 'etc/proxy.conf'], after: { kind: 'removed' } },
        { path: ['units', 'proxy.service', 'active'], before: 'active', after: 'failed' },
      ],
    };
    const [group] = changeGroups(changed);
    expect(group?.rows.map(changeSentence)).toEqual([
      'machine: /etc/proxy.conf removed',
      'package proxy set to 1.11-1, installed',
      'process 401 removed',
      'service proxy.service › active: active → failed',
    ]);
  });
});

describe('the tables of a machine', () => {
  it('are none where nothing was asked of it', () => {
    expect(machineTables(BARE)).toEqual([]);
  });

  it('say of packages how they came and what became of them', () => {
    const packages = {
      proxy: { ...PACKAGE, held: true as const },
      libproxy: { ...PACKAGE, auto: true as const },
      old: { ...PACKAGE, state: 'config-files' as const },
      snapd: null,
    };
    expect(table({ packages }, 'Packages')).toEqual([
      ['libproxy', '1.11-1', 'installed', 'for another'],
      ['old', '1.11-1', 'removed, its configuration is left', 'asked for'],
      ['proxy', '1.11-1', 'installed', 'asked for, held'],
      ['snapd', '', 'gone', ''],
    ]);
  });

  it('say of units how they stand and what befell them', () => {
    const units: Record<string, Unit> = {
      'proxy.service': { ...UNIT, reloads: 2 },
      'broken.service': {
        ...UNIT,
        active: 'failed',
        sub: 'failed',
        result: 'exit-code',
        mainPid: 0,
        exited: { code: 203 },
        restarts: 1,
      },
    };
    expect(table({ units }, 'Services and other units')).toEqual([
      ['broken.service', 'failed (failed)', '', 'exit-code, exited with 203, restarted once'],
      ['proxy.service', 'active (running)', '401', 'reloaded 2 times'],
    ]);
  });

  it('list processes by their number, with their signals, and what they listen on', () => {
    const processes = { '1200': { ...PROCESS, listens: [], unit: null }, '401': PROCESS };
    expect(table({ processes }, 'Processes, as simulated')?.map(([pid]) => pid)).toEqual([
      '401',
      '1200',
    ]);
    expect(table({ processes }, 'Processes, as simulated')?.[0]?.[4]).toBe('SIGUSR1\nSIGHUP');
    expect(table({ processes }, 'Listening')).toEqual([['8888/tcp', '/usr/bin/proxy', '401']]);
  });

  it('show the end of a long journal, and what a program printed as plain text', () => {
    const line = { at: 0, unit: 'proxy.service', by: 'proxy', pid: 401 };
    const journal = Array.from({ length: 60 }, (_, at) => ({ ...line, text: `\u001b[31m${at}` }));
    const rows = table({ journal }, 'Journal, the last 50 lines');
    expect(rows).toHaveLength(50);
    expect(rows?.at(-1)?.[1]).not.toContain('\u001b');
    expect(rows?.at(-1)?.[1]).toContain('59');
  });
});
