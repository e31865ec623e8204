/** A fan-out as its author wrote it: which events, and how far on. Which there are depends on the State. */
import type { Position } from '../model/mistake.ts';
import type { DeltaSpec } from './definition.ts';

export type FanOptions = {
  /** How many events one after another; 1 as usual. */
  readonly depth: number;
  /** Names of events, in which `*` stands for anything, and kinds of events. Absent: all. */
  readonly only?: readonly string[];
  readonly except: readonly string[];
  /** Whether nothing follows a state that is equal by meaning to an earlier one. */
  readonly merge: boolean;
  /** More nodes than this are a mistake. */
  readonly most: number;
  readonly name: string;
  readonly about?: string;
};
/** `id`: what the ids of its nodes begin with: `lifecycle/ready/fan-out`. */
export type FanDefinition = FanOptions & {
  readonly id: string;
  readonly parent: string;
  /** How many of the definition's nodes come before it in tree order. */
  readonly after: number;
  readonly branch: readonly string[];
  readonly deltas: readonly DeltaSpec[];
  readonly at: Position;
};
