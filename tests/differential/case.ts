/** One transition in the Scenario dialect, and what a player made of it. */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { Step } from './arbitrary-script.ts';

export const CHARMS = ['machine', 'kubernetes', 'actions'] as const;
export type CharmName = (typeof CHARMS)[number];

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
  readonly container_files: Readonly<Record<string, readonly JsonObject[]>>;
};

const scripts = new WeakMap<Case, readonly Step[]>();

/** The script a case's charm runs: the same array each time. */
export function scriptOf(one: Case): readonly Step[] {
  const found = scripts.get(one) ?? readScript(one);
  scripts.set(one, found);
  return found;
}

function readScript({ state, event }: Case): readonly Step[] {
  const action = event['action'] as { params: JsonObject } | undefined;
  const config = state['config'] as JsonObject;
  const text = (action?.params['script'] ?? config['script'] ?? '[]') as string;
  return JSON.parse(text) as Step[];
}

export function replaceScript(one: Case, script: readonly Step[]): Case {
  const text = JSON.stringify(script);
  const action = one.event['action'] as { params: JsonObject } | undefined;
  if (action) {
    const params = { ...action.params, script: text };
    return { ...one, event: { ...one.event, action: { ...action, params } as Json } };
  }
  const config = { ...(one.state['config'] as JsonObject), script: text };
  return { ...one, state: { ...one.state, config } };
}
