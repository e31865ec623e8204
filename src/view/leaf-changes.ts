/**
 * A change as the parts a reader thinks of: a directory is its files, a relation its databags, a notice its event.
 */
import type { Json } from '../engine/model/json.ts';
import type { ValueChange } from '../engine/record/format.ts';
import { noticesIn } from './deferrals.ts';
import { machinePart } from './machine-view.ts';

const RELATION_PARTS = ['localApp', 'localUnit', 'remoteApp', 'units'];

/** A directory or relation that came or went is its parts; anything else is one change. */
export function leafChanges(change: ValueChange): ValueChange[] {
  const [head, name = '', ...rest] = change.path;
  if (head === 'ports') return [opened(change)];
  const notices = noticesIn(change);
  if (notices) return noticeChanges(notices);
  if (head === 'action' && !name && change.after !== undefined) return actionChanges(change);
  if (head === 'relations' && rest.length === 0) return relationChanges(change);
  if (rest.length === 0) {
    const told = machinePart(head ?? '', name);
    if (told) return [inWords(change, told)];
  }
  for (const side of ['before', 'after'] as const) {
    const other = side === 'before' ? change.after : change.before;
    const entries = other === undefined ? entriesOf(change[side]) : null;
    if (!entries) continue;
    return Object.keys(entries)
      .sort()
      .flatMap((name) =>
        leafChanges({ path: [...change.path, 'entries', name], [side]: entries[name] }),
      );
  }
  return [change];
}

/** Each event put off, or no longer put off, by its name and the observer that did so. */
function noticeChanges({
  before,
  after,
}: NonNullable<ReturnType<typeof noticesIn>>): ValueChange[] {
  const kept = new Set(
    before.map((row) => row.key).filter((key) => after.some((row) => row.key === key)),
  );
  return (['before', 'after'] as const).flatMap((side) =>
    (side === 'before' ? before : after)
      .filter((row) => !kept.has(row.key))
      .map((row) => ({ path: ['deferred', row.event], [side]: row.observer })),
  );
}

/** What came or went in a few words, in place of all that is known of it. */
function inWords(change: ValueChange, told: (value: Json) => string): ValueChange {
  const side = (value: Json | undefined): Json | undefined =>
    value === undefined || value === null ? value : told(value);
  return {
    path: change.path,
    ...(change.before === undefined ? {} : { before: side(change.before) as Json }),
    ...(change.after === undefined ? {} : { after: side(change.after) as Json }),
  };
}

/** A port that is open is `true` in the State. */
function opened(change: ValueChange): ValueChange {
  return {
    path: change.path,
    ...(change.before === undefined ? {} : { before: 'open' }),
    ...(change.after === undefined ? {} : { after: 'open' }),
  };
}

/** The action of this dispatch by its name; that an earlier one is forgotten says nothing. */
function actionChanges(change: ValueChange): ValueChange[] {
  const run = change.after as { name?: string; results?: Json; failure?: Json } | null;
  if (!run) return [];
  const after = run.failure ? { failed: run.failure } : { answered: run.results ?? {} };
  return [{ path: ['action', String(run.name)], after }];
}

function relationChanges(change: ValueChange): ValueChange[] {
  const side = change.before === undefined ? 'after' : 'before';
  const relation = change[side];
  if (change.before !== undefined && change.after !== undefined) return [change];
  if (relation === null || typeof relation !== 'object' || Array.isArray(relation)) return [change];
  const parts = Object.entries(relation).filter(([name]) => RELATION_PARTS.includes(name));
  return [
    { path: change.path, [side]: `with ${String((relation as { app?: Json }).app)}` },
    ...parts.flatMap(([name, value]) => members([...change.path, name], value as Json, side)),
  ];
}

/** Each value below a databag, or below the databags of units. */
function members(path: readonly string[], value: Json, side: 'before' | 'after'): ValueChange[] {
  if (value === null || typeof value !== 'object') return [{ path, [side]: value }];
  return Object.entries(value).flatMap(([key, one]) => members([...path, key], one as Json, side));
}

function entriesOf(value: Json | undefined): Readonly<Record<string, Json>> | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const { kind, entries } = value as { kind?: Json; entries?: Json };
  if (kind !== 'dir' || entries === null || typeof entries !== 'object') return null;
  return Object.keys(entries).length > 0 ? (entries as Readonly<Record<string, Json>>) : null;
}
