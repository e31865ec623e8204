import { describe, expect, it } from 'vitest';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import { restarted } from '../../src/engine/world/pebble/container.ts';
import { ask, containerOf, httpRequest, pass, type Server } from './server.ts';
import { changeOf, lay, post, program, serving, stateOf, told } from './service-server.ts';

/** The states that a service is in, each with when it came to it, until then. */
function states(server: Server, name: string, until: number): readonly string[] {
  const begun = server.now;
  const seen = [`0 ${stateOf(server, name).current}`];
  for (let at = 0; at < until; at += 50) {
    pass(server, 50);
    const state = `${server.now - begun} ${stateOf(server, name).current}`;
    if (state.split(' ')[1] !== seen.at(-1)?.split(' ')[1]) seen.push(state);
  }
  return seen;
}

describe('a service whose program ends', () => {
  it('is restarted after a back-off that doubles up to its limit', () => {
    const web = { 'backoff-delay': '200ms', 'backoff-limit': '500ms' };
    const server = serving({ web }, { web: program({ exits: 1, after: 150 }) });
    const begun = server.now;
    post(server, 'start', ['web']);
    expect(states(server, 'web', 2500)).toEqual([
      '0 active',
      '150 backoff',
      '350 active',
      '500 backoff',
      '900 active',
      '1050 backoff',
      '1550 active',
      '1700 backoff',
      '2200 active',
      '2350 backoff',
    ]);
    expect(told(server, begun)).toEqual([
      '0 web started start',
      '150 web exited 1 then restart ×5',
      '350 web restarted backoff ×4',
    ]);
    expect(stateOf(server, 'web').life?.starts).toBe(5);
  });

  it('multiplies it by its factor, until it has run for as long as the limit', () => {
    const web = { 'backoff-delay': '1s', 'backoff-factor': 3, 'backoff-limit': '10s' };
    const server = serving({ web }, { web: program({ exits: 1, after: 2000 }) });
    post(server, 'start', ['web']);
    const waited: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      pass(server, 2000);
      waited.push(stateOf(server, 'web').life!.backoff);
      pass(server, waited.at(-1)!);
    }
    expect(waited).toEqual([1000, 3000, 9000, 10_000, 10_000]);
    lay(server, { web: program({ exits: 1, after: 10_000 }) });
    pass(server, 10_000);
    expect(stateOf(server, 'web')).toMatchObject({
      current: 'backoff',
      life: { backoff: 1000, backoffs: 1 },
    });
  });

  it.each([
    [0, {}, 'backoff', 'restart'],
    [3, {}, 'backoff', 'restart'],
    [0, { 'on-success': 'ignore' }, 'inactive', 'ignore'],
    [3, { 'on-success': 'ignore' }, 'backoff', 'restart'],
    [3, { 'on-failure': 'ignore' }, 'error', 'ignore'],
    ['SIGSEGV', { 'on-failure': 'ignore' }, 'error', 'ignore'],
  ])('exits with %s under %j: it is %s', (exits, web, current, next) => {
    const server = serving({ web }, { web: program({ exits, after: 5000 }) });
    const begun = server.now;
    const change = post(server, 'start', ['web']);
    pass(server, 5000);
    expect(changeOf(server, change).status).toBe('Done');
    expect(stateOf(server, 'web')).toMatchObject({ current, since: begun + 5000 });
    const code = exits === 'SIGSEGV' ? 139 : exits;
    expect(told(server, begun).at(-1)).toBe(`5000 web exited ${code} then ${next}`);
  });

  it.each([
    ['on-failure', 'shutdown', 1],
    ['on-failure', 'success-shutdown', 1],
    ['on-success', 'failure-shutdown', 0],
  ])('takes Pebble down by %s: %s', (on, how, exits) => {
    const web = { [on]: how };
    const server = serving({ web, db: {} }, { web: program({ exits, after: 5000 }) });
    const begun = server.now;
    post(server, 'start', ['web', 'db']);
    pass(server, 5000);
    const container = containerOf(server);
    expect(container.canConnect).toBe(false);
    expect(stateOf(server, 'db').current).toBe('inactive');
    expect(pebble.due!(server.slice)).toBeNull();
    expect(told(server, begun).slice(2)).toEqual([
      `5000 web exited ${exits} then ${how}`,
      '5000 web shut-down',
    ]);
    const request = httpRequest({ method: 'GET', path: '/v1/services' });
    expect(ask(server, request)).toMatchObject({ kind: 'reply', hangUp: true });
    const anew = restarted(container, server.now);
    expect(anew).toMatchObject({ services: {}, programs: container.programs });
    expect(anew.history).toEqual(container.history);
  });

  it('is restarted with the configuration that it ran with, and started with the plan’s', () => {
    const server = serving({ web: { 'on-failure': 'restart' } }, { web: program({ exits: 1 }) });
    post(server, 'start', ['web']);
    const layer = { services: { web: { override: 'merge', 'on-failure': 'ignore' } } };
    const json = {
      action: 'add',
      combine: true,
      label: 'more',
      format: 'yaml',
      layer: JSON.stringify(layer),
    };
    ask(server, httpRequest({ method: 'POST', path: '/v1/layers', json }));
    pass(server, 600);
    expect(stateOf(server, 'web').current).toBe('backoff');
    post(server, 'start', ['web']);
    expect(stateOf(server, 'web').current).toBe('error');
  });
});

