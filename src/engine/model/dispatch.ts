/**
 * The seam between playing and the host: one event in, how it ended out. Nothing here decides anything about Juju.
 */
import type { Changes } from '../files/tree.ts';
import type { Blobs } from './counterpart.ts';
import type { Brought, Errand } from './errand.ts';
import type { Json } from './json.ts';
import type { End } from './outcome.ts';
import type { Channel, Millis, Reply, Request, RootChange, Sockets } from './request.ts';

/** Limits of one dispatch. Times are of the host's clock, sizes in bytes. */
export type Limits = {
  readonly seconds: number;
  readonly memory: number;
  readonly processes: number;
  readonly output: number;
  readonly calls: number;
  /** Of all files the charm may leave changed in its directory. */
  readonly files: number;
};

/**
 * `key`: another whenever the entries are others. By path without a leading slash, parents first. `listing`: the digest
 * of one, of more files that lie over these.
 */
export type Base = {
  readonly key: string;
  readonly listing?: string;
  readonly entries: Readonly<Record<string, RootChange>>;
};

/** A process of the machine that is simulated. */
export type SimulatedProcess = {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly user: string;
};
/** What became of the machine's simulated processes: first these end, then those begin. */
export type ProcessesChange = {
  readonly start: readonly SimulatedProcess[];
  readonly end: readonly number[];
};

/** One dispatch, wholly described: what it does depends on nothing else. */
export type Job = {
  /** `app/0`: decides the paths under /var/lib/juju. */
  readonly unit: string;
  /** `hooks/install` or `actions/backup`: Juju's JUJU_DISPATCH_PATH. */
  readonly path: string;
  /** The hook context's variables, PATH aside, which dispatch sets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly channels: readonly Channel[];
  /** What earlier dispatches changed in the charm directory. */
  readonly charmDir: Changes;
  /**
   * Folders outside the charm directory that are kept from event to event, by absolute path: what earlier dispatches
   * left in each, which began empty. Storage.
   */
  readonly folders: Readonly<Record<string, Changes>>;
  /** Files that are there when the event begins, by absolute path, read-only: digests. Resources. */
  readonly files: Readonly<Record<string, string>>;
  /** What earlier dispatches changed in the machine's root, over its base. Absent: nothing. */
  readonly root?: Changes;
  /** What the root began as, over the host's programs. Absent: a few files that programs cannot do without. */
  readonly base?: Base;
  /** Simulated processes of the machine, to be seen by the charm. Absent: it has no machine of its own. */
  readonly processes?: readonly SimulatedProcess[];
  readonly now: Millis;
  /** Seeds chance in the charm's process. Hex. */
  readonly seed: string;
  readonly machine: {
    readonly hostname: string;
    readonly cpus: number;
    readonly memoryMiB: number;
    /** As uname tells them. */
    readonly kernel: { readonly release: string; readonly version: string };
  };
  readonly limits: Limits;
  /** A shell on the stage's terminal is run in place of the charm's program. */
  readonly terminal?: true;
};

/**
 * The reply to send, with the trace's time after it and what open websockets come to; or how the dispatch ends, with
 * everything of it killed. `processes`: what became of simulated ones, which the charm sees before it has the reply.
 */
export type Heard =
  | {
      readonly reply: Reply;
      readonly now: Millis;
      readonly sockets?: Sockets;
      readonly processes?: ProcessesChange;
    }
  /** The request is to be asked again with what is found at these paths (`Answer`). */
  | { readonly look: readonly string[] }
  /** Nothing else is asked until what this wants is brought; with that it is heard on. */
  | { readonly errand: Errand; readonly bring: (brought: Brought) => Heard }
  | { readonly end: End };

/** What play does for a running dispatch: answer requests in order of arrival, and take notes. */
export type Listener = {
  ask(request: Request): Heard;
  /** A whole line of the program's stdout or stderr. */
  line(stream: 'stdout' | 'stderr', text: string): void;
  traced(what: 'emit' | 'observe' | 'defer' | 'raise', data: Json): void;
};

export type Ended = {
  readonly end: End;
  /** Last lines of a traceback or of stderr, in words for the node's page; empty when there is nothing to say. */
  readonly reason: string;
  /** The charm directory against its source, whole: earlier changes included. */
  readonly charmDir: Changes;
  /** Each of the job's folders, whole. */
  readonly folders: Readonly<Record<string, Changes>>;
  /** The machine's root over its base, whole; absent where none was kept. */
  readonly root?: Changes;
  /** Daemons that the charm's program started and left behind; they were ended. Absent: none. */
  readonly left?: readonly SimulatedProcess[];
};

/** Where contents are kept, and the limits of what is run. */
export type Sending = { readonly blobs: Blobs; readonly limits: Limits };

/** A charm made ready to be dispatched: its source, its environment, its sandbox. */
export interface Stage extends AsyncDisposable {
  /** Another host, or another setting of this one, would play otherwise: what it played is not kept for later. */
  readonly makeshift?: true;
  dispatch(job: Job, listener: Listener, blobs: Blobs): Promise<Ended>;
  /** What the host is sent for while nothing is dispatched. */
  send(errand: Errand, sending: Sending): Promise<Brought>;
}
