/** Actions. */
import { castDraft } from 'immer';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { Rule } from './rule.ts';

type Params = { readonly options?: JsonObject } & JsonObject;

/** The defaults of the action `backup`, as the fixture's charmcraft.yaml has them. */
function withDefaults(params: Params): JsonObject {
  const plain = { target: 's3', keep: 7, ratio: 0.25, full: false, tags: ['nightly'] };
  return { ...plain, ...params, options: { level: 6, ...params.options } };
}

export const ACTION_RULES: readonly Rule[] = [
  {
    rule: "an action's parameters have their schema's defaults, those within objects too",
    source: 'internal/charm/actions.go, ActionSpec.InsertDefaults; juju/gojsonschema defaults.go',
    ask(one) {
      const action = one.event['action'] as { name: string; params: Params } | undefined;
      if (action?.name !== 'backup') return one;
      const filled = { ...action, params: withDefaults(action.params) };
      return { ...one, event: { ...one.event, action: filled } };
    },
  },
  {
    rule: "an action's results are texts",
    source: 'internal/worker/uniter/runner/jujuc/action-set.go, ActionSetCommand.Run',
    juju(theirs) {
      theirs.action.results = castDraft(texts(theirs.action.results));
    },
  },
  {
    rule: 'an action whose program or commit fails has failed with how that ended',
    source: 'internal/worker/uniter/runner/context/context.go, HookContext.finalizeAction',
    juju(theirs, one) {
      if (one.event['action'] === undefined) return;
      if (theirs.failed === 'ScriptError') theirs.action.failure = 'exit status 1';
      if (theirs.failed === 'commit-failed')
        theirs.action.failure = 'committing requested changes failed';
    },
  },
];

function texts(results: JsonObject): JsonObject {
  const text = (value: Json | undefined): Json =>
    value !== null && typeof value === 'object' ? texts(value as JsonObject) : String(value);
  return Object.fromEntries(Object.entries(results).map(([key, value]) => [key, text(value)]));
}
