import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadFrame, readAgentFrame, replyFrame } from '../../src/engine/dispatch/agent-frames.ts';
import {
  PROTOCOL,
  frameLine,
  frameReader,
  type ServerFrame,
  type ToServer,
} from '../../src/engine/dispatch/control-frames.ts';
import { sandboxRefusal } from '../../src/engine/dispatch/sandbox-refusal.ts';
import { startSandbox } from '../../src/engine/dispatch/sandbox-process.ts';

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, 'control-frames.json'), 'utf8'),
) as {
  'to the server': ToServer[];
  'from the server': ServerFrame[];
};

/** Runs Python with the charm's side on its path and `input` on stdin. */
function python(text: string, input: string | Buffer): Buffer {
  const prelude = "import sys; sys.path.insert(0, 'src/charmside/python')\n";
  return execFileSync('python3', ['-B', '-c', prelude + text], { input });
}

describe('the control protocol', () => {
  it('is read by the server as the engine writes it', () => {
    const lines = golden['to the server'].map(frameLine).join('');
    const text = `
import json
from playbill_charm.control import Control
control = Control(0, 1)
frames = []
while (frame := control.receive()) is not None:
    frames.append(frame)
print(json.dumps(frames))`;
    expect(JSON.parse(python(text, lines).toString('utf8'))).toEqual(golden['to the server']);
  });

  it('is read by the engine as the server writes it, however it is cut up', () => {
    const text = `
import json
from playbill_charm.control import Control
control = Control(0, 1)
for frame in json.load(sys.stdin):
    control.send(frame.pop('kind'), **frame)`;
    const bytes = python(text, JSON.stringify(golden['from the server']));
    for (const size of [1, 7, bytes.length]) {
      const frames: ServerFrame[] = [];
      const read = frameReader((frame) => frames.push(frame));
      for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
      expect(frames).toEqual(golden['from the server']);
    }
  });

  it('hears a kill that came together with its event', () => {
    // Nothing of this host is to be changed: the other frames are left out.
    const frames = golden['to the server'].filter(({ kind }) => ['fork', 'kill'].includes(kind));
    const lines = frames.map(frameLine).join('');
    const text = `
import os, signal, socket, time
from playbill_charm import event, processes
from playbill_charm.control import Control
reader, writer = os.pipe()
os.write(writer, sys.stdin.buffer.read())
control = Control(reader, 1)
control.receive()
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
processes.kill_all = lambda: os.kill(child, signal.SIGKILL)
print(event.watch(child, control, {}, socket.socketpair()[0]))`;
    expect(python(text, lines).toString('utf8')).toBe("(9, 'killed')\n");
  });

  it('changes the root when it is told to, and says what could not be changed', () => {
    const text = `
import json, os
from playbill_charm.control import Control, frame_line
reader, writer = os.pipe()
told = {'changes': [['/etc/x', 'f 644 root root', 'aGk=']]}
os.write(writer, frame_line('root', **told))
seen = []
control = Control(reader, 1)
killed = control.receive_kill(lambda changes: seen.append(changes) or 'cannot')
assert not killed and seen == [told['changes']]`;
    const said = JSON.parse(python(text, '').toString('utf8')) as unknown;
    expect(said).toEqual({ kind: 'rooted', refused: 'cannot' });
  });

  it('has one number on both sides', () => {
    const spoken = python('from playbill_charm.control import PROTOCOL; print(PROTOCOL)', '');
    expect(Number(spoken.toString('utf8'))).toBe(PROTOCOL);
  });

  it('refuses a server that speaks another one', async () => {
    const hello = JSON.stringify({
      kind: 'hello',
      protocol: PROTOCOL + 1,
      python: '',
      rungs: [],
      left: {},
    });
    const server = `echo '${hello}' >&3; exec /usr/bin/sleep 60`;
    await expect(startSandbox('/bin/sh', ['-c', server], 9000)).rejects.toThrow(
      `the sandbox speaks protocol ${PROTOCOL + 1}, this engine protocol ${PROTOCOL}`,
    );
  });
});

