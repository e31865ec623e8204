/**
 * relation-set: what is set is buffered and lands on exit 0, where leadership is checked again.
 * Source: juju jujuc/relation-set.go, api/agent/uniter/settings.go
 */
import type { Answer } from '../../model/request.ts';
import { isReply, keyValues, ok, refuse } from './arguments.ts';
import { leads, type HookCommand, type HookContext } from './command.ts';
import { warned } from './format.ts';
import { chosenRelation, isRelation, RELATION_FLAG, relationKey } from './relation-context.ts';
import type { Databag, Relation } from './slice.ts';
import { settingsInFile } from './state-file.ts';

/** An empty value deletes its key. */
function write(bag: Record<string, string>, wanted: Databag): void {
  for (const [key, value] of Object.entries(wanted)) {
    if (value === '') delete bag[key];
    else bag[key] = value;
  }
}

function setIn(
  context: HookContext,
  relation: Relation,
  { app, wanted }: { app: boolean; wanted: Databag },
): Answer {
  if (app && !leads(context)) return refuse(1, 'cannot write relation settings');
  context.buffer((slice) => {
    const own = slice.relations[relationKey(relation)];
    const bag = app ? own?.localApp : own?.localUnit;
    if (bag) write(bag as Record<string, string>, wanted);
  });
  return ok('');
}

export const relationSet: HookCommand = {
  flags: {
    ...RELATION_FLAG,
    app: { kind: 'yes' },
    file: { kind: 'text' },
    format: { kind: 'text' },
  },
  run(context, parsed, request) {
    const relation = chosenRelation(context, parsed);
    if (!isRelation(relation)) return relation;
    const words = keyValues(parsed.rest);
    if (isReply(words)) return words;
    const file = settingsInFile('relation-set', parsed, request);
    const app = parsed.yes['app'] ?? false;
    const answer =
      file.kind === 'settings'
        ? setIn(context, relation, { app, wanted: { ...file.settings, ...words } })
        : file;
    return warned('relation-set', parsed, answer);
  },
};
