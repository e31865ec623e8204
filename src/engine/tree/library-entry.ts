/**
 * What an entry of the library is: a name, what it is for, what it is told, and the steps it stands for, in an author's
 * own words. Data, so that a page or a command can list it, and show what it expands to.
 */
import type { Charm } from '../model/charm.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** What a parameter names, when the charm must have it. */
export type Named = 'endpoint' | 'container' | 'storage' | 'action' | 'config option';
export type Parameter = {
  readonly about: string;
  /** `names`: a list of what `of` says, or of any texts. */
  readonly type: 'text' | 'flag' | 'whole' | 'names' | 'any';
  readonly of?: Named;
  readonly words?: readonly string[];
  /** What holds when it is not said. Without one it must be said, unless the charm has only one of its kind. */
  readonly default?: Json;
};
/** What was said of an entry's parameters, with what holds of the others. */
export type Values = Readonly<Record<string, Json>>;
/** What an entry may go by besides. */
export type Scene = {
  /** The tree's charm. */
  readonly charm: Charm;
  /** Whether the unit leads its application at the root. */
  readonly leads: boolean;
  readonly model: 'kubernetes' | 'machine';
  /** Whether somebody answers on the other side of this endpoint. */
  readonly answers: (endpoint: string) => boolean;
  /** What the application on the other side is called, when its author does not say. */
  readonly others: (endpoint: string) => string;
};

export type LibraryEntry = {
  readonly name: string;
  /** One sentence for readers. */
  readonly about: string;
  /** `node`: a state, of a root as well; `subtree`: steps. */
  readonly kind: 'node' | 'subtree';
  /** Whether it depends on the charm's metadata. */
  readonly dynamic: boolean;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The steps it stands for, as a tree file would have them. */
  readonly steps: (values: Values, scene: Scene) => readonly Json[];
};

/** An event step with what is said of it, or its name alone where nothing is. */
export function event(name: string, options: JsonObject = {}): Json {
  return Object.keys(options).length === 0 ? name : { [name]: options };
}

export function delta(state: JsonObject, about?: string): Json {
  return { delta: { ...state, ...(about === undefined ? {} : { about }) } };
}

export function sorted(record: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(record).sort();
}
