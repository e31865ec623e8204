/** The machine's own client, in the sandbox, before an engine that says what it should look at and change. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answer, CommandRequest, Request } from '../../src/engine/model/request.ts';
import { openFaults } from '../../src/engine/play/faults.ts';
import { bash, jobFor, listen, openRig, type RigOptions } from '../dispatch/rig.ts';

type Handler = (request: CommandRequest) => Partial<Answer>;

/** Plays one hook, with `apt-get` and `systemctl` answered by `handler`. */
async function played(script: string, handler: Handler, options: RigOptions = {}) {
  await using rig = await openRig(bash(script), options);
  const listener = listen();
  const requests: CommandRequest[] = [];
  const ask = (request: Request) => {
    requests.push(request as CommandRequest);
    const answer = handler(request as CommandRequest) as { kind?: string; paths?: string[] };
    if (answer.kind === 'look') return { look: answer.paths ?? [] };
    return {
      reply: { kind: 'reply' as const, code: 0, out: '', ...answer },
      now: 1_700_000_000_000,
    };
  };
  const ended = await rig.stage.dispatch(
    jobFor('hooks/install'),
    { ...listener, ask } as never,
    rig.blobs,
  );
  return { ended, requests, lines: listener.heard.lines, blobs: rig.blobs };
}

const looking =
  (...paths: string[]): Handler =>
  (request) =>
    request.found ? { out: 'looked\n' } : { kind: 'look', paths };
const LOOKS = looking('/tmp/a', '/tmp/b/*', '/tmp/c/**', '/tmp/none');
const PLANT =
  'mkdir -p /tmp/b/in /tmp/c/in; echo one > /tmp/a; chmod 640 /tmp/a; echo two > /tmp/b/two; ' +
  'ln -s ../a /tmp/b/link; mkfifo /tmp/b/pipe; echo three > /tmp/c/in/three; echo no > /tmp/b/in/no\n';

describe.each([
  ['in perl', {}],
  ['in Python', { lowerRungs: true }],
])('a program of the machine, %s', (_name, options) => {
  it('needs no variable of the hook’s', async () => {
    const script = 'env -i /usr/bin/apt-get update; echo "$?"';
    const { requests, lines } = await played(
      script,
      () => ({ code: 3, out: 'Hit\n', err: 'W: x\n' }),
      options,
    );
    expect(requests).toMatchObject([{ argv: ['apt-get', 'update'], stdin: null }]);
    expect(lines.sort()).toEqual(['stderr: W: x', 'stdout: 3', 'stdout: Hit']);
  });

  it('shows what is at the paths that it is asked about, and nothing else', async () => {
    const { requests } = await played(`${PLANT}systemctl start x`, LOOKS, options);
    const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
    expect(requests[1]?.found).toEqual({
      '/tmp/a': { kind: 'file', mode: 0o640, bytes: bytes('one\n') },
      '/tmp/b/in': { kind: 'dir', mode: 0o755 },
      '/tmp/b/link': { kind: 'link', target: '../a' },
      '/tmp/b/pipe': { kind: 'other' },
      '/tmp/b/two': { kind: 'file', mode: 0o644, bytes: bytes('two\n') },
      '/tmp/c/in': { kind: 'dir', mode: 0o755 },
      '/tmp/c/in/three': { kind: 'file', mode: 0o644, bytes: bytes('three\n') },
    });
  });

  it('is answered after a look that found nothing', async () => {
    const { requests, lines } = await played('systemctl x', looking('/tmp/none'), options);
    expect(requests.map(({ found }) => found)).toEqual([undefined, {}]);
    expect(lines).toEqual(['stdout: looked']);
  });

  it('reads its input only when that is asked for', async () => {
    const script = 'printf "a b" | apt-get x; printf "left" | { systemctl y; cat; }';
    const { requests, lines } = await played(
      script,
      (request) =>
        request.argv[0] === 'apt-get' && request.stdin === null
          ? { kind: 'look', paths: ['/dev/stdin'] }
          : {},
      options,
    );
    const inputs = requests.map(({ stdin }) => stdin && Buffer.from(stdin).toString());
    expect(inputs).toEqual([null, 'a b', null]);
    expect(lines).toEqual(['stdout: left']);
  });

  it('looks again as often as it is asked to, and tells all it found', async () => {
    const { requests } = await played(
      'echo one > /tmp/a; echo two > /tmp/b; systemctl x',
      ({ found }) => {
        if (!found) return { kind: 'look', paths: ['/tmp/a'] };
        return found['/tmp/b'] ? {} : { kind: 'look', paths: ['/tmp/b'] };
      },
      options,
    );
    expect(requests.map(({ found }) => Object.keys(found ?? {}))).toEqual([
      [],
      ['/tmp/a'],
      ['/tmp/a', '/tmp/b'],
    ]);
  });

  it('makes of the root what its answer says, before it ends', async () => {
    const text = new Uint8Array(Buffer.from('new\n'));
    const script =
      'mkdir -p /tmp/gone/deep; echo old > /tmp/old; ln -s old /tmp/was-link; apt-get install x; ' +
      'cd /tmp; cat old etc/x/conf; stat -c "%n %a %F" etc/x/conf etc/x etc was-link made; ' +
      'readlink to; ls';
    const { lines } = await played(
      script,
      () => ({
        root: {
          '/tmp/old': { kind: 'file', mode: 0o600, bytes: text },
          '/tmp/etc/x/conf': { kind: 'file', mode: 0o4755, bytes: text },
          '/tmp/was-link': { kind: 'file', mode: 0o644, bytes: text },
          '/tmp/made': { kind: 'dir', mode: 0o1777 },
          '/tmp/to': { kind: 'link', target: '/nowhere' },
          '/tmp/gone': { kind: 'removed' },
          '/tmp/never': { kind: 'removed' },
        },
      }),
      options,
    );
    expect(lines.map((line) => line.slice(8))).toEqual([
      'new',
      'new',
      'etc/x/conf 4755 regular file',
      'etc/x 755 directory',
      'etc 755 directory',
      'was-link 644 regular file',
      'made 1777 directory',
      '/nowhere',
      ...['etc', 'made', 'old', 'to', 'was-link'],
    ]);
  });

  it('says which path could not be changed', async () => {
    const { lines } = await played(
      'touch /tmp/file; apt-get x; echo $?',
      () => ({ root: { '/tmp/file/below': { kind: 'link', target: 'x' } } }),
      options,
    );
    expect(lines.sort()).toEqual([
      'stderr: playbill: cannot change /tmp/file/below: Not a directory',
      'stdout: 1',
    ]);
  });

  it('prints bytes as they come', async () => {
    const out = new Uint8Array([0, 255, 10]);
    const { lines } = await played('apt-get x | od -An -tx1', () => ({ out }), options);
    expect(lines).toEqual(['stdout:  00 ff 0a']);
  });
});

