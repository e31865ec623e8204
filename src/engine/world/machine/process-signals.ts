/**
 * What becomes of a simulated process that gets a signal or ends: its unit learns of it as the manager would.
 * Source: signal(7), systemd.service(5) (Restart=).
 * A process is taken to have a use for SIGHUP, SIGUSR1 and SIGUSR2; what Linux itself makes nothing of is nothing.
 * Not modelled: a process that is stopped; it is told, and goes on.
 */
import * as life from './systemd-life.ts';
import type { Life } from './systemd-life.ts';
import { isKnownSignal, type EndOfProcess } from './systemd-words.ts';

const HARMLESS = [
  'HUP',
  'USR1',
  'USR2',
  'CHLD',
  'CONT',
  'URG',
  'WINCH',
  'STOP',
  'TSTP',
  'TTIN',
  'TTOU',
];

/** The process has ended. */
export function processEnded(being: Life, pid: number, end: EndOfProcess): void {
  const one = being.processes[pid];
  if (!one) return;
  if (one.unit !== null && life.unitOf(being, one.unit).mainPid === pid) {
    life.mainExited(being, one.unit, end);
    return;
  }
  const { [pid]: _gone, ...left } = being.processes;
  being.processes = left;
}

/** `signal` without SIG. False: there is no such process, or no such signal. */
export function processSignalled(being: Life, pid: number, signal: string): boolean {
  const one = being.processes[pid];
  if (!one || !isKnownSignal(signal)) return false;
  if (!HARMLESS.includes(signal)) {
    processEnded(being, pid, { signal });
    return true;
  }
  const heard = { ...one, signals: [...one.signals, `SIG${signal}`] };
  being.processes = { ...being.processes, [pid]: heard };
  return true;
}
