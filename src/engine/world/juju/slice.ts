/**
 * What Juju knows of one unit and of the model around it: the slice that hook commands read and write.
 * Maps are keyed by Juju's own identifiers so that a difference between two states names what changed.
 */
import type { Json, JsonObject } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';

export type StatusName =
  'active' | 'blocked' | 'waiting' | 'maintenance' | 'unknown' | 'error' | 'terminated';
export type Status = {
  readonly status: StatusName;
  readonly message: string;
  readonly since: Millis;
};
export type AgentStatus = {
  readonly status: 'allocating' | 'idle' | 'executing' | 'error';
  readonly message: string;
};
export type Databag = Readonly<Record<string, string>>;

/** One relation as this unit's agent sees it. `units` are the remote ones, or the other units of a peer relation. */
export type Relation = {
  readonly id: number;
  readonly endpoint: string;
  readonly app: string;
  readonly localApp: Databag;
  readonly localUnit: Databag;
  readonly remoteApp: Databag;
  readonly units: Readonly<Record<string, Databag>>;
};
export type Network = {
  readonly address: string;
  readonly cidr: string;
  readonly hostname: string;
};
/** The action of the last dispatch, when it was one. `results` is nested as action-set's dots say. */
export type ActionRun = {
  readonly name: string;
  readonly params: JsonObject;
  readonly results: JsonObject;
  readonly log: readonly string[];
  readonly failure: string | null;
};
export type JujuSlice = {
  /** The controller's version, for example 3.6.14. */
  readonly version: string;
  readonly model: {
    readonly name: string;
    readonly uuid: string;
    readonly type: 'kubernetes' | 'machine';
  };
  readonly app: string;
  readonly unit: number;
  readonly leader: boolean;
  readonly plannedUnits: number;
  /** Options the operator set; defaults come from the charm. */
  readonly config: Readonly<Record<string, Json>>;
  /** Keyed as Juju writes them: `db:1`. */
  readonly relations: Readonly<Record<string, Relation>>;
  readonly nextRelation: number;
  /** Opened ports as opened-ports prints them: `80/tcp`, `8000-8010/udp`, `icmp`. */
  readonly ports: Readonly<Record<string, true>>;
  readonly workloadVersion: string;
  readonly unitStatus: Status;
  /** null until a leader sets it: then it is derived from the units. */
  readonly appStatus: Status | null;
  readonly agentStatus: AgentStatus;
  readonly network: Network;
  /** What has happened to the unit so far, which decides what Juju may deliver next. */
  readonly stage: {
    readonly installed: boolean;
    readonly configured: boolean;
    readonly started: boolean;
    readonly stopped: boolean;
    readonly removed: boolean;
    /** Relations that have seen created, and their units that have joined. */
    readonly created: Readonly<Record<string, true>>;
    readonly joined: Readonly<Record<string, Readonly<Record<string, true>>>>;
    /** Set when the charm called status-set, after which start leaves the status alone. */
    readonly statusSet: boolean;
  };
  readonly action: ActionRun | null;
};
