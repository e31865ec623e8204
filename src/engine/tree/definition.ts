/**
 * A tree as its author wrote it: one root, then nodes in tree order (parents before children, siblings as written).
 * YAML and TypeScript give the same definition. Nothing is resolved against a state yet: playing does that.
 */
import type { Json, JsonObject } from '../model/json.ts';
import type { Limits } from '../model/dispatch.ts';
import type { Fault } from '../model/fault.ts';
import type { Position } from '../model/mistake.ts';
import type { FanDefinition } from './fan.ts';
import type { MachineRunsSpec } from './machine-spec.ts';
import type { Responder } from './responder.ts';
import type { MachinePackagesSpec } from './package-spec.ts';

/** Where the words of a spec were written, by their path in it: `config/slug`, `relations/db`, `params/full`. */
export type Places = Readonly<Record<string, Position>>;

/** The part of a State that an author writes, for a root or a delta. null removes what was there; absent leaves it. */
export type StateSpec = {
  readonly leader?: boolean;
  readonly config?: Readonly<Record<string, Json>>;
  readonly model?: {
    readonly name?: string;
    readonly type?: 'kubernetes' | 'machine';
    readonly config?: Readonly<Record<string, string | null>>;
  };
  /** Of a root: what has happened to the unit before the tree begins. Absent: unknown. */
  readonly stage?: 'new' | 'installed' | 'started' | 'stopped';
  /** Of a delta: what happens to the unit between two events. */
  readonly happens?: Happening;
  readonly app?: string;
  readonly unit?: number;
  readonly plannedUnits?: number;
  readonly juju?: string;
  /** By endpoint; several relations on one endpoint as a list. null removes all that are there. */
  readonly relations?: Readonly<Record<string, RelationSpec | readonly RelationSpec[] | null>>;
  /** By the name the tree gives it: its id is made of it. null removes one. */
  readonly secrets?: Readonly<Record<string, SecretSpec | null>>;
  /** By instance: `data/0`. null removes one. */
  readonly storage?: Readonly<Record<string, StorageSpec | null>>;
  /** null takes one away. */
  readonly resources?: Readonly<Record<string, ResourceSpec | null>>;
  readonly leaderSettings?: Readonly<Record<string, string | null>>;
  readonly unitState?: Readonly<Record<string, string | null>>;
  readonly networks?: Readonly<Record<string, NetworkSpec | null>>;
  /** Ports that other units on the machine have open, by unit: `{other/0: [80/tcp]}`. */
  readonly otherPorts?: Readonly<Record<string, readonly string[]>>;
  readonly trusted?: boolean;
  readonly cloud?: JsonObject | null;
  readonly machine?: MachineSpec;
  readonly principal?: string;
  readonly containers?: Readonly<Record<string, ContainerStateSpec>>;
};
export type MachineSpec = { readonly id?: string; readonly zone?: string } & MachineRunsSpec &
  MachinePackagesSpec;
/**
 * `pod-churn`: the pod is gone and comes again. `container-restart`: one container does. `reboot`: the machine does.
 * `resolved`: `juju resolved --no-retry`, the failed hook counts as done.
 */
export type Happening =
  | { readonly kind: 'pod-churn' | 'reboot' | 'resolved' }
  | { readonly kind: 'container-restart'; readonly containers: readonly string[] };
/** `owner`: `application`, `unit`, a remote application or unit by name, or `model`: its operator. */
export type SecretSpec = {
  readonly owner?: string;
  /** A new revision when it differs from the latest. */
  readonly content?: Readonly<Record<string, string>>;
  readonly label?: string;
  readonly description?: string;
  readonly rotate?: string;
  /** Application or unit by name, and the endpoint it was granted over. */
  readonly grants?: Readonly<Record<string, string>>;
  /** Of others' secrets: whether this unit may read it. As usual: it may. */
  readonly readable?: boolean;
};
export type StorageSpec = { readonly attached?: boolean };
/**
 * `file`: a path relative to the tree file, or `text`; of an image: where it is, and its credentials. `digest`: the
 * bytes of `file` in the store, once they were read.
 */
