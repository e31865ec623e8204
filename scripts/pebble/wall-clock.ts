/**
 * One container's simulated Pebble on the host's clock: requests that wait are asked again when something has happened,
 * and what happens by itself does when its time has come.
 */
import type { Draft } from 'immer';
import type { Blobs, Draw } from '../../src/engine/model/counterpart.ts';
import type { Errand, Ran, RunErrand } from '../../src/engine/model/errand.ts';
import type { Charm } from '../../src/engine/model/charm.ts';
import type {
  Answer,
  HttpRequest,
  Millis,
  Reply,
  Request,
  Sockets,
  SocketFrame,
} from '../../src/engine/model/request.ts';
import { produce } from 'immer';
import { pebble } from '../../src/engine/world/pebble/counterpart.ts';
import type { Container, PebbleSlice } from '../../src/engine/world/pebble/slice.ts';

export const NAME = 'container';
/** What a program printed and wrote was told while it ran. */
const NOTHING_MORE = { stdout: new Uint8Array(), stderr: new Uint8Array(), changes: {} } as const;
const LONGEST: Millis = 2 ** 31 - 1;

/** A charm that has the container and nothing else. */
const CHARM: Charm = {
  name: 'pebble',
  subordinate: false,
  endpoints: {},
  containers: { [NAME]: { mounts: [] } },
  config: {},
  actions: {},
  storage: {},
  resources: {},
  extraBindings: [],
  kubernetes: true,
  written: {},
};

export type Surroundings = {
  readonly blobs: Blobs;
  /** What the host makes of the container just before something is asked of it or happens in it. */
  readonly prepare: (container: Container, request: HttpRequest | null) => Container;
  /** When the host has to prepare the container next, or null. */
  readonly next: (container: Container) => Millis | null;
  /** A service has shut Pebble down. */
  readonly over: () => void;
  /** Frames that are to be sent. */
  readonly send: (frames: Sockets['frames']) => void;
  /** Something has happened, of which something may come on the host. */
  readonly follow?: (pebble: WallClockPebble) => void;
};
type Waiting = {
  readonly request: HttpRequest;
  readonly asked: Millis;
  readonly until: Millis | null;
  readonly reply: (reply: Reply) => void;
};

function refusal(what: string): Reply {
  const result = { message: `playbill: ${what} is not simulated` };
  return {
    kind: 'reply',
    code: 501,
    out: JSON.stringify({ type: 'error', 'status-code': 501, status: 'Not Implemented', result }),
    headers: { 'content-type': 'application/json' },
  };
}

/** A Pebble that lives as long as the process does. */
export class WallClockPebble {
  private slice: PebbleSlice;
  private readonly around: Surroundings;
  private waiting: readonly Waiting[] = [];
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(container: Container, around: Surroundings) {
    this.around = around;
    this.slice = { containers: { [NAME]: container } };
    const event = { kind: 'pebble-ready', container: NAME } as const;
    this.prepare(null);
    this.slice = pebble.open?.(this.slice, event, CHARM, Date.now()) ?? this.slice;
    this.settle();
  }

  get container(): Container {
    return this.slice.containers[NAME]!;
  }

  /** The reply, once there is one. */
  ask(request: HttpRequest): Promise<Reply> {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.prepare(request);
    const asked = this.pass();
    this.answer({ request, asked, until: null, reply: resolve });
    this.settle();
    return promise;
  }

  /** A frame came on a websocket, or it is gone. */
  came(socket: string, frame: SocketFrame): void {
    this.pass();
    const now = Date.now();
    this.handle({ kind: 'websocket', channel: NAME, socket, frame }, now);
    this.settle();
  }

  /** The host has found something out. */
  tick(): void {
    this.prepare(null);
    this.pass();
    this.settle();
  }

  /** Something happens in the container now. */
  happens(work: (container: Draft<Container>, at: Millis) => void): void {
    const at = this.pass();
    this.change((container) => work(container, at));
    this.settle();
  }

  /** Changes what nobody is told of. */
  change(work: (container: Draft<Container>) => void): void {
    this.slice = produce(this.slice, ({ containers }) => work(containers[NAME]!));
  }

  /** A program that is to be run, or null. */
  errand(): Errand | null {
    const { blobs } = this.around;
    return pebble.errand?.(this.slice, { at: Date.now(), blobs }) ?? null;
  }

  /** A program has ended. */
  brought(errand: RunErrand, ran: Ran): void {
    const { blobs } = this.around;
    this.happens((container, at) => {
      const slice = { containers: { [NAME]: container } };
      pebble.brought?.(slice, errand, { kind: 'ran', ran, ...NOTHING_MORE }, { at, blobs });
    });
  }

  /** Nothing happens any more: what ends with the host does not count. */
  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Lets happen whatever is due by now, one moment after the other. */
  private pass(): Millis {
    const now = Date.now();
    for (let next = this.due(); next !== null && next <= now; next = this.due()) {
      this.prepare(null);
      const before = this.slice;
      this.slice = pebble.advance?.(this.slice, next) ?? this.slice;
      if (this.slice === before) break;
    }
    this.slice = pebble.advance?.(this.slice, now) ?? this.slice;
    return now;
  }

  private due(): Millis | null {
    return pebble.due?.(this.slice) ?? null;
  }

  private prepare(request: HttpRequest | null): void {
    const container = this.around.prepare(this.container, request);
    this.slice = { containers: { [NAME]: container } };
  }

  private handle(request: Request, asked: Millis): Answer {
    const set = (change: (slice: Draft<PebbleSlice>) => void): void => {
      this.slice = produce(this.slice, change);
    };
    const draw: Draw<PebbleSlice, object> = {
      seen: this.slice,
      others: {},
      now: Date.now(),
      asked,
      blobs: this.around.blobs,
      event: { kind: 'pebble-ready', container: NAME },
      charm: CHARM,
      set,
      buffer: set,
    };
    return pebble.handle(draw, request);
  }

  private answer(one: Waiting): void {
    const answer = this.handle(one.request, one.asked);
    if (answer.kind === 'wait') {
      this.waiting = [...this.waiting, { ...one, until: answer.until }];
    } else if (answer.kind === 'reply') one.reply(answer);
    else one.reply(refusal(answer.kind === 'unsupported' ? answer.what : 'such an end'));
  }

  /** Asks again what waits, sends what is to be sent, and sets the clock for what comes next. */
  private settle(): void {
    if (this.stopped) return;
    const all = this.waiting;
    this.waiting = [];
    for (const one of all) this.answer(one);
    this.around.follow?.(this);
    const open = pebble.sockets?.(this.slice) ?? null;
    if (open) {
      this.slice = open.slice;
      this.around.send(open.told.frames);
    }
    if (!this.container.canConnect) this.around.over();
    this.schedule();
  }

  private schedule(): void {
    if (this.timer) clearTimeout(this.timer);
    const untils = this.waiting.map(({ until }) => until);
    const moments = [this.due(), this.around.next(this.container), ...untils].filter(
      (moment) => moment !== null,
    );
    if (moments.length === 0) return;
    const wait = Math.ceil(Math.min(...moments) - Date.now());
    this.timer = setTimeout(() => this.tick(), Math.min(Math.max(wait, 0), LONGEST));
  }
}
