/** What changed, grouped by whom it belongs to, each value with what it was, what it is and who wrote it. */
import type { Call, Change, NodeRecord, SliceChanges } from '../engine/record/format.ts';
import type { Json } from '../engine/model/json.ts';
import type { SliceName } from '../engine/world/state.ts';
import { changeSubject } from './change-words.ts';
import { callTitle, effectPlace } from './call-words.ts';
import type { Shown } from './values.ts';
import { shownValue } from './values.ts';

export type ChangeRow = {
  readonly subject: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: Shown | null;
  readonly after: Shown | null;
  /** The call whose effect it is, when one wrote this value. */
  readonly by: { readonly seq: number; readonly text: string } | null;
};
export type ChangeGroup = {
  readonly title: string;
  readonly rows: readonly ChangeRow[];
  readonly bookkeeping: readonly ChangeRow[];
};

const TITLES: Readonly<Record<SliceName, string>> = {
  juju: 'Juju',
  pebble: 'Workload containers',
  machine: 'Charm directory',
  clock: 'Clock',
};
const ORDER: readonly SliceName[] = ['juju', 'pebble', 'machine', 'clock'];

/** The groups of a record's changes, those without a change left out. */
export function changeGroups(
  changed: SliceChanges,
  entries: NodeRecord['entries'] = [],
): readonly ChangeGroup[] {
  const calls = entries.filter((entry) => entry.kind === 'call');
  return ORDER.flatMap((slice) => {
    const rows = ordered(slice, changed[slice] ?? [], calls);
    if (rows.length === 0) return [];
    return [
      {
        title: TITLES[slice],
        rows: rows.filter((one) => !one.bookkeeping).map((one) => one.row),
        bookkeeping: rows.filter((one) => one.bookkeeping).map((one) => one.row),
      },
    ];
  });
}

const RELATION_PARTS = ['localApp', 'localUnit', 'remoteApp', 'units'];

/** A directory or relation that came or went is its parts; anything else is one change. */
function leafChanges(change: Change): Change[] {
  const [head, name = '', ...rest] = change.path;
  if (head === 'ports') return [opened(change)];
  if (head === 'action' && !name && change.after !== undefined) return actionChanges(change);
  if (head === 'relations' && rest.length === 0) return relationChanges(change);
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

/** A port that is open is `true` in the State. */
function opened(change: Change): Change {
  return {
    path: change.path,
    ...(change.before === undefined ? {} : { before: 'open' }),
    ...(change.after === undefined ? {} : { after: 'open' }),
  };
}

/** The action of this dispatch by its name; that an earlier one is forgotten says nothing. */
function actionChanges(change: Change): Change[] {
  const run = change.after as { name?: string; results?: Json; failure?: Json } | null;
  if (!run) return [];
  const after = run.failure ? { failed: run.failure } : { answered: run.results ?? {} };
  return [{ path: ['action', String(run.name)], after }];
}

function relationChanges(change: Change): Change[] {
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
function members(path: readonly string[], value: Json, side: 'before' | 'after'): Change[] {
  if (value === null || typeof value !== 'object') return [{ path, [side]: value }];
  return Object.entries(value).flatMap(([key, one]) => members([...path, key], one as Json, side));
}

function entriesOf(value: Json | undefined): Readonly<Record<string, Json>> | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const { kind, entries } = value as { kind?: Json; entries?: Json };
  if (kind !== 'dir' || entries === null || typeof entries !== 'object') return null;
  return Object.keys(entries).length > 0 ? (entries as Readonly<Record<string, Json>>) : null;
}

/** Rows by what they are about, so that a status comes before its message. */
function ordered(
  slice: SliceName,
  changes: readonly Change[],
  calls: readonly Call[],
): { bookkeeping: boolean; row: ChangeRow }[] {
  const rows = changes.flatMap(leafChanges).map((change) => ({
    bookkeeping: changeSubject(slice, change.path).bookkeeping,
    row: changeRow(slice, change, calls),
  }));
  return rows.sort((a, b) =>
    a.row.subject < b.row.subject ? -1 : a.row.subject > b.row.subject ? 1 : 0,
  );
}

function changeRow(slice: SliceName, change: Change, calls: readonly Call[]): ChangeRow {
  const writer = calls.findLast((call) => wrote(call, slice, change.path));
  return {
    subject: changeSubject(slice, change.path).text,
    kind:
      change.before === undefined ? 'added' : change.after === undefined ? 'removed' : 'changed',
    before: change.before === undefined ? null : shownValue(change.before),
    after: change.after === undefined ? null : shownValue(change.after),
    by: writer ? { seq: writer.seq, text: callTitle(writer) } : null,
  };
}

/** An effect above or below the changed value is its writer too: a call may add a whole relation or one key. */
function wrote(call: Call, slice: SliceName, path: readonly string[]): boolean {
  return call.effects.some((effect) => {
    const place = effectPlace(call, effect.path);
    const length = Math.min(place.path.length, path.length);
    const leads = place.path.slice(0, length).every((part, at) => part === path[at]);
    return place.slice === slice && length > 0 && leads;
  });
}

/** A change in one line of words: `unit status: waiting → active`. */
export function changeSentence(row: ChangeRow): string {
  if (row.subject.startsWith('port ')) {
    return `${row.subject} ${row.kind === 'removed' ? 'closed' : 'opened'}`;
  }
  if (row.kind === 'removed') return `${row.subject} removed`;
  const [before, after] = [inLine(row.before), inLine(row.after)];
  if (row.kind === 'added')
    return after === null ? `${row.subject} added` : `${row.subject} set to ${after}`;
  return before === null || after === null
    ? `${row.subject} changed`
    : `${row.subject}: ${before} → ${after}`;
}

/** A value as part of a sentence; null when it is too long for one. */
function inLine(shown: Shown | null): string | null {
  if (!shown || shown.long || shown.digest || /^(directory |[[{])/.test(shown.text)) return null;
  return shown.text.trim() || '(empty)';
}
