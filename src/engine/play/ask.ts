/**
 * How a request finds its counterpart and gets an answer: waits move the trace's clock to whatever comes next,
 * and what is not simulated is refused by name.
 */
import type { Blobs, Come } from '../model/counterpart.ts';
import type { Charm } from '../model/charm.ts';
import type { Brought, Errand } from '../model/errand.ts';
import type { Event } from '../model/event.ts';
import type { End, Unmet } from '../model/outcome.ts';
import type { Answer, Channel, Millis, Reply, Request, Sockets } from '../model/request.ts';
import { notSimulated } from '../world/juju/counterpart.ts';
import type { SliceName, State } from '../world/state.ts';
import { SLICES, WORLD } from '../world/table.ts';
import { buffer, replaceSlice, setNow, type Effect, type Transaction } from './transaction.ts';

/** What a dispatch knows besides its state. */
export type Asking = {
  readonly transaction: Transaction;
  /** Told of what an errand found not to be simulated. */
  readonly miss: (what: string) => void;
  readonly event: Event;
  readonly charm: Charm;
  readonly blobs: Blobs;
};
/** `ended`: the dispatch is over; stuck, when nothing that could end the wait will ever happen. */
export type Asked =
  | {
      readonly kind: 'answered';
      readonly to: SliceName;
      readonly reply: Reply;
      readonly effects: readonly Effect[];
      readonly unmet: Unmet | null;
    }
  /** To be asked again with what is at these paths. */
  | { readonly kind: 'look'; readonly paths: readonly string[] }
  /** The host is sent for something; with that it goes on. */
  | {
      readonly kind: 'errand';
      readonly errand: Errand;
      readonly bring: (brought: Brought) => Asked;
    }
  | { readonly kind: 'ended'; readonly end: End };
type Settled = Exclude<Asked, { kind: 'errand' }>;
/** What needs the host now and then before it is settled. */
type Course<Result> = Generator<Errand, Result, Brought>;

const WAITS_MAX = 100_000;

/** All channels of a state, each with the slice that answers it. */
export function channelsOf(
  state: State,
  charm: Charm,
): readonly (Channel & { readonly slice: SliceName })[] {
  return SLICES.flatMap((slice) => {
    const counterpart = WORLD[slice] as unknown as {
      channels(own: unknown, charm: Charm): readonly Channel[];
    };
    return counterpart.channels(state[slice], charm).map((channel) => ({ ...channel, slice }));
  });
}

/** The slice that answers a request. */
export function answerer(request: Request): SliceName {
  if (request.kind === 'http' && request.channel === 'snapd') return 'machine';
  if (request.kind === 'http' || request.kind === 'websocket') return 'pebble';
  if (request.kind === 'rest') return 'clock';
  const found = SLICES.find((slice) => slice === request.channel);
  if (!found) throw new Error(`no counterpart has the channel ${request.channel}`);
  return found;
}

function handle(asking: Asking, slice: SliceName, request: Request, asked: Millis): Answer {
  const { transaction, event, charm, blobs } = asking;
  const counterpart = WORLD[slice] as unknown as {
    handle(draw: unknown, request: Request): Answer;
  };
  const draw = {
    seen: transaction.seen[slice],
    others: transaction.seen,
    now: transaction.seen.clock.now,
    asked,
    blobs,
    event,
    charm,
    set: (change: () => void) => setNow(transaction, slice, change),
    buffer: (change: () => void) => buffer(transaction, slice, change),
  };
  return counterpart.handle(draw, request);
}

