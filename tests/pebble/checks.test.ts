/** Checks are performed on the trace's clock, and find what the tree says. */
import { describe, expect, it } from 'vitest';
import { PEBBLE_STATE_RULES } from '../../src/engine/world/pebble/problems.ts';
import {
  answer,
  check,
  DOWN,
  finding,
  lay,
  LAYER,
  opened,
  refresh,
  result,
} from './check-server.ts';
import { CHARM, containerOf, pass, serverWith } from './server.ts';

describe('a check', () => {
  it('has a change that performs it once it is started, and is inactive where its layer disables it', () => {
    const alive = { name: 'alive', level: 'alive', startup: 'enabled', threshold: 3 };
    const ready = { name: 'ready', level: 'ready', startup: 'enabled', threshold: 2 };
    expect(result(serverWith([LAYER]), '/v1/checks')).toEqual([
      { ...alive, status: 'up', successes: 0, 'change-id': '1' },
      { name: 'off', startup: 'disabled', status: 'inactive', successes: 0, threshold: 3 },
      { ...ready, status: 'up', successes: 0, 'change-id': '2' },
    ]);
  });

  it('succeeds once a period', () => {
    const server = serverWith([LAYER]);
    pass(server, 9_999);
    expect(check(server, 'alive')).toMatchObject({ successes: 0 });
    expect(check(server, 'ready')).toMatchObject({ successes: 1 });
    pass(server, 1);
    expect(check(server, 'alive')).toMatchObject({ successes: 1 });
    pass(server, 3_600_000);
    expect(check(server, 'alive')).toMatchObject({ successes: 361, 'change-id': '1' });
  });

  it('that fails is down at its threshold, one period after the other, and no wall time passes', () => {
    const server = finding(serverWith([LAYER]), { alive: DOWN });
    const seen = [1, 2, 3, 4].map(() => {
      pass(server, 10_000);
      const { status, failures } = check(server, 'alive') as Record<string, unknown>;
      return [status, failures];
    });
    expect(seen).toEqual([
      ['up', 1],
      ['up', 2],
      ['down', 3],
      ['down', 4],
    ]);
  });

  it('that is down is recovered by one success, and performed by a change of its own again', () => {
    const server = finding(serverWith([LAYER]), { ready: DOWN });
    pass(server, 10_000);
    expect(check(server, 'ready')).toMatchObject({ 'change-id': '3', 'prev-change-id': '2' });
    finding(server, { ready: { found: 'up' } });
    pass(server, 5_000);
    const recovered = { status: 'up', successes: 1, 'change-id': '4', 'prev-change-id': '3' };
    expect(check(server, 'ready')).toMatchObject(recovered);
    pass(server, 5_000);
    expect(check(server, 'ready')).toMatchObject(recovered);
    pass(server, 5_000);
    expect(check(server, 'ready')).toMatchObject({ ...recovered, successes: 2 });
  });

  it('that has failed but not often enough says in its task when it succeeds again', () => {
    const server = finding(serverWith([LAYER]), { alive: DOWN });
    pass(server, 20_000);
    finding(server, { alive: { found: 'up' } });
    pass(server, 10_000);
    expect(check(server, 'alive')).toMatchObject({ status: 'up', successes: 1, 'change-id': '1' });
    const { tasks } = result(server, '/v1/changes/1') as { tasks: readonly { log: string[] }[] };
    expect(tasks[0]!.log).toEqual([
      '2026-01-01T00:00:10Z ERROR dial tcp 127.0.0.1:80: connect: connection refused',
      '2026-01-01T00:00:20Z ERROR dial tcp 127.0.0.1:80: connect: connection refused',
      '2026-01-01T00:00:30Z INFO succeeded after 2 failures',
    ]);
  });

  it('keeps the last ten lines of what it says', () => {
    const server = finding(serverWith([LAYER]), { ready: DOWN });
    pass(server, 10_000 + 25 * 5_000);
    expect(check(server, 'ready')).toMatchObject({ failures: 27 });
    const { tasks } = result(server, '/v1/changes/3') as { tasks: readonly { log: string[] }[] };
    expect(tasks[0]!.log).toHaveLength(10);
    expect(tasks[0]!.log.at(-1)).toMatch(/^2026-01-01T00:02:15Z ERROR /);
  });

  it('is listed by level and name', () => {
    const server = serverWith([LAYER]);
    expect(result(server, '/v1/checks', { level: 'alive' })).toMatchObject([{ name: 'alive' }]);
    expect(result(server, '/v1/checks', { names: 'off,ready' })).toMatchObject([
      { name: 'off' },
      { name: 'ready' },
    ]);
  });
});

