/** One container's Pebble on the host's clock. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { temporary } from '../project/temporary.ts';
import { serve, type Served } from './served.ts';

const LAYER = (text: string) =>
  ({ action: 'add', combine: true, label: 'test', format: 'yaml', layer: text }) as const;

async function fixture(): Promise<{ url: string; hits: string[]; say(status: number): void }> {
  const hits: string[] = [];
  let status = 200;
  const server = createServer((message, response) => {
    hits.push(message.url ?? '');
    response.writeHead(status);
    response.end('because\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/up`, hits, say: (code) => void (status = code) };
}

async function until<Value>(read: () => Promise<Value>, fits: (value: Value) => boolean) {
  const end = performance.now() + 10_000;
  for (;;) {
    const value = await read();
    if (fits(value) || performance.now() > end) return value;
    await setTimeout(20);
  }
}

/** The ids of all processes below one. */
function descendants(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children.map(Number).flatMap((child) => [child, ...descendants(child)]);
}

async function checkOf(served: Served, name: string): Promise<JsonObject> {
  const [check] = (await served.get(`/v1/checks?names=${name}`)) as readonly JsonObject[];
  return check ?? {};
}

describe('a served Pebble', () => {
  it('begins with the layers of a folder and the files of another', async () => {
    const layers = temporary({
      '002-two.yaml': 'services: {a: {override: merge, environment: {B: c}}}',
      '001-one.yaml': 'services: {a: {override: replace, command: sleep 9}}',
    });
    const root = temporary({
      'etc/app.conf': 'x',
      'var/lib/pebble/default/layers/010-zero.yaml':
        'services: {z: {override: replace, command: sleep 8}}',
    });
    const served = await serve('--layers', layers, '--root', root);
    const plan = String(await served.get('/v1/plan?format=yaml'));
    expect(plan).toContain('command: sleep 9');
    expect(plan).toContain('B: c');
    expect(plan).toContain('command: sleep 8');
    const [file] = (await served.get(
      '/v1/files?action=list&path=/etc/app.conf',
    )) as readonly JsonObject[];
    expect(file).toMatchObject({ name: 'app.conf', size: 1, permissions: '644' });
  });

  it('is for the user alone who started it', async () => {
    const { socket } = await serve();
    expect((statSync(socket).mode & 0o777).toString(8)).toBe('600');
  });

  it('really asks what a check asks, when it is due', async () => {
    const { url, hits, say } = await fixture();
    const served = await serve();
    const text = `checks: {up: {override: replace, period: 100ms, threshold: 2, http: {url: "${url}"}}}`;
    await served.post('/v1/layers', LAYER(text));
    const succeeded = await until(
      () => checkOf(served, 'up'),
      (check) => Number(check['successes']) > 1,
    );
    expect(succeeded).toMatchObject({ status: 'up' });
    expect(hits.length).toBeGreaterThan(1);
    say(500);
    const failed = await until(
      () => checkOf(served, 'up'),
      ({ status }) => status === 'down',
    );
    expect(failed).toMatchObject({ status: 'down' });
    const asked = await served.post('/v1/checks/refresh', { name: 'up' });
    expect(asked['result']).toMatchObject({ error: 'non-2xx status code 500; because' });
    say(200);
    const recovered = await until(
      () => checkOf(served, 'up'),
      ({ status }) => status === 'up',
    );
    expect(recovered).toMatchObject({ status: 'up' });
  });

  it('runs nothing: services keep running, and there is nothing to execute', async () => {
    const served = await serve();
    await served.post('/v1/layers', LAYER('services: {a: {override: replace, command: "false"}}'));
    await served.post('/v1/services', { action: 'start', services: ['a'] });
    const change = (await served.get('/v1/changes/1/wait?timeout=5s')) as JsonObject;
    expect(change['status']).toBe('Done');
    const [service] = (await served.get('/v1/services')) as readonly JsonObject[];
    expect(service).toMatchObject({ current: 'active' });
    const { result } = await served.post('/v1/exec', { command: ['true'] });
    expect(result).toMatchObject({ message: 'cannot find executable "true"' });
  });
});

