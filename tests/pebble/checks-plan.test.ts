/** Which checks are performed: what starts and stops them, and what comes of one that fails. */
import { describe, expect, it } from 'vitest';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import { answer, check, DOWN, finding, LAYER, post, refresh, result } from './check-server.ts';
import { containerOf, pass, serverWith, type Server } from './server.ts';

describe('starting and stopping', () => {
  it('names the checks that it changed', () => {
    const server = serverWith([LAYER]);
    const changed = (action: string, checks: readonly string[]): unknown =>
      post(server, '/v1/checks', { action, checks });
    expect(changed('start', ['off', 'alive'])).toEqual({ changed: ['off'] });
    expect(changed('stop', ['ready', 'off', 'ready'])).toEqual({ changed: ['off', 'ready'] });
    expect(check(server, 'ready')).toMatchObject({ status: 'inactive' });
  });

  it('is what a replan does to those that are not disabled', () => {
    const server = serverWith([LAYER]);
    post(server, '/v1/checks', { action: 'stop', checks: ['ready'] });
    post(server, '/v1/services', { action: 'replan' });
    expect(check(server, 'ready')).toMatchObject({ status: 'up', 'change-id': '3' });
    expect(check(server, 'off')).toMatchObject({ status: 'inactive' });
  });

  it.each([
    [{ action: 'start', checks: [] }, 'must specify checks for start action'],
    [{ action: 'restart', checks: ['off'] }, 'invalid action "restart"'],
    [
      { action: 'stop', checks: ['off', 'nope', 'missing'] },
      'cannot stop checks: cannot find checks in plan: missing, nope',
    ],
  ])('refuses %j', (json, message) => {
    const request = { method: 'POST', path: '/v1/checks', json: json as never };
    expect(answer(serverWith([LAYER]), request)).toMatchObject({
      status: 400,
      json: { result: { message } },
    });
  });
});

describe('a service that minds a check', () => {
  const minding = (action: string): Server => {
    const service = `{override: replace, command: run, on-check-failure: {alive: ${action}}}`;
    const server = serverWith([`${LAYER}services: {web: ${service}}`]);
    post(server, '/v1/services', { action: 'start', services: ['web'] });
    pass(server, 1_000);
    return finding(server, { alive: DOWN });
  };
  const current = (server: Server): unknown =>
    (result(server, '/v1/services') as readonly { current: string }[])[0]!.current;

  it('is stopped and started again when the check goes down, and not while it stays so', () => {
    const server = minding('restart');
    pass(server, 28_999);
    expect(current(server)).toBe('active');
    pass(server, 1);
    expect([current(server), check(server, 'alive')]).toMatchObject([
      'backoff',
      { status: 'down' },
    ]);
    pass(server, 500);
    expect(current(server)).toBe('active');
    pass(server, 60_000);
    expect(current(server)).toBe('active');
    const restarts = containerOf(server).history.filter(({ what }) => what === 'restarted');
    expect(restarts).toMatchObject([{ service: 'web' }]);
  });

  it('is left alone where it says so', () => {
    const server = minding('ignore');
    pass(server, 60_000);
    expect(containerOf(server).history.map(({ what }) => what)).toEqual(['started']);
  });

  it('takes Pebble down where it says so, and no check is performed after', () => {
    const server = minding('shutdown');
    pass(server, 60_000);
    expect(containerOf(server)).toMatchObject({
      canConnect: false,
      checks: {},
    });
    expect(pebble.due!(server.slice)).toBeNull();
  });
});

describe('a layer', () => {
  const add = (server: Server, checks: object): unknown =>
    post(server, '/v1/layers', {
      action: 'add',
      combine: true,
      label: 'more',
      format: 'yaml',
      layer: JSON.stringify({ checks }),
    });

  it('that disables a check does not stop it, however often it says so', () => {
    const server = serverWith([LAYER]);
    add(server, { alive: { override: 'merge', startup: 'disabled' } });
    add(server, { alive: { override: 'merge', period: '1s' } });
    pass(server, 10_000);
    expect(check(server, 'alive')).toMatchObject({ startup: 'enabled', successes: 1 });
  });

  it('that changes a service begins a check in its context anew', () => {
    const exec = 'exec: {command: look, service-context: web}';
    const server = serverWith([
      `{services: {web: {override: replace, command: run}}, checks: {one: {override: replace, ${exec}}}}`,
    ]);
    const layer = 'services: {web: {override: merge, environment: {A: b}}}';
    const json = { action: 'add', combine: true, label: 'more', format: 'yaml', layer };
    post(server, '/v1/layers', json);
    expect(check(server, 'one')).toMatchObject({ 'change-id': '2' });
  });

  it('with a threshold that nothing is above has a check down from its beginning', () => {
    const server = serverWith([
      'checks: {one: {override: replace, threshold: -1, tcp: {port: 1}}}',
    ]);
    expect(check(server, 'one')).toMatchObject({ status: 'down', successes: 0 });
    pass(server, 10_000);
    expect(check(server, 'one')).toMatchObject({ status: 'down', 'change-id': '1', successes: 1 });
  });
});

describe('the change of a check that is aborted', () => {
  it('is done, and nothing performs the check until it is stopped and started', () => {
    const server = serverWith([LAYER]);
    const aborted = post(server, '/v1/changes/1', { action: 'abort' });
    expect(aborted).toMatchObject({ status: 'Abort', tasks: [{ status: 'Abort' }] });
    expect(result(server, '/v1/changes/1')).toMatchObject({ status: 'Done', ready: true });
    expect(result(server, '/v1/notices', { keys: '1' })).toMatchObject([{ occurrences: 5 }]);
    pass(server, 60_000);
    const left = { status: 'up', successes: 0, 'change-id': '1' };
    expect(check(server, 'alive')).toMatchObject(left);
    const changed = (action: string): unknown =>
      post(server, '/v1/checks', { action, checks: ['alive'] });
    expect(changed('start')).toEqual({ changed: [] });
    expect(() => refresh(server, 'alive')).toThrow('waits for nothing');
    expect(changed('stop')).toEqual({ changed: ['alive'] });
    expect(changed('start')).toEqual({ changed: ['alive'] });
    expect(check(server, 'alive')).toMatchObject({ 'change-id': '3' });
  });
});