describe('a start', () => {
  it('that fails at once quotes the last lines of what the service printed', () => {
    const output = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
    const server = serving({ web: {} }, { web: program({ exits: 2, after: 900, output }) });
    const change = post(server, 'start', ['web']);
    pass(server, 1000);
    const [task] = changeOf(server, change).tasks;
    const quoted = task!.log[0]!.split('\n');
    expect(quoted).toHaveLength(22);
    expect([quoted[1], quoted[2], quoted.at(-1)]).toEqual([
      '    (...)',
      '    line 10',
      '    line 29',
    ]);
    expect(changeOf(server, change).err).toBe(
      'cannot perform the following tasks:\n- Start service "web" ' +
        '(service start attempt: exited quickly with code 2, will restart)',
    );
  });

  it('of a service that waits for its back-off starts it at once', () => {
    const web = { 'backoff-delay': '1h', 'backoff-limit': '2h' };
    const server = serving({ web }, { web: program({ exits: 2 }) });
    post(server, 'start', ['web']);
    expect(stateOf(server, 'web').current).toBe('backoff');
    lay(server, { web: null });
    const change = post(server, 'start', ['web']);
    pass(server, 1000);
    expect(changeOf(server, change).status).toBe('Done');
    expect(stateOf(server, 'web')).toMatchObject({ current: 'active', life: { backoffs: 0 } });
  });

  it('of a service that is being stopped fails', () => {
    const server = serving({ web: {} }, { web: program({ slow: 3000 }) });
    post(server, 'start', ['web']);
    pass(server, 1000);
    post(server, 'stop', ['web']);
    const change = post(server, 'start', ['web']);
    expect(changeOf(server, change)).toMatchObject({
      status: 'Error',
      err:
        'cannot perform the following tasks:\n- Start service "web" ' +
        '(cannot start service while terminating)',
    });
  });

  it('that fails leaves on hold what comes after it in its lane, and what came before done', () => {
    const server = serving(
      {
        db: {},
        web: { requires: ['db'], after: ['db'] },
        edge: { requires: ['web'], after: ['web'] },
        other: { requires: ['lone'] },
        lone: {},
      },
      { web: program({ exits: 1, after: 10 }) },
    );
    const change = post(server, 'start', ['edge', 'other']);
    pass(server, 5000);
    const { tasks, status } = changeOf(server, change);
    expect(status).toBe('Error');
    expect(tasks.map(({ service, status: of, lane }) => `${lane} ${service} ${of}`)).toEqual([
      '0 db Done',
      '0 web Error',
      '0 edge Hold',
      '1 lone Done',
      '1 other Done',
    ]);
    expect(stateOf(server, 'db').current).toBe('active');
    expect(stateOf(server, 'edge')).toBeUndefined();
  });
});