describe('a served Pebble that really runs programs', () => {
  it('lets time pass as it does: a service that exits is started again', async () => {
    const served = await serve('--run');
    const text =
      'services: {a: {override: replace, command: sh -c "sleep 1.1; exit 3", backoff-delay: 100ms}}';
    await served.post('/v1/layers', LAYER(text));
    const began = performance.now();
    await served.post('/v1/services', { action: 'start', services: ['a'] });
    const change = (await served.get('/v1/changes/1/wait?timeout=5s')) as JsonObject;
    expect(change['status']).toBe('Done');
    expect(performance.now() - began).toBeGreaterThan(900);
    const current = async () => {
      const [service] = (await served.get('/v1/services')) as readonly JsonObject[];
      return String(service?.['current']);
    };
    expect(await until(current, (one) => one === 'backoff')).toBe('backoff');
    expect(await until(current, (one) => one === 'active')).toBe('active');
  });

  it('ends when a service shuts it down', async () => {
    const served = await serve('--run');
    const command = 'sh -c "sleep 1.1; exit 0"';
    const text = `services: {a: {override: replace, command: ${command}, on-success: shutdown}}`;
    await served.post('/v1/layers', LAYER(text));
    await served.post('/v1/services', { action: 'start', services: ['a'] });
    expect(await served.ended).toBe(0);
  });

  it('shows programs the files of Pebble, and Pebble those of programs', async () => {
    const root = temporary({ 'etc/app.conf': 'from the image\n' });
    const served = await serve('--run', '--root', root);
    const command = 'sh -c "cat /etc/app.conf > /copied; ln -s /etc/app.conf /link; sleep 100"';
    await served.post(
      '/v1/layers',
      LAYER(`services: {a: {override: replace, command: '${command}'}}`),
    );
    await served.post('/v1/services', { action: 'start', services: ['a'] });
    const found = await until(
      () => served.get('/v1/files?action=list&path=/&pattern=*i*'),
      (files) => Array.isArray(files) && files.length === 2,
    );
    expect(found).toMatchObject([
      { name: 'copied', type: 'file', size: 15, permissions: '644', user: 'root' },
      { name: 'link', type: 'symlink' },
    ]);
    expect(await served.raw('/v1/files?action=read&path=/link')).toContain('from the image\n');
    expect(readdirSync(root)).toEqual(['etc']);
  });

  it('performs a check’s command, and says what it printed', async () => {
    const served = await serve('--run');
    const text =
      'checks: {c: {override: replace, startup: disabled, exec: {command: "sh -c \'echo why; exit 3\'"}}}';
    await served.post('/v1/layers', LAYER(text));
    await served.post('/v1/checks', { action: 'start', checks: ['c'] });
    const { result } = await served.post('/v1/checks/refresh', { name: 'c' });
    expect(result).toMatchObject({ error: 'exit status 3; why' });
  });

  it('asks within the container’s own network first, for checks of http and tcp', async () => {
    const page = String.raw`HTTP/1.0 503 No\r\nContent-Length: 4\r\n\r\nbusy`;
    const server = String.raw`
      use IO::Socket::INET;
      my $server = IO::Socket::INET->new(Listen => 9, LocalPort => 81, ReuseAddr => 1) or die;
      while (my $client = $server->accept) {
        while (my $line = <$client>) { last if $line =~ /^\s*$/ }
        print $client "${page}";
        close $client;
      }
    `;
    const served = await serve('--run', '--root', temporary({ server }));
    const asks = 'http: {url: "http://localhost:81/"}';
    const layer = [
      `services: {a: {override: replace, command: "perl /server"}}`,
      `checks: {h: {override: replace, startup: disabled, ${asks}},`,
      `  t: {override: replace, startup: disabled, tcp: {port: 81}}}`,
    ].join('\n');
    await served.post('/v1/layers', LAYER(layer));
    await served.post('/v1/checks', { action: 'start', checks: ['h', 't'] });
    const refresh = async (name: string) =>
      (await served.post('/v1/checks/refresh', { name }))['result'];
    const refused = expect.stringContaining('connection refused') as string;
    expect(await refresh('t')).toMatchObject({ error: refused });
    await served.post('/v1/services', { action: 'start', services: ['a'] });
    await served.get('/v1/changes/3/wait?timeout=5s');
    const busy = 'non-2xx status code 503; busy';
    const found = await until(
      () => refresh('h'),
      (one) => (one as JsonObject)['error'] === busy,
    );
    expect(found).toMatchObject({ error: busy });
    expect(await refresh('t')).not.toHaveProperty('error');
  });

  it('leaves no process behind', async () => {
    const served = await serve('--run');
    const text = 'services: {a: {override: replace, command: sh -c "sleep 1000 & sleep 1000"}}';
    await served.post('/v1/layers', LAYER(text));
    await served.post('/v1/services', { action: 'start', services: ['a'] });
    await served.get('/v1/changes/1/wait?timeout=5s');
    const before = descendants(served.pid);
    expect(before.length).toBeGreaterThanOrEqual(5);
    served.stop();
    await served.ended;
    expect(before.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });
});
