/** Checks are as a tree says: up once they are started, down where the state has them down. */
import { describe, expect, it } from 'vitest';
import type { CheckState } from '../../src/engine/world/pebble/slice.ts';
import { ask, decoded, httpRequest, serverWith, type Server } from './server.ts';
import type { RecordedRequest } from './transcript.ts';

const LAYER = `checks:
  alive: {override: replace, level: alive, tcp: {port: 80}}
  ready: {override: replace, level: ready, threshold: 2, tcp: {port: 80}}
  off: {override: replace, startup: disabled, tcp: {port: 80}}
`;

function answer(server: Server, request: RecordedRequest): unknown {
  const given = ask(server, httpRequest(request));
  if (given.kind !== 'reply') throw new Error(JSON.stringify(given));
  return decoded(given);
}

function result(server: Server, path: string, query: Record<string, string> = {}): unknown {
  const answered = answer(server, { method: 'GET', path, query }) as { json: { result: unknown } };
  return answered.json.result;
}

/** A server on which one check is as told. */
function serverWhere(name: string, check: Partial<CheckState>): Server {
  const server = serverWith([LAYER]);
  const [container, own] = Object.entries(server.slice.containers)[0]!;
  const told = { status: 'up', failures: 0, successes: 0, ...check } as const;
  server.slice = { containers: { [container]: { ...own, checks: { [name]: told } } } };
  return server;
}

describe('a check', () => {
  it('is up once it is started, and inactive where its layer disables it', () => {
    expect(result(serverWith([LAYER]), '/v1/checks')).toEqual([
      {
        name: 'alive',
        level: 'alive',
        startup: 'enabled',
        status: 'up',
        successes: 0,
        threshold: 3,
        'change-id': '1000000',
      },
      { name: 'off', startup: 'disabled', status: 'inactive', successes: 0, threshold: 3 },
      {
        name: 'ready',
        level: 'ready',
        startup: 'enabled',
        status: 'up',
        successes: 0,
        threshold: 2,
        'change-id': '1000002',
      },
    ]);
  });

  it('has a change that performs it, without which ops takes it for inactive', () => {
    const server = serverWhere('ready', { status: 'down', failures: 2 });
    const [ready] = result(server, '/v1/checks', { names: 'ready' }) as { 'change-id': string }[];
    const path = `/v1/changes/${ready!['change-id']}`;
    expect(ask(server, httpRequest({ method: 'GET', path }))).toEqual({
      kind: 'unsupported',
      what: 'pebble change of a check',
    });
    const stopped = serverWhere('ready', { status: 'inactive' });
    expect(result(stopped, '/v1/checks', { names: 'ready' })).not.toMatchObject([
      { 'change-id': expect.anything() },
    ]);
    expect(answer(stopped, { method: 'GET', path })).toMatchObject({ status: 404 });
  });

  it('is listed by level and name', () => {
    const server = serverWith([LAYER]);
    expect(result(server, '/v1/checks', { level: 'alive' })).toMatchObject([{ name: 'alive' }]);
    expect(result(server, '/v1/checks', { names: 'off,ready' })).toMatchObject([
      { name: 'off' },
      { name: 'ready' },
    ]);
  });

  it('that is down says how often it failed', () => {
    const server = serverWhere('ready', { status: 'down', failures: 2 });
    expect(result(server, '/v1/checks', { names: 'ready' })).toMatchObject([
      { status: 'down', failures: 2 },
    ]);
  });
});

describe('health', () => {
  it.each([
    ['a ready check', 'ready', { level: 'ready' }, 502],
    ['a ready check', 'ready', { level: 'alive' }, 200],
    ['an alive check', 'alive', { level: 'ready' }, 502],
    ['a ready check', 'ready', {}, 502],
    ['a ready check', 'ready', { names: 'alive' }, 200],
  ])('with %s down (%s), asked for %j: %i', (_what, name, query, status) => {
    const server = serverWhere(name, { status: 'down', failures: 3 });
    const told = answer(server, { method: 'GET', path: '/v1/health', query });
    expect(told).toMatchObject({ status, json: { result: { healthy: status === 200 } } });
  });
});

describe('starting and stopping', () => {
  const post = (server: Server, json: object): unknown =>
    answer(server, { method: 'POST', path: '/v1/checks', json: json as never });

  it('names the checks that it changed', () => {
    const server = serverWith([LAYER]);
    const changed = (names: readonly string[]) => ({ json: { result: { changed: names } } });
    expect(post(server, { action: 'start', checks: ['off', 'alive'] })).toMatchObject(
      changed(['off']),
    );
    expect(post(server, { action: 'stop', checks: ['off', 'ready'] })).toMatchObject(
      changed(['off', 'ready']),
    );
    expect(result(server, '/v1/checks', { names: 'ready' })).toMatchObject([
      { status: 'inactive' },
    ]);
  });

  it.each([
    [{ action: 'start', checks: [] }, 'must specify checks for start action'],
    [{ action: 'restart', checks: ['off'] }, 'invalid action "restart"'],
    [
      { action: 'stop', checks: ['off', 'nope'] },
      'cannot stop checks: cannot find checks in plan: nope',
    ],
  ])('refuses %j', (json, message) => {
    expect(post(serverWith([LAYER]), json)).toMatchObject({
      status: 400,
      json: { result: { message } },
    });
  });
});
