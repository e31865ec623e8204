/**
 * Much at once, and paths that lead astray, through ops' client in a charm: it works or is an error of Pebble's, and
 * nothing of the host is read or written.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyDir, write } from '../../src/engine/files/edit.ts';
import type { Dir } from '../../src/engine/files/tree.ts';
import { blobsOnDisk } from '../../src/engine/project/blobs-fs.ts';
import type { Container } from '../../src/engine/world/pebble/slice.ts';
import { openContainerRig, saidIn, type ContainerRig } from './container-rig.ts';
import { temporaryFolder } from './rig.ts';

const AT_ONCE = 10_000;
const ONE_BY_ONE = 10_000;
const DIRS = 100;
const MEMORY_MAX_KB = 500 * 1024;
const HOST = temporaryFolder();
const PATIENCE = 300_000;
const LIMITS = { calls: 2 * AT_ONCE, memory: 1 << 30, seconds: 300 };
const STORE = temporaryFolder();
const SECRET = join(HOST, 'secret');

const RAW = `
boundary = '0' * 32
def part(name, text):
    return b'--%s\\r\\nContent-Disposition: form-data; %s\\r\\n\\r\\n%s\\r\\n' % (boundary.encode(), name, text)
def raw(*parts):
    body = b''.join(parts) + f'--{boundary}--\\r\\n'.encode()
    headers = {'Content-Type': f'multipart/form-data; boundary={boundary}'}
    return json.load(client._request_raw('POST', '/v1/files', None, headers, body))['result']
`;
const SCRIPTS = {
  // ops' own reader copies all that it has at each piece, which would take minutes.
  large: `
sent = os.urandom(1 << 20) * 100
client.push('/large', sent)
say(client.list_files('/large')[0].size)
query = {'action': 'read', 'path': '/large'}
got = client._request_raw('GET', '/v1/files', query, {'Accept': 'multipart/form-data'}).read()
_, _, file = got.partition(b'\\r\\n\\r\\n')
say(file.startswith(sent), file[len(sent):].startswith(b'\\r\\n--'))`,
  atOnce: `${RAW}
client.timeout = 120
paths = [f'/many/{n % ${DIRS}}/{n}' for n in range(${AT_ONCE})]
request = {'action': 'write', 'files': [{'path': path, 'make-dirs': True} for path in paths]}
told = raw(
    part(b'name="request"', json.dumps(request).encode()),
    *[part(f'name="files"; filename="{path}"'.encode(), path.encode()) for path in paths])
say(len(told), [one for one in told if 'error' in one])
say(sum(len(client.list_files(f'/many/{n}')) for n in range(${DIRS})))
say(client.pull(paths[-1]).read() == paths[-1])`,
  oneByOne: `
for n in range(${ONE_BY_ONE}):
    client.push(f'/many/{n}', str(n), make_dirs=True)
say(len(client.list_files('/many')))
say(client.pull('/many/9999').read())`,
  upwards: `
up = '/../../../../..${SECRET}'
say(caught(client.pull, up))
client.push(up, 'of the charm', make_dirs=True)
say(client.pull('${SECRET}').read(), client.pull(up).read())
say(caught(client.push, '/no/../../b', 'b'))
say(caught(client.push, 'a/../b', 'b'))
client.remove_path('/..${HOST}', recursive=True)
say(caught(client.pull, '${SECRET}'))`,
  links: `
for name in ('absolute', 'relative'):
    say(caught(client.pull, f'/{name}'))
    client.push(f'/{name}', 'in its place')
    say(client.pull(f'/{name}').read())
say(caught(client.list_files, '/folder'), caught(client.push, '/folder/new', 'x'))`,
  bytes: `${RAW}
def push(shown, sent):
    return raw(
        part(b'name="request"', b'{"action": "write", "files": [{"path": "/%s"}]}' % shown),
        part(b'name="files"; filename="/%s"' % sent, b'x'))
say(caught(push, b'\\xff', b'\\xff'))
say(caught(push, b'a\\xc3\\xa9', b'a\\xc3\\xa9'))
say(caught(client.push, '/\\udcff', 'x')['error'])
say([file.name for file in client.list_files('/')])`,
};

function link(root: Dir, path: string, target: string): Dir {
  const written = write(root, path, {
    kind: 'link',
    target,
    mode: 0o777,
    user: 'root',
    group: 'root',
    modified: 0,
  });
  if (typeof written === 'string') throw new Error(written);
  return written;
}

let rig: ContainerRig;
beforeAll(async () => {
  writeFileSync(SECRET, 'of the host');
  const made = (container: Container): Container => {
    const absolute = link(emptyDir(), 'absolute', SECRET);
    const relative = link(absolute, 'relative', `../../../..${SECRET}`);
    return { ...container, root: link(relative, 'folder', HOST) };
  };
  rig = await openContainerRig(SCRIPTS, made, { blobs: blobsOnDisk(STORE) });
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  for (const folder of [HOST, STORE]) rmSync(folder, { recursive: true });
});

/** What a script said, the host being as it was and the engine's memory within its bounds. */
async function play(name: keyof typeof SCRIPTS): Promise<readonly unknown[]> {
  const dispatched = await rig.play(name, LIMITS);
  expect(dispatched).toMatchObject({ outcome: { kind: 'played' }, unmet: [] });
  expect(readFileSync(SECRET, 'utf8')).toBe('of the host');
  expect(readdirSync(HOST)).toEqual(['secret']);
  expect(process.resourceUsage().maxRSS).toBeLessThan(MEMORY_MAX_KB);
  return saidIn(dispatched);
}

const notFound = (message: string): object => ({
  error: 'PathError',
  message: `not-found - ${message}: no such file or directory`,
});

it(
  'a file of 100 MB is pushed, and pulled byte by byte the same',
  { timeout: PATIENCE },
  async () => {
    expect(await play('large')).toEqual([[100 << 20], [true, true]]);
  },
);

it('many files are written at once, and the last of them is read', async () => {
  expect(await play('atOnce')).toEqual([[AT_ONCE, []], [AT_ONCE], [true]]);
});

it('many files are pushed one by one to one directory', { timeout: PATIENCE }, async () => {
  expect(await play('oneByOne')).toEqual([[ONE_BY_ONE], ['9999']]);
});

it('a path with `..` ends at the container’s root', async () => {
  expect(await play('upwards')).toEqual([
    [notFound(`stat /../../../../..${SECRET}`)],
    ['of the charm', 'of the charm'],
    [notFound('rename /b.1234567890~ /no/../../b')],
    [{ error: 'PathError', message: expect.stringContaining('paths must be absolute') }],
    [notFound(`stat ${SECRET}`)],
  ]);
});

it('a link out of the root leads to the container’s own files, and a push takes its place', async () => {
  expect(await play('links')).toEqual([
    [notFound('stat /absolute')],
    ['in its place'],
    [notFound('stat /relative')],
    ['in its place'],
    [
      { error: 'APIError', message: 'stat /folder: no such file or directory', code: 404 },
      notFound('open /folder/new.1234567890~'),
    ],
  ]);
});

it('a name that is no UTF-8 is refused as a name of which nothing was said', async () => {
  expect(await play('bytes')).toEqual([
    [{ error: 'APIError', message: 'no metadata for path "/\\xff"', code: 400 }],
    [[{ path: '/aé' }]],
    ['UnicodeEncodeError'],
    [['absolute', 'aé', 'folder', 'relative']],
  ]);
});
