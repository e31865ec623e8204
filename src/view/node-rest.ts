/** What a node's page has no room for, whole and in as many pages as it needs: changes, what happened, the State. */
import { plainText } from '../chart/plain-text.ts';
import { countedFiles } from './values.ts';
import { stableText } from '../engine/model/json.ts';
import type { Index, NodeRecord } from '../engine/record/format.ts';
import type { Container } from '../engine/world/pebble/slice.ts';
import type { State } from '../engine/world/state.ts';
import { changeParts, fittingChanges, partsBy, VALUE_MAX } from './change-fold.ts';
import type { FittingChanges } from './change-fold.ts';
import type { ChangeGroup } from './changes.ts';
import { changeGroups } from './changes.ts';
import type { EntryView } from './entry-view.ts';
import { entryViews } from './entry-view.ts';
import { filesIn } from './file-lines.ts';
import { inParts } from './file-atlas.ts';
import { linkFrom, pagePath } from './links.ts';
import type { Rest } from './links.ts';
import type { NodeLink } from './node-page.ts';
import { withoutTimes } from './values.ts';

/** Entries on a node's page, and on one about nothing else. Characters are those of bodies and answers. */
const ENTRIES = 150;
/** Where these are not all. */
const FIRST_ENTRIES = 60;
const PART_ENTRIES = 250;
const CHARACTERS = 16_000;
const PART_CHARACTERS = 24_000;
const STATE_INLINE = 12_000;
const STATE_PART = 40_000;
/** Of more files, a State says how many: the browser has them all. */
const STATE_FILES = 50;

export type ChangedPart = {
  /** The author's deltas come first, each for itself. */
  readonly title: string;
  readonly groups: readonly ChangeGroup[];
};
export type NodeRest = {
  readonly deltas: readonly FittingChanges[];
  readonly event: FittingChanges;
  /** Empty where a node's page has it all. */
  readonly changed: readonly ChangedPart[];
  /** The first of what happened; `happened` has it all where that is not all. */
  readonly entries: readonly EntryView[];
  readonly happened: readonly (readonly EntryView[])[];
  readonly stateText: string;
  readonly state: readonly string[];
};

export function nodeRest(record: NodeRecord, state: State): NodeRest {
  const deltas = record.deltas.map((delta) => changeGroups(delta.changed));
  const event = changeGroups(record.changed, record.entries);
  const changes = [...deltas, event].map(fittingChanges);
  const elsewhere = changes.some((one) => one.elsewhere > 0);
  const entries = entryViews(record);
  const happened = partsBy(entries, entryWeight, PART_ENTRIES, PART_CHARACTERS);
  const fitting = partsBy(entries, entryWeight, ENTRIES, CHARACTERS)[0] ?? [];
  const all = fitting.length === entries.length;
  const first = all ? entries : fitting.slice(0, FIRST_ENTRIES);
  const text = plainText(stableText(withoutTimes(countedState(state))));
  return {
    deltas: changes.slice(0, -1),
    event: changes.at(-1) as FittingChanges,
    changed: elsewhere ? changedParts(deltas, event) : [],
    entries: first,
    happened: all ? [] : happened,
    stateText: text.length <= STATE_INLINE ? text : '',
    state: text.length <= STATE_INLINE ? [] : linesInParts(text),
  };
}

function changedParts(
  deltas: readonly (readonly ChangeGroup[])[],
  event: readonly ChangeGroup[],
): readonly ChangedPart[] {
  const titled = [
    ...deltas.map((groups) => ({ title: 'Before the event, the tree changed', groups })),
    { title: deltas.length > 0 ? 'The event changed' : '', groups: event },
  ];
  return titled.flatMap(({ title, groups }) =>
    changeParts(groups).map((part) => ({ title, groups: part })),
  );
}

function entryWeight({ line, parts }: EntryView): number {
  return parts.reduce(
    (sum, { shown }) => sum + Math.min(shown.text.length, VALUE_MAX),
    line.length,
  );
}

/** Where a listing of files would be all there is to see, how many they are. */
function countedState(state: State): unknown {
  const containers = Object.entries(state.pebble.containers).map(([name, container]) => [
    name,
    { ...container, ...countedRoot(container) },
  ]);
  return { ...state, pebble: { ...state.pebble, containers: Object.fromEntries(containers) } };
}

function countedRoot({ root, image }: Container): object {
  const counted = (dir: Container['root']): unknown =>
    filesIn(dir) > STATE_FILES ? `${countedFiles(filesIn(dir))}: the file browser has them` : dir;
  return {
    root: counted(root),
    ...(image ? { image: { ...image, root: counted(image.root) } } : {}),
  };
}

function linesInParts(text: string): readonly string[] {
  const lines = text.split('\n');
  const parts = partsBy(lines, (line) => line.length + 1, lines.length, STATE_PART);
  return parts.map((part) => part.join('\n'));
}

/** The links between the pages of one of these. `part` is counted from 1. */
export function restParts(id: string, of: Rest, { part, count }: { part: number; count: number }) {
  const path = pagePath.rest(id, of, part);
  return inParts(Array.from({ length: count }), 1).map((_, at): NodeLink => ({
    text: String(at + 1),
    href: linkFrom(path, pagePath.rest(id, of, at + 1)),
    ...(at + 1 === part ? { here: true } : {}),
  }));
}

/** Where an entry is, seen from a page. */
export function entryPlace(id: string, rest: NodeRest, page: string): (seq: number) => string {
  const here = new Set(rest.entries.map((entry) => entry.seq));
  return (seq) => {
    const at = rest.happened.findIndex((part) => part.some((entry) => entry.seq === seq));
    const to = here.has(seq) || at < 0 ? pagePath.node(id) : pagePath.rest(id, 'happened', at + 1);
    return `${to === page ? '' : linkFrom(page, to)}#e${seq}`;
  };
}

/** The pages that all nodes need of one kind. */
export async function restPaths(
  of: Rest,
  site: { index(): Promise<Index>; rest(id: string): Promise<NodeRest> },
) {
  const { trees } = await site.index();
  const paths: { params: { id: string; part: string } }[] = [];
  for (const { id } of trees.flatMap((tree) => tree.nodes)) {
    const rest = await site.rest(id);
    rest[of].forEach((_, at) => paths.push({ params: { id, part: String(at + 1) } }));
  }
  return paths;
}
