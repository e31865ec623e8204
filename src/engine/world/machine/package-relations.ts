/**
 * What packages say of each other: dependencies with alternatives, conflicts, provided names.
 * Source: deb-control(5), Debian Policy chapter 7.
 * Not modelled: architecture qualifiers beyond being read past, build profiles.
 */
import { relates } from './deb-version.ts';
import type { Package } from './package-slice.ts';

export type Relation = {
  readonly name: string;
  readonly relation?: string;
  readonly version?: string;
};

function relationIn(text: string): Relation {
  const match = /^\s*([^\s(:[]+)(?::\S+)?\s*(?:\(\s*([<>=]+)\s*([^)\s]+)\s*\))?/.exec(text);
  const [, name = '', relation, version] = match ?? [];
  return relation === undefined || version === undefined ? { name } : { name, relation, version };
}

/** Each of which is satisfied by any of its alternatives. */
export function relationsIn(text: string | undefined): readonly (readonly Relation[])[] {
  if (text === undefined || text.trim() === '') return [];
  return text.split(',').map((group) => group.split('|').map(relationIn));
}

/** Whether a package is what a relation is about, by its name or one it provides. */
export function meets(name: string, one: Package, wanted: Relation): boolean {
  const { relation, version = '' } = wanted;
  if (name === wanted.name) {
    return relation === undefined || relates(one.version, relation, version) === true;
  }
  return relationsIn(one.provides).some(([provided]) => {
    if (provided?.name !== wanted.name) return false;
    if (relation === undefined) return true;
    return provided.version !== undefined && relates(provided.version, relation, version) === true;
  });
}

/** As it is shown: `pb-lib (>= 1.5)`. */
export function relationText({ name, relation, version }: Relation): string {
  return relation === undefined ? name : `${name} (${relation} ${version})`;
}
