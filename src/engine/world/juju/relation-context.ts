/**
 * Which relation, unit and application a relation command is about: what `-r` says, else the hook's own.
 * Source: juju jujuc/context.go (relationIdValue), internal/worker/uniter/relation/resolver.go for who is a member
 */
import type { Reply } from '../../model/request.ts';
import { refuse, type Flags, type Known, type Parsed } from './arguments.ts';
import type { HookContext } from './command.ts';
import type { JujuSlice, Relation } from './slice.ts';

/** Go's Atoi of what is behind the last colon, which alone counts. */
function relationNumber(given: string): number | undefined {
  const digits = given.slice(given.lastIndexOf(':') + 1);
  return /^[-+]?\d+$/.test(digits) ? Number(digits) : undefined;
}

function checkRelation(given: string, { relations }: Known): string | undefined {
  const id = relationNumber(given);
  if (id === undefined) return 'invalid relation id';
  return relations.includes(id) ? undefined : 'relation not found';
}

export const RELATION_FLAG = {
  relation: { kind: 'text', short: 'r', check: checkRelation },
} as const satisfies Flags;

export function relationKey(relation: { endpoint: string; id: number }): string {
  return `${relation.endpoint}:${relation.id}`;
}

/** The relations a hook can name: the agent enters none before the unit is installed. */
export function visibleRelations({ stage, relations }: JujuSlice): readonly Relation[] {
  return stage.history === 'known' && !stage.installed ? [] : Object.values(relations);
}

/**
 * Units that Juju has told this unit about: those that joined, less the one that is departing; all of them where nobody
 * knows what happened before.
 */
export function members(slice: JujuSlice, relation: Relation): readonly string[] {
  const joined = slice.stage.joined[relationKey(relation)];
  const unsure = joined === undefined && slice.stage.history === 'unknown';
  return Object.keys(joined ?? (unsure ? relation.units : {})).sort();
}

/** The relation of the hook itself. */
export function hookRelation({ seen, event }: HookContext): Relation | undefined {
  return event.kind === 'relation'
    ? seen.relations[`${event.endpoint}:${event.relation}`]
    : undefined;
}

/** The relation that `-r` names, or the hook's; a refusal when there is none. */
export function chosenRelation(context: HookContext, parsed: Parsed): Relation | Reply {
  const given = parsed.text['relation'];
  const id = given === undefined ? undefined : relationNumber(given);
  const named = visibleRelations(context.seen).find((relation) => relation.id === id);
  return named ?? hookRelation(context) ?? refuse(2, 'no relation id specified');
}

export function isRelation(value: Relation | Reply): value is Relation {
  return 'endpoint' in value;
}

/** The remote unit or application the hook is about; undefined outside of relation hooks. */
export function hookSubject(context: HookContext): { unit?: string; app?: string } {
  const { event } = context;
  if (event.kind !== 'relation') return {};
  return event.unit === undefined ? { app: event.app } : { unit: event.unit, app: event.app };
}
