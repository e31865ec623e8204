/** One program that is really run in a container's sandbox: watched until it ends, or is not waited for any longer. */
import { setTimeout } from 'node:timers/promises';
import type { Ran, RunErrand } from '../model/errand.ts';
import type { Limits } from '../model/dispatch.ts';
import { programsSleep } from './at-rest.ts';
import type { ContainerSandbox, ProgramEnd, RunningProgram } from './container-sandbox.ts';

/** How long, in milliseconds, a program may do nothing, and how long it may take in all. */
export type Patience = { readonly rest: number; readonly all: number };
export type Run = {
  readonly ran: Ran;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
};
type Going = Extract<Ran, { going: unknown }>['going'];

const SAMPLE_MS = 20;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = Buffer.concat(parts);
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
}

/** What a program prints, until it is too much. */
function openHearing(allowed: number) {
  const parts: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };
  let size = 0;
  return {
    hear(bytes: Uint8Array, stream: 'stdout' | 'stderr'): void {
      size += bytes.length;
      if (size <= allowed) parts[stream].push(new Uint8Array(bytes));
    },
    tooMuch: () => (size > allowed ? `prints more than ${allowed} bytes` : null),
    heard: () => ({ stdout: joined(parts.stdout), stderr: joined(parts.stderr) }),
  };
}

/** It is ended in the middle of something. */
export function broken(why: string): { going: Going } {
  return { going: { why, rest: false, after: 0 } };
}

function ranOf(end: ProgramEnd, path: string | null): Ran {
  if ('failed' in end) return { failed: end.failed, path };
  if ('code' in end) return { code: end.code };
  const { signal, limit } = end;
  return limit ? broken(`goes beyond its limit of ${limit}`) : { signal };
}

type Watching = {
  readonly program: RunningProgram;
  readonly pid: number;
  readonly patience: Patience;
  /** Why it is to be ended at once, in words. */
  readonly stop: () => string | null;
};

/** Resolves when the program has ended, or with why it is not waited for any longer. */
async function watch({ program, pid, patience, stop }: Watching): Promise<ProgramEnd | Going> {
  const began = performance.now();
  let awake = began;
  let end: ProgramEnd | null = null;
  const exited = program.exited.then((how) => void (end = how));
  for (;;) {
    await Promise.race([exited, setTimeout(SAMPLE_MS)]);
    const why = stop();
    if (why !== null) return broken(why).going;
    if (end) return end;
    const now = performance.now();
    if (!programsSleep(pid)) awake = now;
    const { rest, all } = patience;
    if (now - awake >= rest)
      return { why: `does nothing for ${rest / 1000} s`, rest: true, after: rest };
    if (now - began >= all) return { why: `goes on for ${all / 1000} s`, rest: false, after: all };
  }
}

/** What is left of it when this resolves lives until the sandbox is closed. */
export async function runIn(
  sandbox: ContainerSandbox,
  errand: RunErrand,
  { limits, patience, cut }: { limits: Limits; patience: Patience; cut: () => boolean },
): Promise<Run> {
  const { argv, environment: env, cwd, stdin, split } = errand;
  const path = await sandbox.find(argv[0] ?? '', env['PATH'] ?? '');
  const hearing = openHearing(limits.output);
  const stderr = split ? 'split' : 'joined';
  const program = sandbox.start({ argv, env, cwd, stdin: true, stderr }, hearing.hear);
  program.write(stdin.bytes);
  if (stdin.ended) program.end();
  const stop = (): string | null => (cut() ? 'is not waited for any more' : hearing.tooMuch());
  const end = await watch({ program, pid: sandbox.pid, patience, stop });
  const ran = 'why' in end ? { going: end } : ranOf(end, path);
  return { ran, ...hearing.heard() };
}