describe('a stop', () => {
  it.each([
    [0, {}, 0, []],
    [2000, {}, 2000, []],
    [60_000, {}, 5000, ['5000 web killed kill-delay']],
    [60_000, { 'kill-delay': '250ms' }, 250, ['250 web killed kill-delay']],
  ])('of a program that takes %s ms, under %j, takes %s ms', (slow, web, takes, killed) => {
    const server = serving({ web }, { web: program({ slow }) });
    post(server, 'start', ['web']);
    pass(server, 1000);
    const begun = server.now;
    const change = post(server, 'stop', ['web']);
    expect(stateOf(server, 'web')).toMatchObject({ current: 'inactive', since: begun });
    pass(server, 10_000);
    expect(changeOf(server, change)).toMatchObject({ status: 'Done', ready: begun + takes });
    const code = killed.length > 0 ? 137 : 143;
    expect(told(server, begun).slice(1)).toEqual([
      '0 web stopped stop',
      ...killed,
      `${takes} web exited ${code}`,
    ]);
  });

  it('of a program that minds no SIGTERM ends in SIGKILL, of one that does in its own code', () => {
    const stubborn = program({ signals: { SIGTERM: {} } });
    const polite = program({ signals: { SIGTERM: { exits: 0, output: 'bye\n' } } });
    const server = serving({ stubborn: {}, polite: {} }, { stubborn, polite });
    post(server, 'start', ['stubborn', 'polite']);
    pass(server, 1000);
    const begun = server.now;
    post(server, 'stop', ['stubborn', 'polite']);
    pass(server, 10_000);
    expect(told(server, begun).slice(-4)).toEqual([
      '0 stubborn stopped stop',
      '0 polite exited 0',
      '5000 stubborn killed kill-delay',
      '5000 stubborn exited 137',
    ]);
    expect(stateOf(server, 'polite').life?.log).toMatch(/Z \[polite\] bye\n$/);
  });

  it('during a back-off is over at once, and nothing is restarted any more', () => {
    const server = serving({ web: {} }, { web: program({ exits: 1 }) });
    post(server, 'start', ['web']);
    const change = post(server, 'stop', ['web']);
    expect(changeOf(server, change)).toMatchObject({ status: 'Done' });
    expect(changeOf(server, change).tasks[0]!.log).toEqual([]);
    pass(server, 60_000);
    expect(stateOf(server, 'web')).toMatchObject({ current: 'inactive', life: { starts: 1 } });
  });

  it('takes down what depends on the service, and a second one finds it stopping', () => {
    const server = serving(
      { db: {}, web: { requires: ['db'], after: ['db'] } },
      { web: program({ slow: 1000 }) },
    );
    post(server, 'start', ['web']);
    pass(server, 3000);
    const first = post(server, 'stop', ['db']);
    const second = post(server, 'stop', ['web']);
    expect(changeOf(server, second).tasks[0]!.log[0]).toContain('Service "web" already stopping.');
    expect(stateOf(server, 'db').current).toBe('active');
    pass(server, 1000);
    expect(stateOf(server, 'db').current).toBe('inactive');
    expect(changeOf(server, first).status).toBe('Done');
  });
});

describe('a replan', () => {
  it('starts again what has exited and is enabled, and leaves what runs as planned', () => {
    const enabled = { startup: 'enabled', 'on-failure': 'ignore' };
    const server = serving(
      { web: enabled, db: enabled },
      { web: program({ exits: 1, after: 2000 }) },
    );
    const begun = server.now;
    post(server, 'autostart');
    pass(server, 3000);
    expect(stateOf(server, 'web').current).toBe('error');
    post(server, 'replan');
    pass(server, 1000);
    expect(told(server, begun)).toEqual([
      '0 db started autostart',
      '0 web started autostart',
      '2000 web exited 1 then ignore',
      '3000 web started replan',
    ]);
  });
});
