/** Programs that are really run, as Pebble's side of it has it: a function stands in for the host. */
import { describe, expect, it } from 'vitest';
import { fileOf, write } from '../../src/engine/files/edit.ts';
import { lookup } from '../../src/engine/files/path.ts';
import type { Changes, Dir, File } from '../../src/engine/files/tree.ts';
import type { Brought, Errand, Ran, RunErrand } from '../../src/engine/model/errand.ts';
import type { ExecRule } from '../../src/engine/world/pebble/slice.ts';
import { collect, finished, tell } from './exec-io.ts';
import { answerTo, asked, change, END, exitCode, open, serverOf } from './exec-server.ts';
import { containerOf, pass, type Server } from './server.ts';
import { changeOf, post, program, serving, stateOf } from './service-server.ts';

const encoder = new TextEncoder();
const REAL: readonly ExecRule[] = [{ command: { like: '' }, run: 'real' }];
type Comes = { ran?: Ran; stdout?: string; stderr?: string; changes?: Changes };

/** The host finds every program, runs it to such an end, and keeps in mind what it was sent for. */
function hosted(server: Server, comes: Comes = {}) {
  const runs: RunErrand[] = [];
  const host = (errand: Errand): Brought => {
    if (errand.kind === 'find') {
      const path = errand.program === 'absent' ? null : `/usr/bin/${errand.program}`;
      return { kind: 'found', path };
    }
    runs.push(errand);
    return {
      kind: 'ran',
      ran: comes.ran ?? { code: 0 },
      stdout: encoder.encode(comes.stdout ?? ''),
      stderr: encoder.encode(comes.stderr ?? ''),
      changes: comes.changes ?? {},
    };
  };
  server.host = host;
  return { server, runs };
}

const NOW = Date.UTC(2026, 0, 1);
const MADE: File = {
  kind: 'file',
  mode: 0o600,
  user: 'app',
  group: 'app',
  modified: NOW,
  digest: 'sha256:0',
  size: 3,
};

describe('a program that is to be really run', () => {
  it('is looked for before anything else, and refused when there is none', () => {
    const { server, runs } = hosted(serverOf(REAL));
    const message = 'cannot find executable "absent"';
    expect(asked(server, ['absent'])).toMatchObject({ code: 400, message });
    expect(asked(server, ['there'])).toMatchObject({ code: 202 });
    expect(containerOf(server)).not.toHaveProperty('sought');
    expect(runs).toEqual([]);
  });

  it('is run when its input has ended, with all that it was asked for with', () => {
    const { server, runs } = hosted(serverOf(REAL), { stdout: 'out', stderr: 'err' });
    const more = { 'split-stderr': true, environment: { A: 'b' }, 'working-dir': '/' };
    asked(server, ['cat', '-n'], more);
    const io = open(server, [{ socket: 'stdio', binary: 'in' }], '1', true);
    expect(runs).toEqual([]);
    tell(server, '1/stdio', { text: '{"command":"end"}' });
    collect(server, io);
    const end = { text: '{"command":"end"}' };
    expect(finished(io)).toMatchObject({
      received: { stdio: [{ binary: 'out' }, end], stderr: [{ binary: 'err' }, end] },
    });
    expect(runs).toMatchObject([
      {
        container: 'web',
        argv: ['cat', '-n'],
        environment: { A: 'b', HOME: '/root', USER: 'root' },
        cwd: '/',
        stdin: { bytes: encoder.encode('in'), ended: true },
        split: true,
        until: 'end',
        owner: { user: 'root', group: 'root' },
        now: NOW,
      },
    ]);
    expect(exitCode(server)).toBe(0);
    expect(containerOf(server).executed).toMatchObject([{ real: true, exit: 0 }]);
  });

  it('is run with what came of its input when anybody waits, as the end may never come', () => {
    const { server, runs } = hosted(serverOf(REAL), { stdout: 'x' });
    asked(server, ['cat']);
    open(server, [{ socket: 'stdio', binary: 'some' }]);
    expect(answerTo(server, 'GET', '/v1/changes/1/wait')).toMatchObject({
      result: { status: 'Done' },
    });
    expect(runs.map(({ stdin }) => stdin)).toEqual([
      { bytes: encoder.encode('some'), ended: false },
    ]);
    expect(server.now).toBe(NOW);
  });

  it.each([
    [{ code: 7 }, 7],
    [{ signal: 'SIGSEGV' }, 139],
  ] as const)('and ends with %j has the exit code %d', (ran, code) => {
    const { server } = hosted(serverOf(REAL), { ran });
    asked(server, ['x']);
    open(server, [END]);
    expect(exitCode(server)).toBe(code);
    expect(change(server).status).toBe('Done');
  });

  it.each([
    [['x'], '/usr/bin/x', 'fork/exec /usr/bin/x: exec format error'],
    [['x'], null, 'exec: "x": executable file not found in $PATH'],
    [['/srv/x'], null, 'fork/exec /srv/x: exec format error'],
  ] as const)('and cannot be started, %j at %s, fails in Go’s words', (command, path, why) => {
    const ran = { failed: 'exec format error', path };
    const { server } = hosted(serverOf(REAL), { ran });
    asked(server, command);
    open(server, [END]);
    expect(change(server)).toMatchObject({
      status: 'Error',
      err: `cannot perform the following tasks:\n- Execute command "${command[0]}" (${why})`,
      tasks: [{ data: { 'exit-code': -1 } }],
    });
  });

  it('writes its files at once and ends as much later as its rule says', () => {
    const rules = [{ ...REAL[0]!, takes: 2000 }];
    const { server } = hosted(serverOf(rules), { changes: { made: MADE } });
    asked(server, ['x']);
    open(server, [END]);
    expect(lookup(containerOf(server).root, '/made')).toEqual(MADE);
    pass(server, 1999);
    expect(change(server).ready).toBeNull();
    pass(server, 1);
    expect(change(server)).toMatchObject({ status: 'Done', ready: NOW + 2000 });
  });

  it('removes files, and what it makes is its user’s', () => {
    const { server, runs } = hosted(serverOf(REAL), { changes: { etc: { kind: 'removed' } } });
    const passwd = 'app:x:7:8::/srv:/bin/sh\n';
    const content = { digest: server.blobs.put(encoder.encode(passwd)), size: passwd.length };
    const { root } = containerOf(server);
    const etc = { ...root, entries: { passwd: fileOf(content, 0), group: fileOf(content, 0) } };
    const whole = { ...root, entries: { etc } } as Dir;
    server.slice = { containers: { web: { ...containerOf(server), root: whole } } };
    expect(write(whole, '/etc/x', MADE)).not.toBe('ENOENT');
    asked(server, ['x'], { user: 'app', group: 'app', 'working-dir': '/' });
    open(server, [END]);
    expect(runs).toMatchObject([{ owner: { user: 'app' }, environment: { USER: 'app' } }]);
    expect(lookup(containerOf(server).root, '/etc')).toBeUndefined();
  });

  it.each([
    [0, 137, 'Done', ['pebble exec x with run: real, which does nothing for 5 s']],
    [60, -1, 'Error', ['pebble exec x with run: real, which does nothing for 5 s']],
    [5, -1, 'Error', undefined],
  ] as const)(
    'and does not end, with %d s to do so, ends with %d',
    (timeout, code, status, missed) => {
      const going = { why: 'does nothing for 5 s', rest: true, after: 5000 };
      const { server } = hosted(serverOf(REAL), { ran: { going }, changes: { made: MADE } });
      asked(server, ['x'], timeout === 0 ? {} : { timeout: `${timeout}s` });
      open(server, [END]);
      expect(lookup(containerOf(server).root, '/made')).toEqual(MADE);
      pass(server, timeout * 1000);
      expect(change(server)).toMatchObject({ status, ready: NOW + timeout * 1000 });
      expect(exitCode(server)).toBe(code);
      expect(server.missed).toEqual(missed);
    },
  );

  it('is never run when a signal comes before its input has ended', () => {
    const { server, runs } = hosted(serverOf(REAL));
    asked(server, ['x']);
    open(server, [{ socket: 'control', text: '{"command":"signal","signal":{"name":"SIGTERM"}}' }]);
    expect(exitCode(server)).toBe(143);
    pass(server, 1000);
    expect(runs).toEqual([]);
  });
});

