/** The machine's clocks around a piece of work: wall time, and CPU time of this process and of all below it. */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

type Process = { readonly id: number; readonly parent: number; readonly ticks: number };

/** Fields 4 and 14 to 17 of /proc/<id>/stat: parent, own time, time of children it has waited for. */
function readProcess(id: number): Process | null {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /, '');
    const fields = text.split(' ').map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
    return { id, parent: fields[1] ?? 0, ticks };
  } catch {
    return null;
  }
}

function below(id: number, all: readonly Process[]): readonly Process[] {
  return all.filter(({ parent }) => parent === id).flatMap((one) => [one, ...below(one.id, all)]);
}

/** CPU milliseconds so far of this process, of those that live below it and of those that any of them waited for. */
function cpuMs(): number {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = ids.map((id) => readProcess(Number(id))).filter((one) => one !== null);
  const own = all.find(({ id }) => id === process.pid);
  const family = own ? [own, ...below(own.id, all)] : [];
  return (family.reduce((sum, { ticks }) => sum + ticks, 0) * 1000) / TICKS_PER_SECOND;
}

export type Measured = { readonly wallMs: number; readonly cpuMs: number };

/** What `work` took. Processes that it starts and that end before it does count only if they were waited for. */
export async function measured(work: () => Promise<void>): Promise<Measured> {
  const cpu = cpuMs();
  const began = performance.now();
  await work();
  return { wallMs: performance.now() - began, cpuMs: cpuMs() - cpu };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
