import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookup } from '../../src/engine/files/path.ts';
import { canonical } from '../../src/engine/world/pebble/canonical.ts';
import { restarted } from '../../src/engine/world/pebble/container.ts';
import type { ExecRule } from '../../src/engine/world/pebble/slice.ts';
import { collect, finished, tell } from './exec-io.ts';
import {
  answerTo,
  asked,
  change,
  END,
  exitCode,
  open,
  output,
  sentOpen,
  serverOf,
  unmet,
} from './exec-server.ts';
import { ask, containerOf, httpRequest, pass, sent, type Server } from './server.ts';

describe('a program that is executed is the one of the first rule that fits', () => {
  const server = (): Server =>
    serverOf([
      { command: ['pg', 'dump', '-s'], stdout: 'schema' },
      { command: ['pg', 'dump'], stdout: 'all' },
      { command: { like: '^pg (up|down)$' }, stdout: 'moved' },
      { command: ['pg'], exit: 3, stdout: 'usage' },
    ]);
  it.each([
    ['pg dump -s more', 'schema'],
    ['pg dump', 'all'],
    ['pg dump -x', 'all'],
    ['pg down', 'moved'],
    ['pg downwards', 'usage'],
    ['pg', 'usage'],
  ])('%s', (line, text) => {
    expect(output(server(), line.split(' '))).toBe(text);
  });

  it('whatever it is, by the words alone', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    const words = fc.array(word, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), words, (prefixes, command) => {
        const rules = prefixes.map((prefix, index) => ({ command: prefix, stdout: String(index) }));
        const first = prefixes.findIndex((prefix) =>
          `${command.join(' ')} `.startsWith(`${prefix.join(' ')} `),
        );
        fc.pre(first >= 0);
        expect(output(serverOf(rules), command)).toBe(String(first));
      }),
    );
  });
});

describe('what a program prints', () => {
  const rules: readonly ExecRule[] = [
    {
      command: ['sql'],
      stdout: 'nothing\n',
      stdin: { select: { stdout: 'rows\n' }, drop: { exit: 1, stderr: 'denied\n' } },
    },
  ];
  it.each([
    ['select 1;', 'rows\n', 0],
    ['drop table x;', 'denied\n', 1],
    ['', 'nothing\n', 0],
    ['drop; select', 'rows\n', 0],
  ])('depends on a text that its input holds: %j', (stdin, text, exit) => {
    const server = serverOf(rules);
    expect(output(server, ['sql'], stdin)).toBe(text);
    expect(exitCode(server)).toBe(exit);
  });

  it('waits for the end of its input where it depends on it', () => {
    const server = serverOf(rules);
    asked(server, ['sql']);
    const io = open(server, [{ socket: 'stdio', binary: 'sel' }]);
    pass(server, 10_000);
    expect(change(server).status).toBe('Doing');
    tell(server, '1/stdio', { bytes: new TextEncoder().encode('ect') });
    tell(server, '1/stdio', { text: '{"command":"end"}' });
    collect(server, io);
    expect(finished(io)).toMatchObject({ received: { stdio: [{ binary: 'rows\n' }, END_FRAME] } });
  });
  const END_FRAME = { text: '{"command":"end"}' };

  it('goes apart where that was asked for, and together otherwise', () => {
    const rule: ExecRule = { command: ['both'], stdout: 'out', stderr: 'err' };
    const apart = serverOf([rule]);
    asked(apart, ['both'], { 'split-stderr': true });
    expect(finished(open(apart, [], '1', true))).toMatchObject({
      received: { stdio: [{ binary: 'out' }, END_FRAME], stderr: [{ binary: 'err' }, END_FRAME] },
    });
    expect(output(serverOf([rule]), ['both'])).toBe('outerr');
  });
});

describe('a program takes its time by the clock of the trace', () => {
  const rules: readonly ExecRule[] = [
    { command: ['slow'], takes: 2000, stdout: 'x', files: { '/made': 'text', '/gone': null } },
  ];

  it('and comes to its end, and its files, when it is over', () => {
    const server = serverOf(rules);
    asked(server, ['slow']);
    open(server);
    pass(server, 1999);
    expect(change(server).ready).toBeNull();
    expect(lookup(containerOf(server).root, '/made')).toBeUndefined();
    pass(server, 1);
    expect(change(server)).toMatchObject({ status: 'Done', ready: server.now, err: null });
    expect(lookup(containerOf(server).root, '/made')).toMatchObject({ kind: 'file', size: 4 });
  });

  it('or is cut short by its time-out, which is no end of its own', () => {
    const server = serverOf(rules);
    asked(server, ['slow'], { timeout: '1500ms' });
    open(server);
    pass(server, 1500);
    expect(exitCode(server)).toBe(-1);
    const text = 'timed out after 1.5s: context deadline exceeded';
    expect(change(server).err).toBe(
      `cannot perform the following tasks:\n- Execute command "slow" (${text})`,
    );
    pass(server, 5000);
    expect(lookup(containerOf(server).root, '/made')).toBeUndefined();
  });

  it('or by an abort', () => {
    const server = serverOf(rules);
    asked(server, ['slow']);
    open(server);
    const { result } = answerTo(server, 'POST', '/v1/changes/1', { action: 'abort' });
    expect(result).toMatchObject({ status: 'Abort', ready: false });
    expect(change(server)).toMatchObject({ status: 'Done', ready: server.now });
    expect(exitCode(server)).toBe(137);
  });
});

