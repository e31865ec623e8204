import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dispatched } from '../../src/engine/play/dispatch-event.ts';
import { emptyDir, fileOf, mkdirAll, write } from '../../src/engine/files/edit.ts';
import { lookup } from '../../src/engine/files/path.ts';
import type { Dir } from '../../src/engine/files/tree.ts';
import type { Blobs } from '../../src/engine/model/counterpart.ts';
import type { State } from '../../src/engine/world/state.ts';
import { openContainerRig, saidIn, type ContainerRig } from './container-rig.ts';

const SCRIPTS = {
  output: `
say(client.exec(['sh', '-c', 'echo out; echo err >&2']).wait_output())
say(client.exec(['sh', '-c', 'echo out; echo err >&2'], combine_stderr=True).wait_output())
say(client.exec(['grep', 'b'], stdin='a\\nb\\n').wait_output())
say(client.exec(['python3', '-c', 'print(6 * 7)']).wait_output())
say(client.exec(['sh', '-c', 'echo $A $0; pwd'], environment={'A': 'b'}, working_dir='/srv').wait_output())`,
  ends: `
say(caught(client.exec(['sh', '-c', 'echo why >&2; exit 7']).wait_output))
say(caught(client.exec(['sh', '-c', 'kill -TERM $$']).wait_output))
say(caught(client.exec, ['no-such-binary']))
say(caught(client.exec(['/srv/no-interpreter']).wait_output))`,
  pushed: `
client.push('/srv/run', '#!/bin/sh\\nread line\\necho "$line and $1" > /srv/out\\nrm /srv/old\\n', permissions=0o755)
client.exec(['/srv/run', 'me'], stdin='you\\n').wait_output()
say(client.pull('/srv/out').read())
say(sorted(file.name for file in client.list_files('/srv')))
say(client.exec(['cat', '/srv/out']).wait_output())`,
  input: `
p = client.exec(['sh', '-c', 'cat; echo done'])
for n in range(3):
    p.stdin.write(f'line {n}\\n')
p.stdin.close()
say(p.stdout.read(), p.wait())
out, err = client.exec(['cat'], stdin=b'\\xff\\x00', encoding=None).wait_output()
say(list(out), list(err))
say(client.exec(['wc', '-c'], stdin='x' * 3_000_000).wait_output())
p = client.exec(['echo', 'read before it is waited for'])
say(p.stdout.read(), p.wait())`,
  takes: `
before = time.time()
client.exec(['sh', '-c', 'true']).wait()
between = time.time()
client.exec(['true', 'slow']).wait()
say(between - before, time.time() - between)`,
  outside: `
say(client.exec(['sh', '-c', 'cd /; echo x > ../../escaped; echo y > /usr/bin/mine; ls /work /home 2>&1 | wc -l']).wait_output())
say(caught(client.exec(['sh', '-c', 'echo z > /usr/bin/ls']).wait_output)['exit_code'])
say(client.exec(['sh', '-c', 'ln -s /etc /srv/link; mkfifo /srv/pipe; chmod 0 /srv/old; mkdir -m 0 /srv/shut']).wait_output())
say(client.exec(['sh', '-c', 'hostname; whoami; env | sort; ls -a /root; cat /proc/sys/kernel/random/boot_id > /dev/null; echo $$']).wait_output())`,
  files: `
client.exec(['sh', '-c', 'printf "\\\\377" > /srv/bytes; mkdir -p /srv/a/b; chmod 700 /srv/a; rm -r /srv/tree; echo more >> /srv/old']).wait()
client.exec(['chmod', '600', '/srv/kept']).wait()
say([(file.path, oct(file.permissions), file.user) for file in client.list_files('/srv')])`,
  flood: `say(caught(client.exec(['sh', '-c', 'echo x > /srv/flood; exec yes']).wait_output))`,
  hangs: `
say(caught(client.exec(['sh', '-c', 'echo ready; echo x > /srv/began; sleep 1000'], timeout=3).wait_output))
say(round(time.time()) % 86_400)`,
  endless: `say(caught(client.exec(['sleep', '1000']).wait_output))`,
  left: `
say(client.exec(['sh', '-c', 'setsid sh -c "sleep 0.3; echo late > /srv/late" >/dev/null 2>&1 & echo started']).wait_output())
say(client.exec(['sh', '-c', 'sleep 0.5; ls /srv/late 2>&1; ls -d /proc/[0-9]* | wc -l']).wait_output())`,
  writes: `client.exec(['sh', '-c', 'echo mine > /srv/mine; rm /srv/old']).wait()`,
  reads: `say(client.exec(['sh', '-c', 'cat /srv/mine /srv/old 2>/dev/null; true']).wait_output())`,
  times: `say(client.exec(['sh', '-c', 'stat -c %Y /srv/old; touch /srv/new; date +%s']).wait_output())
say(client.exec(['stat', '-c', '%Y', '/srv/new']).wait_output())`,
} as const;
type Name = keyof typeof SCRIPTS;

