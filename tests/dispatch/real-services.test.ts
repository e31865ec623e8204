import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dispatched } from '../../src/engine/play/dispatch-event.ts';
import { lookup } from '../../src/engine/files/path.ts';
import { openContainerRig, saidIn, type ContainerRig } from './container-rig.ts';

const COMMANDS = {
  stays: 'sh -c "echo up; echo $A > /run/stays; pwd; exec sleep 1000"',
  fails: 'sh -c "echo no disk >&2; exit 3"',
  done: 'sh -c "echo all done"',
  absent: 'no-such-daemon --now',
  folder: '/run',
  spins: 'sh -c "echo x > /run/spins; echo x; while :; do :; done"',
  defaults: 'echo [ --one two ]',
  tried: 'sh -c "test -e /run/tried && exec sleep 1000; touch /run/tried; exit 1"',
} as const;
type Service = keyof typeof COMMANDS;

function layerOf(): string {
  const services = Object.entries(COMMANDS).map(([name, command]) => [
    name,
    {
      override: 'replace',
      command,
      environment: { A: 'b' },
      'working-dir': '/srv',
      ...(name === 'tried' ? {} : { 'on-failure': 'ignore', 'on-success': 'ignore' }),
    },
  ]);
  return JSON.stringify({ services: Object.fromEntries(services) });
}

const BEGIN = `
client.make_dir('/srv')
client.make_dir('/run')
client.add_layer('l', ${JSON.stringify(layerOf())})
def start(name):
    say(caught(client.start_services, [name]))
    current = client.get_services([name])[0].current
    say(getattr(current, 'value', current))
`;
const SCRIPTS = Object.fromEntries([
  ...Object.keys(COMMANDS).map((name) => [name, `${BEGIN}start('${name}')\ntime.sleep(2)`]),
  [
    'again',
    `${BEGIN}start('stays')\nclient.exec(['rm', '/run/stays']).wait()\nclient.restart_services(['stays'])\n` +
      `say(client.pull('/run/stays').read())\nclient.send_signal('SIGHUP', ['stays'])\nclient.stop_services(['stays'])`,
  ],
]) as Readonly<Record<string, string>>;

let rig: ContainerRig;
beforeAll(async () => {
  const real = { after: 0, output: '', slow: 0, run: 'real' } as const;
  rig = await openContainerRig(SCRIPTS, (container) => ({
    ...container,
    programs: Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, real])),
    execs: [{ command: ['rm'], run: 'real' }],
  }));
}, 60_000);
afterAll(() => rig[Symbol.asyncDispose]());

async function play(name: Service | 'again') {
  const played: Dispatched = await rig.play(name);
  expect(played.outcome, JSON.stringify(played.entries.slice(-3))).toEqual({ kind: 'played' });
  const container = played.after.pebble.containers['web']!;
  const [error, ...states] = saidIn(played).flat();
  return { played, container, error: error as { err?: string } | null, states };
}

function failed(name: Service, why: string): object {
  const err = `cannot perform the following tasks:\n- Start service "${name}" (${why})`;
  return { error: 'ChangeError', err };
}

describe('a service whose command is really run', () => {
  it('keeps running once it is at rest; what it wrote and printed is there, and no process', async () => {
    const { played, container, states } = await play('stays');
    expect(states).toEqual(['active']);
    expect(container.services['stays']?.life?.log.replaceAll(/^\S+ /gm, '')).toBe(
      '[stays] up\n[stays] /srv\n',
    );
    expect(lookup(container.root, '/run/stays')).toMatchObject({ size: 2, user: 'root' });
    expect(container.history).toMatchObject([{ what: 'started', by: 'start', real: true }]);
    expect(played.unmet).toEqual([]);
  });

  it.each([
    ['fails', 3, 'error', 'no disk\n'],
    ['done', 0, 'inactive', 'all done\n'],
    ['defaults', 0, 'inactive', '--one two\n'],
  ] as const)('%s, when it exits, with its code %d', async (name, code, state, printed) => {
    const { container, error, states } = await play(name);
    const why = `service start attempt: exited quickly with code ${code}, will ignore`;
    expect(error).toMatchObject(failed(name, why));
    expect(states).toEqual([state]);
    expect(container.services[name]?.life?.log).toMatch(new RegExp(`\\[${name}\\] ${printed}$`));
    const at = Date.UTC(2026, 0, 1);
    expect(container.history).toMatchObject([
      { what: 'started', at },
      { what: 'exited', code, at },
    ]);
  });

  it.each([
    ['absent', 'exec: "no-such-daemon": executable file not found in $PATH'],
    ['folder', 'fork/exec /run: permission denied'],
  ] as const)('%s, when it cannot be started, fails as Pebble has it', async (name, why) => {
    const { container, error, states } = await play(name);
    expect(error).toMatchObject(failed(name, `cannot start service: ${why}`));
    expect(states).toEqual(['inactive']);
    expect(container.history).toEqual([]);
  });

  it('is run again when Pebble restarts it, over what it left', async () => {
    const { container, error, states } = await play('tried');
    const why = 'service start attempt: exited quickly with code 1, will restart';
    expect(error).toMatchObject(failed('tried', why));
    expect(states).toEqual(['backoff']);
    expect(container.services['tried']).toMatchObject({ current: 'active', life: { starts: 2 } });
    expect(container.history.map(({ what }) => what)).toEqual(['started', 'exited', 'restarted']);
  });

  it('is run again when the charm restarts it, and stops at once, as nothing of it lives', async () => {
    const { container, states } = await play('again');
    expect(states).toEqual(['active', 'b\n']);
    expect(container.history.map(({ what, at }) => [what, at % 60_000])).toEqual([
      ['started', 0],
      ['stopped', 1000],
      ['exited', 1000],
      ['started', 1000],
      ['signalled', 2000],
      ['stopped', 2000],
      ['exited', 2000],
    ]);
  });

  it('and never is at rest counts as running, by name, and what it did is dropped', async () => {
    const { played, container, error, states } = await play('spins');
    expect(error).toBe('1');
    expect(states).toEqual(['active']);
    const what = 'pebble service spins with run: real, which goes on for 5 s';
    expect(played.unmet).toEqual([{ what }]);
    expect(container.services['spins']?.life?.log).toBe('');
    expect(lookup(container.root, '/run/spins')).toBeUndefined();
  });
});
