/**
 * Simulated processes as the charm's event sees them, and what becomes of one that it sends a signal.
 * A daemon that ends because it was asked to takes its pid file away, as most do.
 * Source: kill(2), signal(7).
 * Not modelled: a stopped process, real-time signals, connections to ports that a process listens on: those are
 * refused.
 */
import type { Answer, CallRequest, Millis } from '../../model/request.ts';
import type { ProcessesChange, SimulatedProcess } from '../../model/dispatch.ts';
import { processSignalled } from './process-signals.ts';
import { reply, type MachineDraw } from './program.ts';
import type { MachineSlice } from './slice.ts';
import { lifeOf } from './systemd-life.ts';
import { keepLife } from './systemd-manager.ts';
import { isKnownSignal } from './systemd-words.ts';
import type { Process } from './unit-slice.ts';

type Having = Pick<MachineSlice, 'processes'>;

function shown([pid, { argv, user }]: readonly [string, Process]): SimulatedProcess {
  return { pid: Number(pid), argv, user };
}

export function simulated({ processes = {} }: Having): readonly SimulatedProcess[] {
  return Object.entries(processes).map(shown);
}

/** What there is to be seen of the difference, or null. */
export function processesChanged(before: Having, after: Having): ProcessesChange | null {
  const { processes: old = {} } = before;
  const { processes: fresh = {} } = after;
  if (old === fresh) return null;
  const end = Object.keys(old).filter((pid) => !Object.hasOwn(fresh, pid));
  const start = Object.entries(fresh).filter(([pid]) => !Object.hasOwn(old, pid));
  if (start.length + end.length === 0) return null;
  return { start: start.map(shown), end: end.map(Number) };
}

/** The machine with daemons that the charm itself started and left behind. */
export function withLeft<Slice extends Having>(
  machine: Slice,
  left: readonly SimulatedProcess[],
  now: Millis,
): Slice {
  if (left.length === 0) return machine;
  const made = left.map(({ pid, argv, user }): [string, Process] => [
    String(pid),
    { argv, user, unit: null, listens: [], signals: [], started: now },
  ]);
  return { ...machine, processes: { ...machine.processes, ...Object.fromEntries(made) } };
}

const ASKED_TO_END = ['TERM', 'INT', 'QUIT'];

/** A signal that a process of the charm sends to a simulated one. */
export function signal(draw: MachineDraw, { args: [pid, name] }: CallRequest): Answer {
  const bare = String(name).replace(/^SIG/, '');
  if (!isKnownSignal(bare)) return { kind: 'unsupported', what: `signal ${String(name)}` };
  const being = lifeOf(draw.seen, draw.now);
  const one = being.processes[Number(pid)];
  if (!one || !processSignalled(being, Number(pid), bare)) return reply(0);
  keepLife(draw, being);
  const gone = being.processes[Number(pid)] === undefined && ASKED_TO_END.includes(bare);
  const { pidFile } = one;
  return reply(0, '', '', gone && pidFile ? { [pidFile]: { kind: 'removed' } } : {});
}