describe('a program that cannot be executed', () => {
  const PASSWD = 'root:x:0:0::/root:/bin/sh\napp:x:7:8::/srv/app:/bin/sh\n';
  const write = (server: Server, path: string, text: string, permissions = '644'): void => {
    const files = [{ path, 'make-dirs': true, permissions }];
    const json = { action: 'write', files };
    const multipart = [
      { name: 'request', content_type: 'application/json', json },
      { name: 'files', filename: path, content_type: 'application/octet-stream', text },
    ];
    ask(server, httpRequest({ method: 'POST', path: '/v1/files', multipart }));
  };

  it('because nothing is known of it is not met, if it is there', () => {
    const server = serverOf([{ command: ['known', 'word'] }]);
    write(server, '/usr/bin/tool', '#!/bin/sh\n', '755');
    write(server, '/usr/bin/text', 'no program');
    expect(unmet(server, ['tool', '-x'])).toBe('pebble exec tool');
    expect(unmet(server, ['/usr/bin/tool'])).toBe('pebble exec /usr/bin/tool');
    expect(unmet(server, ['known', 'otherwise'])).toBe('pebble exec known');
    expect(asked(server, ['text'])).toMatchObject({
      code: 400,
      message: 'cannot find executable "text"',
    });
    expect(asked(server, ['/usr'])).toMatchObject({ message: 'cannot find executable "/usr"' });
  });

  it.each([
    [{ terminal: true }, 'pebble exec with a terminal'],
    [{ terminal: true, interactive: true }, 'pebble exec with a terminal'],
  ])('with %j is not met by name', (more, what) => {
    expect(unmet(serverOf([{ command: ['x'] }]), ['x'], more)).toBe(what);
  });

  it.each([
    [
      { 'working-dir': '/etc/passwd/x' },
      500,
      'cannot call exec: cannot stat working directory "/etc/passwd/x": stat /etc/passwd/x: not a directory',
    ],
    [{ user: 'app' }, 500, 'cannot call exec: home directory "/srv/app" does not exist'],
    [
      { 'user-id': 7, environment: { HOME: '/etc/passwd' } },
      500,
      'cannot call exec: home directory "/etc/passwd" not a directory',
    ],
    [{ user: 'app', 'user-id': 8 }, 400, 'user "app" UID (7) does not match user-id (8)'],
    [{ command: 'x' }, 400, expect.stringMatching(/^cannot decode request body: json: /)],
    [{ environment: [] }, 400, expect.stringMatching(/^cannot decode request body: json: /)],
  ])('says why: %j', (more, code, message) => {
    const server = serverOf([{ command: ['x'] }]);
    write(server, '/etc/passwd', PASSWD);
    expect(answerTo(server, 'POST', '/v1/exec', { command: ['x'], ...more })).toMatchObject({
      code,
      message,
    });
  });

  it('has the surroundings of its user and of the service it is asked for', () => {
    const layer = `services:\n  web:\n    override: replace\n    command: x\n    environment: {A: "1", B: "2"}\n    user: app\n    working-dir: /srv\n`;
    const server = serverOf([{ command: ['x'] }], [layer]);
    write(server, '/etc/passwd', PASSWD);
    write(server, '/srv/file', '');
    const given = { 'service-context': 'web', environment: { B: '3' } };
    expect(asked(server, ['x'], given).result).toEqual({
      environment: {
        A: '1',
        B: '3',
        HOME: '/srv/app',
        LANG: 'C.UTF-8',
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        USER: 'app',
      },
      'task-id': '1',
      'working-dir': '/srv',
    });
  });
});

describe('what was executed', () => {
  const played = (start: number): Server => {
    const server = serverOf([{ command: ['x'], exit: 2, stdin: {} }]);
    server.now += start;
    const more = { environment: { A: 'b' }, 'working-dir': '/' };
    asked(server, ['x', 'y'], more);
    open(server, [{ socket: 'stdio', binary: 'in' }, END]);
    return server;
  };

  it('is in the state of the container', () => {
    expect(containerOf(played(0)).executed).toEqual([
      {
        task: '1',
        command: ['x', 'y'],
        environment: { A: 'b' },
        workingDir: '/',
        stdin: { text: 'in' },
        exit: 2,
      },
    ]);
  });

  it('means the same at another time', () => {
    const [one, two] = [played(0), played(12_345)];
    expect(canonical(two.slice)).toEqual(canonical(one.slice));
    expect(canonical(one.slice).containers['web']).not.toHaveProperty('executions');
  });

  it('is still known once the container was made anew, as are its rules', () => {
    const before = containerOf(played(0));
    const after = restarted(before, 0);
    expect(after.executed).toEqual(before.executed);
    expect(after.execs).toEqual(before.execs);
    expect(after.executions).toBeUndefined();
  });

  it('leaves nothing under way behind, whatever is sent and whenever it is cut', () => {
    const frame = fc.constantFrom(
      { socket: 'stdio', binary: 'select' },
      END,
      { socket: 'control', text: '{"command":"signal","signal":{"name":"SIGTERM"}}' },
      { socket: 'control', text: 'x' },
    );
    const rule: ExecRule = { command: ['x'], takes: 700, stdin: { select: { exit: 1 } } };
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.boolean(), (frames, apart) => {
        const server = serverOf([rule]);
        asked(server, ['x'], { 'split-stderr': apart, timeout: '1s' });
        open(server, frames, '1', apart);
        for (const { socket } of sentOpen(server)) tell(server, socket, { closed: null });
        sent(server);
        pass(server, 1000);
        sent(server);
        expect(containerOf(server).executions).toEqual({});
        expect(change(server).ready).not.toBeNull();
        expect(containerOf(server).executed?.[0]?.exit).not.toBeNull();
      }),
    );
  });
});
