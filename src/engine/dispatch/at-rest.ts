/**
 * Whether a charm's processes all wait: then nothing more comes from them by itself, however long they are given.
 * Source: proc(5) (stat, children).
 * Not known: a process that waits for the host's own time to pass; it counts as one that waits.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';

const SAMPLE_MS = 2;
/** Alike in a row, until nothing is taken to come. */
const SAMPLES = 2;
const BUSY = ['R', 'D'];

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function threads(pid: string): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function childrenOf(pid: string, thread: string): readonly string[] {
  const children = read(`/proc/${pid}/task/${thread}/children`).split(' ');
  return children.filter((child) => child !== '');
}

function sleeps(pid: string): boolean {
  return threads(pid).every((thread) => {
    const stat = read(`/proc/${pid}/task/${thread}/stat`);
    const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
    return !BUSY.includes(state) && childrenOf(pid, thread).every(sleeps);
  });
}

function children(pid: string): readonly string[] {
  return threads(pid).flatMap((thread) => childrenOf(pid, thread));
}

/** Whether all programs of a container's sandbox wait at this moment: what is below the first process in it. */
export function programsSleep(pid: number): boolean {
  return children(String(pid)).flatMap(children).every(sleeps);
}

/** What is watched: a process with all below it, and how much came from it and was answered. */
export type Watched = {
  readonly pid: number;
  readonly received: () => number;
  /** Nobody asks any more. */
  readonly over: () => boolean;
};

/**
 * Resolves when everything waits and nothing is on its way, with how much had come by then; with null when the time for
 * it is over. Who acts on it looks first whether that much is still all: others were awaited meanwhile.
 */
export async function atRest(
  { pid, received, over }: Watched,
  patienceMs = Number.POSITIVE_INFINITY,
): Promise<number | null> {
  let alike = 0;
  let before = received();
  for (let waited = 0; alike < SAMPLES && waited < patienceMs; waited += SAMPLE_MS) {
    // What was sent by now is read in these turns of the event loop.
    await setImmediate();
    await setImmediate();
    if (over()) return null;
    const now = received();
    alike = now === before && sleeps(String(pid)) ? alike + 1 : 0;
    before = now;
    if (alike === 0) await setTimeout(SAMPLE_MS, undefined, { ref: false });
  }
  return alike === SAMPLES ? before : null;
}
