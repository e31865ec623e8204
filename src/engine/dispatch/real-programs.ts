/**
 * Programs that a container really runs: each in a sandbox of its own over the container's root as it is at that
 * moment of the trace, from its start to its end; whatever it left running is killed. One that does nothing any more,
 * or goes on for too long, is ended. What it did at a moment of the host's choosing is nobody's answer and is dropped.
 * Not modelled: a network, other users than root, terminals; the trace's clock in programs, but for the times of files
 * and `date`; chance. A program is the host's where the container has none of that name.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Brought, Errand, Ran, RunErrand } from '../model/errand.ts';
import type { Sending } from '../model/dispatch.ts';
import type { Dir } from '../files/tree.ts';
import { programsSleep } from './at-rest.ts';
import {
  openContainerSandbox,
  type ContainerSandbox,
  type ProgramEnd,
  type RunningProgram,
} from './container-sandbox.ts';
import { openRootFolder, type RootFolder } from './root-folder.ts';

export type RealPrograms = {
  send(errand: Errand, sending: Sending): Promise<Brought>;
  /** Ends what runs: nobody waits for it any more. */
  cut(): void;
  close(): Promise<void>;
};
/** How long a program may do nothing, and how long it may take in all, by what it is waited for. */
export type Patience = { readonly [Until in RunErrand['until']]: { rest: number; all: number } };

const PATIENCE: Patience = { end: { rest: 5000, all: 30_000 }, rest: { rest: 500, all: 5000 } };
const SAMPLE_MS = 20;
const NO_SANDBOX = { why: 'needs a sandbox', rest: false, after: 0 };

type Sandbox = { readonly of: string; readonly root: Dir; readonly inner: ContainerSandbox };
type Going = Extract<Ran, { going: unknown }>['going'];

/** What a program printed, until it was too much. */
function openHearing(allowed: number) {
  const parts: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };
  let size = 0;
  return {
    hear(bytes: Uint8Array, stream: 'stdout' | 'stderr'): void {
      size += bytes.length;
      if (size <= allowed) parts[stream].push(new Uint8Array(bytes));
    },
    tooMuch: () => size > allowed,
    heard: () => ({ stdout: joined(parts.stdout), stderr: joined(parts.stderr) }),
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = Buffer.concat(parts);
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
}

type Watching = {
  readonly program: RunningProgram;
  readonly pid: number;
  readonly allowed: { readonly rest: number; readonly all: number };
  /** Why it is to be ended at once, in words. */
  readonly stop: () => string | null;
};

/** Why a program is not waited for any longer; null when it has ended. */
async function watched({ program, pid, allowed, stop }: Watching): Promise<Going | null> {
  const began = performance.now();
  let awake = began;
  let ended = false;
  const end = program.exited.then(() => void (ended = true));
  for (;;) {
    await Promise.race([end, setTimeout(SAMPLE_MS)]);
    if (ended) return null;
    const now = performance.now();
    if (!programsSleep(pid)) awake = now;
    const why = stop();
    if (why !== null) return { why, rest: false, after: 0 };
    const { rest, all } = allowed;
    if (now - awake >= rest)
      return { why: `does nothing for ${rest / 1000} s`, rest: true, after: rest };
    if (now - began >= all) return { why: `goes on for ${all / 1000} s`, rest: false, after: all };
  }
}

function ranOf(end: ProgramEnd, path: string | null): Ran {
  if ('failed' in end) return { failed: end.failed, path };
  if ('code' in end) return { code: end.code };
  const { limit } = end;
  if (!limit) return { signal: end.signal };
  return { going: { why: `goes beyond its limit of ${limit}`, rest: false, after: 0 } };
}

const NOTHING = { stdout: new Uint8Array(), stderr: new Uint8Array(), changes: {} };

/** Whether what a program did was done by then on any host. */
function isSettled(ran: Ran): boolean {
  return !('going' in ran) || ran.going.rest;
}

export function openRealPrograms(
  workFolder: string,
  { sandboxed, patience = PATIENCE }: { sandboxed: boolean; patience?: Patience },
): RealPrograms {
  const folder = join(workFolder, 'containers');
  const roots = new Map<string, RootFolder>();
  let open: Sandbox | null = null;
  let cut = false;
  rmSync(folder, { recursive: true, force: true });

  const rootOf = (container: string): RootFolder => {
    const known = roots.get(container);
    if (known) return known;
    const made = openRootFolder(join(folder, container, 'root'));
    roots.set(container, made);
    return made;
  };
  const close = async (): Promise<void> => {
    const { inner } = open ?? {};
    open = null;
    await inner?.close();
  };
  const opened = async (errand: Errand, sending: Sending): Promise<ContainerSandbox> => {
    const { container, root } = errand;
    if (open?.of === container && open.root === root) return open.inner;
    await close();
    const own = rootOf(container);
    own.fill(root, sending.blobs);
    const work = join(folder, container, 'work');
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    const { memory, processes } = sending.limits;
    const limits = { memory, processes };
    const inner = await openContainerSandbox({ root: own.path, workFolder: work, limits });
    open = { of: container, root, inner };
    return inner;
  };
  const run = async (errand: RunErrand, sending: Sending): Promise<Brought> => {
    const { argv, environment: env, cwd, stdin, split } = errand;
    const { blobs, limits } = sending;
    const sandbox = await opened(errand, sending);
    const own = rootOf(errand.container);
    const before = own.scan();
    const path = await sandbox.find(argv[0] ?? '', env['PATH'] ?? '');
    const hearing = openHearing(limits.output);
    const stderr = split ? ('split' as const) : ('joined' as const);
    const program = sandbox.start({ argv, env, cwd, stdin: true, stderr }, hearing.hear);
    program.write(stdin.bytes);
    if (stdin.ended) program.end();
    const stop = (): string | null => {
      if (cut) return 'nobody waits for any more';
      return hearing.tooMuch() ? `prints more than ${limits.output} bytes` : null;
    };
    const { pid } = sandbox;
    const going = await watched({ program, pid, allowed: patience[errand.until], stop });
    let ran: Ran = going ? { going } : ranOf(await program.exited, path);
    await close();
    if (!going && hearing.tooMuch()) ran = { going: { why: stop() ?? '', rest: false, after: 0 } };
    const { owner, now } = errand;
    const changes = isSettled(ran)
      ? own.changes(before, { owner, now, bytes: limits.files }, blobs)
      : null;
    if (changes) return { kind: 'ran', ran, ...hearing.heard(), changes };
    own.forget();
    if (!isSettled(ran)) return { kind: 'ran', ran, ...NOTHING };
    const why = `leaves more than ${limits.files} bytes of files`;
    return { kind: 'ran', ran: { going: { why, rest: false, after: 0 } }, ...NOTHING };
  };
  return {
    async send(errand, sending) {
      cut = false;
      const { kind } = errand;
      if (!sandboxed) {
        return kind === 'find'
          ? { kind: 'found', path: errand.program }
          : { kind: 'ran', ran: { going: NO_SANDBOX }, ...NOTHING };
      }
      try {
        if (kind === 'run') return await run(errand, sending);
        const sandbox = await opened(errand, sending);
        return { kind: 'found', path: await sandbox.find(errand.program, errand.path) };
      } catch (error) {
        rootOf(errand.container).forget();
        await close();
        throw error;
      }
    },
    cut: () => void (cut = true),
    async close() {
      cut = true;
      await close();
      for (const root of roots.values()) root.forget();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
