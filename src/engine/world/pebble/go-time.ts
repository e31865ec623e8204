/** Moments of the trace as Pebble writes them: RFC 3339, in UTC. */
import type { Millis } from '../../model/request.ts';

const FINER = 1000;

/** The moment to the millionth of a second, which is as fine as they are kept. */
export function micro(at: Millis): Millis {
  return Math.round(at * FINER) / FINER;
}

/** As in JSON: no fraction when there is none, no trailing zeros. */
export function momentText(at: Millis): string {
  const whole = Math.floor(micro(at));
  const micros = String(Math.round((micro(at) - whole) * FINER)).padStart(3, '0');
  return new Date(whole)
    .toISOString()
    .replace('Z', `${micros}Z`)
    .replace(/\.?0+Z$/, 'Z');
}

/** The moment that a text in RFC 3339 tells, to the millionth; NaN when it tells none. */
export function parseMoment(text: string): Millis {
  const [, micros = ''] = /\.\d{3}(\d{1,3})/.exec(text) ?? [];
  return micro(Date.parse(text) + Number(micros.padEnd(3, '0')) / FINER);
}

/** To the second, as in task logs and file listings. */
export function secondText(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
