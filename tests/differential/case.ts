/** One transition in the Scenario dialect, and what a player made of it. */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { CharmName } from './play-peer.ts';

export type Tagged = JsonObject;
export type Case = {
  readonly charm: CharmName;
  readonly context: {
    readonly app_name: string;
    readonly unit_id: number;
    readonly juju_version: string;
    readonly app_trusted: boolean;
    readonly machine_id: string | null;
  };
  readonly state: JsonObject;
  readonly event: JsonObject;
};
export type Answered = {
  /** null when the charm's program failed and the player keeps no state then. */
  readonly state: JsonObject | null;
  readonly exception: {
    readonly type: string;
    readonly message: string;
    readonly charm: boolean;
  } | null;
  readonly action_results: JsonObject | null;
  readonly action_logs: readonly string[];
  readonly action_failure?: string;
  readonly requested_storages: Readonly<Record<string, number>>;
  readonly removed_secret_revisions: readonly number[];
  readonly container_files: Readonly<Record<string, readonly (readonly [string, Json])[]>>;
};