describe('a service whose command is to be really run', () => {
  const STAYS: Ran = { going: { why: 'does nothing for 0.5 s', rest: true, after: 500 } };
  const web = { command: 'serve "a b" [ --port 80 ]', environment: { A: 'b' } };
  const served = (comes: Comes) =>
    hosted(serving({ web }, { web: program({ run: 'real' }) }), comes);

  it('is run each time that it is started, with the words and variables of the plan', () => {
    const { server, runs } = served({ ran: STAYS, stdout: 'up\n', changes: { made: MADE } });
    post(server, 'start', ['web']);
    pass(server, 1000);
    post(server, 'restart', ['web']);
    expect(runs).toMatchObject([{ now: NOW }, { now: NOW + 1000 }]);
    expect(runs[0]).toMatchObject({
      argv: ['serve', 'a b', '--port', '80'],
      environment: { A: 'b' },
      stdin: { ended: true },
      split: false,
      until: 'rest',
    });
    expect(lookup(containerOf(server).root, '/made')).toEqual(MADE);
  });

  it('that does not end keeps running, until it is stopped', () => {
    const { server } = served({ ran: STAYS, stdout: 'up\n' });
    post(server, 'start', ['web']);
    pass(server, 3_600_000);
    expect(stateOf(server, 'web')).toMatchObject({ current: 'active', life: { starts: 1 } });
    expect(server.missed).toBeUndefined();
    post(server, 'stop', ['web']);
    expect(stateOf(server, 'web').current).toBe('inactive');
  });

  it('that cannot be started when Pebble restarts it stays as it is', () => {
    const { server } = served({ ran: { code: 1 } });
    post(server, 'start', ['web']);
    hosted(server, { ran: { failed: 'text file busy', path: '/usr/bin/serve' } });
    pass(server, 60_000);
    expect(stateOf(server, 'web')).toMatchObject({ current: 'backoff', life: { timers: [] } });
    expect(changeOf(server, '1').status).toBe('Error');
  });
});
