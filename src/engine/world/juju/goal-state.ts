/**
 * goal-state: the units that this application and those related to it will have, with their statuses.
 * Source: juju jujuc/goal-state.go, apiserver/facades/agent/uniter/uniter.go (oneGoalState)
 * Not modelled: statuses of other units, which count as active since this unit's status was set, or as waiting where
 * they are planned only; applications of other models are named as here, without their address.
 */
import type { Json } from '../../model/json.ts';
import { unrecognised } from './arguments.ts';
import { unitName, type HookCommand, type HookContext } from './command.ts';
import { formatted, YAML_OR_JSON_FLAGS } from './format.ts';
import { byKey } from './go-yaml.ts';
import type { JujuSlice, Relation } from './slice.ts';

type Goal = { readonly status: string; readonly since: string };
type Goals = Readonly<Record<string, Goal>>;

function goal(status: string, { unitStatus }: JujuSlice): Goal {
  const since = new Date(unitStatus.since).toISOString().replace('T', ' ');
  return { status, since: since.replace(/\.\d+Z$/, 'Z') };
}

function isPeers({ charm }: HookContext, { endpoint }: Relation): boolean {
  return charm.endpoints[endpoint]?.role === 'peers';
}

/** Names for units that are planned and not here yet: the lowest numbers that are free. */
function planned(slice: JujuSlice, there: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (let number = 0; there.length + names.length < slice.plannedUnits; number += 1) {
    const name = `${slice.app}/${number}`;
    if (!there.includes(name)) names.push(name);
  }
  return names;
}

function ownUnits(context: HookContext): Goals {
  const { seen } = context;
  const peers = Object.values(seen.relations).filter((relation) => isPeers(context, relation));
  const others = peers.flatMap(({ units }) => Object.keys(units)).sort(byKey);
  const there = [...new Set([unitName(seen), ...others])];
  const goals = there.map((name, at): [string, Goal] => {
    const alive = name === unitName(seen) ? seen.unitStatus.status : 'active';
    return [name, goal(at < seen.plannedUnits ? alive : 'dying', seen)];
  });
  const coming = planned(seen, there).map((name): [string, Goal] => [name, goal('waiting', seen)]);
  return Object.fromEntries([...goals, ...coming]);
}

function related(slice: JujuSlice, relations: readonly Relation[]): Goals {
  const names = relations.flatMap(({ units, remoteModel }) =>
    remoteModel === null ? Object.keys(units) : [],
  );
  const units = names.map((name): [string, Goal] => [name, goal('active', slice)]);
  const apps = relations.map(({ app }): [string, Goal] => [app, goal('joined', slice)]);
  return Object.fromEntries([...apps, ...units]);
}

function inKeyOrder(goals: Goals): Json {
  return Object.fromEntries(Object.entries(goals).sort(([a], [b]) => byKey(a, b)));
}

export const goalState: HookCommand = {
  flags: YAML_OR_JSON_FLAGS,
  run(context, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const { seen } = context;
    const others = Object.values(seen.relations).filter((relation) => !isPeers(context, relation));
    const endpoints = [...new Set(others.map(({ endpoint }) => endpoint))].sort();
    const shown = (map: (goals: Goals) => Json, order: readonly string[]): Json => ({
      units: map(ownUnits(context)),
      relations: Object.fromEntries(
        order.map((endpoint) => [
          endpoint,
          map(
            related(
              seen,
              others.filter((relation) => relation.endpoint === endpoint),
            ),
          ),
        ]),
      ),
    });
    const inJson = (goals: Goals): Json =>
      Object.fromEntries(Object.entries(goals).sort(([a], [b]) => (a < b ? -1 : 1)));
    const yaml = shown(inKeyOrder, endpoints.toSorted(byKey));
    return formatted(shown(inJson, endpoints), parsed, { otherwise: 'yaml', ordered: true, yaml });
  },
};
