/** Moments of the trace as Pebble writes them: RFC 3339, in UTC. */
import type { Millis } from '../../model/request.ts';

/** As in JSON: no fraction when there is none, no trailing zeros. */
export function momentText(at: Millis): string {
  return new Date(at).toISOString().replace(/\.?0+Z$/, 'Z');
}

/** To the second, as in task logs and file listings. */
export function secondText(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
