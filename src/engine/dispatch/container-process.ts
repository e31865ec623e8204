/** The process that makes a container's sandbox and, through it, the first one in it: started, greeted, ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Mistake } from '../model/mistake.ts';
import {
  PROTOCOL,
  containerFrames,
  framed,
  type ContainerHello,
  type FromContainer,
  type ToContainer,
} from './container-frames.ts';
import { sandboxRefusal } from './sandbox-refusal.ts';

const MAKER = fileURLToPath(new URL('../../charmside/python/container.py', import.meta.url));
const PATIENCE_MS = 60_000;
const ENDS_WITHIN_MS = 5000;
const DIAGNOSTICS_BYTES = 4096;

export type ContainerProcess = {
  readonly hello: ContainerHello;
  /** The maker's, on the host: all of the sandbox is below it. */
  readonly pid: number;
  send(frame: ToContainer, bytes?: Uint8Array): void;
  /** Ends everything in the sandbox, and resolves when it is gone. */
  end(): Promise<void>;
};

export type ContainerListener = {
  readonly take: (frame: FromContainer, bytes: Uint8Array) => void;
  /** The sandbox is gone; `words`: the last it said. */
  readonly gone: (words: string) => void;
};

function launch(python: string): ChildProcess {
  return spawn(python, ['-I', '-B', MAKER], {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    env: { LANG: 'C.UTF-8', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    cwd: '/',
    // A signal from the terminal is the engine's to act on.
    detached: true,
  });
}

function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    text = (text + bytes.toString('utf8')).slice(-DIAGNOSTICS_BYTES);
  });
  return () => text.trim();
}

function notStarted(python: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT' && error.code !== 'EACCES') return error;
  return new Mistake(`the sandbox needs Python 3.10 or newer, and ${python} cannot be run`, {
    hint: 'Install python3.',
  });
}

function greeting(frame: FromContainer): ContainerHello {
  if (frame.kind === 'hello' && frame.protocol === PROTOCOL) return frame;
  if (frame.kind === 'refused') throw sandboxRefusal(frame);
  throw new Error(`the container's sandbox greets with ${JSON.stringify(frame)}`);
}

/** Starts it; throws a Mistake when this host does not let the sandbox be made. */
export async function startContainer(
  python: string,
  plan: object,
  { take, gone }: ContainerListener,
): Promise<ContainerProcess> {
  const child = launch(python);
  const words = lastWords(child);
  const control = child.stdin!;
  control.on('error', () => undefined);
  const first = Promise.withResolvers<FromContainer>();
  let greeted = false;
  const reader = containerFrames((frame, bytes) => {
    if (greeted) take(frame, bytes);
    else first.resolve(frame);
    greeted = true;
  });
  child.stdio[3]!.on('data', reader);
  const over = once(child, 'close').then(
    () => {
      first.reject(new Error(`the sandbox ended: ${words() || 'without a word'}`));
      gone(words());
    },
    (error: NodeJS.ErrnoException) => first.reject(notStarted(python, error)),
  );
  const send: ContainerProcess['send'] = (frame, bytes) => {
    for (const part of framed(frame, bytes)) control.write(part);
  };
  control.write(`${JSON.stringify(plan)}\n`);
  const end = async (): Promise<void> => {
    control.destroy();
    const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
    await over;
    clearTimeout(late);
  };
  const silence = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    return { hello: greeting(await first.promise), pid: child.pid ?? 0, send, end };
  } catch (error) {
    await end();
    throw error;
  } finally {
    clearTimeout(silence);
  }
}
