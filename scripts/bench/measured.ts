/** The machine's clocks around a piece of work: wall time, and CPU time of this process and those it waited for. */
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU milliseconds of children that have ended, from the kernel's accounting of this process. */
function childrenCpuMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / TICKS_PER_SECOND;
}

export type Measured = { readonly wallMs: number; readonly cpuMs: number };

/** Children must have ended when `work` is done, or their time does not count. */
export async function measured(work: () => Promise<void>): Promise<Measured> {
  const own = process.cpuUsage();
  const children = childrenCpuMs();
  const began = performance.now();
  await work();
  const wallMs = performance.now() - began;
  const used = process.cpuUsage(own);
  return { wallMs, cpuMs: (used.user + used.system) / 1000 + childrenCpuMs() - children };
}
