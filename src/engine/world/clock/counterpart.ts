/**
 * The trace's clock as a counterpart: whoever sleeps is told that the time has passed, and it has.
 * Source: coreutils sleep (suffixes s, m, h, d; operands add up); Python's time.sleep.
 * Not modelled: `sleep infinity` never ends, so a dispatch that asks for it is stuck.
 */
import type { Counterpart, Draw } from '../../model/counterpart.ts';
import type { Answer } from '../../model/request.ts';
import type { ClockSlice } from './slice.ts';

const SUFFIX: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

function sleepMillis(operands: readonly string[]): number | string {
  if (operands.length === 0) return 'sleep: missing operand';
  let total = 0;
  for (const operand of operands) {
    const match = /^(\d*\.?\d+|\d+\.|inf|infinity)([smhd]?)$/.exec(operand);
    if (!match) return `sleep: invalid time interval ‘${operand}’`;
    const amount = match[1]?.startsWith('inf') ? Infinity : Number(match[1]);
    total += amount * (SUFFIX[match[2] ?? ''] ?? 1) * 1000;
  }
  return total;
}

function waited(draw: Draw<ClockSlice, object>, millis: number): Answer {
  const until = draw.asked + Math.ceil(millis);
  if (millis === Infinity) return { kind: 'wait', until: null };
  return draw.now >= until ? { kind: 'reply', code: 0, out: '' } : { kind: 'wait', until };
}

export const clock: Counterpart<'clock', ClockSlice> = {
  name: 'clock',
  channels: () => [
    { kind: 'commands', channel: 'clock', names: ['sleep'] },
    { kind: 'calls', channel: 'clock', names: ['sleep', 'now'] },
  ],
  handle(draw, request) {
    if (request.kind === 'commands') {
      const millis = sleepMillis(request.argv.slice(1));
      if (typeof millis === 'number') return waited(draw, millis);
      return { kind: 'reply', code: 1, out: '', err: `${millis}\n` };
    }
    if (request.kind === 'calls' && request.name === 'sleep') {
      const seconds = Number(request.args[0]);
      return waited(draw, Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : Infinity);
    }
    if (request.kind === 'calls' && request.name === 'now') {
      return { kind: 'reply', code: 0, out: String(draw.now) };
    }
    return { kind: 'unsupported', what: `clock ${request.kind}` };
  },
};
