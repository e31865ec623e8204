/**
 * Paths that lead astray, at a served Pebble whose root is a folder of the host: that folder is not written, and what is
 * beside it neither written nor read.
 */
import { once } from 'node:events';
import { lstatSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { temporary } from '../project/temporary.ts';
import { serve, type Served } from './served.ts';

const BOUNDARY = '0'.repeat(32);
const SECRET = 'of the host';
const QUICKLY_MS = 120_000;

type Host = { readonly outside: string; readonly root: string; readonly before: unknown };

/** A folder that is to be the root, with links out of it, and one beside it. */
function host(): Host {
  const outside = temporary({ secret: SECRET, 'folder/deep': SECRET });
  const root = temporary({ own: 'of the container', 'dir/file': 'x' });
  const links: Readonly<Record<string, string>> = {
    etc: '/etc',
    absolute: join(outside, 'secret'),
    climbing: `../../../../../../..${join(outside, 'secret')}`,
    out: outside,
    'dir/parent': '../..',
    'dir/beyond': `../../../../../..${outside}`,
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  return { outside, root, before: [found(outside), found(root)] };
}

/** All that is below a folder of the host; links are not followed. */
function found(folder: string): readonly unknown[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const at = join(folder, name);
      const stats = lstatSync(at);
      if (stats.isDirectory()) return [name, stats.mode, found(at)];
      return [
        name,
        stats.mode,
        stats.isSymbolicLink() ? readlinkSync(at) : readFileSync(at, 'utf8'),
      ];
    });
}

async function send(socketPath: string, body: Buffer): Promise<JsonObject> {
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  const asked = request({ socketPath, method: 'POST', path: '/v1/files', headers });
  asked.end(body);
  const [response] = await once(asked, 'response');
  const parts: Buffer[] = await Array.fromAsync(response);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as JsonObject;
}

/** A letter of either path is a byte. */
function pushed(told: string, named = told): Buffer {
  const files = `{"action": "write", "files": [{"path": "${told}", "make-dirs": true}]}`;
  const head = 'Content-Disposition: form-data';
  const parts = [`name="request"\r\n\r\n${files}`, `name="files"; filename="${named}"\r\n\r\nnew`];
  const text = parts.map((part) => `--${BOUNDARY}\r\n${head}; ${part}\r\n`).join('');
  return Buffer.from(`${text}--${BOUNDARY}--\r\n`, 'latin1');
}

function read(served: Served, path: string): Promise<string> {
  return served.raw(`/v1/files?action=read&path=${encodeURIComponent(path)}`);
}

const ASTRAY = (outside: string): readonly string[] => [
  '/absolute',
  '/climbing',
  '/out/secret',
  '/dir/beyond/secret',
  `/dir/parent${outside}/secret`,
  `/..${outside}/secret`,
  `/dir/../../../..${outside}/secret`,
  '/out/folder/../secret',
];

describe.each([
  ['with programs that are acted out', []],
  ['with programs that are really run', ['--run']],
])('a folder of the host as the root, %s', (_, options) => {
  it(
    'is left as it is, and nothing beside it is read or written',
    { timeout: QUICKLY_MS },
    async () => {
      const { outside, root, before } = host();
      const served = await serve('--root', root, ...options);
      expect(await read(served, '/own')).toContain('of the container');
      for (const path of ASTRAY(outside)) {
        expect(await read(served, path)).not.toContain(SECRET);
        const listed = `/v1/files?action=list&path=${encodeURIComponent(join(path, '..'))}`;
        expect(await served.raw(listed)).not.toMatch(/"name":"(?:secret|folder)"/);
      }
      expect(await read(served, '/etc/passwd')).toContain('too many levels of symbolic links');
      for (const path of [...ASTRAY(outside), '/out/new', '/dir/beyond/new', '/own']) {
        await send(served.socket, pushed(path));
      }
      expect(await read(served, '/own')).toContain('new');
      const paths = ['/out/folder', `/..${outside}`, '/dir/parent', '/dir/beyond', '/out'].map(
        (path) => ({ path, recursive: true }),
      );
      await served.post('/v1/files', { action: 'remove', paths });
      const dirs = ['/out/made', `/..${outside}/made`].map((path) => ({
        path,
        'make-parents': true,
      }));
      await served.post('/v1/files', { action: 'make-dirs', dirs });
      expect([found(outside), found(root)]).toEqual(before);
    },
  );

  it(
    'refuses names that are no UTF-8, in what is sent and in what is asked',
    { timeout: QUICKLY_MS },
    async () => {
      const { root, outside, before } = host();
      const served = await serve('--root', root, ...options);
      const sent = await send(served.socket, pushed('/\xff', '/\xff'));
      expect(sent['result']).toEqual({ message: 'no metadata for path "/\\xff"' });
      expect(await served.raw('/v1/files?action=read&path=/%ff')).toContain(
        'no such file or directory',
      );
      expect(await served.raw('/v1/files?action=list&path=/')).not.toContain('\ufffd');
      expect([found(outside), found(root)]).toEqual(before);
    },
  );
});

describe('a folder of the host as the root, of programs that are really run', () => {
  it(
    'shows them what is in it, and nothing of the host beside',
    { timeout: QUICKLY_MS },
    async () => {
      const { outside, root, before } = host();
      const reading = `cat /own /absolute /climbing /out/secret ${outside}/secret /dir/beyond/secret`;
      const write = 'echo x > /out/new; echo x > /own; rm -rf /dir';
      const command = `sh -c "${reading} > /got 2>/said; ${write}; sleep 1.2"`;
      const layer = `services: {a: {override: replace, command: '${command}', on-success: ignore}}`;
      const layers = temporary({ '001-one.yaml': layer });
      const served = await serve('--root', root, '--layers', layers, '--run');
      await served.post('/v1/services', { action: 'start', services: ['a'] });
      const change = (await served.get('/v1/changes/1/wait?timeout=20s')) as JsonObject;
      expect(change['status']).toBe('Done');
      const got = await read(served, '/got');
      expect(got).toContain('of the container');
      expect(got).not.toContain(SECRET);
      expect(await read(served, '/said')).toContain('No such file or directory');
      expect([found(outside), found(root)]).toEqual(before);
    },
  );
});