function earliest(moments: readonly (Millis | null | undefined)[]): Millis | null {
  const known = moments.filter((moment) => moment !== null && moment !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}

/** Moves the clock and lets happen, in every slice, what was due by then. */
function moveTo(transaction: Transaction, moment: Millis): void {
  for (const slice of SLICES) {
    const counterpart = WORLD[slice] as unknown as { advance?(own: unknown, to: Millis): never };
    if (!counterpart.advance) continue;
    replaceSlice(transaction, slice, (own) => counterpart.advance?.(own, moment) ?? own);
  }
  replaceSlice(transaction, 'clock', (own) => ({ ...own, now: Math.max(own.now, moment) }));
}

function due(state: State): Millis | null {
  return earliest(
    SLICES.map((slice) => {
      const counterpart = WORLD[slice] as unknown as { due?(own: unknown): Millis | null };
      return counterpart.due?.(state[slice]);
    }),
  );
}

/** What open websockets come to. Frames that are sent leave the state. */
export function takeSockets(transaction: Transaction): Sockets | null {
  for (const slice of SLICES) {
    const counterpart = WORLD[slice] as unknown as {
      sockets?(own: unknown): { readonly told: Sockets; readonly slice: never } | null;
    };
    const taken = counterpart.sockets?.(transaction.seen[slice]);
    if (!taken) continue;
    replaceSlice(transaction, slice, (own) => counterpart.sockets?.(own)?.slice ?? own);
    return taken.told;
  }
  return null;
}

/** The charm's program has ended, and with it every websocket of its. */
export function hangUp(asking: Asking): void {
  for (const socket of takeSockets(asking.transaction)?.open ?? []) {
    handleNow(asking, { kind: 'websocket', ...socket, frame: { closed: null } });
  }
  takeSockets(asking.transaction);
}

function handleNow(asking: Asking, request: Request): void {
  handle(asking, answerer(request), request, asking.transaction.seen.clock.now);
}

/** What some counterpart wants the host for, and its slice; null when none does. */
function errandOf({ transaction, blobs }: Asking): { errand: Errand; slice: SliceName } | null {
  const at = { at: transaction.seen.clock.now, blobs };
  for (const slice of SLICES) {
    const counterpart = WORLD[slice] as unknown as {
      errand?(own: unknown, at: Come): Errand | null;
    };
    const errand = counterpart.errand?.(transaction.seen[slice], at);
    if (errand) return { errand, slice };
  }
  return null;
}

function take(asking: Asking, slice: SliceName, [errand, brought]: [Errand, Brought]): void {
  const { transaction, blobs, miss } = asking;
  const counterpart = WORLD[slice] as unknown as {
    brought(own: unknown, errand: Errand, brought: Brought, at: Come): string | null;
  };
  const at = { at: transaction.seen.clock.now, blobs };
  let what: string | null = null;
  setNow(transaction, slice, (own) => {
    what = counterpart.brought(own, errand, brought, at);
  });
  if (what !== null) miss(what);
}

/** Sends the host for all that is wanted of it. Answers whether anything was. */
export function* errands(asking: Asking): Course<boolean> {
  let sent = false;
  for (let next = errandOf(asking); next; next = errandOf(asking)) {
    take(asking, next.slice, [next.errand, yield next.errand]);
    sent = true;
  }
  return sent;
}

function step(course: Course<Settled>, brought?: Brought): Asked {
  const { done, value } = brought ? course.next(brought) : course.next();
  if (done) return value;
  return { kind: 'errand', errand: value, bring: (next) => step(course, next) };
}

/** Every process waits for a websocket: whatever is due next happens. */
function* rest(asking: Asking): Course<Settled> {
  const { transaction } = asking;
  const next = due(transaction.seen);
  if (next !== null) moveTo(transaction, next);
  yield* errands(asking);
  const reply: Reply = { kind: 'reply', code: 0, out: '' };
  return { kind: 'answered', to: 'clock', reply, effects: [], unmet: null };
}

function refusal(request: Request, what: string): Reply {
  if (request.kind !== 'http') return notSimulated(what) as Reply;
  const result = { message: `playbill: ${what} is not simulated` };
  return {
    kind: 'reply',
    code: 501,
    out: JSON.stringify({ type: 'error', 'status-code': 501, status: 'Not Implemented', result }),
    headers: { 'content-type': 'application/json' },
  };
}

/** Asks until there is an answer. Time moves only here, and only when someone waits. */
export function askWorld(asking: Asking, request: Request): Asked {
  return step(request.kind === 'rest' ? rest(asking) : asked(asking, request));
}

function* asked(asking: Asking, request: Request): Course<Settled> {
  const { transaction } = asking;
  const slice = answerer(request);
  const since = transaction.seen.clock.now;
  transaction.effects = [];
  for (let turn = 0; turn < WAITS_MAX; turn += 1) {
    const answer = handle(asking, slice, request, since);
    const sent = yield* errands(asking);
    if (answer.kind === 'end') return { kind: 'ended', end: answer.end };
    if (answer.kind === 'look') return answer;
    if (answer.kind !== 'wait') return answered(transaction, { slice, request, answer });
    // What was brought may be what it waits for.
    if (sent) continue;
    const next = earliest([answer.until, due(transaction.seen)]);
    if (next === null) return stuck(request);
    moveTo(transaction, next);
    yield* errands(asking);
  }
  return stuck(request);
}

function stuck(request: Request): Settled {
  return { kind: 'ended', end: { kind: 'stuck', on: requestText(request) } };
}

function answered(
  transaction: Transaction,
  {
    slice,
    request,
    answer,
  }: {
    slice: SliceName;
    request: Request;
    answer: Exclude<Answer, { kind: 'wait' | 'look' | 'end' }>;
  },
): Settled {
  const effects = transaction.effects;
  if (answer.kind === 'reply')
    return { kind: 'answered', to: slice, reply: answer, effects, unmet: null };
  const unmet = { what: answer.what, ...(answer.rule === undefined ? {} : { rule: answer.rule }) };
  return { kind: 'answered', to: slice, reply: refusal(request, answer.what), effects, unmet };
}

/** One line that names a request, for messages. */
export function requestText(request: Request): string {
  switch (request.kind) {
    case 'commands':
      return request.argv.join(' ');
    case 'http':
      return `${request.method} ${request.url} of ${request.channel}`;
    case 'websocket':
      return `websocket ${request.socket} of ${request.channel}`;
    case 'rest':
      return 'a websocket';
    case 'calls':
      return `${request.name}(${request.args.map((arg) => JSON.stringify(arg)).join(', ')})`;
  }
}
