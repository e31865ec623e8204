/** Actions and Pebble. */
import { castDraft } from 'immer';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import { steps, type Rule } from './rule.ts';

type Params = { readonly options?: JsonObject } & JsonObject;

/** The defaults of the action `backup`, as the fixture's charmcraft.yaml has them. */
function withDefaults(params: Params): JsonObject {
  const plain = { target: 's3', keep: 7, ratio: 0.25, full: false, tags: ['nightly'] };
  return { ...plain, ...params, options: { level: 6, ...params.options } };
}

export const OTHER_RULES: readonly Rule[] = [
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
    rule: 'a layer that is there already is an error of the API',
    source: 'canonical/pebble internals/daemon/api_plan.go, v1PostLayers',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one))
        if (step[0] === 'add-layer' && answer === '! RuntimeError') tell('! APIError');
    },
  },
  {
    rule: 'a Pebble that does not answer tells no plan either',
    source: 'canonical/pebble client/client.go, Client.doSync: every request needs the socket',
    juju(theirs, one) {
      for (const { step, tell } of steps(theirs, one)) {
        const container = theirs.containers[String(step[1])];
        if (step[0] === 'plan' && container?.['can_connect'] === false) tell('! ConnectionError');
      }
    },
  },
  {
    rule: 'what is mounted is a folder',
    source: 'canonical/pebble internals/daemon/api_files.go, listFiles and writeFile',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one)) {
        if (step[0] === 'push' && answer === '! IsADirectoryError') tell('! PathError');
        // ops.testing mounts by a link.
        if (step[0] === 'exists' && step[2] === '/etc/app' && Array.isArray(answer) && answer[0])
          tell([true, true]);
      }
    },
  },
  {
    rule: 'no folder is made where a file is',
    source: 'canonical/pebble internals/osutil/mkdir.go, mkdirAll',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, container, path] = step;
        const there = theirs.files[String(container)]?.[String(path).slice(1)] ?? 'dir';
        if (name === 'make-dir' && answer === null && there !== 'dir') tell('! PathError');
      }
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
    rule: 'an action whose program fails has failed with how that ended',
    source: 'internal/worker/uniter/runner/context/context.go, HookContext.finalizeAction',
    juju(theirs, one) {
      if (one.event['action'] !== undefined && theirs.failed === 'ScriptError')
        theirs.action.failure = 'exit status 1';
    },
  },
];

function texts(results: JsonObject): JsonObject {
  const text = (value: Json | undefined): Json =>
    value !== null && typeof value === 'object' ? texts(value as JsonObject) : String(value);
  return Object.fromEntries(Object.entries(results).map(([key, value]) => [key, text(value)]));
}
