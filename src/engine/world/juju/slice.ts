/**
 * What Juju knows of one unit and of the model around it: the slice that hook commands read and write.
 * Maps are keyed by Juju's own identifiers so that a difference between two states names what changed.
 */
import type { Event } from '../../model/event.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Millis } from '../../model/request.ts';
import type { Secret, SecretsInHook } from './secret-slice.ts';

export type StatusName =
  'active' | 'blocked' | 'waiting' | 'maintenance' | 'unknown' | 'error' | 'terminated';
export type Status = {
  readonly status: StatusName;
  readonly message: string;
  readonly since: Millis;
};
export type AgentStatus = {
  readonly status: 'allocating' | 'idle' | 'executing' | 'rebooting' | 'error';
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
  /**
   * Databags of member units as the agent last fetched them: it keeps them from hook to hook until that unit's own
   * joined or changed.
   */
  readonly known: Readonly<Record<string, Databag>>;
  /** UUID of the model that the other side is in; null: this one. */
  readonly remoteModel: string | null;
};
export type Storage = {
  readonly kind: 'filesystem' | 'block';
  readonly location: string;
  /** False until its attached hook has begun, and from the end of detaching on. */
  readonly attached: boolean;
};
/** What `network-get` tells of one binding. */
export type BindingNetwork = {
  readonly bindAddresses: readonly {
    readonly interfaceName: string;
    readonly macAddress: string;
    readonly addresses: readonly {
      readonly value: string;
      readonly cidr: string;
      readonly hostname: string;
    }[];
  }[];
  readonly ingressAddresses: readonly string[];
  readonly egressSubnets: readonly string[];
};
/** A resource that an operator or the charm's publisher gave. */
export type Resource = {
  readonly kind: 'file' | 'oci-image';
  readonly filename: string;
  /** Its bytes in the store of blobs; an image's are the YAML that tells where it is. */
  readonly digest: string;
  /** Whether the unit has it on disk. */
  readonly downloaded: boolean;
};
/** An endpoint, empty for all of them, and a range of ports as opened-ports prints it. */
export type PortChange = readonly [string, string];
/** What the hook has asked of ports so far. */
export type PortsInHook = {
  /** What the controller has. */
  readonly before: JujuSlice['ports'];
  readonly open: readonly PortChange[];
  readonly close: readonly PortChange[];
};
/** What the agent remembers within one hook. Null between hooks. */
export type HookMemory = {
  /** What status-get answered first: status-set does not refresh it. */
  readonly unitStatus: Status | null;
  readonly appStatus: Status | null;
  /** Once is-leader said no it says so for the rest of the hook. */
  readonly notLeader: boolean;
  /** Bags of non-members and of applications as first read in this hook: `db:1 postgresql`. */
  readonly bags: Readonly<Record<string, Databag>>;
  /** Of k8s-spec-set: what the controller has still; and what k8s-raw-set was given. */
  readonly specBefore?: string | null;
  readonly rawSpec?: string;
  /** What the hook has asked of secrets so far. */
  readonly secrets?: SecretsInHook;
  /** Whether the unit led its application when the hook began. */
  readonly led?: boolean;
  readonly ports?: PortsInHook;
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
    /** Model settings that reach a hook: juju-http-proxy, http-proxy and their like. */
    readonly config: Readonly<Record<string, string>>;
  };
  /** JUJU_MACHINE_ID and JUJU_AVAILABILITY_ZONE. */
  readonly machine: string;
  readonly zone: string;
  /** The principal unit of a subordinate; empty otherwise. */
  readonly principal: string;
  /** `juju trust` was given. */
  readonly trusted: boolean;
  /** What credential-get tells a trusted unit; null: the cloud has none to tell. */
  readonly cloudSpec: JsonObject | null;
  readonly app: string;
  readonly unit: number;
  readonly leader: boolean;
  readonly plannedUnits: number;
  /** Options the operator set; defaults come from the charm. */
  readonly config: Readonly<Record<string, Json>>;
  /** Keyed as Juju writes them: `db:1`. */
  readonly relations: Readonly<Record<string, Relation>>;
  readonly nextRelation: number;
  /** Opened ports as opened-ports prints them: `80/tcp`, `icmp`; the endpoints each is for, none: for all. */
  readonly ports: Readonly<Record<string, readonly string[]>>;
  /** Ports that other units on the same machine have open, by unit. */
  readonly otherPorts: Readonly<Record<string, readonly string[]>>;
  /** By id, without `secret:`. */
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly nextSecret: number;
  /** By instance: `data/0`. */
  readonly storages: Readonly<Record<string, Storage>>;
  /** How many instances storage-add asked for, by storage. */
  readonly requestedStorages: Readonly<Record<string, number>>;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly leaderSettings: Databag;
  /** What state-set keeps on the controller. */
  readonly unitState: Databag;
  /** Bindings whose network differs from the unit's own. */
  readonly networks: Readonly<Record<string, BindingNetwork>>;
  /** Payloads by `class/id`, and the last workload spec that was set: Juju 3 only. */
  readonly payloads: Readonly<Record<string, string>>;
  readonly podSpec: string | null;
  readonly workloadVersion: string;
  readonly unitStatus: Status;
  /** null until a leader sets it: then it is derived from the units. */
  readonly appStatus: Status | null;
  readonly agentStatus: AgentStatus;
  readonly network: Network;
  /** What has happened to the unit so far, which decides what Juju may deliver next. */
  readonly stage: {
    /** `unknown`: hooks may have run before the tree begins, and only what it plays itself is sure. */
    readonly history: 'known' | 'unknown';
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
    /** The hook that the agent has queued: nothing else comes before it. */
    readonly queued: 'start' | 'config-changed' | 'post-series-upgrade' | null;
    /** leader-elected has come for the leadership that the unit has. */
    readonly elected: boolean;
    /** By relation, a unit that has joined: the relation's next hook is its changed. */
    readonly pending: Readonly<Record<string, string>>;
    /** What is sure where history is unknown; null before the first event, and where history is known. */
    readonly seen: {
      /** Units of the relations that were there from the start. Others, here or not, have come since. */
      readonly relations: Readonly<
        Record<string, Readonly<Record<string, 'member' | 'unknown' | 'gone'>>>
      >;
      /** Storage that was attached by an event. */
      readonly storages: Readonly<Record<string, true>>;
    } | null;
  };
  readonly action: ActionRun | null;
  /** The hook that failed and is to be run again; only a retry, a resolve or an action can come before. */
  readonly failed: Event | null;
  /** Set by juju-reboot: the next thing the unit sees is start. */
  readonly rebooting: boolean;
  readonly hook: HookMemory | null;
};
