/**
 * Which relation, unit and application a relation command is about: what `-r` says, else the hook's own.
 * Source: juju jujuc/relation-get.go, context/relation.go
 */
import type { Reply } from '../../model/request.ts';
import { refuse, type Flags, type Parsed } from './arguments.ts';
import type { HookContext } from './command.ts';
import type { JujuSlice, Relation } from './slice.ts';

export const RELATION_FLAG = { relation: { kind: 'text', short: 'r' } } as const satisfies Flags;

export function relationKey(relation: { endpoint: string; id: number }): string {
  return `${relation.endpoint}:${relation.id}`;
}

/** Units that Juju has told this unit about: those that joined, less the one that is departing. */
export function members(slice: JujuSlice, relation: Relation): readonly string[] {
  return Object.keys(slice.stage.joined[relationKey(relation)] ?? {}).sort();
}

/** The relation named by `-r ENDPOINT:ID` or `-r ID`, or the hook's; a refusal when there is none. */
export function chosenRelation(context: HookContext, parsed: Parsed): Relation | Reply {
  const { seen, event } = context;
  const given = parsed.text['relation'];
  if (given === undefined) {
    const own =
      event.kind === 'relation' ? seen.relations[`${event.endpoint}:${event.relation}`] : undefined;
    return own ?? refuse(2, 'no relation id specified');
  }
  const id = /^(?:.*:)?(\d+)$/.exec(given)?.[1];
  if (id === undefined) {
    return refuse(2, `invalid value ${JSON.stringify(given)} for option -r: invalid relation id`);
  }
  const found = Object.values(seen.relations).find((relation) => relation.id === Number(id));
  if (found && (!given.includes(':') || given === relationKey(found))) return found;
  return refuse(2, `invalid value ${JSON.stringify(given)} for option -r: relation not found`);
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
