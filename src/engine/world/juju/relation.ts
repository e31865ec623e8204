/**
 * relation-ids, relation-list, relation-get and relation-model-get.
 * Source: juju jujuc/relation-ids.go, relation-list.go, relation-get.go, relation-model-get.go
 */
import type { Reply } from '../../model/request.ts';
import { isReply, quoted, refuse, unrecognised, type Parsed } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import { applicationBag, unitBag } from './relation-bag.ts';
import {
  chosenRelation,
  hookRelation,
  hookSubject,
  isRelation,
  members,
  RELATION_FLAG,
  relationKey,
  visibleRelations,
} from './relation-context.ts';
import type { Databag } from './slice.ts';

export const relationIds: HookCommand = {
  flags: FORMAT_FLAGS,
  run(context, parsed) {
    const { seen, event } = context;
    const [given, ...more] = parsed.rest;
    const endpoint = given ?? hookRelation(context)?.endpoint ?? '';
    if (given === undefined && endpoint === '') return refuse(2, 'no endpoint name specified');
    if (more.length > 0) return unrecognised(more);
    const breaking = event.kind === 'relation' && event.phase === 'broken' ? event.relation : null;
    const found = visibleRelations(seen)
      .filter((relation) => relation.endpoint === endpoint && relation.id !== breaking)
      .map(relationKey);
    return formatted(found.sort(), parsed);
  },
};

export const relationList: HookCommand = {
  flags: { ...FORMAT_FLAGS, ...RELATION_FLAG, app: { kind: 'yes' } },
  run(context, parsed) {
    const relation = chosenRelation(context, parsed);
    if (!isRelation(relation)) return relation;
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    if (parsed.yes['app']) return formatted(relation.app, parsed);
    return formatted(members(context.seen, relation), parsed);
  },
};

export const relationModelGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, ...RELATION_FLAG },
  run(context, parsed) {
    const relation = chosenRelation(context, parsed);
    if (!isRelation(relation)) return relation;
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    return formatted({ uuid: relation.remoteModel ?? context.seen.model.uuid }, parsed);
  },
};

const APPLICATION = '[a-z][a-z0-9]*(?:-[a-z0-9]*[a-z][a-z0-9]*)*';
const IS_APPLICATION = new RegExp(`^${APPLICATION}$`);
const IS_UNIT = new RegExp(`^(${APPLICATION})/(?:0|[1-9]\\d*)$`);

type Subject = { readonly kind: 'unit' | 'application'; readonly name: string };

/** Whose databag is meant by an argument. */
function givenSubject(name: string, app: boolean): Subject | Reply {
  const unit = IS_UNIT.exec(name);
  if (app)
    return { kind: 'application', name: unit?.[1] ?? (IS_APPLICATION.test(name) ? name : '') };
  if (unit) return { kind: 'unit', name };
  if (IS_APPLICATION.test(name)) {
    return refuse(2, `expected unit name, got application name ${quoted(name)}`);
  }
  return refuse(2, `invalid unit name ${quoted(name)}`);
}

/** Whose databag is meant without one: the hook's unit, else its application. */
function usualSubject(context: HookContext, app: boolean): Subject | Reply {
  const subject = hookSubject(context);
  if (!app && subject.unit !== undefined) return { kind: 'unit', name: subject.unit };
  if (subject.app !== undefined) return { kind: 'application', name: subject.app };
  return refuse(2, 'no unit or application specified');
}

function subjectOf(context: HookContext, parsed: Parsed): Subject | Reply {
  const app = parsed.yes['app'] ?? false;
  const given = parsed.rest[1];
  return given === undefined ? usualSubject(context, app) : givenSubject(given, app);
}

function isBag(value: Databag | Reply): value is Databag {
  return !isReply(value);
}

export const relationGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, ...RELATION_FLAG, app: { kind: 'yes' } },
  run(context, parsed) {
    const relation = chosenRelation(context, parsed);
    if (!isRelation(relation)) return relation;
    const subject = subjectOf(context, parsed);
    if (isReply(subject)) return subject;
    if (parsed.rest.length > 2) return unrecognised(parsed.rest.slice(2));
    const { kind, name } = subject;
    const read = kind === 'unit' ? unitBag : applicationBag;
    const bag = read(context, relation, name);
    if (!isBag(bag)) return bag;
    const [key = '-'] = parsed.rest;
    if (key === '-' || key === '') return formatted(bag, parsed);
    return formatted(Object.hasOwn(bag, key) ? (bag[key] ?? null) : null, parsed);
  },
};
