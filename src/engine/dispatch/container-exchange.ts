/** What is under way in a container's sandbox: programs that run and questions that wait for an answer, by number. */
import type { ExitedFrame, FromContainer, ToContainer } from './container-frames.ts';
import type { ContainerListener, ContainerProcess } from './container-process.ts';
import type { OutputListener, ProgramEnd } from './container-sandbox.ts';

type Started = { readonly output: OutputListener; readonly ended: (end: ProgramEnd) => void };
type Answer = { readonly value: unknown; readonly bytes: Uint8Array };
type Asked = {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
};

const KILLED: ProgramEnd = { signal: 'SIGKILL' };

function endOf({ code, signal, failed, limit }: ExitedFrame): ProgramEnd {
  if (failed !== undefined) return { failed };
  if (code !== undefined) return { code };
  return { signal: signal ?? 'SIGKILL', ...(limit ? { limit } : {}) };
}

export class ContainerExchange implements ContainerListener {
  private readonly started = new Map<number, Started>();
  private readonly asked = new Map<number, Asked>();
  private count = 0;
  private process: ContainerProcess | null = null;

  begin(process: ContainerProcess): void {
    this.process = process;
  }

  readonly take = (frame: FromContainer, bytes: Uint8Array): void => {
    if (frame.kind === 'output') this.started.get(frame.id)?.output(bytes, frame.stream);
    if (frame.kind === 'exited') this.ended(frame.id, endOf(frame));
    if (frame.kind !== 'answer') return;
    const asked = this.asked.get(frame.id);
    this.asked.delete(frame.id);
    if (frame.error === undefined) asked?.resolve({ value: frame.value, bytes });
    else asked?.reject(new Error(frame.error));
  };

  readonly gone = (words: string): void => {
    this.process = null;
    for (const id of [...this.started.keys()]) this.ended(id, KILLED);
    for (const { reject } of this.asked.values()) reject(over(words));
    this.asked.clear();
  };

  start(program: object, started: Started): number {
    const id = (this.count += 1);
    this.started.set(id, started);
    if (this.process) this.process.send({ ...program, kind: 'start', id });
    else this.ended(id, KILLED);
    return id;
  }

  /** Nothing comes of it once the program has ended. */
  tell(id: number, frame: ToContainer, bytes?: Uint8Array): void {
    if (this.started.has(id)) this.process?.send({ ...frame, id }, bytes);
  }

  ask(frame: ToContainer, bytes?: Uint8Array): Promise<Answer> {
    const id = (this.count += 1);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    if (!this.process) reject(over(''));
    else this.asked.set(id, { resolve, reject });
    this.process?.send({ ...frame, id }, bytes);
    return promise;
  }

  private ended(id: number, end: ProgramEnd): void {
    this.started.get(id)?.ended(end);
    this.started.delete(id);
  }
}

function over(words: string): Error {
  return new Error(`the container's sandbox has ended${words === '' ? '' : `: ${words}`}`);
}
