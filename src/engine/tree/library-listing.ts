/** The library as a list: what each entry is for, what it is told, and what it stands for, as a tree file has it. */
import { dump } from 'js-yaml';
import type { Charm } from '../model/charm.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { LibraryEntry, Named, Scene } from './library-entry.ts';
import { sceneFor, sceneWithout } from './library-scene.ts';
import { LIBRARY } from './library-table.ts';
import { ROOT_NAMES } from './library.ts';
import type { OwnLibrary } from './reading.ts';
import type { Responder } from './responder.ts';
import { RESPONDERS } from './responders.ts';

export type ListedParameter = {
  readonly name: string;
  readonly about: string;
  /** What holds when it is not said; absent: it must be said, unless the charm has one of its kind only. */
  readonly usual?: Json;
  readonly choices?: readonly string[];
  readonly of?: Named;
};
export type ListedEntry = {
  readonly name: string;
  readonly about: string;
  readonly kind: LibraryEntry['kind'];
  readonly dynamic: boolean;
  /** Whether a root may use it as well. */
  readonly root: boolean;
  /** Whether the project brings it. */
  readonly own: boolean;
  readonly parameters: readonly ListedParameter[];
  /** A use of it in a tree. */
  readonly use: string;
  /** What that stands for; null: the charm has nothing for it, or none is known. */
  readonly steps: string | null;
};
export type ListedResponder = {
  readonly interface: string;
  readonly about: string;
  readonly source: string;
  readonly own: boolean;
  /** What the other side does as provider and as requirer, in words; absent: it is not known as one. */
  readonly provides?: string;
  readonly requires?: string;
};
type Known = { readonly charm?: Charm; readonly own?: OwnLibrary };

const NOTHING: OwnLibrary = { entries: [], responders: [] };

function yaml(value: Json, flowLevel: number): string {
  return dump(value, { flowLevel, lineWidth: 110 });
}

/** A line, but for steps that hold others. */
function stepText(step: Json): string {
  const [key] = step !== null && typeof step === 'object' ? Object.keys(step) : [];
  const [branch, each, line] = [8, 4, 2];
  return yaml([step], key === 'branch' ? branch : key === 'each' ? each : line);
}

/** What stands for a parameter that has to be said. */
function sample(name: string, of: Named | undefined, charm: Charm | undefined): Json {
  const kinds: Readonly<Record<Named, object>> = {
    endpoint: charm?.endpoints ?? {},
    container: charm?.containers ?? {},
    storage: charm?.storage ?? {},
    action: charm?.actions ?? {},
    'config option': charm?.config ?? {},
  };
  if (of !== undefined) return Object.keys(kinds[of]).sort()[0] ?? null;
  return name === 'to' ? '../next' : name;
}

function sampled(entry: LibraryEntry, charm: Charm | undefined): JsonObject {
  const needed = Object.entries(entry.parameters).filter(([, one]) => one.default === undefined);
  return Object.fromEntries(needed.map(([name, { of }]) => [name, sample(name, of, charm)]));
}

function expansion(entry: LibraryEntry, said: JsonObject, scene: Scene | null): string | null {
  if (!scene || Object.values(said).includes(null)) return null;
  const usual = Object.entries(entry.parameters).map(
    ([name, { default: value }]) => [name, said[name] ?? value ?? null] as const,
  );
  const steps = entry.steps(Object.fromEntries(usual), scene);
  return steps.length === 0 ? null : steps.map(stepText).join('');
}

function parametersOf({ parameters }: LibraryEntry): readonly ListedParameter[] {
  return Object.entries(parameters).map(([name, { about, default: usual, words, of }]) => ({
    name,
    about,
    ...(usual === undefined ? {} : { usual }),
    ...(words ? { choices: words } : {}),
    ...(of ? { of } : {}),
  }));
}

/** Every entry, the library's own first. */
export function listedEntries({ charm, own = NOTHING }: Known): readonly ListedEntry[] {
  const responders = [...own.responders, ...RESPONDERS];
  const told = { leads: true, model: undefined, responders };
  const scene = charm ? sceneFor(charm, told) : null;
  return [...LIBRARY, ...own.entries].map((entry) => {
    const { name, about, kind, dynamic } = entry;
    const said = sampled(entry, charm);
    return {
      name,
      about,
      kind,
      dynamic,
      root: ROOT_NAMES.includes(name),
      own: own.entries.includes(entry),
      parameters: parametersOf(entry),
      use: yaml([{ use: name, ...said }], 1).trimEnd(),
      steps: expansion(entry, said, dynamic ? scene : sceneWithout(told)),
    };
  });
}

function listedResponder(responder: Responder, own: boolean): ListedResponder {
  const { about, source, provides, requires } = responder;
  return {
    interface: responder.interface,
    about,
    source,
    own,
    ...(provides ? { provides: provides.about } : {}),
    ...(requires ? { requires: requires.about } : {}),
  };
}

/** By interface; a project's own stands in for the library's. */
export function listedResponders({
  own = NOTHING,
}: Pick<Known, 'own'>): readonly ListedResponder[] {
  const names = own.responders.map((one) => one.interface);
  return [
    ...own.responders.map((one) => listedResponder(one, true)),
    ...RESPONDERS.filter((one) => !names.includes(one.interface)).map((one) =>
      listedResponder(one, false),
    ),
  ].sort((a, b) => (a.interface < b.interface ? -1 : 1));
}