const FILES = {
  '/srv/old': 'old\n',
  '/srv/kept': 'kept\n',
  '/srv/tree/a': 'a\n',
  '/srv/no-interpreter': '#!/no/such/interpreter\n',
};
const MADE = 1_690_000_000_000;

function filled(blobs: Blobs): Dir {
  return Object.entries(FILES).reduce<Dir>((root, [path, text]) => {
    const bytes = new TextEncoder().encode(text);
    const owner = { mode: 0o755, user: 'app', group: 'app' };
    const file = fileOf({ digest: blobs.put(bytes), size: bytes.length }, MADE, owner);
    const folder = path.slice(0, path.lastIndexOf('/'));
    const parents = mkdirAll(root, folder, emptyDir(MADE));
    const made = typeof parents === 'string' ? parents : write(parents, path, file);
    if (typeof made === 'string') throw new Error(`${path}: ${made}`);
    return made;
  }, emptyDir(MADE));
}

let rig: ContainerRig;
beforeAll(async () => {
  rig = await openContainerRig(SCRIPTS, (container, blobs) => ({
    ...container,
    root: filled(blobs),
    execs: [
      { command: ['true', 'slow'], run: 'real', takes: 2000 },
      { command: { like: '' }, run: 'real' },
    ],
  }));
}, 60_000);
afterAll(() => rig[Symbol.asyncDispose]());

async function play(name: Name): Promise<Dispatched> {
  const played = await rig.play(name);
  expect(played.outcome, JSON.stringify(played.entries.slice(-3))).toEqual({ kind: 'played' });
  return played;
}

function rootOf({ after }: Dispatched): Dir {
  return after.pebble.containers['web']!.root;
}

function executions({ entries }: Dispatched) {
  return entries.flatMap((entry) => (entry.kind === 'call' && entry.exec ? [entry.exec] : []));
}

describe('a program is really run', () => {
  it('with the host’s programs, and the charm has what it prints, apart or together', async () => {
    const played = await play('output');
    expect(saidIn(played)).toEqual([
      [['out\n', 'err\n']],
      [['out\nerr\n', null]],
      [['b\n', '']],
      [['42\n', '']],
      [['b sh\n/srv\n', '']],
    ]);
    expect(executions(played)[2]).toEqual({
      command: ['grep', 'b'],
      stdin: { text: 'a\nb\n' },
      stdout: { text: 'b\n' },
      real: true,
      exit: 0,
    });
    expect(played.after.pebble.containers['web']?.executed?.[2]).toMatchObject({ real: true });
    expect(played.unmet).toEqual([]);
  });

  it('and its exit code, signal or failure to start is Pebble’s', async () => {
    const start = 'fork/exec /srv/no-interpreter: no such file or directory';
    expect(saidIn(await play('ends')).flat()).toEqual([
      expect.objectContaining({ error: 'ExecError', exit_code: 7, stderr: 'why\n' }),
      expect.objectContaining({ error: 'ExecError', exit_code: 143 }),
      expect.objectContaining({ code: 400, message: 'cannot find executable "no-such-binary"' }),
      expect.objectContaining({
        err: `cannot perform the following tasks:\n- Execute command "/srv/no-interpreter" (${start})`,
      }),
    ]);
  });

  it('that the charm itself has pushed, and what it writes is there for Pebble and the next', async () => {
    expect(saidIn(await play('pushed'))).toEqual([
      ['you and me\n'],
      [['kept', 'no-interpreter', 'out', 'run', 'tree']],
      [['you and me\n', '']],
    ]);
  });

  it('with its input, at once, little by little or none', async () => {
    expect(saidIn(await play('input'))).toEqual([
      ['line 0\nline 1\nline 2\ndone\n', null],
      [[255, 0], []],
      [['3000000\n', '']],
      ['read before it is waited for\n', null],
    ]);
  });

  it('in no time of the trace but what the rule says', async () => {
    expect(saidIn(await play('takes'))).toEqual([[0, 2]]);
  });

  it('and files keep their owners, modes and times; what it makes is of the trace', async () => {
    const played = await play('files');
    expect(saidIn(played)).toEqual([
      [
        [
          ['/srv/a', '0o700', 'root'],
          ['/srv/bytes', '0o644', 'root'],
          ['/srv/kept', '0o600', 'app'],
          ['/srv/no-interpreter', '0o755', 'app'],
          ['/srv/old', '0o755', 'app'],
        ],
      ],
    ]);
    const now = played.after.clock.now;
    const modified = (path: string) => lookup(rootOf(played), path)?.modified;
    expect(['/srv/no-interpreter', '/srv/kept', '/srv/bytes', '/srv'].map(modified)).toEqual([
      MADE,
      now,
      now,
      now,
    ]);
  });

  it('over what its own branch left, and never over another’s', async () => {
    const written = await play('writes');
    const after = async (from?: State) => saidIn(await rig.play('reads', {}, from));
    expect(await after(written.after)).toEqual([[['mine\n', '']]]);
    expect(await after()).toEqual([[['old\n', '']]]);
    expect(await after(written.after)).toEqual([[['mine\n', '']]]);
  });

  it('and tells the same again, byte for byte', async () => {
    const told = async () => {
      const { entries, after } = await play('pushed');
      return JSON.stringify([entries, after]);
    };
    expect(await told()).toBe(await told());
  });
});

