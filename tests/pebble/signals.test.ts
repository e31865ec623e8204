import { describe, expect, it } from 'vitest';
import { lookup } from '../../src/engine/files/path.ts';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { ask, containerOf, httpRequest, pass } from './server.ts';
import { post, program, serving, signal, stateOf, told } from './service-server.ts';

function message(answer: JsonObject): unknown {
  return ((answer['json'] as JsonObject)['result'] as JsonObject)['message'];
}

describe('a signal', () => {
  it.each([
    ['SIGHUP', null],
    ['SIGUSR1', null],
    ['SIGUSR2', null],
    ['SIGCHLD', null],
    ['SIGCONT', null],
    ['SIGWINCH', null],
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGKILL', 137],
    ['SIGSYS', 159],
    ['SIGIO', 157],
  ])('%s ends a program that says nothing of it with %s', (name, code) => {
    const server = serving({ web: { 'on-failure': 'ignore' } });
    post(server, 'start', ['web']);
    pass(server, 1000);
    const begun = server.now;
    expect(signal(server, name, ['web'])['status']).toBe(200);
    expect(told(server, begun).slice(1)).toEqual([
      `0 web signalled ${name}`,
      ...(code === null ? [] : [`0 web exited ${code} then ignore`]),
    ]);
    expect(stateOf(server, 'web').current).toBe(code === null ? 'active' : 'error');
  });

  it('does what the tree says: a program may print, write files, and end', () => {
    const files = { '/var/lib/app/log': 'hup\n' };
    const signals = { SIGHUP: { output: 'reloaded\n', files, exits: 3 } };
    const server = serving({ web: { 'on-failure': 'ignore' } }, { web: program({ signals }) });
    post(server, 'start', ['web']);
    pass(server, 1000);
    signal(server, 'SIGHUP', ['web']);
    const file = lookup(containerOf(server).root, '/var/lib/app/log');
    const bytes = file?.kind === 'file' ? server.blobs.get(file.digest) : new Uint8Array();
    expect(new TextDecoder().decode(bytes)).toBe('hup\n');
    expect(stateOf(server, 'web').current).toBe('error');
    expect(stateOf(server, 'web').life?.log).toContain('reloaded');
  });

  it('reaches a program that is slow to stop at once, but for SIGTERM', () => {
    const server = serving({ web: {} }, { web: program({ slow: 2000 }) });
    post(server, 'start', ['web']);
    pass(server, 1000);
    signal(server, 'SIGTERM', ['web']);
    pass(server, 1999);
    expect(stateOf(server, 'web').current).toBe('active');
    pass(server, 1);
    expect(stateOf(server, 'web').current).toBe('backoff');
  });

  it('fails a start when it ends the program within its second', () => {
    const server = serving({ web: {} });
    const change = post(server, 'start', ['web']);
    signal(server, 'SIGKILL', ['web']);
    expect(containerOf(server).changes[change]?.err).toContain(
      'exited quickly with code 137, will restart',
    );
  });

  it('reaches those that run, and says of all others why not', () => {
    const server = serving({ web: {}, db: {} });
    post(server, 'start', ['web']);
    pass(server, 1000);
    const answer = signal(server, 'SIGHUP', ['db', 'web', 'nope']);
    expect(answer['status']).toBe(500);
    expect(message(answer)).toBe(
      'cannot send signal to "db": service is not running; ' +
        'cannot send signal to "nope": service is not running',
    );
    expect(told(server, server.now).at(-1)).toBe('0 web signalled SIGHUP');
  });

  it.each([
    ['waits for its back-off', program({ exits: 1 }), false],
    ['is being stopped', program({ slow: 3000 }), true],
  ])('does not reach a service that %s', (_name, how, stop) => {
    const server = serving({ web: {} }, { web: how });
    post(server, 'start', ['web']);
    pass(server, 400);
    if (stop) post(server, 'stop', ['web']);
    expect(message(signal(server, 'SIGNOPE', ['web']))).toBe(
      'cannot send signal to "web": service is not running',
    );
  });

  it.each(['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'])('%s is refused by name', (name) => {
    const server = serving({ web: {} });
    const json = { signal: name, services: ['web'] };
    const request = httpRequest({ method: 'POST', path: '/v1/signals', json });
    expect(ask(server, request)).toMatchObject({ kind: 'reply', code: 500 });
    post(server, 'start', ['web']);
    expect(ask(server, request)).toEqual({ kind: 'unsupported', what: `pebble signal ${name}` });
  });
});
