/** The snap program and snapd's API over one state. Texts are those of snapd's own source. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/engine/model/request.ts';
import { snap } from '../../src/engine/world/machine/snap.ts';
import { snapd } from '../../src/engine/world/machine/snapd-api.ts';
import type { OfferedSnap } from '../../src/engine/world/machine/snap-slice.ts';
import { openMachine, type Machine } from './machine-rig.ts';

const STORE: Record<string, OfferedSnap> = {
  proxy: {
    channels: {
      'latest/stable': { version: '1.0', revision: 10 },
      'latest/edge': { version: '1.1', revision: 11 },
      '2/stable': { version: '2.0', revision: 20 },
    },
    confinement: 'strict',
    publisher: 'Somebody',
    summary: 'a proxy',
    services: { daemon: { listens: ['8888/tcp'], command: '/snap/proxy/current/bin/proxyd' } },
    commands: [{ command: ['proxy'], stdout: 'usage\n' }, { command: ['proxy.ctl'] }],
    plugs: { home: 'home', network: 'network' },
  },
  code: {
    channels: { 'latest/stable': { version: '3', revision: 3 } },
    confinement: 'classic',
    publisher: 'Other',
    summary: 'an editor',
  },
};

function machineWithStore(): Machine {
  return openMachine({ snap }, { snapStore: STORE });
}

function said(machine: Machine, words: string): string {
  const answer = machine.run(words.split(' '));
  if ('unmet' in answer) throw new Error(`${answer.unmet} is not simulated`);
  const { code, out, err } = answer;
  return `${code}\n${out}${err === '' ? '' : `2> ${err}`}`;
}

describe('snap', () => {
  it('installs from a channel, once', () => {
    const machine = machineWithStore();
    expect(said(machine, 'snap install proxy')).toBe('0\nproxy 1.0 from Somebody installed\n');
    expect(said(machine, 'snap install proxy --channel=edge')).toBe(
      '0\n2> snap "proxy" is already installed, see \'snap help refresh\'\n',
    );
    expect(machine.files('/snap/bin/*', '/snap/proxy/current')).toEqual({
      '/snap/bin/proxy': { kind: 'link', target: '/opt/playbill/client/machine-command' },
      '/snap/bin/proxy.ctl': { kind: 'link', target: '/opt/playbill/client/machine-command' },
      '/snap/proxy/current': { kind: 'link', target: '10' },
    });
  });

  it.each([
    ['install nothing', '1\n2> error: snap "nothing" not found\n'],
    [
      'install proxy --channel=3/stable',
      '1\n2> error: snap "proxy" not available on channel "3/stable" (see \'snap info proxy\')\n',
    ],
    [
      'install proxy --revision=99',
      '1\n2> error: snap "proxy" revision 99 not available (see \'snap info proxy\')\n',
    ],
    ['refresh proxy', '1\n2> error: snap "proxy" is not installed\n'],
    ['remove proxy', '0\n2> snap "proxy" is not installed\n'],
    ['list', "0\n2> No snaps are installed yet. Try 'snap install hello-world'.\n"],
    ['list proxy', '1\n2> error: no matching snaps installed\n'],
    ['info nothing', '1\n2> error: no snap found for "nothing"\n'],
    ['start proxy', '1\n2> error: snap "proxy" not found\n'],
    ['get proxy x', '1\n2> error: snap "proxy" is not installed\n'],
    ['refresh', '0\n2> All snaps up to date.\n'],
  ])('%s', (words, expected) => {
    const out = said(machineWithStore(), `snap ${words}`);
    // Long errors are filled to the width of a terminal.
    expect(out.replace(/\n {7}/g, ' ')).toBe(expected);
  });

  it('wants --classic for what is published so', () => {
    const machine = machineWithStore();
    const refusal = said(machine, 'snap install code').replace('2> ', '');
    expect(refusal).toContain('published using classic confinement');
    expect(refusal.split('\n').every((line) => line.length < 80)).toBe(true);
    expect(said(machine, 'snap install code --classic')).toBe('0\ncode 3 from Other installed\n');
    expect(said(machine, 'snap list')).toBe(
      '0\nName  Version  Rev  Tracking       Publisher  Notes\n' +
        'code  3        3    latest/stable  Other      classic\n',
    );
  });

  it('refreshes to another channel, and says when there is nothing to refresh', () => {
    const machine = machineWithStore();
    said(machine, 'snap install proxy');
    expect(said(machine, 'snap refresh proxy')).toBe(
      '0\n2> snap "proxy" has no updates available\n',
    );
    expect(said(machine, 'snap refresh proxy --edge')).toBe(
      '0\nproxy (edge) 1.1 from Somebody refreshed\n',
    );
    expect(said(machine, 'snap refresh proxy --channel 2')).toBe(
      '0\nproxy (2/stable) 2.0 from Somebody refreshed\n',
    );
    expect(said(machine, 'snap refresh proxy --candidate')).toBe(
      '0\n2> snap "proxy" has no updates available\n'.replace(
        '2> snap "proxy" has no updates available',
        'proxy (2/candidate) 2.0 from Somebody refreshed',
      ),
    );
    expect(machine.slice().snaps?.['proxy']).toMatchObject({
      revision: 20,
      tracking: '2/candidate',
    });
  });

  it('takes another revision of what was installed as classic without being told again', () => {
    const machine = machineWithStore();
    said(machine, 'snap install code --classic');
    const code = STORE['code'] as OfferedSnap;
    const channels = { 'latest/stable': { version: '4', revision: 4 } };
    machine.change({ snapStore: { code: { ...code, channels } } });
    expect(said(machine, 'snap refresh code')).toBe('0\ncode 4 from Other refreshed\n');
    expect(machine.slice().snaps?.['code']).toMatchObject({ revision: 4, classic: true });
  });

  it('keeps data when another revision comes', () => {
    const machine = machineWithStore();
    said(machine, 'snap install proxy');
    const bytes = new TextEncoder().encode('ours');
    machine.write({ '/var/snap/proxy/10/etc/proxy.conf': { kind: 'file', mode: 0o600, bytes } });
    said(machine, 'snap refresh proxy --edge');
    expect(machine.files('/var/snap/proxy/current', '/var/snap/proxy/11/etc/proxy.conf')).toEqual({
      '/var/snap/proxy/current': { kind: 'link', target: '11' },
      '/var/snap/proxy/11/etc/proxy.conf': { kind: 'file', mode: 0o600, bytes },
    });
  });

  it('starts and stops services, as units of systemd', () => {
    const machine = machineWithStore();
    said(machine, 'snap install proxy');
    const unit = 'snap.proxy.daemon.service';
    const state = () => machine.slice().units?.[unit]?.active ?? 'inactive';
    expect(state()).toBe('active');
    expect(said(machine, 'snap services')).toBe(
      '0\nService       Startup  Current  Notes\nproxy.daemon  enabled  active   -\n',
    );
    expect(said(machine, 'snap stop --disable proxy.daemon')).toBe('0\nStopped.\n');
    expect(state()).toBe('inactive');
    expect(said(machine, 'snap start --enable proxy')).toBe('0\nStarted.\n');
    expect(said(machine, 'snap restart proxy.daemon')).toBe('0\nRestarted.\n');
    expect(state()).toBe('active');
    expect(said(machine, 'snap start proxy.nothing')).toBe(
      '1\n2> error: snap "proxy" has no service "nothing"\n',
    );
    expect(said(machine, 'snap remove proxy --purge')).toBe('0\nproxy removed\n');
    expect(machine.slice().processes).toEqual({});
    expect(
      machine.files('/snap/bin/*', '/etc/systemd/system/**', '/snap/proxy/**'),
    ).not.toHaveProperty([`/etc/systemd/system/${unit}`]);
  });

  it.each([
    ['install proxy --channel="edge"', '0\nproxy (edge) 1.1 from Somebody installed\n'],
    ['install proxy --revision="11"', '0\nproxy 1.1 from Somebody installed\n'],
    [
      'install proxy --channel="edge',
      "1\n2> error: invalid argument for flag `--channel' (expected string): invalid syntax\n",
    ],
  ])('takes the quotes off what an option says: %s', (words, expected) => {
    const out = said(machineWithStore(), `snap ${words}`);
    expect(out.replace(/\n {7}/g, ' ')).toBe(expected);
  });

  it.each([
    ['a="no"', '{\n\t"a": "no"\n}\n'],
    ['a=no', '{\n\t"a": "no"\n}\n'],
    ['-s a="no"', '{\n\t"a": "\\"no\\""\n}\n'],
    ['a=b=1', '{\n\t"a": "b=1"\n}\n'],
    ['a={"b":1}', '{\n\t"a": {\n\t\t"b": 1\n\t}\n}\n'],
  ])('takes what is set for JSON where it is some: %s', (words, expected) => {
    const machine = machineWithStore();
    said(machine, 'snap install proxy');
    expect(said(machine, `snap set proxy ${words}`)).toBe('0\n');
    expect(said(machine, 'snap get proxy -d')).toBe(`0\n${expected}`);
  });

  it.each([
    ['set proxy -t a=no', '1\n2> error: failed to parse JSON: invalid character\n'],
    ['set proxy a', '1\n2> error: invalid configuration: "a" (want key=value)\n'],
  ])('refuses to %s', (words, expected) => {
    const machine = machineWithStore();
    said(machine, 'snap install proxy');
    expect(said(machine, `snap ${words}`)).toBe(expected);
  });

  it('keeps what is set of snapd itself, with or without snaps', () => {
    const machine = machineWithStore();
    expect(said(machine, 'snap set system refresh.hold=2026-04-01T00:00:00Z')).toBe('0\n');
    expect(said(machine, 'snap get core refresh.hold')).toBe('0\n2026-04-01T00:00:00Z\n');
    expect(machine.slice().snaps).toBeUndefined();
    expect(said(machine, 'snap unset system refresh.hold')).toBe('0\n');
    expect(said(machine, 'snap get system refresh.hold')).toBe(
      '1\n2> error: snap "system" has no "refresh.hold" configuration option\n',
    );
  });

  it('keeps configuration, nested by dots', () => {
    const machine = machineWithStore();
    said(machine, 'snap install proxy');
    expect(said(machine, 'snap get proxy')).toBe(
      '1\n2> error: snap "proxy" has no configuration\n',
    );
    expect(said(machine, 'snap set proxy port=8080 server.name=x flag=true')).toBe('0\n');
    expect(said(machine, 'snap get proxy port')).toBe('0\n8080\n');
    expect(said(machine, 'snap get proxy server.name')).toBe('0\nx\n');
    expect(said(machine, 'snap get -d proxy flag server')).toBe(
      '0\n{\n\t"flag": true,\n\t"server": {\n\t\t"name": "x"\n\t}\n}\n',
    );
    expect(said(machine, 'snap unset proxy server')).toBe('0\n');
    expect(said(machine, 'snap get proxy server')).toBe(
      '1\n2> error: snap "proxy" has no "server" configuration option\n',
    );
  });

  it('knows holds, aliases and connections', () => {
    const machine = machineWithStore();
    said(machine, 'snap install proxy');
    expect(said(machine, 'snap refresh --hold proxy')).toBe(
      '0\nGeneral refreshes of "proxy" held indefinitely\n',
    );
    expect(said(machine, 'snap refresh --hold=1h proxy')).toBe(
      '0\nGeneral refreshes of "proxy" held until 2023-11-14T23:13:20Z\n',
    );
    expect(said(machine, 'snap refresh --unhold proxy')).toBe(
      '0\nRemoved general refresh hold of "proxy"\n',
    );
    expect(said(machine, 'snap alias proxy.ctl pctl')).toBe('0\nAdded:\n  - proxy.ctl as pctl\n');
    expect(machine.files('/snap/bin/pctl')).toHaveProperty(['/snap/bin/pctl']);
    expect(said(machine, 'snap unalias pctl')).toBe('0\nRemoved:\n  - proxy.ctl as pctl\n');
    expect(said(machine, 'snap connect proxy:home')).toBe('0\n');
    expect(machine.slice().snaps?.['proxy']?.connections).toEqual({ home: ':home' });
    expect(said(machine, 'snap connect proxy:camera')).toBe(
      '1\n2> error: snap "proxy" has no plug named "camera"\n',
    );
    expect(said(machine, 'snap disconnect proxy:home :home')).toBe('0\n');
  });

  it('is refused by name for what is not simulated', () => {
    expect(machineWithStore().run(['snap', 'save', 'proxy'])).toEqual({ unmet: 'snap save' });
  });
});

describe('snapd’s API', () => {
  function ask(machine: Machine, method: string, url: string, body?: unknown) {
    const bytes = new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body));
    const request = {
      kind: 'http',
      channel: 'snapd',
      method,
      url,
      headers: {},
      body: bytes,
    } as const;
    const answer: Answer = snapd(machine.draw(), request);
    if (answer.kind !== 'reply') return answer;
    machine.write(answer.root ?? {});
    return { code: answer.code, ...(JSON.parse(answer.out as string) as Record<string, unknown>) };
  }

  it('makes changes that are over when they are asked after', () => {
    const machine = machineWithStore();
    expect(
      ask(machine, 'POST', '/v2/snaps/proxy', { action: 'install', channel: 'edge' }),
    ).toMatchObject({
      code: 202,
      type: 'async',
      change: '1',
    });
    expect(ask(machine, 'GET', '/v2/changes/1')).toMatchObject({
      result: { status: 'Done', ready: true },
    });
    expect(ask(machine, 'GET', '/v2/changes/2')).toMatchObject({ code: 404 });
    expect(ask(machine, 'GET', '/v2/snaps/proxy')).toMatchObject({
      type: 'sync',
      result: {
        name: 'proxy',
        revision: '11',
        'tracking-channel': 'latest/edge',
        confinement: 'strict',
      },
    });
    expect(machine.files('/snap/bin/proxy')).toHaveProperty(['/snap/bin/proxy']);
  });

  it.each([
    ['/v2/snaps/none', { action: 'install' }, 404, 'snap-not-found'],
    ['/v2/snaps/code', { action: 'install' }, 400, 'snap-needs-classic'],
    [
      '/v2/snaps/proxy',
      { action: 'install', channel: '9/stable' },
      404,
      'snap-channel-not-available',
    ],
    ['/v2/snaps/proxy', { action: 'install', revision: '7' }, 404, 'snap-revision-not-available'],
    ['/v2/snaps/proxy', { action: 'refresh' }, 400, 'snap-not-installed'],
    ['/v2/apps', { action: 'start', names: ['proxy'] }, 404, 'snap-not-found'],
  ])('refuses %s %j', (url, body, code, kind) => {
    expect(ask(machineWithStore(), 'POST', url, body)).toMatchObject({
      code,
      type: 'error',
      result: { kind },
    });
  });

  it('refuses by name what nobody answers', () => {
    expect(ask(machineWithStore(), 'GET', '/v2/model')).toEqual({
      kind: 'unsupported',
      what: "snapd's GET /v2/model",
    });
  });
});
