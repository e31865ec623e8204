/** The launcher and, through it, the server in the sandbox: started, greeted, told, killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { Mistake } from '../model/mistake.ts';
import {
  PROTOCOL,
  frameLine,
  frameReader,
  type EndedFrame,
  type ForkFrame,
  type HelloFrame,
  type RootedFrame,
  type ChangesFrame,
  type ProcessesFrame,
  type ServerFrame,
  type SignalFrame,
} from './control-frames.ts';
import { sandboxRefusal } from './sandbox-refusal.ts';

export type SandboxProcess = {
  readonly hello: HelloFrame;
  /** The launcher's, on the host: all of the sandbox is below it. */
  readonly pid: number;
  readonly alive: () => boolean;
  /**
   * Resolves with the event's end; rejects when the server is gone before it said one. `signal`: hears of signals to
   * simulated processes, and resolves when what comes of one is done; false: it is never answered.
   */
  play(frame: ForkFrame, signal: Signalled): Promise<EndedFrame>;
  kill(): void;
  /** Changes the running event's root or its simulated processes; rejects when that cannot be. */
  change(changes: ChangesFrame | ProcessesFrame): Promise<void>;
  /** Ends the sandbox and everything in it, by the launcher's pid. Resolves when it is gone. */
  end(): Promise<void>;
};

const DIAGNOSTICS_BYTES = 4096;

type Signalled = (frame: SignalFrame) => Promise<boolean>;
type Waiting = { resolve(frame: ServerFrame): void; reject(error: Error): void };

function launch(executable: string, args: readonly string[]): ChildProcess {
  return spawn(executable, args, {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    env: { LANG: 'C.UTF-8', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    cwd: '/',
  });
}

function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    text = (text + bytes.toString('utf8')).slice(-DIAGNOSTICS_BYTES);
  });
  return () => text.trim();
}

/**
 * Starts `executable args…`, the launcher; throws a Mistake when the host does not let a sandbox
 * be made, an Error when the server ends, or is silent for too long, before it greets.
 */
export async function startSandbox(
  executable: string,
  args: readonly string[],
  patienceMs: number,
): Promise<SandboxProcess> {
  const child = launch(executable, args);
  const words = lastWords(child);
  let alive = true;
  let waiting: Waiting | null = null;
  const changing: Waiting[] = [];
  let signal: Signalled = async () => false;
  const next = (): Promise<ServerFrame> =>
    new Promise((resolve, reject) => {
      if (alive) waiting = { resolve, reject };
      else reject(new Error('the sandbox is gone'));
    });
  const gone = new Promise<void>((resolve) => {
    const over = (error: Error): void => {
      alive = false;
      waiting?.reject(error);
      for (const one of changing.splice(0)) one.reject(error);
      waiting = null;
      resolve();
    };
    child.on('error', (error) => over(notFound(executable, error)));
    child.on('close', () => over(new Error(`the sandbox ended: ${words() || 'without a word'}`)));
  });
  const take = (frame: ServerFrame): void => {
    if (frame.kind === 'rooted' || frame.kind === 'staged') return changing.shift()?.resolve(frame);
    if (frame.kind === 'signal') return void answered(frame, signal, control);
    const waits = waiting;
    waiting = null;
    waits?.resolve(frame);
  };
  const control = child.stdin as Writable;
  (child.stdio[3] as Readable).on('data', frameReader(take));
  control.on('error', () => undefined);
  const end = async (): Promise<void> => {
    if (alive) child.kill('SIGKILL');
    await gone;
  };
  const silence = setTimeout(() => void end(), patienceMs);
  const hello = await greeted(next(), end).finally(() => clearTimeout(silence));
  return {
    hello,
    pid: child.pid ?? 0,
    end,
    alive: () => alive,
    kill: () => void control.write(frameLine({ kind: 'kill' })),
    async change(changes) {
      const frame = await new Promise<ServerFrame>((resolve, reject) => {
        if (!alive) return reject(new Error('the sandbox is gone'));
        changing.push({ resolve, reject });
        control.write(frameLine(changes));
      });
      const { refused } = frame as RootedFrame;
      if (refused !== null) throw new Error(refused);
    },
    async play(frame, hears) {
      signal = hears;
      const ended = next();
      control.write(frameLine(frame));
      return (await ended) as EndedFrame;
    },
  };
}

/** The call that sent the signal returns once what came of that is done; if it never is, it waits for its end. */
async function answered(frame: SignalFrame, signal: Signalled, control: Writable): Promise<void> {
  const { number } = frame;
  const done = await signal(frame).catch(() => false);
  if (done) control.write(frameLine({ kind: 'signalled', number }));
}

async function greeted(first: Promise<ServerFrame>, end: () => Promise<void>): Promise<HelloFrame> {
  const frame = await first;
  if (frame.kind === 'hello' && frame.protocol === PROTOCOL) return frame;
  await end();
  if (frame.kind === 'refused') throw sandboxRefusal(frame);
  const spoke = frame.kind === 'hello' ? `protocol ${frame.protocol}` : frame.kind;
  throw new Error(`the sandbox speaks ${spoke}, this engine protocol ${PROTOCOL}`);
}

function notFound(executable: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') return error;
  return new Mistake(`the sandbox needs Python 3.10 or newer, and ${executable} cannot be run`, {
    hint: 'Install python3, or name an interpreter with --python PATH.',
  });
}
