/** One container's Pebble on the host's clock. */
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { temporary } from '../project/temporary.ts';
import { serve, type Served } from './served.ts';

const PLAYBILL = join(import.meta.dirname, '../../bin/playbill.js');
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

  it('lets time pass as it does: a service that exits is started again', async () => {
    const served = await serve();
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

  it('ends when a service shuts it down', async () => {
    const served = await serve();
    const command = 'sh -c "sleep 1.1; exit 0"';
    const text = `services: {a: {override: replace, command: ${command}, on-success: shutdown}}`;
    await served.post('/v1/layers', LAYER(text));
    await served.post('/v1/services', { action: 'start', services: ['a'] });
    expect(await served.ended).toBe(0);
  });

  it('refuses by name what it cannot act out, and what is not there as Pebble does', async () => {
    const served = await serve();
    const exec = async (...command: readonly string[]) => {
      const { result } = await served.post('/v1/exec', { command });
      return (result as JsonObject)['message'];
    };
    expect(await exec('sh', '-c', 'echo $(date)')).toBe(
      'playbill: pebble exec sh is not simulated',
    );
    expect(await exec('pg_isready')).toBe('cannot find executable "pg_isready"');
  });

  it('does not pretend to run programs', async () => {
    const run = promisify(execFile)(process.execPath, [
      PLAYBILL,
      'pebble',
      '--socket',
      join(temporary(), 's'),
      '--run',
    ]);
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--run: programs cannot be really run yet') as string,
    });
  });
});
