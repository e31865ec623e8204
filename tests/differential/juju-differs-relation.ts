/** Relations: who is a member, and how one ends. */
import { castDraft, type Draft } from 'immer';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import { relationsOf } from './compared.ts';
import { eventName, failed, steps, withState, type Rule } from './rule.ts';

type Units = { items?: Record<string, unknown> };

export const RELATION_RULES: readonly Rule[] = [
  {
    rule: 'a unit has entered no relation before it is installed',
    source: 'internal/worker/uniter/relation/resolver.go, createdRelationsResolver.NextOp',
    ask(one) {
      if (eventName(one) !== 'install') return one;
      return withState(one, (state) => {
        state['relations'] = [];
      });
    },
    juju(theirs, one) {
      if (eventName(one) === 'install') theirs.relations = castDraft(relationsOf(one));
    },
  },
  {
    rule: 'when a relation is created no unit has joined it, and one that departs is on its list no more',
    source:
      'internal/worker/uniter/relation/relationer.go, relationer.PrepareHook; state.go, State.Members',
    juju(theirs, one) {
      const { event } = one;
      const created = eventName(one).endsWith('_relation_created');
      if (!created && !eventName(one).endsWith('_relation_departed')) return;
      const gone = `${String(event['remote_app'])}/${String(event['remote_unit_id'])}`;
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, endpoint, id] = step;
        if (id !== event['relation_id'] || endpoint !== event['endpoint'] || failed(answer))
          continue;
        // ops has no bag of a unit that is not on the list.
        if (name === 'relation-get' && created && String(step[3]).includes('/')) tell('! KeyError');
        if (name !== 'relation-list') continue;
        const [app, units, active] = answer as [Json, string[], Json];
        tell([app, created ? [] : units.filter((unit) => unit !== gone), active]);
      }
    },
  },
  {
    rule: 'a unit that has departed is no member of the relation any more',
    source: 'internal/worker/uniter/relation/relationer.go, relationer.CommitHook',
    juju(theirs, { event }) {
      if (!String(event['name']).endsWith('_relation_departed')) return;
      const key = `${String(event['endpoint'])}:${String(event['relation_id'])}`;
      const relation = theirs.relations[key] as Draft<JsonObject> | undefined;
      if (!relation || theirs.failed !== null) return;
      const field = relation['_type'] === 'PeerRelation' ? 'peers_data' : 'remote_units_data';
      const units = relation[field] as Units | undefined;
      if (!units?.items) return;
      delete units.items[String(event['remote_unit_id'])];
      if (Object.keys(units.items).length === 0) relation[field] = {};
    },
  },
  {
    rule: 'a relation that is broken is gone, and so is what was granted over it',
    source:
      'internal/worker/uniter/relation/relationer.go, relationer.CommitHook; ' +
      'state/secrets.go, State.removeScopedSecretPermissionOps',
    juju(theirs, { event }) {
      if (theirs.failed !== null) return;
      if (!String(event['name']).endsWith('_relation_broken')) return;
      delete theirs.relations[`${String(event['endpoint'])}:${String(event['relation_id'])}`];
      for (const secret of Object.values(theirs.secrets)) {
        const grants = secret['remote_grants'] as Units;
        delete grants.items?.[String(event['relation_id'])];
        if (Object.keys(grants.items ?? {}).length === 0) secret['remote_grants'] = {};
      }
    },
  },
  {
    rule: "who does not lead may not read the application's own databag, be it empty, but a peer relation's",
    source: 'apiserver/facades/agent/uniter/uniter.go, UniterAPI.ReadLocalApplicationSettings',
    juju(theirs, one) {
      if (one.state['leader'] || eventName(one) === 'install') return;
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, endpoint, id, whose] = step;
        if (!relationsOf(one)[`${String(endpoint)}:${String(id)}`]) continue;
        const empty = answer !== null && typeof answer === 'object';
        if (name === 'relation-get' && whose === 'app' && endpoint !== 'cluster' && empty)
          tell('! ModelError');
      }
    },
  },
];
