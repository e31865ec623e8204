/** Changes as a page about other things too has room for them: files by their folder, the first of what is left. */
import type { ChangeGroup, ChangeRow } from './changes.ts';
import { countedFiles, grouped } from './values.ts';

/** On such a page, and of a group's bookkeeping. Characters are those of values. */
const ROWS = 60;
const CHARACTERS = 12_000;
/** More files than these in a folder are one row. */
const FOLDER_FROM = 10;
/** On a page about nothing else. */
const PART_ROWS = 200;
const PART_CHARACTERS = 24_000;
/** Longer values are cut, and files by digest are linked to. */
export const VALUE_MAX = 8_000;
export const CONTENTS_MAX = 4_000;

export type FittingChanges = {
  readonly groups: readonly ChangeGroup[];
  /** How many values are not there one by one. */
  readonly elsewhere: number;
};

export function fittingChanges(groups: readonly ChangeGroup[]): FittingChanges {
  if (fits(groups)) return { groups, elsewhere: 0 };
  const room: Room = { rows: ROWS, characters: CHARACTERS };
  const fitting = groups.map((group) => ({
    ...group,
    rows: within(foldedFolders(group.rows), room),
    bookkeeping: group.bookkeeping.length > ROWS ? [] : group.bookkeeping,
  }));
  const shown = new Set(fitting.flatMap(({ rows, bookkeeping }) => [...rows, ...bookkeeping]));
  const all = groups.flatMap(({ rows, bookkeeping }) => [...rows, ...bookkeeping]);
  return { groups: fitting, elsewhere: all.filter((row) => !shown.has(row)).length };
}

function fits(groups: readonly ChangeGroup[]): boolean {
  const rows = groups.flatMap((group) => group.rows);
  const kept = groups.flatMap((group) => group.bookkeeping);
  const characters = [...rows, ...kept].reduce((sum, row) => sum + weight(row), 0);
  return rows.length <= ROWS && kept.length <= ROWS && characters <= CHARACTERS;
}

type Room = { rows: number; characters: number };

function within(rows: readonly ChangeRow[], room: Room): readonly ChangeRow[] {
  return rows.filter((row) => {
    const has = room.rows > 0 && room.characters >= weight(row);
    if (!has) return false;
    room.rows -= 1;
    room.characters -= weight(row);
    return true;
  });
}

function foldedFolders(rows: readonly ChangeRow[]): readonly ChangeRow[] {
  const folders = Map.groupBy(rows, ({ folder }) => folder);
  return [...folders].flatMap(([folder, held]) =>
    folder === null || held.length <= FOLDER_FROM ? held : [folderRow(folder, held)],
  );
}

function folderRow(folder: string, rows: readonly ChangeRow[]): ChangeRow {
  const files = new Map(rows.map((row) => [fileOf(row), isWhole(row) ? row.kind : 'changed']));
  const found = (['added', 'changed', 'removed'] as const).flatMap((kind) => {
    const count = [...files.values()].filter((one) => one === kind).length;
    return count > 0 ? [{ kind, said: `${grouped(count)} ${kind}` }] : [];
  });
  return {
    subject: `${folder} (${countedFiles(files.size)})`,
    kind: found.length === 1 ? (found[0]?.kind ?? 'changed') : 'changed',
    before: null,
    after: { text: found.map(({ said }) => said).join(', '), long: false },
    by: null,
    folder,
  };
}

/** `board: /etc/motd (contents)` is of /etc/motd. */
const FIELD = / \([a-z]+\)$/;
function fileOf({ subject }: ChangeRow): string {
  return subject.replace(FIELD, '');
}

function isWhole({ subject }: ChangeRow): boolean {
  return !FIELD.test(subject);
}

function weight({ before, after }: ChangeRow): number {
  const one = (shown: ChangeRow['before']): number =>
    shown?.digest
      ? Math.min(shown.size ?? 0, CONTENTS_MAX)
      : Math.min(shown?.text.length ?? 0, VALUE_MAX);
  return 40 + one(before) + one(after);
}

/** All of them, as many to a page as it has room for. */
export function changeParts(groups: readonly ChangeGroup[]): readonly (readonly ChangeGroup[])[] {
  const all = groups.flatMap((group) => [
    ...group.rows.map((row) => ({ row, group, kept: false })),
    ...group.bookkeeping.map((row) => ({ row, group, kept: true })),
  ]);
  const parts = partsBy(all, ({ row }) => weight(row), PART_ROWS, PART_CHARACTERS);
  return parts.map((part) =>
    [...Map.groupBy(part, ({ group }) => group)].map(([{ title }, held]) => ({
      title,
      rows: held.filter(({ kept }) => !kept).map(({ row }) => row),
      bookkeeping: held.filter(({ kept }) => kept).map(({ row }) => row),
    })),
  );
}

/** Runs of at most so many and so much, each of one at least. */
export function partsBy<Item>(
  all: readonly Item[],
  weightOf: (item: Item) => number,
  most: number,
  room: number,
): readonly (readonly Item[])[] {
  const parts: Item[][] = [];
  let left = 0;
  for (const item of all) {
    const last = parts.at(-1);
    left -= weightOf(item);
    if (last && left >= 0 && last.length < most) last.push(item);
    else {
      parts.push([item]);
      left = room - weightOf(item);
    }
  }
  return parts;
}
