/**
 * relation-ids, relation-list, relation-get and relation-set. What is set is buffered and lands on exit 0.
 * Source: juju jujuc/relation-*.go, context/relation.go
 * Not modelled: the cache of remote data across hooks, relation-model-get.
 */
import { load } from 'js-yaml';
import type { Answer, CommandRequest, Reply } from '../../model/request.ts';
import { isReply, keyValues, ok, refuse, unrecognised, type Parsed } from './arguments.ts';
import { unitName, type HookCommand, type HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import {
  chosenRelation,
  hookSubject,
  isRelation,
  members,
  RELATION_FLAG,
  relationKey,
} from './relation-context.ts';
import type { Databag, Relation } from './slice.ts';

export const relationIds: HookCommand = {
  flags: FORMAT_FLAGS,
  run({ seen, event }, parsed) {
    const [given, ...more] = parsed.rest;
    if (more.length > 0) return unrecognised(more);
    const endpoint = given ?? (event.kind === 'relation' ? event.endpoint : undefined);
    if (endpoint === undefined) return refuse(2, 'no endpoint name specified');
    const breaking = event.kind === 'relation' && event.phase === 'broken' ? event.relation : null;
    const found = Object.values(seen.relations)
      .filter((relation) => relation.endpoint === endpoint && relation.id !== breaking)
      .map(relationKey);
    return formatted(found.sort(), parsed);
  },
};

export const relationList: HookCommand = {
  flags: { ...FORMAT_FLAGS, ...RELATION_FLAG, app: { kind: 'yes' } },
  run(context, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const relation = chosenRelation(context, parsed);
    if (!isRelation(relation)) return relation;
    if (parsed.yes['app']) return formatted(relation.app, parsed);
    return formatted(members(context.seen, relation), parsed);
  },
};

function appOf(unit: string): string {
  return unit.split('/')[0] ?? unit;
}

function applicationBag(context: HookContext, relation: Relation, name: string): Databag | Reply {
  const { seen, charm } = context;
  const app = appOf(name);
  if (app === seen.app) {
    const peer = charm.endpoints[relation.endpoint]?.role === 'peers';
    return seen.leader || peer ? relation.localApp : refuse(1, 'permission denied');
  }
  return app === relation.app ? relation.remoteApp : refuse(1, 'permission denied');
}

function unitBag(context: HookContext, relation: Relation, name: string): Databag | Reply {
  if (!name.includes('/')) {
    return refuse(2, `expected unit name, got application name ${JSON.stringify(name)}`);
  }
  if (!/^[a-z][a-z0-9-]*\/\d+$/.test(name))
    return refuse(2, `invalid unit name ${JSON.stringify(name)}`);
  if (name === unitName(context.seen)) return relation.localUnit;
  return relation.units[name] ?? refuse(1, 'permission denied');
}

function isBag(value: Databag | Reply): value is Databag {
  return !isReply(value);
}

export const relationGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, ...RELATION_FLAG, app: { kind: 'yes' } },
  run(context, parsed) {
    const relation = chosenRelation(context, parsed);
    if (!isRelation(relation)) return relation;
    const [key = '-', given, ...more] = parsed.rest;
    if (more.length > 0) return unrecognised(more);
    const subject = hookSubject(context);
    const ofApp = parsed.yes['app'] ?? (given === undefined && subject.unit === undefined);
    const name = given ?? subject.unit ?? subject.app;
    if (name === undefined) return refuse(2, 'no unit or application specified');
    const bag = ofApp ? applicationBag(context, relation, name) : unitBag(context, relation, name);
    if (!isBag(bag)) return bag;
    return formatted(key === '-' ? bag : (bag[key] ?? null), parsed);
  },
};

function settings(
  parsed: Parsed,
  request: CommandRequest,
): Readonly<Record<string, string>> | Reply {
  const words = keyValues(parsed.rest);
  if (isReply(words) || parsed.text['file'] === undefined) return words;
  const text = new TextDecoder().decode(request.stdin ?? new Uint8Array());
  let file: unknown;
  try {
    file = text.trim() === '' ? {} : load(text);
  } catch {
    return refuse(1, 'cannot read settings: the file is not YAML');
  }
  if (file === null || typeof file !== 'object' || Array.isArray(file)) {
    return refuse(1, 'cannot read settings: the file is not a map');
  }
  const entries = Object.entries(file).map(([key, value]) => [
    key,
    value === null ? '' : String(value),
  ]);
  return { ...Object.fromEntries(entries), ...words };
}

export const relationSet: HookCommand = {
  flags: {
    ...RELATION_FLAG,
    app: { kind: 'yes' },
    file: { kind: 'text' },
    format: { kind: 'text' },
  },
  run(context, parsed, request): Answer {
    const relation = chosenRelation(context, parsed);
    if (!isRelation(relation)) return relation;
    const file = parsed.text['file'];
    if (file !== undefined && file !== '-' && request.stdin === null) {
      return { kind: 'unsupported', what: 'relation-set --file with a path' };
    }
    const wanted = settings(parsed, request);
    if (isReply(wanted)) return wanted;
    const ofApp = parsed.yes['app'] ?? false;
    if (ofApp && !context.seen.leader) return refuse(1, 'cannot write relation settings');
    context.buffer((slice) => {
      const own = slice.relations[relationKey(relation)];
      const bag = ofApp ? own?.localApp : own?.localUnit;
      if (bag) write(bag as Record<string, string>, wanted);
    });
    return ok('');
  },
};

/** An empty value deletes its key. */
function write(bag: Record<string, string>, wanted: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(wanted)) {
    if (value === '') delete bag[key];
    else bag[key] = value;
  }
}
