/** `playbill pebble` as a process of its own, on a socket in a folder of one test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';

const PLAYBILL = join(import.meta.dirname, '../../bin/playbill.js');
const STARTS_WITHIN_MS = 15_000;
const STEP_MS = 20;

export type Served = {
  readonly socket: string;
  readonly pid: number;
  stop(): void;
  /** Comes with its exit code. */
  readonly ended: Promise<unknown>;
  /** An answer as it came. */
  raw(path: string): Promise<string>;
  /** The `result` of an answer. */
  get(path: string): Promise<Json>;
  post(path: string, body: JsonObject): Promise<JsonObject>;
};

async function ask(socketPath: string, method: string, path: string, body?: JsonObject) {
  const headers = body ? { 'content-type': 'application/json' } : { accept: 'multipart/form-data' };
  const asked = request({ socketPath, method, path, headers });
  asked.end(body ? JSON.stringify(body) : undefined);
  const [response] = await once(asked, 'response');
  const parts: Buffer[] = await Array.fromAsync(response);
  return Buffer.concat(parts).toString('utf8');
}

async function answer(...asked: Parameters<typeof ask>): Promise<JsonObject> {
  return JSON.parse(await ask(...asked)) as JsonObject;
}

/** Starts it with these options besides its socket; it ends when the test does. */
export async function serve(...options: readonly string[]): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'playbill-pebble-'));
  const socket = join(folder, 'pebble.socket');
  const args = [PLAYBILL, 'pebble', '--socket', socket, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit').then(([code]: unknown[]) => code);
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const end = performance.now() + STARTS_WITHIN_MS;
  while (!existsSync(socket)) {
    if (child.exitCode !== null || performance.now() > end) throw new Error('it did not start');
    await setTimeout(STEP_MS);
  }
  return {
    socket,
    ended,
    pid: child.pid ?? 0,
    stop: () => void child.kill('SIGTERM'),
    raw: (path) => ask(socket, 'GET', path),
    get: async (path) => (await answer(socket, 'GET', path))['result'] ?? null,
    post: (path, body) => answer(socket, 'POST', path, body),
  };
}
