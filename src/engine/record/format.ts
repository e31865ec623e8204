/**
 * The published record format. One JSON file per node, `records/<node id>.json`, and `records/index.json`.
 * A file changes only if behaviour did: no cache key, engine version, duration or host path is in it.
 * File contents are in `records/blobs/<sha256 hex>`, each once, when a page shows them.
 */
import type { Event } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import type { Fault } from '../model/fault.ts';
import type { Outcome, Problem, Unmet } from '../model/outcome.ts';
import type { Millis } from '../model/request.ts';
import type { SliceName, State } from '../world/state.ts';

export const FORMAT = 1;

/** One changed value. `path` leads through the slice; `before` or `after` is absent where there was or is nothing. */
export type ValueChange = {
  readonly path: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
};
export type SliceChanges = { readonly [Name in SliceName]?: readonly ValueChange[] };

/** Text that came from the charm: as text when it is UTF-8 and short enough, else by digest. */
export type Text = { readonly text: string } | { readonly digest: string; readonly size: number };
export type RecordedRequest =
  | { readonly kind: 'commands'; readonly argv: readonly string[]; readonly stdin?: Text }
  | {
      readonly kind: 'http';
      readonly container: string;
      readonly method: string;
      readonly url: string;
      readonly body?: Text;
    }
  | { readonly kind: 'calls'; readonly name: string; readonly args: readonly Json[] };
export type RecordedAnswer = { readonly code: number; readonly out?: Text; readonly err?: string };

/**
 * A program that was executed in a container: what went over its websockets. `exit` is null when it did not end, or
 * never ran.
 */
export type RecordedExec = {
  readonly command: readonly string[];
  readonly stdin?: Text;
  readonly stdout?: Text;
  readonly stderr?: Text;
  readonly signalled?: readonly string[];
  /** It was really run, with the programs of the host that played it. */
  readonly real?: true;
  readonly exit: number | null;
};

/**
 * One request of the charm. `effects` is what it wrote, at once or when the hook commits; a path begins with the slice.
 */
export type Call = {
  readonly kind: 'call';
  readonly seq: number;
  readonly to: SliceName;
  /** Milliseconds on the trace's clock since the dispatch began. */
  readonly at: Millis;
  readonly request: RecordedRequest;
  readonly answer: RecordedAnswer;
  /** Of a request to execute a program. */
  readonly exec?: RecordedExec;
  readonly effects: readonly {
    readonly path: readonly string[];
    readonly when: 'now' | 'commit';
  }[];
};
/** A line the unit's log would have: from juju-log, or from the program's stdout (DEBUG) and stderr (WARNING). */
export type LogLine = {
  readonly kind: 'log';
  readonly seq: number;
  readonly level: string;
  readonly from: 'juju-log' | 'stdout' | 'stderr' | 'juju';
  readonly message: string;
};
/** What the tracer in the charm's process saw: an event emitted, an observer called, a deferral, an exception. */
export type Traced = {
  readonly kind: 'traced';
  readonly seq: number;
  readonly what: 'emit' | 'observe' | 'defer' | 'raise' | 'sleep';
  readonly data: Json;
};
/** Everything that happened in one dispatch, in one sequence. */
export type TraceEntry = Call | LogLine | Traced;

/** A change the author laid over the parent before the event. `spec` is what the tree file says. */
export type RecordedDelta = {
  readonly spec: Json;
  readonly about?: string;
  readonly changed: SliceChanges;
};

export type NodeRecord = {
  readonly format: typeof FORMAT;
  readonly id: string;
  readonly tree: string;
  readonly parent: string | null;
  /** The edge's name in the tree file; the root's is the tree's. */
  readonly edge: string;
  /** The named branches the node is under, outermost first. */
  readonly branch: readonly string[];
  readonly golden: boolean;
  readonly title?: string;
  readonly about?: string;
  readonly event: Event | null;
  /** In a fan-out: an earlier node whose State is equal by meaning, and which alone was followed. */
  readonly sameAs?: string;
  /** What the tree let go wrong in this dispatch. */
  readonly faults?: readonly Fault[];
  /** Set when the charm was swapped before the event: the new one, as its tree names it. */
  readonly upgrade?: string;
  /** Why Juju would not have delivered this event: played all the same, because the tree is permissive. */
  readonly irregular?: readonly Problem[];
  /** Played over files of the host that played it: elsewhere it may be another. */
  readonly host?: true;
  readonly deltas: readonly RecordedDelta[];
  readonly outcome: Outcome;
  readonly unmet: readonly Unmet[];
  /** What the tree's `expect` said and was not so; empty when all was, or nothing was expected. */
  readonly unexpected: readonly {
    readonly path: string;
    readonly expected: Json;
    readonly actual: Json;
  }[];
  /** Against the parent with its deltas. */
  readonly changed: SliceChanges;
  readonly entries: readonly TraceEntry[];
  /** A root carries the whole State. */
  readonly state?: State;
};

/** `records/index.json`: the shape of every tree, enough for lists and charts. */
export type IndexNode = {
  readonly id: string;
  readonly parent: string | null;
  readonly edge: string;
  readonly branch: readonly string[];
  readonly golden: boolean;
  readonly title?: string;
  /** The hook or action name; null for a root. */
  readonly event: string | null;
  readonly outcome: Outcome['kind'];
  readonly unmet: number;
  readonly unexpected: number;
  /** The unit's status as juju status would show it. */
  readonly status: { readonly status: string; readonly message: string };
  /** How many values changed against the parent. */
  readonly changes: number;
  readonly deltas: number;
  /** How many things the tree let go wrong in its dispatch. */
  readonly faults: number;
  /** How many rules of Juju the event breaks; it was played all the same. */
  readonly irregular: number;
  readonly host?: true;
  /** The charm it was upgraded to, as the tree names it. */
  readonly upgrade?: string;
  /** The node that stands for this one in a fan-out. */
  readonly sameAs?: string;
};
export type IndexTree = {
  readonly name: string;
  readonly title: string;
  readonly about?: string;
  readonly charm: string;
  /** The tree file, relative to the project. */
  readonly file: string;
  /** In tree order: parents before children, siblings as written. */
  readonly nodes: readonly IndexNode[];
};
export type IndexCharm = {
  readonly name: string;
  readonly title?: string;
  readonly summary?: string;
  /** The charm's folder or .charm, relative to the project. */
  readonly source: string;
  /** What a pack would contain, hashed. */
  readonly digest: string;
  /** The language it is in and where its environment came from, in words: `ops 3.9.0, from requirements.txt`. */
  readonly environment: string;
};
export type Index = {
  readonly format: typeof FORMAT;
  readonly charms: readonly IndexCharm[];
  readonly trees: readonly IndexTree[];
};
