/**
 * The control protocol with the server in the sandbox: one JSON object a line. control.py is its
 * other side. A new shape is a new `PROTOCOL`; another one is refused when the sandbox starts.
 */
import type { Job, ProcessesChange, SimulatedProcess } from '../model/dispatch.ts';
import type { WireRoot } from './root-changes.ts';
import type { RootFrame } from './root-layers.ts';

export const PROTOCOL = 7;

/** Whom a file belongs to, where that is not root. */
type Owned = { readonly user?: string; readonly group?: string };
/** A change of the charm directory on the wire: contents inline, as base64. */
export type WireChange =
  | (Owned & { readonly kind: 'file'; readonly mode: number; readonly data: string })
  | (Owned & { readonly kind: 'link'; readonly mode: number; readonly target: string })
  | (Owned & { readonly kind: 'dir'; readonly mode: number })
  | { readonly kind: 'removed' };
export type WireChanges = Readonly<Record<string, WireChange>>;

/** One event, as the server needs it. `start` is the trace's time in milliseconds. */
export type ForkFrame = {
  readonly kind: 'fork';
  readonly unit: string;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Hook commands, and programs of the machine that are nowhere but on PATH: by which client each asks. */
  readonly commands: readonly string[];
  readonly programs: readonly string[];
  readonly containers: readonly string[];
  /** Whether the machine has a snapd. */
  readonly snapd: boolean;
  readonly charmDir: WireChanges;
  /** Folders kept from event to event, and files that are there, by absolute path. */
  readonly folders: Readonly<Record<string, WireChanges>>;
  readonly files: Readonly<Record<string, string>>;
  readonly root: RootFrame;
  readonly processes?: Job['processes'];
  readonly start: number;
  readonly seed: string;
  readonly machine: Job['machine'];
  readonly limits: Pick<Job['limits'], 'memory' | 'processes' | 'files'>;
  /** A shell is run on the stage's terminal in place of the charm's program. */
  readonly terminal?: true;
};
export type KillFrame = { readonly kind: 'kill' };
/** What becomes of the machine's root while an event lasts: path, words and base64 of each change. */
export type ChangesFrame = {
  readonly kind: 'root';
  readonly changes: readonly (readonly [string, string, string])[];
};
/** What becomes of simulated processes while an event lasts. */
export type ProcessesFrame = ProcessesChange & { readonly kind: 'processes' };
/** A signal was heard of, and what came of it is done: the call that sent it returns. */
export type SignalledFrame = { readonly kind: 'signalled'; readonly number: number };
/** `refused`: why a change could not be made; those before it were. */
export type RootedFrame = { readonly kind: 'rooted' | 'staged'; readonly refused: string | null };
/** A process of the charm sends a signal to a simulated one, and waits. `number`: of the call; `signal`: as SIGTERM. */
export type SignalFrame = {
  readonly kind: 'signal';
  readonly number: number;
  readonly pid: number;
  readonly signal: string;
};

/**
 * `how` it ended: `signal` and `code` say more; `killed` was asked for; the rest are the server's
 * own limits.
 */
export type EndedFrame = {
  readonly kind: 'ended';
  readonly how:
    'exit' | 'signal' | 'killed' | 'memory' | 'processes' | 'outside' | 'missing' | 'not-started';
  readonly code?: number;
  readonly signal?: number;
  readonly reason?: string;
  /** null when there is nothing to gather, or too much of it. */
  readonly changes: WireChanges | null;
  readonly folders: Readonly<Record<string, WireChanges>> | null;
  /** What the event changed of the root it began with; its layer is kept when that is anything. */
  readonly root: WireRoot | null;
  readonly tooLarge?: boolean;
  /** Daemons of the charm that were still there. */
  readonly left?: readonly SimulatedProcess[];
};
export type HelloFrame = {
  readonly kind: 'hello';
  readonly protocol: number;
  readonly python: string;
  /** Lower rungs taken because the host does not allow better, by name. */
  readonly rungs: readonly string[];
  /** Imports of the charm that are left to its events, with why. */
  readonly left: Readonly<Record<string, string>>;
};
/** The sandbox could not be made: `step` names what the host refused. */
export type RefusedFrame = {
  readonly kind: 'refused';
  readonly step: string;
  readonly errno: number | null;
  readonly message: string;
};
export type ServerFrame = HelloFrame | EndedFrame | RefusedFrame | RootedFrame | SignalFrame;
export type ToServer = ForkFrame | KillFrame | ChangesFrame | ProcessesFrame | SignalledFrame;

export function frameLine(frame: ToServer): string {
  return `${JSON.stringify(frame)}\n`;
}

/**
 * Splits a stream of bytes into frames; a line that is no frame throws, because only a bug of
 * ours writes one.
 */
export function frameReader(take: (frame: ServerFrame) => void): (bytes: Buffer) => void {
  let pending: Buffer[] = [];
  return (bytes) => {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      pending.push(bytes.subarray(from, end));
      const line = Buffer.concat(pending).toString('utf8');
      pending = [];
      from = end + 1;
      take(JSON.parse(line) as ServerFrame);
    }
    if (from < bytes.length) pending.push(bytes.subarray(from));
  };
}
