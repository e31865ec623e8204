/** What playing is handed: the charm's stage, stores and a hash; all that comes from the host. */
import type { Charm } from '../model/charm.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Limits, Stage } from '../model/dispatch.ts';
import type { Json } from '../model/json.ts';
import type { Responder } from '../tree/responder.ts';
import type { State } from '../world/state.ts';
import type { Table } from '../world/machine/database.ts';
import type { Digest } from './digests.ts';

/** Evaluated nodes by key. An entry that cannot be read is absent. */
export interface NodeStore {
  get(key: string): Json | null;
  put(key: string, value: Json): void;
}
export type Using = {
  readonly charm: Charm;
  /** Opened when the first node has to be dispatched, and not before. */
  readonly stage: () => Promise<Stage>;
  readonly store: NodeStore;
  readonly blobs: Blobs;
  readonly digest: Digest;
  /** SQLite's tables of a file, or null when the bytes are no database. */
  readonly readDatabase: (bytes: Uint8Array) => readonly Table[] | null;
  readonly limits: Limits;
  /** What every key depends on besides the node's own inputs: engine, charm and environment. */
  readonly inputs: {
    readonly engine: string;
    readonly charm: string;
    readonly environment: string;
    /** The project's loader.py and commands. */
    readonly loader: string;
  };
  /** Plays again what the store has. */
  readonly force: boolean;
  /** What the tree's root is laid over, made of a unit that was just placed. Absent: that unit itself. */
  readonly begins?: (placed: State) => State;
  /** Every path the charm brings into its directory; absent where nothing upgrades. */
  readonly shipped?: readonly string[];
  /** What the project itself says that others write, by interface. Absent: nothing. */
  readonly responders?: readonly Responder[];
  /** The charms that the tree upgrades to, by what it says after `to`. */
  readonly upgrades?: Readonly<Record<string, Using>>;
};
