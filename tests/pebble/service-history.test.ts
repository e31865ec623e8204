import { produce } from 'immer';
import { describe, expect, it } from 'vitest';
import { checkFailed } from '../../src/engine/world/pebble/behaviour.ts';
import { canonical } from '../../src/engine/world/pebble/canonical.ts';
import { remember } from '../../src/engine/world/pebble/history.ts';
import { layDescribed } from '../../src/engine/world/pebble/lay-described.ts';
import { containerOf, pass, type Server } from './server.ts';
import { lay, post, program, serving, signal, stateOf, told } from './service-server.ts';

describe('a check that fails', () => {
  const onFailure = (action: string): Record<string, Record<string, object>> => ({
    web: { 'on-check-failure': { alive: action } },
  });

  function failing(server: Server): void {
    const [[name = ''] = []] = Object.entries(server.slice.containers);
    server.slice = produce(server.slice, (draft) =>
      checkFailed(draft.containers[name]!, 'alive', server.now),
    );
  }

  it('has a service stopped and started again where it says so', () => {
    const server = serving(onFailure('restart') as never, { web: program({ slow: 100 }) });
    post(server, 'start', ['web']);
    pass(server, 1000);
    const begun = server.now;
    failing(server);
    pass(server, 1000);
    expect(told(server, begun).slice(1)).toEqual([
      '0 web stopped check',
      '100 web exited 143',
      '600 web restarted backoff',
    ]);
    expect(stateOf(server, 'web').current).toBe('active');
  });

  it.each([
    ['ignore', 'active', true],
    ['shutdown', 'inactive', false],
  ])('by %s leaves it %s', (action, current, canConnect) => {
    const server = serving(onFailure(action) as never);
    post(server, 'start', ['web']);
    pass(server, 1000);
    failing(server);
    expect(stateOf(server, 'web').current).toBe(current);
    expect(containerOf(server).canConnect).toBe(canConnect);
  });
});

describe('what a tree says of a program', () => {
  it('holds at once for a life that runs', () => {
    const server = serving({ web: {} });
    const begun = server.now;
    post(server, 'start', ['web']);
    pass(server, 5000);
    lay(server, { web: program({ exits: 7, after: 1000, output: 'oh no\n' }) });
    pass(server, 1000);
    expect(told(server, begun).at(-1)).toBe('6000 web exited 7 then restart');
    lay(server, { web: null });
    pass(server, 60_000);
    expect(stateOf(server, 'web')).toMatchObject({ current: 'active', life: { starts: 2 } });
  });

  it('comes with whatever else is laid over the container', () => {
    const server = serving({ web: { 'on-failure': 'ignore' } });
    post(server, 'start', ['web']);
    pass(server, 5000);
    const programs = { web: program({ exits: 1 }) };
    const laid = layDescribed(containerOf(server), { programs }, server);
    expect(laid.services['web']?.current).toBe('error');
    expect(laid.programs).toEqual(programs);
    expect(layDescribed(laid, { programs: { web: null } }, server).programs).toEqual({});
  });

  it('cannot be that it writes files when Pebble stops it', () => {
    const writes = program({ signals: { SIGTERM: { files: { '/f': '' } } } });
    expect(() => serving({ web: {} }, { web: writes })).toThrow(
      'service "web": it cannot write files on SIGTERM',
    );
  });
});

describe('what happened', () => {
  it('is part of a state’s meaning, but not when it did', () => {
    const crashed = (after: number): Server => {
      const server = serving(
        { web: { 'on-failure': 'ignore' } },
        { web: program({ exits: 1, after: 10 }) },
      );
      pass(server, after);
      post(server, 'start', ['web']);
      pass(server, 5000);
      post(server, 'stop', ['web']);
      return server;
    };
    const never = serving(
      { web: { 'on-failure': 'ignore' } },
      { web: program({ exits: 1, after: 10 }) },
    );
    const history = (server: Server): unknown => canonical(server.slice).containers['web']!.history;
    expect(canonical(crashed(0).slice)).toEqual(canonical(crashed(12_345).slice));
    expect(history(crashed(0))).toHaveLength(2);
    expect(history(never)).toEqual([]);
  });

  it('again and again is told once, with how often', () => {
    const server = serving({ a: {}, b: {} }, { a: program({ exits: 1, after: 2000 }) });
    const begun = server.now;
    post(server, 'start', ['a', 'b']);
    for (let turn = 0; turn < 3; turn += 1) {
      pass(server, 100);
      signal(server, 'SIGHUP', ['b']);
    }
    pass(server, 600_000);
    expect(told(server, begun)).toEqual([
      '0 a started start',
      '0 b started start',
      '100 b signalled SIGHUP ×3',
      expect.stringMatching(/^2000 a exited 1 then restart ×\d\d$/),
      expect.stringMatching(/^2500 a restarted backoff ×\d\d$/),
    ]);
  });

  it('is forgotten when a thousand other things have happened since', () => {
    const container = produce(containerOf(serving({})), (draft) => {
      for (let at = 0; at < 1500; at += 1) {
        remember(draft, { at, service: 'web', what: at % 2 === 0 ? 'started' : 'killed' });
      }
    });
    expect(container.history).toHaveLength(1000);
    expect(container.history.at(-1)?.at).toBe(1499);
  });
});
