/** What changed, grouped by whom it belongs to, each value with what it was, what it is and who wrote it. */
import type { ValueChange, NodeRecord, SliceChanges } from '../engine/record/format.ts';
import type { Json, JsonObject } from '../engine/model/json.ts';
import type { SliceName } from '../engine/world/state.ts';
import { changeSubject } from './change-words.ts';
import { callTitle } from './call-words.ts';
import { writersOf } from './change-writers.ts';
import type { WriterOf } from './change-writers.ts';
import { leafChanges } from './leaf-changes.ts';
import type { Shown } from './values.ts';
import { shownValue } from './values.ts';

export type ChangeRow = {
  readonly subject: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: Shown | null;
  readonly after: Shown | null;
  /** The call whose effect it is, when one wrote this value. */
  readonly by: { readonly seq: number; readonly text: string } | null;
  /** Of a file: the folder it is in, `board: /etc/`. */
  readonly folder: string | null;
};
export type ChangeGroup = {
  readonly title: string;
  readonly rows: readonly ChangeRow[];
  readonly bookkeeping: readonly ChangeRow[];
};

const TITLES: Readonly<Record<SliceName, string>> = {
  juju: 'Juju',
  pebble: 'Workload containers',
  machine: 'Machine and charm directory',
  clock: 'Clock',
};
const ORDER: readonly SliceName[] = ['juju', 'pebble', 'machine', 'clock'];

/** The groups of a record's changes, those without a change left out. */
export function changeGroups(
  changed: SliceChanges,
  entries: NodeRecord['entries'] = [],
): readonly ChangeGroup[] {
  const writer = writersOf(entries.filter((entry) => entry.kind === 'call'));
  return ORDER.flatMap((slice) => {
    const rows = ordered(slice, changed[slice] ?? [], writer);
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

/** Rows by what they are about, so that a status comes before its message. */
function ordered(
  slice: SliceName,
  changes: readonly ValueChange[],
  writer: WriterOf,
): { bookkeeping: boolean; row: ChangeRow }[] {
  const rows = changes.flatMap(leafChanges).map((change) => ({
    bookkeeping: changeSubject(slice, change.path).bookkeeping,
    row: changeRow(slice, change, writer),
  }));
  return rows.sort((a, b) =>
    a.row.subject < b.row.subject ? -1 : a.row.subject > b.row.subject ? 1 : 0,
  );
}

function changeRow(slice: SliceName, change: ValueChange, writerOf: WriterOf): ChangeRow {
  const writer = writerOf(slice, change.path);
  const subject = changeSubject(slice, change.path).text;
  return {
    subject,
    folder: isFile(slice, change) ? subject.slice(0, subject.lastIndexOf('/') + 1) : null,
    kind: kindOf(change),
    before: shown(change.before),
    after: shown(change.after),
    by: writer ? { seq: writer.seq, text: callTitle(writer) } : null,
  };
}

/** That a file below is hidden says that it is gone. */
function isGone(value: Json | undefined): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return (value as JsonObject)['kind'] === 'removed';
}

function kindOf({ before, after }: ValueChange): ChangeRow['kind'] {
  if (after === undefined || isGone(after)) return isGone(before) ? 'added' : 'removed';
  return before === undefined || isGone(before) ? 'added' : 'changed';
}

function shown(value: Json | undefined): Shown | null {
  return value === undefined || isGone(value) ? null : shownValue(value);
}

function isFile(slice: SliceName, { path }: ValueChange): boolean {
  if (slice === 'machine') return path[0] === 'root' && path.length === 2;
  return slice === 'pebble' && path[2] === 'root' && path[3] === 'entries';
}

/** A change in one line of words: `unit status: waiting → active`. */
export function changeSentence(row: ChangeRow): string {
  if (row.subject.startsWith('port ')) {
    return `${row.subject} ${row.kind === 'removed' ? 'closed' : 'opened'}`;
  }
  if (row.subject.startsWith('deferred ')) {
    return `${row.subject.slice('deferred '.length)} ${row.kind === 'removed' ? 'handled at last' : 'deferred'}`;
  }
  if (row.kind === 'removed') return `${row.subject} removed`;
  if (row.subject.startsWith('relation ') && row.kind === 'added') {
    return `${row.subject} added, ${row.after?.text ?? ''}`;
  }
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
