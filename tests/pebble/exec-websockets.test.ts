import { describe, expect, it } from 'vitest';
import type { ExecRule } from '../../src/engine/world/pebble/slice.ts';
import { connect, tell } from './exec-io.ts';
import { answerTo, asked, change, exitCode, open, serverOf } from './exec-server.ts';
import { ask, containerOf, httpRequest, pass } from './server.ts';

describe('websockets of an execution', () => {
  const rules: readonly ExecRule[] = [{ command: ['long'], takes: 1e6 }, { command: ['quick'] }];

  it('have to be connected within five seconds', () => {
    const server = serverOf(rules);
    asked(server, ['long']);
    connect(server, '1', 'control');
    pass(server, 4999);
    expect(change(server).status).toBe('Doing');
    pass(server, 1);
    const reason = 'exec 1: timeout waiting for websocket connections: context deadline exceeded';
    const err = `cannot perform the following tasks:\n- Execute command "long" (${reason})`;
    expect(change(server)).toMatchObject({ status: 'Error', err });
    expect(exitCode(server)).toBeUndefined();
    expect(connect(server, '1', 'stdio')).toMatchObject({
      status: 500,
      json: { result: { message: err } },
    });
    expect(containerOf(server).executed).toEqual([]);
  });

  it('stderr as well where it is apart, control not', () => {
    const server = serverOf(rules);
    asked(server, ['quick'], { 'split-stderr': true });
    connect(server, '1', 'stdio');
    expect(change(server).status).toBe('Doing');
    connect(server, '1', 'stderr');
    expect(change(server).status).toBe('Done');
  });

  it('that come too late for an abort find that out', () => {
    const server = serverOf(rules);
    asked(server, ['long']);
    answerTo(server, 'POST', '/v1/changes/1', { action: 'abort' });
    expect(change(server).err).toContain('(context canceled)');
    expect(connect(server, '1', 'stdio')).toMatchObject({ status: 500 });
  });

  const token = "'upgrade' token not found in 'Connection' header";
  it.each([
    ['connection', 'close', `websocket: the client is not using the websocket protocol: ${token}`],
    [
      'upgrade',
      'h2c',
      "websocket: the client is not using the websocket protocol: 'websocket' token not found in 'Upgrade' header",
    ],
    [
      'sec-websocket-version',
      '8',
      "websocket: unsupported version: 13 not found in 'Sec-Websocket-Version' header",
    ],
    [
      'sec-websocket-key',
      'short',
      "websocket: not a websocket handshake: 'Sec-WebSocket-Key' header must be Base64 encoded value of 16-byte in length",
    ],
  ])('need a handshake: %s: %s', (header, value, message) => {
    const server = serverOf(rules);
    asked(server, ['long']);
    const headers = {
      connection: 'keep-alive, Upgrade',
      upgrade: 'WebSocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      [header]: value,
    };
    const url = '/v1/tasks/1/websocket/stdio';
    const answer = ask(server, { ...httpRequest({ method: 'GET', path: url }), headers });
    const error = {
      type: 'error',
      'status-code': 500,
      status: 'Internal Server Error',
      result: { message },
    };
    expect(answer).toMatchObject({ code: 400, out: `Bad Request\n${JSON.stringify(error)}` });
  });

  it('take signals before the program begins, and act on them when it does', () => {
    const server = serverOf(rules);
    asked(server, ['long']);
    connect(server, '1', 'control');
    tell(server, '1/control', { text: '{"command":"signal","signal":{"name":"SIGINT"}}' });
    connect(server, '1', 'stdio');
    expect(exitCode(server)).toBe(130);
  });

  it.each([
    ['SIGCHLD', undefined],
    ['SIGCONT', undefined],
    ['SIGWINCH', undefined],
    ['SIGNOPE', undefined],
    ['SIGKILL', 137],
    ['SIGUSR1', 138],
  ])('carry %s, of which a program has the code %s', (name, code) => {
    const server = serverOf(rules);
    asked(server, ['long']);
    open(server, [{ socket: 'control', text: `{"command":"signal","signal":{"name":"${name}"}}` }]);
    expect(exitCode(server)).toBe(code);
  });

  it('say that a program is stopped by none of them', () => {
    const server = serverOf(rules);
    asked(server, ['long']);
    open(server);
    const signal = { text: '{"command":"signal","signal":{"name":"SIGSTOP"}}' };
    const what = 'pebble exec signal SIGSTOP';
    expect(tell(server, '1/control', signal)).toEqual({ kind: 'unsupported', what });
  });

  it.each([
    '{"command":"resize","resize":{"width":1}}',
    '{"command":',
    '[]',
    'null',
    '{"signal":3}',
    '{"command":"signal"}',
  ])('are not disturbed by %s', (text) => {
    const server = serverOf(rules);
    asked(server, ['long']);
    open(server, [
      { socket: 'control', text },
      { socket: 'stdio', text },
    ]);
    expect(change(server).status).toBe('Doing');
  });

  it('kill the program where control is lost without a word, and leave it alone otherwise', () => {
    for (const [code, exit] of [
      [1006, 137],
      [1000, undefined],
    ] as const) {
      const server = serverOf(rules);
      asked(server, ['long']);
      open(server);
      tell(server, '1/control', { closed: code });
      expect(exitCode(server)).toBe(exit);
    }
  });

  it('end the input of a program where stdio is lost', () => {
    const server = serverOf([{ command: ['in'], stdin: { x: { exit: 4 } } }]);
    asked(server, ['in']);
    open(server, [{ socket: 'stdio', binary: 'x' }]);
    tell(server, '1/stdio', { closed: 1006 });
    expect(exitCode(server)).toBe(4);
  });
});