describe('a program of the machine', () => {
  it('is no hook command: those still need their context', async () => {
    const { requests, lines } = await played(
      'env -i /var/lib/juju/tools/unit-app-0/is-leader',
      () => ({}),
    );
    expect(requests).toEqual([]);
    expect(lines).toEqual(['stderr: ERROR JUJU_CONTEXT_ID not set']);
  });

  it('counts once among faults, however often it is told to look', () => {
    const fail = { kind: 'command', command: 'apt-get', nth: 2, code: 100, stderr: '' } as const;
    const { meet } = openFaults([fail]);
    const request = { kind: 'commands', channel: 'machine', cwd: '/', stdin: null } as const;
    const argv = ['apt-get', 'update'];
    expect(meet({ ...request, argv }).kind).toBe('nothing');
    expect(meet({ ...request, argv, found: {} }).kind).toBe('nothing');
    expect(meet({ ...request, argv }).kind).toBe('reply');
  });
});

describe('without a sandbox', () => {
  it('a program looks at the State’s root and changes nothing else', async () => {
    const path = '/etc/playbill-test-never/here';
    const bytes = new Uint8Array(Buffer.from('ours'));
    const { ended, requests, blobs } = await played(
      'apt-get install x; printf in | systemctl y',
      ({ argv, found, stdin }) => {
        if (argv[0] === 'apt-get')
          return { root: { [path]: { kind: 'file', mode: 0o640, bytes } } };
        if (!found) return { kind: 'look', paths: ['/etc/hostname', '/etc/**'] };
        return stdin === null ? { kind: 'look', paths: ['/dev/stdin'] } : {};
      },
      { sandbox: 'none' },
    );
    expect(requests.at(-1)).toMatchObject({
      stdin: new Uint8Array(Buffer.from('in')),
      found: {
        '/etc/playbill-test-never': { kind: 'dir', mode: 0o755 },
        [path]: { kind: 'file', mode: 0o640, bytes },
      },
    });
    expect(requests.at(-1)?.found).not.toHaveProperty('/etc/hostname');
    expect(existsSync(path)).toBe(false);
    const file = ended.root?.[path.slice(1)];
    expect(file?.kind === 'file' && blobs.text(file.digest)).toBe('ours');
  });

  it('a package’s program is found by its name, as long as it is there', async () => {
    const program = { kind: 'link', target: '/opt/playbill/client/machine-command' } as const;
    const { lines } = await played(
      'apt-get install x; made-tool; apt-get remove x; made-tool || echo gone',
      ({ argv }) => {
        if (argv[0] === 'made-tool') return { out: 'made\n' };
        const gone = argv[1] === 'remove';
        return { root: { '/usr/bin/made-tool': gone ? { kind: 'removed' } : program } };
      },
      { sandbox: 'none' },
    );
    expect(lines.filter((line) => line.startsWith('stdout'))).toEqual([
      'stdout: made',
      'stdout: gone',
    ]);
  });
});
