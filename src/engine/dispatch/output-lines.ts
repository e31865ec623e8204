/**
 * The program's stdout and stderr, read from named pipes. Lines are handed on only where the
 * engine and the program meet, at a request or at the end: between two of those the host's
 * scheduler decides what is read first, and no record may depend on it. There stdout's lines come
 * before stderr's.
 */
import { constants, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';

export type Stream = 'stdout' | 'stderr';
type Pipe = {
  readonly stream: Stream;
  readonly fd: number;
  readonly socket: Socket;
  pending: Buffer[];
};

export type OutputLines = {
  /**
   * Starts a new event: `allowed` bytes of both streams together, `exceeded` is called once when
   * there are more.
   */
  begin(allowed: number, exceeded: () => void): void;
  /** Everything written so far, as whole lines; with `last`, what has no newline yet as well. */
  lines(last?: boolean): { stream: Stream; text: string }[];
  close(): void;
};

const CHUNK = Buffer.allocUnsafe(1 << 16);

/**
 * Opened for writing too, so that a server that is gone is no end of file: the descriptor stays
 * ours to close.
 */
function openPipe(stream: Stream, path: string): Pipe {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  return { stream, fd, socket, pending: [] };
}

/**
 * An empty pipe says so with an error; it is read at each request, and its stack would cost more
 * than the reading.
 */
function drain(pipe: Pipe, take: (pipe: Pipe, bytes: Buffer) => void): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    for (;;) {
      const count = readSync(pipe.fd, CHUNK, 0, CHUNK.length, null);
      if (count === 0) return;
      take(pipe, Buffer.from(CHUNK.subarray(0, count)));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function takeLines(pipe: Pipe, last: boolean): { stream: Stream; text: string }[] {
  if (pipe.pending.length === 0) return [];
  const bytes = Buffer.concat(pipe.pending);
  const end = last ? bytes.length : bytes.lastIndexOf(10) + 1;
  pipe.pending = end < bytes.length ? [bytes.subarray(end)] : [];
  if (end === 0) return [];
  const texts = bytes.subarray(0, end).toString('utf8').split('\n');
  if (texts.at(-1) === '') texts.pop();
  return texts.map((text) => ({ stream: pipe.stream, text }));
}

export function openOutput(paths: Readonly<Record<Stream, string>>): OutputLines {
  let left = 0;
  let exceeded: (() => void) | null = null;
  let open = true;
  const take = (pipe: Pipe, bytes: Buffer): void => {
    if (left > 0) pipe.pending.push(bytes.subarray(0, left));
    left -= bytes.length;
    if (left < 0 && exceeded) {
      exceeded();
      exceeded = null;
    }
  };
  const pipes = (['stdout', 'stderr'] as const).map((stream) => openPipe(stream, paths[stream]));
  for (const pipe of pipes) pipe.socket.on('data', (bytes: Buffer) => take(pipe, bytes));
  return {
    begin(allowed, whenExceeded) {
      left = allowed;
      exceeded = whenExceeded;
      for (const pipe of pipes) pipe.pending = [];
    },
    lines(last = false) {
      if (open) for (const pipe of pipes) drain(pipe, take);
      return pipes.flatMap((pipe) => takeLines(pipe, last));
    },
    close() {
      open = false;
      for (const pipe of pipes) pipe.socket.destroy();
    },
  };
}
