import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dispatched } from '../../src/engine/play/dispatch-event.ts';
import type { Call } from '../../src/engine/record/format.ts';
import { PROGRAMS } from '../pebble/exec-programs.ts';
import { openContainerRig, saidIn, type ContainerRig } from './container-rig.ts';

const SCRIPTS = {
  output: `
say(client.exec(['sh', '-c', 'echo out; echo err >&2']).wait_output())
say(client.exec(['sh', '-c', 'echo out; echo err >&2'], combine_stderr=True).wait_output())
say(client.exec(['true']).wait())`,
  fails: `
say(caught(lambda: client.exec(['sh', '-c', 'echo out; echo err >&2; exit 7']).wait_output()))
say(caught(lambda: client.exec(['false']).wait()))
say(caught(client.exec, ['no-such-binary']))
say(caught(client.exec, ['echo'], working_dir='/no/such/dir'))
say(caught(client.exec, ['echo'], user='no-such-user'))
say(caught(client.exec, ['echo'], service_context='nope'))`,
  stdin: `
say(client.exec(['cat'], stdin='text in\\n').wait_output())
out, err = client.exec(['cat'], stdin=b'\\xff\\x00', encoding=None).wait_output()
say(list(out), list(err))
p = client.exec(['cat'])
for n in range(3):
    p.stdin.write(f'line {n}\\n')
p.stdin.close()
say(p.stdout.read())
p.wait()
say(len(client.exec(['cat'], stdin='x' * 3_000_000).wait_output()[0]))`,
  timeout: `
before = time.time()
say(caught(lambda: client.exec(['sleep', '10'], timeout=0.3).wait_output()))
say(round(time.time() - before, 3))`,
  signal: `
p = client.exec(['sleep', '100'])
time.sleep(0.3)
p.send_signal('SIGTERM')
say(caught(p.wait_output))
p = client.exec(['sh', '-c', 'trap "echo caught; exit 5" HUP; echo ready; while :; do sleep 0.05; done'])
p.send_signal(1)
say(caught(p.wait_output))`,
  around: `
say(client.exec(['sh', '-c', 'echo $A; pwd'], environment={'A': 'b'}, working_dir='/').wait_output())`,
  reads: `
before = time.time()
p = client.exec(['sleep', '10'], stdin='')
say(p.stdout.read(), round(time.time() - before, 3))
say(p.wait(), round(time.time() - before, 3))`,
  left: `
p = client.exec(['sleep', '100'])
time.sleep(1)`,
  late: `
import threading
p = client.exec(['cat'])
time.sleep(1)
def write():
    for n in range(200):
        p.stdin.write('x' * 1000)
    p.stdin.close()
threading.Thread(target=write).start()
say(len(p.wait_output()[0]), client.get_changes(pebble.ChangeState.ALL)[0].ready_time.second)`,
  hangs: `
p = client.exec(['cat'], timeout=60)
say(caught(p.wait_output)['error'], round(time.time()) % 86_400)`,
  unmet: `say(caught(client.exec, ['sleep', '3']))`,
} as const;
type Name = keyof typeof SCRIPTS;

const OUT_AND_ERR = ['sh', '-c', 'echo out; echo err >&2'];

let rig: ContainerRig;
beforeAll(async () => {
  rig = await openContainerRig(SCRIPTS, (container) => ({ ...container, execs: PROGRAMS }));
}, 60_000);
afterAll(() => rig[Symbol.asyncDispose]());

async function play(name: Name): Promise<Dispatched> {
  const played = await rig.play(name);
  expect(played.outcome, JSON.stringify(played.entries.slice(-3))).toEqual({ kind: 'played' });
  return played;
}

function executions({ entries }: Dispatched): readonly Call[] {
  return entries.filter(
    (entry): entry is Call => entry.kind === 'call' && entry.exec !== undefined,
  );
}

function executed({ after }: Dispatched) {
  return after.pebble.containers['web']?.executed;
}

