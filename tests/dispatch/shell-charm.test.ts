import { describe, expect, it } from 'vitest';
import { DISPATCH, NAMES, NOW, UNIT_DIR, bash, jobFor, openRig, type Answers } from './rig.ts';

const install = jobFor('hooks/install');

async function once(script: string, answers?: Answers) {
  await using rig = await openRig(bash(script));
  return await rig.play(install, answers);
}

function stdout(heard: { lines: string[] }): string[] {
  return heard.lines.filter((l) => l.startsWith('stdout: ')).map((l) => l.slice(8));
}

describe('what a program finds when it starts', () => {
  it('is exactly the environment of the job and a PATH', async () => {
    await using rig = await openRig({
      'hooks/install': '#!/usr/bin/env -S cat /proc/self/environ\n',
    });
    const { heard } = await rig.play(install);
    const found = stdout(heard)
      .join('\n')
      .split('\0')
      .filter((text) => text.includes('='));
    const expected = {
      ...install.environment,
      PATH: '/var/lib/juju/tools/unit-app-0:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    };
    const pairs = Object.entries(expected).map(([name, value]) => `${name}=${value}`);
    expect(found.filter((pair) => !pair.startsWith('#')).sort()).toEqual(pairs.sort());
  });

  it('is its own path alone as arguments, the charm directory, and nothing on stdin', async () => {
    const { ended, heard } = await once(
      'echo "$0 $#"; pwd; cat; readlink /proc/self/fd/0; ls /proc/$$/fd',
    );
    expect(ended.end).toEqual({ kind: 'exited', code: 0 });
    expect(stdout(heard)).toEqual([
      `${UNIT_DIR}/charm/hooks/install 0`,
      `${UNIT_DIR}/charm`,
      '/dev/null',
      ...['0', '1', '2', '255'],
    ]);
  });

  it('is a machine of the State: hostname, cpus, memory, kernel, Ubuntu', async () => {
    const { heard } = await once(
      'hostname; cat /etc/hostname; grep -c ^processor /proc/cpuinfo; grep MemTotal /proc/meminfo; cat /proc/version /proc/sys/kernel/osrelease; . /etc/os-release; echo $ID; id -un',
    );
    expect(stdout(heard)).toEqual([
      'juju-app-0',
      'juju-app-0',
      '3',
      'MemTotal:        2097152 kB',
      'Linux version 6.8.0-41-generic (buildd@ubuntu) #41-Ubuntu SMP',
      '6.8.0-41-generic',
      'ubuntu',
      'root',
    ]);
  });

  it('is told nothing of what the host does and how it was started', async () => {
    const { heard } = await once(
      'cat /proc/loadavg /proc/uptime; head -c 10 /proc/cmdline; echo; grep -c ^cpu /proc/stat',
    );
    expect(stdout(heard)).toEqual(['0.00 0.00 0.00 1/100 1', '600.00 1800.00', 'BOOT_IMAGE', '4']);
  });

  it('has sudo, with the environment that it gives', async () => {
    const { heard } = await once(
      `sudo -n A=1 sh -c 'echo "$A $USER $HOME $SUDO_USER \${JUJU_UNIT_NAME-none}"'
sudo -u nobody -- sh -c 'echo $USER "$1"' sh 'a b'; sudo -iu nobody true; echo $?
sudo --preserve-env=JUJU_UNIT_NAME sh -c 'echo $JUJU_UNIT_NAME'; sudo nothing; echo $?; sudo -l; sudo -u noone true; sudo sh -c 'systemctl is-enabled x; is-leader' || echo $?`,
    );
    expect(stdout(heard)).toEqual([
      ...['1 root /root root none', 'nobody a b'],
      ...['This account is currently not available.', '1', 'app/0', '1', '127'],
    ]);
    expect(heard.lines.filter((line) => line.startsWith('stderr: '))).toEqual([
      'stderr: sudo: nothing: command not found',
      'stderr: playbill: sudo -l is not simulated',
      'stderr: sudo: unknown user noone',
      'stderr: sudo: error initializing audit plugin sudoers_audit',
      'stderr: sh: 1: is-leader: not found',
    ]);
    expect(heard.requests).toMatchObject([{ argv: ['systemctl', 'is-enabled', 'x'] }]);
  });

  it('finds the machine agent where charm-helpers looks for it', async () => {
    const { heard } = await once('readlink /var/lib/juju/tools/machine-*/jujud');
    expect(stdout(heard)).toEqual(['/opt/playbill/client/machine-command']);
  });

  it('has no home, no checkout and no network', async () => {
    const { heard } = await once(
      'ls -A /home /root /srv /usr/local/bin; ls /work 2>/dev/null; cat /proc/net/dev | grep -c : ; cat /proc/net/route | wc -l',
    );
    expect(stdout(heard)).toEqual([
      '/home:',
      '',
      '/root:',
      '',
      '/srv:',
      '',
      '/usr/local/bin:',
      '1',
      '1',
    ]);
  });
});

describe('which program runs', () => {
  it('is dispatch when the charm has one, else the file the event names', async () => {
    await using both = await openRig({
      dispatch: '#!/bin/bash\necho dispatch $JUJU_DISPATCH_PATH\n',
      'hooks/install': '#!/bin/bash\necho hook\n',
    });
    expect((await both.play(install)).heard.lines).toEqual(['stdout: dispatch hooks/install']);
    await using action = await openRig({ 'actions/backup': '#!/bin/bash\necho "$0"\n' });
    const { heard } = await action.play(jobFor('actions/backup'));
    expect(stdout(heard)).toEqual([`${UNIT_DIR}/charm/actions/backup`]);
  });

  it('is none when the charm does not implement the event', async () => {
    await using rig = await openRig({ 'hooks/start': '#!/bin/bash\n' });
    expect((await rig.play(install)).ended.end).toEqual({ kind: 'missing' });
  });

  it('is not started when it is not executable or has no interpreter, and the reason says so', async () => {
    await using plain = await openRig({ 'hooks/install': 'echo hello\n' });
    expect((await plain.play(install)).ended).toMatchObject({
      end: { kind: 'not-started' },
      reason: 'hooks/install is not executable',
    });
    await using lost = await openRig({ 'hooks/install': '#!/no/such/shell\n' });
    expect((await lost.play(install)).ended).toMatchObject({
      end: { kind: 'not-started' },
      reason: 'hooks/install: its interpreter was not found',
    });
  });
});

describe('how a program ended', () => {
  it('is its exit code, with the last lines of stderr as the reason', async () => {
    const { ended } = await once('echo fine; echo "no such database" >&2; exit 3');
    expect(ended).toMatchObject({ end: { kind: 'exited', code: 3 }, reason: 'no such database' });
  });

  it('is the signal that killed it, by name', async () => {
    expect((await once('kill -TERM $$')).ended.end).toEqual({ kind: 'killed', signal: 'SIGTERM' });
    expect((await once('kill -SEGV $$')).ended.end).toEqual({ kind: 'killed', signal: 'SIGSEGV' });
  });
});

describe('hook commands', () => {
  it('are asked with their arguments as given and answer with code, stdout and stderr', async () => {
    const { ended, heard } = await once(
      'out=$(config-get --format=json "a b" $\'new\\nline\' 2>/tmp/err); echo "$? $out"; cat /tmp/err',
      () => ({ code: 2, out: '{"x": "ü"}\n', err: 'ERROR nope\n' }),
    );
    expect(ended.end).toEqual({ kind: 'exited', code: 0 });
    expect(heard.requests).toEqual([
      {
        kind: 'commands',
        channel: 'juju',
        argv: ['config-get', '--format=json', 'a b', 'new\nline'],
        cwd: `${UNIT_DIR}/charm`,
        stdin: null,
      },
    ]);
    expect(stdout(heard)).toEqual(['2 {"x": "ü"}', 'ERROR nope']);
  });

  it('send stdin when --file asks for it, and the file that --file names', async () => {
    const { heard } = await once(
      'echo "a: 1" | relation-set -r db:1 --file -\nprintf "b: 2" >/tmp/data; relation-set --file /tmp/data\necho unread | status-set active',
    );
    const sent = heard.requests.map((request) =>
      request.kind === 'commands' && request.stdin ? Buffer.from(request.stdin).toString() : null,
    );
    expect(sent).toEqual(['a: 1\n', 'b: 2', null]);
  });

  it('carry megabytes both ways', async () => {
    const big = 'x'.repeat(3_000_000);
    const { heard } = await once(
      'head -c 3000000 /dev/zero | tr "\\0" y | relation-set --file - | wc -c',
      () => ({ out: big }),
    );
    const [first] = heard.requests;
    expect(first?.kind === 'commands' && first.stdin?.length).toBe(3_000_000);
    expect(stdout(heard).at(-1)).toBe('3000000');
  });

  it('refuse another context than the one that runs, as Juju does', async () => {
    const { heard } = await once(
      'JUJU_CONTEXT_ID=other is-leader; echo $?; env -u JUJU_CONTEXT_ID "$(command -v is-leader)"; echo $?',
    );
    expect(heard.requests).toEqual([]);
    expect(heard.lines.filter((line) => line.startsWith('stderr'))).toEqual([
      'stderr: ERROR bad request: expected context id "app/0-test-0123", got "other"',
      'stderr: ERROR JUJU_CONTEXT_ID not set',
    ]);
    expect(stdout(heard)).toEqual(['1', '1']);
  });

  it('are the ones of the job, and no other', async () => {
    const { heard } = await once('ls /var/lib/juju/tools/unit-app-0');
    expect(stdout(heard)).toEqual([...NAMES, 'sleep'].sort());
  });

  it.each([false, true])(
    'stand in for programs that change machines, on lower rungs: %s',
    async (lowerRungs) => {
      const script = 'apt-get update; /usr/bin/apt-get install x; systemctl start y';
      await using rig = await openRig(bash(script), { lowerRungs });
      const { heard } = await rig.play(install);
      expect(heard.requests.map((r) => r.kind === 'commands' && r.argv.join(' '))).toEqual([
        'apt-get update',
        'apt-get install x',
        'systemctl start y',
      ]);
    },
  );

  it('come after the lines printed before them, every time', async () => {
    await using rig = await openRig(
      bash('for i in 1 2 3; do echo out$i; echo err$i >&2; is-leader; done; printf end'),
    );
    for (let time = 0; time < 20; time += 1) {
      const { heard } = await rig.play(install);
      expect(heard.order).toEqual([
        ...['stdout: out1', 'stderr: err1', 'is-leader'],
        ...['stdout: out2', 'stderr: err2', 'is-leader'],
        ...['stdout: out3', 'stderr: err3', 'is-leader'],
        'stdout: end',
      ]);
    }
  });

  it('end the event as stuck when no answer can ever come', async () => {
    const { ended } = await once('sleep infinity; echo never', () => 'a sleep without end');
    expect(ended.end).toEqual({ kind: 'stuck', on: 'a sleep without end' });
  });

  it('are limited in number', async () => {
    await using rig = await openRig(bash('while true; do is-leader; done'));
    const limits = { ...install.limits, calls: 5 };
    const { ended, heard } = await rig.play({ ...install, limits });
    expect(ended.end).toEqual({ kind: 'limit', of: 'calls', allowed: '5' });
    expect(heard.requests).toHaveLength(5);
  });
});

describe('time', () => {
  it('is the trace’s for date, and moves when sleep is answered', async () => {
    const { heard } = await once(
      'date +%s; date; date -u -d "+1 day" +%F; date -d @0 +%s; date -d "2020-02-03" +%F; sleep 90; date +%s',
    );
    expect(stdout(heard)).toEqual([
      String(NOW / 1000),
      'Tue Nov 14 22:13:20 UTC 2023',
      '2023-11-15',
      '0',
      '2020-02-03',
      String(NOW / 1000 + 90),
    ]);
    expect(heard.requests).toMatchObject([{ channel: 'clock', argv: ['sleep', '90'] }]);
  });
});

describe.each([false, true])('the charm directory, on lower rungs: %s', (lowerRungs) => {
  const charm = {
    ...bash('bash "$CHARM_DIR/step"'),
    'data/kept': 'kept',
    'data/gone': 'gone',
    'old/a': 'a',
    'old/b': 'b',
  };

  it('gives back what an event changed, and to the next event what was changed before', async () => {
    const first =
      'echo new > made; rm data/gone; mv old moved; ln -s made link; mkdir -p deep/er; chmod 700 data; printf x >> data/kept; touch metadata.yaml; chmod 600 made';
    const second =
      'cat made data/kept; ls . data moved; readlink link; stat -c %a data made deep/er; rm made; mkdir old; echo c > old/c';
    await using rig = await openRig(
      { ...charm, step: `if [ -e made ]; then ${second}; else ${first}; fi` },
      { lowerRungs },
    );
    const one = await rig.play(install);
    expect(one.ended.end).toEqual({ kind: 'exited', code: 0 });
    const kinds = Object.fromEntries(
      Object.entries(one.ended.charmDir).map(([path, change]) => [path, change.kind]),
    );
    expect(kinds).toEqual({
      data: 'dir',
      'data/gone': 'removed',
      'data/kept': 'file',
      deep: 'dir',
      'deep/er': 'dir',
      link: 'link',
      made: 'file',
      moved: 'dir',
      'moved/a': 'file',
      'moved/b': 'file',
      old: 'removed',
    });
    expect(one.ended.charmDir.made).toMatchObject({ mode: 0o600, user: 'root', modified: NOW });
    const kept = one.ended.charmDir['data/kept'];
    expect(kept?.kind === 'file' && rig.blobs.text(kept.digest)).toBe('keptx');

    const two = await rig.play({ ...install, charmDir: one.ended.charmDir, now: NOW + 1000 });
    expect(stdout(two.heard)).toEqual([
      ...[
        'new',
        'keptx.:',
        'data',
        'deep',
        'hooks',
        'link',
        'made',
        'metadata.yaml',
        'moved',
        'step',
      ],
      ...['', 'data:', 'kept', '', 'moved:', 'a', 'b', 'made', '700', '600', '755'],
    ]);
    expect(two.ended.charmDir.made).toBeUndefined();
    expect(two.ended.charmDir).toMatchObject({
      'old/a': { kind: 'removed' },
      'old/b': { kind: 'removed' },
      'old/c': { kind: 'file', modified: NOW + 1000 },
      'moved/a': one.ended.charmDir['moved/a'],
    });
  });

  it('is as it was for an event that is not told of changes', async () => {
    await using rig = await openRig(
      { ...charm, step: 'ls; rm -rf data; echo x > y' },
      { lowerRungs },
    );
    const one = await rig.play(install);
    const two = await rig.play(install);
    expect(stdout(two.heard)).toEqual(stdout(one.heard));
    expect(two.ended.charmDir).toEqual(one.ended.charmDir);
  });

  it('may hold as much as the limit says', async () => {
    await using rig = await openRig(
      { ...charm, step: 'head -c 2000000 /dev/zero > big' },
      { lowerRungs },
    );
    const limits = { ...install.limits, files: 1 << 20 };
    const { ended } = await rig.play({ ...install, limits });
    expect(ended).toMatchObject({
      end: { kind: 'limit', of: 'files', allowed: '1 MiB' },
      charmDir: {},
    });
  });
});

describe('a workload container’s socket', () => {
  it('takes requests as they were sent and gives the engine’s answer', async () => {
    const script = `exec 3<>/dev/null; perl -e '
      socket(S, 1, 1, 0); connect(S, pack "Sa*", 1, "/charm/containers/web/pebble.socket") or die $!;
      syswrite S, "POST /v1/files?x=%20y HTTP/1.1\\r\\nHost: localhost\\r\\nX-Odd: One\\r\\nContent-Length: 3\\r\\nConnection: close\\r\\n\\r\\n\\0\\1\\2";
      print while <S>'`;
    const { heard } = await once(script, () => ({
      code: 404,
      out: '{"no":1}',
      headers: { 'content-type': 'application/json' },
    }));
    expect(heard.requests).toEqual([
      {
        kind: 'http',
        channel: 'web',
        method: 'POST',
        url: '/v1/files?x=%20y',
        headers: { connection: 'close', 'content-length': '3', host: 'localhost', 'x-odd': 'One' },
        body: new Uint8Array([0, 1, 2]),
      },
    ]);
    const text = stdout(heard).join('\n');
    expect(text).toMatch(/^HTTP\/1.1 404/);
    expect(text).toContain('content-type: application/json');
    expect(text).not.toMatch(/^date:/im);
    expect(text).toContain('{"no":1}');
  });

  it('is there for the containers of the job only', async () => {
    await using rig = await openRig(bash('ls -A /charm; ls /charm/containers 2>/dev/null'), {
      containers: ['web', 'db'],
    });
    const channels = install.channels.filter((channel) => channel.kind !== 'http');
    expect(stdout((await rig.play(install)).heard)).toEqual(['containers', 'web']);
    expect(stdout((await rig.play({ ...install, channels })).heard)).toEqual([]);
  });
});

it('nothing survives an event but what its State has', async () => {
  const leave =
    'for d in /tmp /run /var/tmp /dev/shm /var/lib/juju; do touch $d/left; done; (setsid bash -c "trap \'\' TERM HUP; exec 1>&- 2>&-; while :; do :; done" &) ; export LEFT=1; hostname left 2>/dev/null; true';
  const look =
    'ls -A /tmp /run /var/tmp /dev/shm /var/lib/juju; echo "${LEFT-none}"; hostname; all=(/proc/[0-9]*); echo "${#all[@]}"';
  await using rig = await openRig({
    'hooks/install': `#!/bin/bash\n${leave}\n`,
    'hooks/start': `#!/bin/bash\n${look}\n`,
  });
  const before = await rig.play(jobFor('hooks/start'));
  expect((await rig.play(install)).ended.end).toEqual({ kind: 'exited', code: 0 });
  const after = await rig.play(jobFor('hooks/start'));
  expect(stdout(after.heard)).toEqual(stdout(before.heard));
  expect(stdout(after.heard)).toContain('none');
});

it('a dispatch that fails to hear an answer because of a bug of ours throws it', async () => {
  await using rig = await openRig({ dispatch: DISPATCH.replace('./src/charm.py', 'is-leader') });
  const bug = new Error('ours');
  const playing = rig.play(install, () => {
    throw bug;
  });
  await expect(playing).rejects.toBe(bug);
  expect((await rig.play(install)).ended.end).toEqual({ kind: 'exited', code: 0 });
});