export type ResourceSpec = {
  readonly digest?: string;
  readonly text?: string;
  readonly file?: string;
  readonly image?: string;
  readonly username?: string;
  readonly password?: string;
};
export type NetworkSpec = {
  readonly interface?: string;
  readonly mac?: string;
  readonly addresses?: readonly {
    readonly value: string;
    readonly cidr?: string;
    readonly hostname?: string;
  }[];
  readonly ingress?: readonly string[];
  readonly egress?: readonly string[];
};
/**
 * `units`: databag of each remote unit by number; null removes the unit. `local` and `localUnit`: this side's databags.
 * `remove`: this one of several goes.
 */
export type RelationSpec = {
  readonly local?: Readonly<Record<string, string | null>>;
  readonly localUnit?: Readonly<Record<string, string | null>>;
  readonly model?: string;
  readonly remove?: boolean;
  readonly app?: string;
  readonly data?: Readonly<Record<string, string | null>>;
  readonly units?: Readonly<Record<string, Readonly<Record<string, string | null>> | null>>;
};
/**
 * `image`: a folder, relative to the tree file, that is the root of the container's image; `base`: what it held once it
 * was read. `layers`: what the image brings, by label. `files`: by absolute path; null removes one.
 */
export type ContainerStateSpec = {
  readonly canConnect?: boolean;
  readonly image?: string;
  readonly base?: ReadImage;
  readonly layers?: Readonly<Record<string, JsonObject>>;
  readonly files?: Readonly<Record<string, ContainerFileSpec | null>>;
  /** By service: how its program behaves. null: as usual. */
  readonly services?: Readonly<Record<string, ProgramSpec | null>>;
  /** How programs that are executed behave; of a delta: before what was said of them. null forgets all of it. */
  readonly exec?: readonly ExecSpec[] | null;
  /** By name: what it finds when it is performed, or that it is not. */
  readonly checks?: Readonly<Record<string, CheckSpec>>;
  /** Custom notices that the workload records, by key: what comes with them. */
  readonly notices?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};
/** The listing of a folder's files, in the store under `digest`, and what it comes to. */
export type ReadImage = { readonly digest: string; readonly files: number; readonly size: number };
/** Permissions in octal digits. */
type OwnedSpec = { readonly mode?: string; readonly user?: string; readonly group?: string };
/**
 * Text, what another file holds (`from`, relative to the tree file; `digest` and `size`: once it was read), or a link.
 */
export type ContainerFileSpec =
  | string
  | (OwnedSpec & { readonly text: string })
  | (OwnedSpec & { readonly from: string; readonly digest?: string; readonly size?: number })
  | (Omit<OwnedSpec, 'mode'> & { readonly link: string });
/** Durations as written: `1.5s`, `300ms`. A code, or the signal it dies of. */
export type ProgramSpec = {
  readonly exits?: number | string;
  readonly after?: string;
  readonly slow?: string;
  readonly output?: string;
  readonly signals?: Readonly<Record<string, ReactionSpec>>;
  readonly run?: 'real';
};
export type ReactionSpec = {
  readonly exits?: number | string;
  readonly output?: string;
  readonly files?: Readonly<Record<string, string>>;
};
export type ExecOutputSpec = {
  readonly exit?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly files?: Readonly<Record<string, string | null>>;
};
/** `command`: words that a command begins with, or a pattern. `stdin`: by a text that the input holds. */
export type ExecSpec = ExecOutputSpec & {
  readonly command: string | readonly string[] | { readonly like: string };
  readonly stdin?: Readonly<Record<string, string | ExecOutputSpec>>;
  readonly takes?: string;
  readonly signals?: Readonly<Record<string, ExecOutputSpec>>;
  readonly run?: 'real';
  readonly starts?: StartsSpec;
};
/**
 * Of a program of a machine: the daemon that it leaves, unless one of `needs` is unmet: by path, a text that the file
 * must have.
 */
export type StartsSpec = {
  readonly listens?: readonly string[];
  readonly 'pid-file'?: string;
  readonly user?: string;
  readonly needs?: Readonly<Record<string, string>>;
};
/** `{down: TEXT}`: it fails with these words. */
export type CheckSpec = 'up' | 'down' | 'slow' | 'inactive' | { readonly down: string };
export type RootSpec = {
  /** Names of the library, laid over one another in this order, then `state`. */
  readonly use: readonly string[];
  readonly state: StateSpec;
  /** A file with a State of a live unit, relative to the tree's: all else is laid over it. */
  readonly snapshot?: { readonly file: string; readonly at: Position };
  readonly at: Position;
  readonly places?: Places;
};

