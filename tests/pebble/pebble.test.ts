import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookup } from '../../src/engine/files/path.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import type { HttpRequest, Reply } from '../../src/engine/model/request.ts';
import { problemsOf } from '../../src/engine/model/rule.ts';
import { canonical } from '../../src/engine/world/pebble/canonical.ts';
import { emptyContainer, layContainer } from '../../src/engine/world/pebble/container.ts';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import { PEBBLE_OBJECT_RULES, PEBBLE_ORDER_RULES } from '../../src/engine/world/pebble/problems.ts';
import type { PebbleSlice } from '../../src/engine/world/pebble/slice.ts';
import { ask, CHARM, containerOf, decoded, httpRequest, pass, serverWith } from './server.ts';
import { memoryBlobs, type Server } from './server.ts';
import type { RecordedRequest, SentPart } from './transcript.ts';

const WEB = 'services: {web: {override: replace, command: sleep 1, startup: enabled}}';

function asked(server: Server, request: RecordedRequest): ReturnType<typeof decoded> {
  const answer = ask(server, httpRequest(request));
  if (answer.kind !== 'reply') throw new Error(JSON.stringify(answer));
  return decoded(answer);
}

function post(server: Server, action: string, services?: readonly string[]): string {
  const json = services ? { action, services } : { action };
  const answer = asked(server, { method: 'POST', path: '/v1/services', json });
  return (answer['json'] as { change: string }).change;
}

function push(server: Server, path: string, bytes: Uint8Array): unknown {
  const files = [{ path, 'make-dirs': true }];
  const multipart: SentPart[] = [
    { name: 'request', content_type: 'application/json', json: { action: 'write', files } },
    {
      name: 'files',
      filename: path,
      content_type: 'application/octet-stream',
      base64: Buffer.from(bytes).toString('base64'),
    },
  ];
  const answer = asked(server, { method: 'POST', path: '/v1/files', multipart });
  return (answer['json'] as { result: unknown }).result;
}

function pull(server: Server, path: string): Uint8Array {
  const request = httpRequest({
    method: 'GET',
    path: '/v1/files',
    query: { action: 'read', path },
    headers: { Accept: 'multipart/form-data' },
  });
  const reply = ask(server, request) as Reply;
  const bytes = Buffer.from(reply.out as Uint8Array);
  const start = bytes.indexOf('\r\n\r\n') + 4;
  const boundary = /boundary=(.*)$/.exec(reply.headers!['content-type']!)![1]!;
  return bytes.subarray(start, bytes.indexOf(`\r\n--${boundary}`, start));
}

/** Where a slice differs after some work, as immer sees it. */
function patched(server: Server, work: () => void): { paths: readonly string[] } {
  const patches: string[] = [];
  server.watch = (found) => patches.push(...found.map(({ path }) => path.join('/')));
  work();
  delete server.watch;
  return { paths: patches };
}

describe('channels', () => {
  it('are the sockets of the containers that can be connected to, where Juju has them', () => {
    const slice: PebbleSlice = {
      containers: {
        web: emptyContainer({ canConnect: true }),
        db: emptyContainer({ canConnect: true }),
        down: emptyContainer(),
      },
    };
    expect(pebble.channels(slice, CHARM)).toEqual([
      { kind: 'http', channel: 'db', socket: '/charm/containers/db/pebble.socket' },
      { kind: 'http', channel: 'web', socket: '/charm/containers/web/pebble.socket' },
    ]);
  });
});

describe('pebble-ready', () => {
  const event = { kind: 'pebble-ready', container: 'web' } as const;
  const rules = [...PEBBLE_OBJECT_RULES, ...PEBBLE_ORDER_RULES];
  const problems = (slice: PebbleSlice, charm: Charm) => problemsOf(rules, { slice, event, charm });

  it('comes when the container is connectable; one that gets it all the same becomes so', () => {
    const down = { containers: { web: emptyContainer() } };
    const up = { containers: { web: emptyContainer({ canConnect: true }) } };
    expect(problems(up, CHARM)).toEqual([]);
    expect(problems(down, CHARM)[0]?.rule).toBe('container-connectable');
    expect(pebble.channels(down, CHARM)).toEqual([]);
    expect(pebble.channels(pebble.open!(down, event, CHARM, 0), CHARM)).toHaveLength(1);
  });

  it('needs a container that the charm declares', () => {
    const slice = { containers: { web: emptyContainer({ canConnect: true }) } };
    const found = problems(slice, { ...CHARM, containers: {} });
    expect(found[0]?.message).toBe('the charm has no container web');
  });
});

