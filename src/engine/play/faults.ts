/**
 * What a tree lets go wrong in one dispatch, request by request: nothing here knows what a command means.
 */
import type { Fault } from '../model/fault.ts';
import type { End } from '../model/outcome.ts';
import type { Reply, Request } from '../model/request.ts';

/** What meets a request before any counterpart does. */
export type Met =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'end'; readonly end: End }
  /** Leadership is gone; then the request is answered as usual. */
  | { readonly kind: 'leadership' };
export type Faults = { meet(request: Request): Met };

const NOTHING: Met = { kind: 'nothing' };

/** What a request counts as: a hook command by its name, a container's socket by the container's. */
function countedAs(request: Request): string {
  if (request.kind === 'commands') return `command ${request.argv[0] ?? ''}`;
  return request.kind === 'http' ? `pebble ${request.channel}` : 'call';
}

function isMet(fault: Fault, counted: string, times: number): boolean {
  if (fault.kind === 'commit') return false;
  if (fault.kind === 'pebble') {
    return counted === `pebble ${fault.container}` && times >= fault.nth;
  }
  return counted === `command ${fault.command}` && times === fault.nth;
}

function met(fault: Fault | undefined): Met {
  switch (fault?.kind) {
    case 'command': {
      const err = fault.stderr === '' || fault.stderr.endsWith('\n') ? '' : '\n';
      return {
        kind: 'reply',
        reply: { kind: 'reply', code: fault.code, out: '', err: `${fault.stderr}${err}` },
      };
    }
    case 'pebble':
      return { kind: 'reply', reply: { kind: 'reply', code: 0, out: '', hangUp: true } };
    case 'death':
      return { kind: 'end', end: { kind: 'died', at: fault.command } };
    case 'leadership':
      return { kind: 'leadership' };
    case 'commit':
    case undefined:
      return NOTHING;
  }
}

/** The faults of one dispatch, which begins to count anew. */
export function openFaults(faults: readonly Fault[]): Faults {
  const counts = new Map<string, number>();
  return {
    meet(request) {
      // A program that was told to look asks the same thing again.
      if (request.kind === 'commands' && request.found) return NOTHING;
      const counted = countedAs(request);
      const times = (counts.get(counted) ?? 0) + 1;
      counts.set(counted, times);
      return met(faults.find((fault) => isMet(fault, counted, times)));
    },
  };
}

/** Containers that cannot be reached from the first request on: they have no socket at all. */
export function unreachable(faults: readonly Fault[]): readonly string[] {
  return faults.flatMap((fault) =>
    fault.kind === 'pebble' && fault.nth <= 1 ? [fault.container] : [],
  );
}
