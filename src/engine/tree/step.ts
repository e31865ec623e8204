/** A tree's steps as read, before they are grown into nodes: events, deltas, branches and fan-outs as written. */
import type { Position } from '../model/mistake.ts';
import type { DeltaSpec, EventSpec, Expect } from './definition.ts';
import type { FanOptions } from './fan.ts';

export type EventStep = {
  readonly kind: 'event';
  readonly event: EventSpec;
  /** The edge's name, a slug. */
  readonly edge: string;
  /** The node's name in its tree, where ids begin anew. */
  readonly as?: string;
  readonly title?: string;
  readonly about?: string;
  readonly expect?: Expect;
  /** The charm is swapped for this one before the event. */
  readonly upgrade?: string;
};
export type DeltaStep = { readonly kind: 'delta'; readonly delta: DeltaSpec };
export type Branch = {
  readonly slug: string;
  readonly title: string;
  readonly about?: string;
  readonly golden: boolean;
  readonly steps: readonly Step[];
  readonly at: Position;
};
export type BranchStep = { readonly kind: 'branch'; readonly branches: readonly Branch[] };
/** Traces that part from here and go by their first events, without names of their own. */
export type EachStep = { readonly kind: 'each'; readonly traces: readonly (readonly Step[])[] };
/** Every event that Juju could deliver from here, which only playing finds out. */
export type FanStep = { readonly kind: 'fan-out'; readonly fan: FanOptions; readonly at: Position };
/** A step that could not be read, which has been reported: it stands for the event it may have been. */
export type UnreadStep = { readonly kind: 'unread' };
export type Step = EventStep | DeltaStep | BranchStep | EachStep | FanStep | UnreadStep;