describe('a start', () => {
  it('is under way for a second, while the service is active at once', () => {
    const server = serverWith([WEB]);
    post(server, 'start', ['web']);
    expect(containerOf(server).services['web']?.current).toBe('active');
    expect(pebble.due!(server.slice)).toBe(server.now + 1000);
    pass(server, 999);
    expect(containerOf(server).changes['1']?.status).toBe('Doing');
    pass(server, 1);
    expect(containerOf(server).changes['1']).toMatchObject({ status: 'Done', ready: server.now });
    expect(pebble.due!(server.slice)).toBeNull();
  });

  it('fails when the service is stopped before its second is over', () => {
    const server = serverWith([WEB]);
    post(server, 'start', ['web']);
    pass(server, 500);
    post(server, 'stop', ['web']);
    const { changes, services } = containerOf(server);
    expect(services['web']?.current).toBe('inactive');
    expect(changes['1']?.err).toBe(
      'cannot perform the following tasks:\n- Start service "web" ' +
        '(service start attempt: stopped before the 1s okay delay)',
    );
    expect(changes['2']?.status).toBe('Done');
  });

  it('moves the clock only for whoever waits', () => {
    const server = serverWith([WEB]);
    const before = server.now;
    const change = post(server, 'start', ['web']);
    expect(server.now).toBe(before);
    asked(server, {
      method: 'GET',
      path: `/v1/changes/${change}/wait`,
      query: { timeout: '4.000s' },
    });
    expect(server.now).toBe(before + 1000);
  });
});

describe('states', () => {
  it('are equal by meaning when the same happened at other times, and nothing besides', () => {
    const once = serverWith([WEB]);
    post(once, 'replan');
    pass(once, 1000);
    const often = serverWith([WEB]);
    pass(often, 60_000);
    post(often, 'replan');
    pass(often, 1000);
    post(often, 'replan');
    pass(often, 5000);
    expect(canonical(often.slice)).toEqual(canonical(once.slice));
    expect(often.slice).not.toEqual(once.slice);
  });

  it('differ by meaning when a service, a file or a change under way does', () => {
    const still = canonical(serverWith([WEB]).slice);
    const starting = serverWith([WEB]);
    post(starting, 'start', ['web']);
    expect(canonical(starting.slice)).not.toEqual(still);
    const written = serverWith([WEB]);
    push(written, '/f', new Uint8Array([1]));
    expect(canonical(written.slice)).not.toEqual(still);
  });
});

