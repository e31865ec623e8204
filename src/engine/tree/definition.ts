/**
 * A tree as its author wrote it: one root, then nodes in tree order (parents before children, siblings as written).
 * YAML and TypeScript give the same definition. Nothing is resolved against a state yet: playing does that.
 */
import type { Json, JsonObject } from '../model/json.ts';
import type { Limits } from '../model/dispatch.ts';
import type { Position } from '../model/mistake.ts';

/** Where the words of a spec were written, by their path in it: `config/slug`, `relations/db`, `params/full`. */
export type Places = Readonly<Record<string, Position>>;

/** The part of a State that an author writes, for a root or a delta. null removes what was there; absent leaves it. */
export type StateSpec = {
  readonly leader?: boolean;
  readonly config?: Readonly<Record<string, Json>>;
  readonly model?: { readonly name?: string; readonly type?: 'kubernetes' | 'machine' };
  readonly app?: string;
  readonly unit?: number;
  readonly plannedUnits?: number;
  readonly juju?: string;
  readonly relations?: Readonly<Record<string, RelationSpec | null>>;
  readonly containers?: Readonly<Record<string, ContainerStateSpec>>;
};
/** One relation per endpoint here. `units`: databag of each remote unit by number; null removes the unit. */
export type RelationSpec = {
  readonly app?: string;
  readonly data?: Readonly<Record<string, string | null>>;
  readonly units?: Readonly<Record<string, Readonly<Record<string, string | null>> | null>>;
};
/** `layers`: what the image brings, by label. `files`: absolute path to text; null removes the file. */
export type ContainerStateSpec = {
  readonly canConnect?: boolean;
  readonly layers?: Readonly<Record<string, JsonObject>>;
  readonly files?: Readonly<Record<string, string | null>>;
};
export type RootSpec = {
  /** Names of the library, laid over one another in this order, then `state`. */
  readonly use: readonly string[];
  readonly state: StateSpec;
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
  readonly kind: 'hook' | 'action';
  readonly params?: JsonObject;
  readonly unit?: number;
  readonly at: Position;
  readonly places?: Places;
};
export type DeltaSpec = {
  readonly state: StateSpec;
  readonly about?: string;
  readonly at: Position;
  readonly places?: Places;
};
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
  readonly root: RootSpec;
  readonly branches?: readonly BranchDefinition[];
  readonly nodes: readonly NodeDefinition[];
};