describe('a program that is really run', () => {
  it('finds nothing of the host but its programs, and writes nothing there', async () => {
    const played = await play('outside');
    const [escaped, denied, , around] = saidIn(played);
    expect(escaped).toEqual([['2\n', '']]);
    expect(denied).toEqual([2]);
    expect(lookup(rootOf(played), '/escaped')).toMatchObject({ kind: 'file', size: 2 });
    expect(lookup(rootOf(played), '/usr/bin/mine')).toMatchObject({ kind: 'file', size: 2 });
    expect(existsSync('/escaped') || existsSync('/usr/bin/mine')).toBe(false);
    expect(around).toEqual([
      [
        'container\nroot\nHOME=/root\nLANG=C.UTF-8\n' +
          'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nPWD=/root\nUSER=root\n.\n..\n3\n',
        '',
      ],
    ]);
  });

  it('leaves links, closed files and folders as it made them, and no pipes', async () => {
    const { entries } = lookup(rootOf(await play('outside')), '/srv') as Dir;
    expect(entries).toMatchObject({
      link: { kind: 'link', target: '/etc' },
      old: { mode: 0, user: 'app', size: 4 },
      shut: { kind: 'dir', mode: 0, user: 'root' },
    });
    expect(entries).not.toHaveProperty('pipe');
  });

  it('finds files as old as the trace says, and its date', async () => {
    const now = Date.UTC(2026, 0, 1) / 1000;
    expect(saidIn(await play('times'))).toEqual([
      [[`${MADE / 1000}\n${now}\n`, '']],
      [[`${now}\n`, '']],
    ]);
  });

  it('leaves no process behind', async () => {
    expect(saidIn(await play('left'))).toEqual([
      [['started\n', '']],
      [["ls: cannot access '/srv/late': No such file or directory\n4\n", '']],
    ]);
  });

  it('and prints without end is killed by name, and nothing of it is kept', async () => {
    const played = await play('flood');
    expect(saidIn(played)).toMatchObject([[{ exit_code: 137, stdout: '' }]]);
    const what = 'pebble exec sh with run: real, which prints more than 1048576 bytes';
    expect(played.unmet).toEqual([{ what }]);
    expect(lookup(rootOf(played), '/srv/flood')).toBeUndefined();
  });

  it('and never ends runs into the time-out that it was given', async () => {
    const played = await play('hangs');
    const [error, second] = saidIn(played).flat();
    expect(error).toMatchObject({
      err: expect.stringContaining('(timed out after 3s: context deadline exceeded)') as string,
    });
    expect(second).toBe(3);
    expect(played.unmet).toEqual([]);
    expect(lookup(rootOf(played), '/srv/began')).toMatchObject({ size: 2 });
    expect(executions(played)[0]).toMatchObject({ stdout: { text: 'ready\n' }, exit: -1 });
  });

  it('and never ends without one is killed by name', async () => {
    const played = await play('endless');
    expect(saidIn(played)).toMatchObject([[{ exit_code: 137 }]]);
    const what = 'pebble exec sleep with run: real, which does nothing for 5 s';
    expect(played.unmet).toEqual([{ what }]);
  });
});