it('a server that does not greet in time is given up', async () => {
  const silent = startSandbox('/bin/sh', ['-c', 'exec /usr/bin/sleep 60'], 100);
  await expect(silent).rejects.toThrow('the sandbox ended');
});

describe('frames of the unit agent', () => {
  const field = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const body = (...texts: string[]): Buffer =>
    Buffer.concat(texts.map((text) => field(Buffer.from(text, 'latin1'))));

  it('tell a command with its bytes of stdin', () => {
    const sent = body('command', 'ctx', '/charm', '+\xff\0', '', 'is-leader', '-x');
    expect(readAgentFrame(sent)).toEqual({
      kind: 'command',
      context: 'ctx',
      cwd: '/charm',
      stdin: new Uint8Array([255, 0]),
      files: {},
      argv: ['is-leader', '-x'],
    });
    expect(readAgentFrame(body('command', 'ctx', '/', '-', '', 'a'))).toMatchObject({
      stdin: null,
    });
  });

  it('tell the files that a command names', () => {
    const files = body('/tmp/a', '\xff', 'b', '').toString('latin1');
    expect(readAgentFrame(body('command', 'ctx', '/', '-', files, 'secret-add'))).toMatchObject({
      files: { '/tmp/a': new Uint8Array([255]), b: new Uint8Array() },
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a length alone', Buffer.from([0, 0, 0, 9])],
    ['an unknown kind', body('other', 'ctx')],
    ['a command without a name', body('command', 'ctx', '/', '-', '')],
    ['a file without contents', body('command', 'ctx', '/', '-', '\0\0\0\x01a', 'secret-add')],
    ['a call whose arguments are no list', body('call', 'ctx', 'sleep', '{}')],
    ['a trace that is no JSON', body('traced', 'ctx', 'raise', '{')],
  ])('refuse %s', (_, bytes) => {
    expect(() => readAgentFrame(bytes)).toThrow(BadFrame);
  });

  it('answer in the form that the clients read', () => {
    const frame = replyFrame({ kind: 'reply', code: 2, out: 'ü', err: 'no' });
    expect([...frame]).toEqual([
      0, 0, 0, 16, 0, 0, 0, 2, 0, 0, 0, 2, 0xc3, 0xbc, 0, 0, 0, 2, 0x6e, 0x6f,
    ]);
    const files = [{ path: '/f', bytes: new Uint8Array([9]), parents: true }];
    expect([...replyFrame({ kind: 'reply', code: 0, out: '', files })]).toEqual([
      ...[0, 0, 0, 27, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      ...[0, 0, 0, 1, 0, 0, 0, 2, 0x2f, 0x66, 0, 0, 0, 1, 9],
    ]);
  });
});

describe('a sandbox that cannot be made', () => {
  const refused = {
    kind: 'refused',
    step: 'user namespace',
    errno: 1,
    message: 'user namespace: no',
  } as const;

  it.each([
    [
      'kernel/apparmor_restrict_unprivileged_userns',
      '1',
      'kernel.apparmor_restrict_unprivileged_userns=0',
    ],
    ['kernel/unprivileged_userns_clone', '0', 'kernel.unprivileged_userns_clone=1'],
    ['user/max_user_namespaces', '0', 'user.max_user_namespaces=10000'],
  ])('names the setting %s and its remedy', (name, value, remedy) => {
    const mistake = sandboxRefusal(refused, (file) =>
      file === `/proc/sys/${name}` ? value : null,
    );
    expect(mistake.name).toBe('Mistake');
    expect(mistake.hint).toContain(remedy);
  });

  it('says what the host refused when no setting explains it, --no-sandbox last', () => {
    const { message, hint } = sandboxRefusal(refused, () => null);
    expect(message).toBe('no sandbox can be made: user namespace: no');
    expect(hint).toMatch(/docker run .*--no-sandbox/s);
  });

  it('names the interpreter that is not there', async () => {
    await expect(startSandbox('/no/such/python3', [], 9000)).rejects.toMatchObject({
      name: 'Mistake',
      message: expect.stringContaining('/no/such/python3'),
    });
  });
});