describe('a charm executes a program in a container', () => {
  it('and has what it prints, apart or together', async () => {
    const played = await play('output');
    expect(saidIn(played)).toEqual([[['out\n', 'err\n']], [['out\nerr\n', null]], [null]]);
    const urls = played.entries.map((entry) => (entry.kind === 'call' ? entry.request : null));
    expect(JSON.stringify(urls)).not.toContain('/websocket/');
    expect(executions(played).map(({ exec }) => exec)).toEqual([
      {
        command: OUT_AND_ERR,
        stdout: { text: 'out\n' },
        stderr: { text: 'err\n' },
        exit: 0,
      },
      { command: OUT_AND_ERR, stdout: { text: 'out\nerr\n' }, exit: 0 },
      { command: ['true'], exit: 0 },
    ]);
  });

  it('and is told what went wrong', async () => {
    const said = saidIn(await play('fails')).flat();
    expect(said).toMatchObject([
      { error: 'ExecError', exit_code: 7, stdout: 'out\n', stderr: 'err\n' },
      { error: 'ExecError', exit_code: 1, stdout: null, stderr: null },
      { error: 'APIError', code: 400, message: 'cannot find executable "no-such-binary"' },
      { error: 'APIError', code: 500 },
      { error: 'APIError', code: 400, message: 'user: unknown user no-such-user' },
      { error: 'APIError', code: 400, message: 'context service "nope" not found' },
    ]);
  });

  it('and writes its input, at once or little by little', async () => {
    const played = await play('stdin');
    expect(saidIn(played)).toEqual([
      [['text in\n', '']],
      [[255, 0], []],
      ['line 0\nline 1\nline 2\n'],
      [3_000_000],
    ]);
    expect(executed(played)?.map(({ stdin }) => stdin)).toEqual([
      { text: 'text in\n' },
      { digest: expect.stringMatching(/^sha256:/), size: 2 },
      { text: 'line 0\nline 1\nline 2\n' },
      { digest: expect.stringMatching(/^sha256:/), size: 3_000_000 },
    ]);
  });

  it('which takes too long, by the clock of the trace', async () => {
    const text = 'timed out after 300ms: context deadline exceeded';
    const [error, took] = saidIn(await play('timeout')).flat();
    expect(error).toMatchObject({
      error: 'ChangeError',
      err: `cannot perform the following tasks:\n- Execute command "sleep" (${text})`,
    });
    expect(took).toBe(0.3);
  });

  it('and sends it signals', async () => {
    const played = await play('signal');
    expect(saidIn(played).flat()).toMatchObject([
      { error: 'ExecError', exit_code: 143, stdout: '', stderr: '' },
      { error: 'ExecError', exit_code: 5, stdout: 'ready\ncaught\n' },
    ]);
    expect(executed(played)).toMatchObject([{ signalled: ['SIGTERM'] }, { signalled: ['SIGHUP'] }]);
  });

  it('in surroundings of its choice', async () => {
    expect(saidIn(await play('around'))).toEqual([[['b\n/\n', '']]]);
  });

  it('and time passes where it only reads what the program prints', async () => {
    expect(saidIn(await play('reads'))).toEqual([
      ['', 10],
      [null, 10],
    ]);
  });

  it('whose input comes late, and no clock runs meanwhile', async () => {
    expect(saidIn(await play('late'))).toEqual([[200_000, 1]]);
  });

  it('that waits for input without end, until its time is over', async () => {
    expect(saidIn(await play('hangs'))).toEqual([['ChangeError', 60]]);
  });

  it('which is killed with the event, and nothing of it is left', async () => {
    const { after } = await play('left');
    const { executed: known, executions: open } = after.pebble.containers['web']!;
    expect(known).toMatchObject([{ command: ['sleep', '100'], exit: 137 }]);
    expect(open).toEqual({});
  });

  it('of which nobody has said what it does, and the node says so', async () => {
    const { unmet } = await play('unmet');
    expect(unmet).toEqual([{ what: 'pebble exec sleep' }]);
  });
});

describe('what is recorded of executions', () => {
  it.each(['output', 'stdin', 'signal', 'timeout', 'reads', 'late', 'hangs'] as const)(
    'is the same each time: %s',
    async (name) => {
      const texts = new Set<string>();
      for (let time = 0; time < 4; time += 1) {
        const { entries, after } = await play(name);
        texts.add(JSON.stringify([entries, after.pebble]));
      }
      expect(texts.size).toBe(1);
    },
    60_000,
  );
});
