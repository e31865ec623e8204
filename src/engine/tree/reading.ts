/** What the steps of a tree are read with: where mistakes go, the library, and the charm it is about. */
import type { Charm } from '../model/charm.ts';
import type { Json } from '../model/json.ts';
import type { Position } from '../model/mistake.ts';
import type { Report, Yaml } from '../model/yaml.ts';
import type { LibraryEntry } from './library-entry.ts';
import type { Responder } from './responder.ts';

/** What a project adds to the library. */
export type OwnLibrary = {
  readonly entries: readonly LibraryEntry[];
  readonly responders: readonly Responder[];
};
/** What a tree is read with besides its text. `charm`: finds it by what the tree says; throws a Mistake. */
export type TreeGiven = {
  readonly charm?: (tree: { readonly charm?: string; readonly at: Position }) => Charm;
  readonly own?: OwnLibrary;
};
export type Reading = {
  readonly report: Report;
  readonly entries: readonly LibraryEntry[];
  readonly responders: readonly Responder[];
  /** The tree's charm; undefined where nobody knows it. */
  readonly charm: () => Charm | undefined;
  readonly leads: boolean;
  /** Of the root, when it says. */
  readonly model: 'kubernetes' | 'machine' | undefined;
  /** Entries that are being expanded, outermost first. */
  readonly inside: readonly string[];
};

/** A value as if it had been written where the author stands. */
export function yamlAt(value: Json, at: Position): Yaml {
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item: Json) => yamlAt(item, at)), at };
  }
  if (value === null || typeof value !== 'object') {
    return { kind: 'scalar', value, at };
  }
  const entries = Object.entries(value).map(([key, member]) => ({
    key,
    at,
    value: yamlAt(member ?? null, at),
  }));
  return { kind: 'map', entries, at };
}