describe('what a check finds', () => {
  it.each([
    ['alive', DOWN, 'dial tcp 127.0.0.1:80: connect: connection refused'],
    [
      'ready',
      DOWN,
      'Get "http://localhost/up": dial tcp 127.0.0.1:80: connect: connection refused',
    ],
    ['off', DOWN, 'exit status 1'],
    ['alive', { found: 'slow' }, 'check timed out after 3s'],
    [
      'alive',
      { found: 'down', error: 'non-2xx status code 503; no' },
      'non-2xx status code 503; no',
    ],
  ] as const)('of %s, being %j, is told as %s', (name, found, error) => {
    const server = finding(serverWith([LAYER]), { [name]: found });
    expect(refresh(server, name)).toMatchObject({ error });
  });

  it('is nothing wrong unless it is told', () => {
    expect(refresh(serverWith([LAYER]), 'off')).not.toHaveProperty('error');
  });

  it('takes the time-out to be found where there is no answer', () => {
    const server = finding(serverWith([LAYER]), { alive: { found: 'slow' } });
    pass(server, 12_999);
    expect(check(server, 'alive')).not.toHaveProperty('failures');
    pass(server, 1);
    expect(check(server, 'alive')).toMatchObject({ failures: 1 });
    const before = server.now;
    expect(refresh(server, 'alive')).toMatchObject({ info: { failures: 2 } });
    expect(server.now).toBe(before + 3_000);
  });
});

describe('a refresh', () => {
  it('performs a check at once, and its period begins anew', () => {
    const server = serverWith([LAYER]);
    pass(server, 9_000);
    expect(refresh(server, 'alive')).toMatchObject({ info: { successes: 1 } });
    pass(server, 9_999);
    expect(check(server, 'alive')).toMatchObject({ successes: 1 });
    pass(server, 1);
    expect(check(server, 'alive')).toMatchObject({ successes: 2 });
  });

  it('of a check that is stopped changes nothing', () => {
    const server = finding(serverWith([LAYER]), { off: DOWN });
    const before = server.slice;
    expect(refresh(server, 'off')).toMatchObject({ info: { status: 'inactive' } });
    expect(server.slice).toBe(before);
  });
});