describe('files', () => {
  it('come back byte for byte, whatever is in them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const server = serverWith();
        push(server, '/some/where/file', bytes);
        expect(Buffer.from(pull(server, '/some/where/file'))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('come back when they look like the boundary between parts', () => {
    const server = serverWith();
    const tricky = Buffer.from(`\r\n--${'0'.repeat(60)}--\r\n`);
    push(server, '/f', tricky);
    expect(Buffer.from(pull(server, '/f'))).toEqual(tricky);
  });

  it.each(['/constructor', '/__proto__', '/a"b\\c', '/with space', '/ü'])(
    'may be called %s',
    (path) => {
      const server = serverWith();
      push(server, '/other', new Uint8Array([2]));
      const multipart = path.replace(/[\\"]/g, '\\$&');
      const files = [{ path }];
      asked(server, {
        method: 'POST',
        path: '/v1/files',
        multipart: [
          { name: 'request', content_type: 'application/json', json: { action: 'write', files } },
          { name: 'files', filename: multipart, content_type: 'text/plain', text: 'x' },
        ],
      });
      expect(lookup(containerOf(server).root, path)).toMatchObject({ kind: 'file', size: 1 });
      expect(Buffer.from(pull(server, path)).toString()).toBe('x');
      expect(Buffer.from(pull(server, '/other'))).toEqual(Buffer.from([2]));
    },
  );

  it('are what they were but for the directories on the way to what is written', () => {
    const server = serverWith();
    push(server, '/a/f', new Uint8Array([1]));
    push(server, '/b/f', new Uint8Array([1]));
    const before = containerOf(server).root;
    const { paths } = patched(server, () => push(server, '/a/g', new Uint8Array([2])));
    expect(paths).toEqual(['containers/web/root']);
    expect(lookup(containerOf(server).root, '/b')).toBe(lookup(before, '/b'));
    expect(lookup(containerOf(server).root, '/a/f')).toBe(lookup(before, '/a/f'));
    expect(lookup(before, '/a/g')).toBeUndefined();
  });

  it('stay in the container, however many dots their path has', () => {
    const server = serverWith();
    push(server, '/../../etc/passwd', new Uint8Array([1]));
    expect(lookup(containerOf(server).root, '/etc/passwd')?.kind).toBe('file');
  });

  it('belong to the users that the container has', () => {
    const passwd = 'root:x:0:0:root:/root:/bin/sh\napp:x:584:600:app:/:/bin/sh\n';
    const server = serverWith();
    const files = { '/etc/passwd': passwd, '/etc/group': 'root:x:0:\nstaff:x:600:\n' };
    const container = layContainer(containerOf(server), { files }, server);
    server.slice = { containers: { web: container } };
    const dirs = [{ path: '/d', user: 'app' }];
    asked(server, { method: 'POST', path: '/v1/files', json: { action: 'make-dirs', dirs } });
    const query = { action: 'list', path: '/d', itself: 'true' };
    const listed = asked(server, { method: 'GET', path: '/v1/files', query });
    const [info] = (listed['json'] as { result: unknown[] }).result;
    expect(info).toMatchObject({ 'user-id': 584, user: 'app', 'group-id': 600, group: 'staff' });
  });
});

describe('what is not modelled', () => {
  it.each([
    ['GET', '/v1/logs?follow=true', 'pebble logs that are followed'],
    ['GET', '/v1/metrics', 'pebble metrics'],
  ])('is refused by name: %s %s', (method, path, what) => {
    const request = httpRequest({ method, path, ...(method === 'POST' ? { json: {} } : {}) });
    expect(ask(serverWith(), request)).toEqual({ kind: 'unsupported', what });
  });
});

describe('any request', () => {
  const paths = ['services', 'layers', 'files', 'changes', 'changes/1', 'changes/1/wait', 'exec'];
  const boundary = 'b'.repeat(32);
  const types = [
    'application/json',
    `multipart/form-data; boundary=${boundary}`,
    '',
    ';;',
    'a/b;x',
  ];
  const actions = [
    'add',
    'write',
    'remove',
    'make-dirs',
    'start',
    'replan',
    'abort',
    'read',
    'list',
  ];
  const anyJson = fc.oneof(
    fc.json(),
    fc
      .record({
        action: fc.constantFrom(...actions),
        services: fc.jsonValue(),
        dirs: fc.jsonValue(),
      })
      .map((value) => JSON.stringify(value)),
    fc
      .record({
        action: fc.constant('add'),
        label: fc.string(),
        format: fc.constant('yaml'),
        layer: fc.string(),
      })
      .map((value) => JSON.stringify(value)),
    fc.string(),
    fc.string().map((text) => `--${boundary}\r\n${text}\r\n--${boundary}`),
  );
  it('gets an answer, however wrong it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.constantFrom('GET', 'POST', 'HEAD', 'x'),
        anyJson,
        fc.constantFrom(...types),
        fc.string(),
        (path, method, body, type, query) => {
          const server = serverWith([WEB]);
          post(server, 'start', ['web']);
          const request: HttpRequest = {
            kind: 'http',
            channel: 'web',
            method,
            url: `/v1/${path}?action=list&path=/&pattern=${query}&timeout=${query}`,
            headers: { 'content-type': type },
            body: new TextEncoder().encode(body),
          };
          const answer = ask(server, request);
          if (answer.kind === 'reply') expect(answer.code).toBeGreaterThanOrEqual(200);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('what an author lays over a container', () => {
  const using = { blobs: memoryBlobs(), now: 7 };
  it('are files, with the directories they need, and layers as an image brings them', () => {
    const layer = {
      services: { web: { override: 'replace', command: 'run', environment: { A: 1 } } },
    };
    const laid = layContainer(
      emptyContainer(),
      { canConnect: true, layers: { base: layer }, files: { '/etc/app/conf': 'x' } },
      using,
    );
    expect(laid.canConnect).toBe(true);
    expect(laid.layers).toEqual([
      {
        label: 'base',
        layer: {
          services: { web: { override: 'replace', command: 'run', environment: { A: '1' } } },
        },
      },
    ]);
    expect(lookup(laid.root, '/etc/app/conf')).toMatchObject({
      kind: 'file',
      size: 1,
      mode: 0o644,
    });
    const without = layContainer(laid, { files: { '/etc/app/conf': null } }, using);
    expect(lookup(without.root, '/etc/app/conf')).toBeUndefined();
  });

  it('is refused in one sentence when Pebble would not take it', () => {
    const layers = { base: { services: { web: { override: 'replace' } } } };
    expect(() => layContainer(emptyContainer(), { layers }, using)).toThrow(
      'layer "base": plan must define "command" for service "web"',
    );
    expect(() => layContainer(emptyContainer(), { files: { rel: 'x' } }, using)).toThrow(
      /absolute/,
    );
  });
});
