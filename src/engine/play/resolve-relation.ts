/** Which relation and which unit a relation event is about, when its author does not say. */
import type { RelationEvent } from '../model/event.ts';
import type { Problem } from '../model/outcome.ts';
import type { EventSpec } from '../tree/definition.ts';
import { unitName } from '../world/juju/command.ts';
import { membership } from '../world/juju/consistency/at.ts';
import type { JujuSlice, Relation } from '../world/juju/slice.ts';
import type { State } from '../world/state.ts';

type About = { readonly endpoint: string; readonly phase: RelationEvent['phase'] };

function keyOf({ endpoint, id }: Relation): string {
  return `${endpoint}:${id}`;
}

function byNumber(units: readonly string[]): readonly string[] {
  const number = (unit: string): number => Number(unit.split('/')[1] ?? 0);
  return units.toSorted((a, b) => number(a) - number(b));
}

/** Units that have joined, as far as is known: all, where nobody knows. */
function membersOf({ stage }: JujuSlice, relation: Relation): readonly string[] {
  const joined = stage.joined[keyOf(relation)];
  if (joined) return byNumber(Object.keys(joined));
  return stage.history === 'unknown' ? byNumber(Object.keys(relation.units)) : [];
}

/** The unit an author means when none is named: the next to join, the one that has left, or the first that is there. */
function usualUnit(
  slice: JujuSlice,
  relation: Relation,
  phase: RelationEvent['phase'],
): string | undefined {
  const members = membersOf(slice, relation);
  const here = byNumber(Object.keys(relation.units));
  switch (phase) {
    case 'joined': {
      const whose = (is: string) =>
        here.find((unit) => membership(slice, keyOf(relation), unit) === is);
      return whose('no') ?? whose('unknown') ?? here[0];
    }
    case 'changed':
      return slice.stage.pending[keyOf(relation)] ?? members[0];
    case 'departed':
      return members.find((unit) => !here.includes(unit)) ?? members[0];
    case 'created':
    case 'broken':
      return undefined;
  }
}

/** A relation of the endpoint that this phase has not come for yet, if there is one; else the first. */
function usualRelation(
  { stage }: JujuSlice,
  relations: readonly Relation[],
  phase: RelationEvent['phase'],
): Relation | undefined {
  const next = phase === 'created' && relations.find((one) => !stage.created[keyOf(one)]);
  return next || relations[0];
}

function relationOf(slice: JujuSlice, { app }: EventSpec, { endpoint, phase }: About) {
  const here = Object.values(slice.relations).filter((one) => one.endpoint === endpoint);
  const of = app === undefined ? here : here.filter((one) => one.app === app);
  const found = usualRelation(slice, of, phase);
  if (found) return found;
  const wanted = app === undefined ? '' : `app: ${app}, `;
  const problem: Problem = {
    message: `there is no relation on endpoint ${endpoint}${app === undefined ? '' : ` with ${app}`}`,
    about: endpoint,
    rule: 'event-relation-exists',
    hint: `add relations: {${endpoint}: {${wanted}units: {0: {}}}}`,
  };
  return problem;
}

function departingUnit(slice: JujuSlice, relation: Relation, spec: EventSpec): string | undefined {
  if (spec.departing === undefined) return undefined;
  return spec.departing === 'this' ? unitName(slice) : `${relation.app}/${spec.departing}`;
}

function unitOf(
  slice: JujuSlice,
  relation: Relation,
  { phase, said }: { phase: RelationEvent['phase']; said: EventSpec['unit'] },
): string | undefined {
  if (said === 'none') return undefined;
  return said === undefined ? usualUnit(slice, relation, phase) : `${relation.app}/${said}`;
}

/** The relation event that `spec` names, or why there is none. */
export function relationEvent(
  { juju }: State,
  spec: EventSpec,
  about: About,
): RelationEvent | Problem {
  const { endpoint, phase } = about;
  const relation = relationOf(juju, spec, about);
  if ('message' in relation) return relation;
  const { app, id } = relation;
  const unit = unitOf(juju, relation, { phase, said: spec.unit });
  if (unit === undefined && (phase === 'joined' || phase === 'departed')) {
    const message =
      phase === 'joined'
        ? `${endpoint}-relation-joined needs a unit of ${app} in the state`
        : `no unit of ${app} has joined ${endpoint}: none can depart`;
    const hint = `add relations: {${endpoint}: {app: ${app}, units: {0: {}}}}`;
    return { message, about: endpoint, rule: 'event-unit-named', hint };
  }
  const departing = departingUnit(juju, relation, spec) ?? unit;
  return {
    kind: 'relation',
    endpoint,
    phase,
    relation: id,
    app,
    ...(unit === undefined ? {} : { unit }),
    ...(phase === 'departed' && departing !== undefined ? { departing } : {}),
  };
}
