/** How an event ended, from what the server saw and from what cut it short; and why, in words. */
import { constants } from 'node:os';
import type { End } from '../model/outcome.ts';
import type { EndedFrame } from './control-frames.ts';
import type { RunningEvent } from './running-event.ts';

const MIB = 1 << 20;

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found ? found[0] : `signal ${number}`;
}

function sizeText(bytes: number): string {
  return bytes % MIB === 0 ? `${bytes / MIB} MiB` : `${bytes} bytes`;
}

/** What cut the event short wins over how its program then died. */
export function endOf(event: RunningEvent, ended: EndedFrame | null): End {
  const { limits } = event.job;
  const cut = event.cutBy();
  if (cut) return cut;
  if (!ended) return { kind: 'not-started', reason: 'the sandbox ended' };
  if (ended.tooLarge) return { kind: 'limit', of: 'files', allowed: sizeText(limits.files) };
  switch (ended.how) {
    case 'exit':
      return { kind: 'exited', code: ended.code ?? 0 };
    case 'signal':
      return { kind: 'killed', signal: signalName(ended.signal ?? 0) };
    case 'killed':
      return { kind: 'killed', signal: 'SIGKILL' };
    case 'memory':
      return { kind: 'limit', of: 'memory', allowed: sizeText(limits.memory) };
    case 'processes':
      return { kind: 'limit', of: 'processes', allowed: String(limits.processes) };
    case 'outside':
      return { kind: 'outside', path: ended.reason ?? '' };
    case 'missing':
      return { kind: 'missing' };
    case 'not-started':
      return { kind: 'not-started', reason: ended.reason ?? 'it could not be started' };
  }
}

/**
 * The exception that ended a Python charm, or the last thing said on stderr; empty for an event
 * that went well.
 */
export function reasonOf(event: RunningEvent, end: End): string {
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? '' : (event.raised() ?? lastWords(event.lastErrors));
    case 'killed':
      return lastWords(event.lastErrors);
    case 'limit':
      return `more than ${end.allowed} of ${end.of}`;
    case 'stuck':
      return `waits for ${end.on}`;
    case 'missing':
    case 'rebooted':
      return '';
    case 'outside':
      return `would write to ${end.path}, which is the host’s`;
    case 'died':
      return `the machine died at ${end.at}`;
    case 'not-started':
      return end.reason;
  }
}

/** A traceback's last line says what happened; otherwise the last three lines do. */
function lastWords(lines: readonly string[]): string {
  const said = lines.filter((line) => line.trim() !== '');
  const traceback = said.lastIndexOf('Traceback (most recent call last):');
  if (traceback >= 0) {
    const after = said.slice(traceback + 1).find((line) => !/^\s/.test(line));
    if (after !== undefined) return after;
  }
  return said.slice(-3).join('\n');
}
