/** Hooks that fail: at their end, or at the commit after it, and what stays of them all the same. */
import type { JsonObject } from '../../src/engine/model/json.ts';
import { replaceScript, scriptOf, type Answered, type Case } from './case.ts';
import { secretProgram } from './secret-program.ts';

/** Steps whose effects stay when the hook fails: the agent tells the controller at once, Pebble is not Juju's. */
const AT_ONCE = ['status-set', 'app-status-set', 'version-set'];
const PEBBLE = [
  ...['push', 'make-dir', 'remove-path', 'add-layer', 'replan', 'start', 'stop', 'restart'],
];

export const FAILING_HOOK = {
  rule: 'a failing hook keeps what it told the controller at once, and drops the rest',
  source: 'internal/worker/uniter/runner/context/context.go, HookContext.Flush',
};
export const FAILING_COMMIT = {
  rule: 'a hook that asks of secrets or storage what the controller refuses fails at its commit',
  source:
    'apiserver/facades/agent/uniter/uniter.go, commitHookChangesForOneUnit; ' +
    'state/storage.go, storageBackend.addUnitStorageOps',
};

/** How the hook fails: at its end, or at the commit after it, for what it asks of secrets or of storage. */
export function failureOf(one: Case): 'hook' | 'secrets' | 'storage' | null {
  if (scriptOf(one).some(([name]) => name === 'fail')) return 'hook';
  if (secretProgram(one).doomed) return 'secrets';
  return isTooMuch(one) ? 'storage' : null;
}

/** `cache` may be there once; every event that was deferred before asks for it too. */
function isTooMuch(one: Case): boolean {
  if (one.charm !== 'machine') return false;
  const { storages, deferred } = one.state as { storages: JsonObject[]; deferred: JsonObject[] };
  const asked = scriptOf(one)
    .filter(([name, storage]) => name === 'storage-add' && storage === 'cache')
    .reduce((sum, [, , count]) => sum + Number(count), 0);
  const there = storages.filter(({ name }) => name === 'cache').length;
  return asked > 0 && there + asked * (deferred.length + 1) > 1;
}

/** The same hook with only what stays, ending well. */
export function keptOf(one: Case): Case {
  const { fates } = secretProgram(one);
  const deferred = one.state['deferred'] as readonly JsonObject[];
  // A charm that fails does so at the first event: those that were deferred leave secrets alone.
  const reached = failureOf(one) !== 'hook' || deferred.length === 0;
  const stays = scriptOf(one).filter(
    ([name], at) => [...AT_ONCE, ...PEBBLE].includes(name) || (reached && fates[at]?.stays),
  );
  return replaceScript(one, stays);
}

/**
 * The state that a failed hook leaves. What ops keeps beside the charm is written before the commit, and secrets are
 * written before what else there is to commit.
 */
export function failedState(one: Case, kept: Answered, whole: Answered): JsonObject {
  const { state } = one;
  const from = (answer: Answered, keys: readonly string[]): JsonObject =>
    Object.fromEntries(keys.map((key) => [key, (answer.state ?? state)[key]]));
  const late = failureOf(one) === 'storage' ? ['secrets'] : [];
  return {
    ...state,
    ...from(kept, ['unit_status', 'app_status', 'workload_version', 'secrets', 'containers']),
    ...from(whole, ['stored_states', 'deferred', ...late]),
  };
}