describe('a tree that says of a check', () => {
  it('that it is down has it down at once, with all that Pebble has of that', () => {
    const server = lay(serverWith([LAYER]), { checks: { alive: 'down' } });
    expect(check(server, 'alive')).toMatchObject({ status: 'down', failures: 3, 'change-id': '3' });
    expect(result(server, '/v1/changes/1')).toMatchObject({ status: 'Error' });
    expect(result(server, '/v1/notices', { keys: '3' })).toMatchObject([
      { 'last-data': { kind: 'recover-check', 'check-name': 'alive' } },
    ]);
    pass(server, 30_000);
    expect(check(server, 'alive')).toMatchObject({ status: 'down', failures: 6 });
  });

  it('that it is up again has it up at once', () => {
    const server = lay(serverWith([LAYER]), { checks: { alive: 'down' } });
    lay(server, { checks: { alive: 'up' } });
    expect(check(server, 'alive')).toMatchObject({ status: 'up', successes: 1, 'change-id': '4' });
    pass(server, 30_000);
    expect(check(server, 'alive')).toMatchObject({ status: 'up', successes: 3 });
  });

  it('that it is inactive has it stopped', () => {
    const server = lay(serverWith([LAYER]), { checks: { alive: 'inactive' } });
    expect(check(server, 'alive')).toMatchObject({ status: 'inactive' });
    expect(result(server, '/v1/changes/1')).toMatchObject({ status: 'Done' });
  });

  it('that it is up or down starts one that was not performed', () => {
    const server = lay(serverWith([LAYER]), { checks: { off: 'down', alive: 'inactive' } });
    expect(check(server, 'off')).toMatchObject({ status: 'down', failures: 3 });
    lay(server, { checks: { off: 'inactive', alive: 'up' } });
    expect(check(server, 'off')).toMatchObject({ status: 'inactive', failures: 3 });
    expect(check(server, 'alive')).toMatchObject({ status: 'up', successes: 0 });
  });

  it('that no layer has is told so', () => {
    const server = lay(serverWith([LAYER]), { checks: { strange: 'down' } });
    const found = PEBBLE_STATE_RULES.flatMap((rule) =>
      [rule.check({ slice: server.slice, charm: CHARM }) ?? []].flat(),
    );
    expect(found).toMatchObject([{ message: 'the plan of web has no check strange' }]);
  });

  it('that it fails for long has no more to do than its log remembers', () => {
    const often = 'checks: {one: {override: replace, threshold: 1000000, tcp: {port: 1}}}';
    const server = lay(serverWith([often]), { checks: { one: 'down' } });
    expect(check(server, 'one')).toMatchObject({ status: 'down', failures: 1_000_000 });
  });

  it('that it is down before Pebble is up lets it fail at its periods', () => {
    const server = serverWith([LAYER]);
    const [name, container] = Object.entries(server.slice.containers)[0]!;
    const { checks: _checks, ...fresh } = container;
    server.slice = { containers: { [name]: { ...fresh, checks: {}, canConnect: false } } };
    lay(server, { checks: { ready: 'down', alive: 'inactive' } });
    lay(server, { canConnect: true });
    expect(check(server, 'ready')).toMatchObject({ status: 'up' });
    expect(check(server, 'alive')).toMatchObject({ status: 'inactive' });
    pass(server, 10_000);
    expect(check(server, 'ready')).toMatchObject({ status: 'down' });
  });
});

describe('a container whose state was told without changes', () => {
  it('has them once an event comes, and its counts stay', () => {
    const server = serverWith([LAYER]);
    const told = {
      alive: { status: 'down', failures: 7, successes: 0 },
      ready: { status: 'up', failures: 1, successes: 4 },
    } as const;
    const [name, container] = Object.entries(server.slice.containers)[0]!;
    server.slice = { containers: { [name]: { ...container, checks: told } } };
    opened(server);
    expect(check(server, 'alive')).toMatchObject({ status: 'down', failures: 7 });
    expect(check(server, 'ready')).toMatchObject({ status: 'up', failures: 1, successes: 4 });
    const { changes, checks } = containerOf(server);
    expect(changes[checks['alive']!.change!]?.kind).toBe('recover-check');
    expect(changes[checks['ready']!.change!]?.kind).toBe('perform-check');
  });

  it('is not touched by the next event', () => {
    const server = opened(serverWith([LAYER]));
    const before = server.slice;
    expect(opened(server).slice).toBe(before);
  });
});

describe('a check that is being performed', () => {
  it('is not touched by an event that comes meanwhile', () => {
    const server = finding(serverWith([LAYER]), { alive: { found: 'slow' } });
    pass(server, 11_000);
    const before = server.slice;
    expect(opened(server).slice).toBe(before);
    pass(server, 2_000);
    expect(check(server, 'alive')).toMatchObject({ failures: 1 });
  });
});

describe('a Pebble that was away', () => {
  it('performs nothing meanwhile, and goes on from when it is back', () => {
    const server = finding(serverWith([LAYER]), { alive: DOWN });
    lay(server, { canConnect: false });
    pass(server, 3_600_000);
    lay(server, { canConnect: true });
    pass(server, 9_999);
    expect(check(server, 'alive')).not.toHaveProperty('failures');
    pass(server, 1);
    expect(check(server, 'alive')).toMatchObject({ failures: 1 });
  });
});

describe('health', () => {
  it.each([
    ['ready', { level: 'ready' }, 502],
    ['ready', { level: 'alive' }, 200],
    ['alive', { level: 'ready' }, 502],
    ['ready', {}, 502],
    ['ready', { names: 'alive' }, 200],
  ])('with %s down, asked for %j: %i', (name, query, status) => {
    const server = lay(serverWith([LAYER]), { checks: { [name]: 'down' } });
    const told = answer(server, { method: 'GET', path: '/v1/health', query });
    expect(told).toMatchObject({ status, json: { result: { healthy: status === 200 } } });
  });
});
