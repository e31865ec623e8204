import { describe, expect, it } from 'vitest';
import type { Changes } from '../../src/engine/files/tree.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { BLOBS, ON_MACHINE, laid, rooted } from '../play/laid.ts';

function text(root: Changes | undefined, path: string): string | null {
  const change = root?.[path];
  return change?.kind === 'file' ? new TextDecoder().decode(BLOBS.get(change.digest)) : null;
}

const PROXY = `{machine: {base: ubuntu@24.04, units: {proxy: {command: /usr/bin/proxy -d, user: nobody,
  listens: [8888/tcp], pid-file: /run/proxy.pid}}}}`;

describe('the machine in a tree', () => {
  it('has a unit as a package would have brought it', () => {
    const { machine } = rooted(PROXY, ON_MACHINE);
    expect(machine.base).toBe('ubuntu@24.04');
    expect(text(machine.root, 'usr/lib/systemd/system/proxy.service')).toBe(
      '[Unit]\nDescription=proxy.service\n\n[Service]\nExecStart=/usr/bin/proxy -d\nUser=nobody\n\n' +
        '[Install]\nWantedBy=multi-user.target\n',
    );
    expect(
      machine.root?.['etc/systemd/system/multi-user.target.wants/proxy.service'],
    ).toMatchObject({
      kind: 'link',
      target: '/usr/lib/systemd/system/proxy.service',
    });
    expect(text(machine.root, 'run/proxy.pid')).toBe('4001\n');
    expect(machine.units?.['proxy.service']).toMatchObject({
      active: 'active',
      sub: 'running',
      mainPid: 4001,
    });
    expect(machine.processes?.['4001']).toMatchObject({
      argv: ['/usr/bin/proxy', '-d'],
      user: 'nobody',
      unit: 'proxy.service',
      listens: ['8888/tcp'],
    });
  });

  it('says what becomes of a unit, and takes one away', () => {
    const before = rooted(PROXY, ON_MACHINE);
    const failed = laid(before, ['{machine: {units: {proxy: {active: failed}}}}'], ON_MACHINE);
    expect(failed.machine.units?.['proxy.service']).toMatchObject({
      active: 'failed',
      result: 'exit-code',
      mainPid: 0,
    });
    expect(failed.machine.processes).toBeUndefined();
    const gone = laid(failed, ['{machine: {units: {proxy: }}}'], ON_MACHINE).machine;
    expect(gone.units).toBeUndefined();
    expect(gone.root?.['usr/lib/systemd/system/proxy.service']).toEqual({ kind: 'removed' });
  });

  it('has files, processes and rules, those of a delta first', () => {
    const root = rooted(
      '{machine: {files: {/etc/app.conf: "a"}, exec: [{command: app -v, stdout: "1"}]}}',
      ON_MACHINE,
    );
    const { machine } = laid(
      root,
      [
        '{machine: {exec: [{command: [app], exit: 2}], processes: [{command: sshd -D, listens: [22/tcp]}]}}',
        '{machine: {files: {/etc/app.conf: , /etc/other: {text: b, mode: "0600", user: app}}}}',
      ],
      ON_MACHINE,
    );
    expect(machine.execs).toEqual([
      { command: ['app'], exit: 2 },
      { command: ['app', '-v'], stdout: '1' },
    ]);
    expect(machine.root?.['etc/app.conf']).toEqual({ kind: 'removed' });
    expect(machine.root?.['etc/other']).toMatchObject({ mode: 0o600, user: 'app' });
    expect(Object.values(machine.processes ?? {})).toMatchObject([
      { argv: ['sshd', '-D'], unit: null, listens: ['22/tcp'] },
    ]);
  });

  it('has programs that leave a daemon, as no container has', () => {
    const starts = '{listens: [80/tcp], pid-file: /run/a.pid, user: app, needs: {/etc/a: on}}';
    const { machine } = rooted(`{machine: {exec: [{command: a, starts: ${starts}}]}}`, ON_MACHINE);
    expect(machine.execs).toEqual([
      {
        command: ['a'],
        starts: {
          listens: ['80/tcp'],
          pidFile: '/run/a.pid',
          user: 'app',
          needs: { '/etc/a': 'on' },
        },
      },
    ]);
    const text = `root: {containers: {web: {exec: [{command: a, starts: {}}]}}}\nsteps: [install]`;
    expect(() => parseTree({ file: 't.yaml', text, name: 't' })).toThrow(
      'container web: exec: "starts" is a machine’s word',
    );
  });

  it.each([
    ['{units: {"a b": {}}}', 'machine: "a b" is no name of a unit'],
    ['{units: {a: {active: up}}}', 'unit a: active: "up" is not known'],
    ['{units: {a: {after: 3s}}}', 'unit a: "after" says when it exits'],
    ['{units: {a: {listens: [80]}}}', 'unit a: listens: expected text, got 80'],
    ['{units: {a: {pid-file: run/a}}}', 'unit a: pid-file: expected an absolute path'],
    ['{files: {etc/a: b}}', 'machine: files: "etc/a" is no absolute path'],
    ['{processes: [{pid: 3}]}', 'process: expected a "command"'],
    ['{exec: [{command: a, run: real}]}', 'machine: exec: "run" is a container’s word'],
    ['{exec: [{command: a, starts: {port: 80}}]}', 'machine: exec: starts: unknown key "port"'],
    [
      '{exec: [{command: a, starts: {pid-file: a.pid}}]}',
      'machine: exec: starts: pid-file: expected an absolute path',
    ],
    ['{base: debian}', 'machine: base: "debian" is not known'],
  ])('is refused where it cannot be: %s', (words, message) => {
    const file = 't.yaml';
    const source = `root: {machine: ${words}}\nsteps: [install]`;
    expect(() => parseTree({ file, text: source, name: 't' })).toThrow(message);
  });
});

describe('a boot', () => {
  it('starts what is enabled anew, and nothing else', () => {
    const words = `{machine: {units: {proxy: {command: /usr/bin/proxy}, other: {command: /usr/bin/o,
      enabled: false}, cron: {active: failed}}, processes: [{command: sshd}], files: {/run/x: a}}}`;
    const { machine } = laid(rooted(words, ON_MACHINE), ['{reboot: true}'], ON_MACHINE);
    expect(Object.keys(machine.units ?? {})).toEqual(['proxy.service']);
    expect(machine.units?.['proxy.service']).toMatchObject({ active: 'active', mainPid: 4005 });
    expect(Object.values(machine.processes ?? {})).toMatchObject([{ argv: ['/usr/bin/proxy'] }]);
    expect(machine.root?.['run/x']).toBeUndefined();
  });
});
