import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContainerRig, saidIn, type ContainerRig } from './container-rig.ts';

/** A websocket by hand, for what ops never sends. */
const BY_HAND = `
import base64, http.client, socket, struct
def asked(path, **more):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect('/charm/containers/web/pebble.socket')
    headers = {'Host': 'localhost', 'Upgrade': 'websocket', 'Connection': 'Upgrade',
               'Sec-WebSocket-Key': base64.b64encode(bytes(16)).decode(), 'Sec-WebSocket-Version': '13', **more}
    lines = [f'GET {path} HTTP/1.1', *(f'{name}: {value}' for name, value in headers.items())]
    connection.sendall('\\r\\n'.join([*lines, '', '']).encode())
    answer = http.client.HTTPResponse(connection, method='GET')
    answer.begin()
    return connection, answer
def started(command):
    body = {'command': command}
    return client._request('POST', '/v1/exec', body=body)['result']['task-id']
def sent(connection, opcode, size, body=b''):
    try:
        connection.sendall(struct.pack('>BBQ', 0x80 | opcode, 0x80 | 127, size) + bytes(4) + body)
    except OSError as error:
        return type(error).__name__
`;
const SCRIPTS = {
  refused: `${BY_HAND}
for path, more in [('/v1/tasks/9/websocket/stdio', {}), ('/v1/nothing', {}), ('/v1/system-info', {}),
                   ('/v1/tasks/1/websocket/stdio', {'Upgrade': 'h2c'})]:
    if more: started(['cat'])
    connection, answer = asked(path, **more)
    say(answer.status, answer.read().decode()[:60], connection.recv(1) == b'')`,
  huge: `${BY_HAND}
task = started(['cat'])
stdio, answer = asked(f'/v1/tasks/{task}/websocket/stdio')
sent(stdio, 2, 1 << 40)
say(answer.status, stdio.recv(100)[:1] in (b'', b'\\x88'))
say(client.wait_change(client.get_changes(pebble.ChangeState.ALL)[0].id).tasks[0].data)`,
  broken: `${BY_HAND}
task = started(['cat'])
stdio, answer = asked(f'/v1/tasks/{task}/websocket/stdio')
stdio.sendall(b'\\xff' * 100)
say(answer.status, stdio.recv(100)[:1] in (b'', b'\\x88'))`,
  flood: `${BY_HAND}
task = started(['cat'])
stdio, answer = asked(f'/v1/tasks/{task}/websocket/stdio')
frame = struct.pack('>BB', 0x82, 0x81) + bytes(4) + b'x'
while True:
    stdio.sendall(frame * 1000)`,
  left: `
p = client.exec(['cat'])
p.stdin.write('never ended')
p.stdin.flush()
os._exit(0)`,
  next: `
say(client.get_changes(pebble.ChangeState.ALL))
say(client.exec(['cat'], stdin='whole').wait_output())`,
  odd: `${BY_HAND}
body = b'{"command": ["cat"]} and more'
connection = http.client.HTTPConnection('localhost')
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.connect('/charm/containers/web/pebble.socket')
connection.request('POST', '/v1/%65xec?x=y', body)
say(connection.getresponse().status)
asked('/v1/tasks/1/websocket/stdio')
say('went on')`,
  both: `
import threading
said = [None] * 4
def run(n):
    said[n] = client.exec(['cat'], stdin=str(n) * 100_000).wait_output()[0] == str(n) * 100_000
threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
say(*said)`,
} as const;

let rig: ContainerRig;
const cat = {
  command: ['cat'],
  reads: true,
  runs: ({ stdin }: { readonly stdin: Uint8Array }) => ({ stdout: stdin }),
};
beforeAll(async () => {
  rig = await openContainerRig(SCRIPTS, (container) => ({ ...container, execs: [cat] }));
}, 60_000);
afterAll(() => rig[Symbol.asyncDispose]());

describe('the socket of a container', () => {
  it('answers a request that cannot become a websocket, and ends its connection', async () => {
    expect(saidIn(await rig.play('refused'))).toEqual([
      [404, expect.stringContaining('"type":"error"'), true],
      [404, expect.stringContaining('"type":"error"'), true],
      [200, expect.stringContaining('"type":"sync"'), true],
      [400, expect.stringContaining('Bad Request\n'), true],
    ]);
  });

  it('hangs up on a frame that is too large, which ends a program’s input', async () => {
    expect(saidIn(await rig.play('huge'))).toEqual([[101, true], [{ 'exit-code': 0 }]]);
  });

  it('hangs up on what is no frame', async () => {
    expect(saidIn(await rig.play('broken'))).toEqual([[101, true]]);
  });

  it('takes so many frames in an event and no more', async () => {
    const { outcome } = await rig.play('flood', { calls: 50 });
    expect(outcome).toMatchObject({ kind: 'failed', end: { kind: 'limit', of: 'calls' } });
  });

  it('forgets an event’s websockets with the event', async () => {
    const left = await rig.play('left');
    expect(left.after.pebble.containers['web']).toMatchObject({
      executions: {},
      executed: [{ stdin: { text: 'never ended' } }],
    });
    expect(saidIn(await rig.play('next'))).toEqual([[[]], [['whole', '']]]);
  });

  it('takes a request that only Go would read, and records what was executed', async () => {
    const played = await rig.play('odd');
    expect(saidIn(played)).toEqual([[202], ['went on']]);
    const [call] = played.entries;
    expect(call).toMatchObject({ exec: { command: ['cat'], exit: 0 } });
  });

  it('carries several programs at a time', async () => {
    expect(saidIn(await rig.play('both'))).toEqual([[true, true, true, true]]);
  });
});
