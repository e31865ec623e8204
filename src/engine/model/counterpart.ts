/**
 * A counterpart is whoever the charm talks to: Juju, Pebble, the machine, the clock. It owns one slice of State.
 * `handle` is synchronous and total and does no I/O; bytes are kept by digest in the store it is handed.
 */
import type { Draft } from 'immer';
import type { Charm } from './charm.ts';
import type { Brought, Errand } from './errand.ts';
import type { Event } from './event.ts';
import type { End, Problem } from './outcome.ts';
import type { Answer, Channel, Millis, Request, Sockets } from './request.ts';

/** Contents by digest (`sha256:…`). `get` throws for a digest that was never put: that is a bug of ours. */
export interface Blobs {
  put(bytes: Uint8Array): string;
  get(digest: string): Uint8Array;
}

/** One slice during one dispatch: exit 0 keeps `seen`, anything else keeps what was set at once. */
export interface Draw<Slice, Others> {
  readonly seen: Slice;
  readonly others: Others;
  readonly now: Millis;
  /** When the request arrived: earlier than `now` once the answer has been waited for. */
  readonly asked: Millis;
  readonly blobs: Blobs;
  /** The event being dispatched. */
  readonly event: Event;
  readonly charm: Charm;
  /** Immediate: stays whatever the hook's end. `change` mutates a draft of the slice. */
  set(change: (slice: Draft<Slice>) => void): void;
  /** Buffered: lands on exit 0, is dropped otherwise. */
  buffer(change: (slice: Draft<Slice>) => void): void;
}

/** How a dispatch ended. `committed` is false after anything but exit 0, and when the controller refused. */
export type Closing = {
  readonly event: Event;
  readonly end: End;
  readonly committed: boolean;
  /** Why the controller refused. */
  readonly refused: readonly Problem[];
  /** What the program printed, in whole lines. */
  readonly said: { readonly stdout: string; readonly stderr: string };
  readonly charm: Charm;
  readonly now: Millis;
};

export type Come = { readonly at: Millis; readonly blobs: Blobs };

export interface Counterpart<Name extends string, Slice, Others = object> {
  readonly name: Name;
  channels(slice: Slice, charm: Charm): readonly Channel[];
  handle(draw: Draw<Slice, Others>, request: Request): Answer;
  /** What is written before the hook starts. */
  open?(slice: Slice, event: Event, charm: Charm, now: Millis): Slice;
  /** What is written when it has ended. */
  close?(slice: Slice, at: Closing): Slice;
  /** The earliest moment at which something happens by itself, or null. */
  due?(slice: Slice): Millis | null;
  /** Lets happen whatever is due by `to`. */
  advance?(slice: Slice, to: Millis): Slice;
  /** What the host is sent for before anything else happens, or null. */
  errand?(slice: Slice, at: Come): Errand | null;
  /** Takes what it was sent for. Answers what is not simulated of it, by name. */
  brought?(slice: Draft<Slice>, errand: Errand, brought: Brought, at: Come): string | null;
  /** What open websockets come to, and the slice without the frames that are sent; null: none is open. */
  sockets?(slice: Slice): { readonly told: Sockets; readonly slice: Slice } | null;
}