/** What the author expects of a node; what is not so is reported, and decides the exit code. */
export type Expect = {
  readonly outcome?: string;
  readonly status?: string;
  readonly message?: string;
  readonly appStatus?: string;
  /** What the charm asks for that is not simulated, by name. */
  readonly unmet?: readonly string[];
};
/** An event by its hook's or action's name. `unit`: which remote unit a relation event is about, by number. */
export type EventSpec = {
  readonly name: string;
  /** `retry`: whichever hook failed. */
  readonly kind: 'hook' | 'action' | 'retry';
  readonly params?: JsonObject;
  /** `none`: the event is about the other application's own databag. */
  readonly unit?: number | 'none';
  /** Of a relation event where the endpoint has several relations: the other side's application. */
  readonly app?: string;
  /** Of relation-departed: the unit that leaves, when it is not the remote one: `this`, or a number. */
  readonly departing?: 'this' | number;
  /** Of a secret event: the secret's name in the tree, or its label or id; and the revision. */
  readonly secret?: string;
  readonly revision?: number;
  /** Of a storage event: the instance's number. */
  readonly index?: number;
  /** Of a custom notice: its key. Of a check event: the check's name. */
  readonly notice?: string;
  readonly check?: string;
  /** Of pre-series-upgrade. */
  readonly target?: string;
  readonly faults?: readonly Fault[];
  readonly at: Position;
  readonly places?: Places;
};
export type DeltaSpec = {
  readonly state: StateSpec;
  /** By endpoint: the other side of its relation writes what its interface has it write. */
  readonly respond?: Readonly<Record<string, RespondSpec>>;
  readonly about?: string;
  readonly at: Position;
  readonly places?: Places;
};
/** `app`: which relation, where the endpoint has several. */
export type RespondSpec = { readonly app?: string };
/** A branch that was given a title or a description; `id` is what the ids of its nodes begin with. */
export type BranchDefinition = {
  readonly id: string;
  /** As written: `bad slug`. */
  readonly title: string;
  readonly about?: string;
};

export type NodeDefinition = {
  /** `lifecycle/ready/bad-slug/config-changed`: also the file name of its record and the path of its page. */
  readonly id: string;
  readonly parent: string;
  /** The edge's name: its event's as a slug, or the name it was given. */
  readonly edge: string;
  /** Titles of the branches it is under, outermost first: `bad slug`. */
  readonly branch: readonly string[];
  readonly golden: boolean;
  readonly title?: string;
  readonly about?: string;
  /** Laid over the parent's state before the event. */
  readonly deltas: readonly DeltaSpec[];
  readonly event: EventSpec;
  readonly expect?: Expect;
  /**
   * The charm is swapped for this one once the deltas are laid: a folder, a .charm, or `git:REVISION` of the charm's
   * own repository.
   */
  readonly upgrade?: string;
};
export type Definition = {
  /** The tree's name: its file's, as a slug. The root's id. */
  readonly name: string;
  readonly title: string;
  readonly about?: string;
  /** The tree file, relative to the project, with forward slashes. */
  readonly file: string;
  /** The charm's folder or .charm, relative to the tree file; absent: the nearest charmcraft.yaml or metadata.yaml. */
  readonly charm?: string;
  /** Of each dispatch of this tree; what is not given is as usual. */
  readonly limits?: Partial<Limits>;
  /** `strict`: what Juju would not do is refused. `permissive`: it is played, and marked. Absent: strict. */
  readonly consistency?: 'strict' | 'permissive';
  readonly root: RootSpec;
  readonly branches?: readonly BranchDefinition[];
  readonly nodes: readonly NodeDefinition[];
  /** Absent: none. */
  readonly fans?: readonly FanDefinition[];
  /** What the project itself says that others write, by interface. Absent: nothing. */
  readonly responders?: readonly Responder[];
};
