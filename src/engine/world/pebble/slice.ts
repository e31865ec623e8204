/**
 * One Pebble per workload container: its layers, services, changes and the container's files.
 * Source: canonical/pebble v1.32 (plan, overlord/servstate, overlord/state).
 */
import type { Dir } from '../../files/tree.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';

/** One layer as added, with the YAML it holds as data. */
export type Layer = { readonly label: string; readonly layer: JsonObject };
export type ServiceState = {
  readonly current: 'active' | 'inactive' | 'backoff' | 'error';
  readonly since: Millis | null;
  /** The plan's entry the service runs with; replan restarts it when the plan says otherwise. */
  readonly running: Json;
};
export type Task = {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
  readonly status: string;
  readonly log: readonly string[];
  readonly lane: number;
  /** Tasks that must be Done before this one begins. */
  readonly waits: readonly string[];
  /** The service to start or stop. */
  readonly service: string;
  /** When a task that is Doing ends by itself. */
  readonly until: Millis | null;
  readonly spawned: Millis;
  readonly ready: Millis | null;
};
export type PebbleChange = {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
  readonly status: string;
  readonly err: string | null;
  readonly tasks: readonly Task[];
  /** The services that were asked for: what `?for=` finds. */
  readonly services: readonly string[];
  readonly spawned: Millis;
  readonly ready: Millis | null;
};
/** `user`: null for everybody's. `repeatAfter` in nanoseconds. A change's counts are told by the change. */
export type Notice = {
  readonly user: number | null;
  readonly type: string;
  readonly key: string;
  readonly firstOccurred: Millis;
  readonly lastOccurred: Millis;
  readonly lastRepeated: Millis;
  readonly occurrences: number;
  readonly data: Readonly<Record<string, string>>;
  readonly repeatAfter: number;
};
/** What a tree, or a request, says of a check that the plan has. Absent: it is up, or not started. */
export type CheckState = {
  readonly status: 'up' | 'down' | 'inactive';
  readonly failures: number;
  readonly successes: number;
};
export type Container = {
  /** Whether the socket is there to connect to. */
  readonly canConnect: boolean;
  readonly bootId: string;
  readonly layers: readonly Layer[];
  readonly services: Readonly<Record<string, ServiceState>>;
  readonly changes: Readonly<Record<string, PebbleChange>>;
  readonly nextChange: number;
  readonly nextTask: number;
  readonly notices: Readonly<Record<string, Notice>>;
  readonly nextNotice: number;
  readonly checks: Readonly<Record<string, CheckState>>;
  readonly root: Dir;
  /** What the container has again when it is made anew; absent: nothing. */
  readonly image?: Image;
};
/** What an image brings: layers in the folder that Pebble reads first, and files. */
export type Image = { readonly layers: readonly Layer[]; readonly root: Dir };
export type PebbleSlice = { readonly containers: Readonly<Record<string, Container>> };
