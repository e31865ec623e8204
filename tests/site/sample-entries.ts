/** Entries of sample records, as dispatching would write them. */
import type { Json } from '../../src/engine/model/json.ts';
import type { Call, TraceEntry } from '../../src/engine/record/format.ts';

export const AT = Date.UTC(2024, 2, 5, 10, 0, 0);
/** An entry that does not know its place in the sequence yet. */
export type Loose = (seq: number) => TraceEntry;

export function sequence(...entries: readonly Loose[]): readonly TraceEntry[] {
  return entries.map((entry, at) => entry(at + 1));
}

type Told = { readonly out?: string; readonly code?: number; readonly err?: string };
export function command(
  argv: readonly string[],
  told: Told = {},
  effects: Call['effects'] = [],
): Loose {
  return (seq) => ({
    kind: 'call',
    seq,
    to: 'juju',
    at: AT,
    request: { kind: 'commands', argv },
    answer: {
      code: told.code ?? 0,
      ...(told.out ? { out: { text: told.out } } : {}),
      ...(told.err ? { err: told.err } : {}),
    },
    effects,
  });
}

export function pebble(
  { method, url, body }: { method: string; url: string; body?: string },
  { code = 200, out }: { code?: number; out: string },
  effects: Call['effects'] = [],
): Loose {
  return (seq) => ({
    kind: 'call',
    seq,
    to: 'pebble',
    at: AT,
    request: {
      kind: 'http',
      container: 'board',
      method,
      url,
      ...(body ? { body: { text: body } } : {}),
    },
    answer: { code, out: { text: out } },
    effects,
  });
}

export function log(
  level: string,
  message: string,
  from: 'juju-log' | 'stdout' | 'stderr' = 'juju-log',
): Loose {
  return (seq) => ({ kind: 'log', seq, level, from, message });
}

export function traced(what: 'emit' | 'observe' | 'defer' | 'raise' | 'sleep', data: Json): Loose {
  return (seq) => ({ kind: 'traced', seq, what, data });
}

/** The effect of a call that lands when the hook commits. */
export function onCommit(...path: readonly string[]): Call['effects'][number] {
  return { path, when: 'commit' };
}
export function atOnce(...path: readonly string[]): Call['effects'][number] {
  return { path, when: 'now' };
}
