/** A state spec in the words an author writes, for showing it again: `can-connect`, not `canConnect`. */
import type { Json } from '../model/json.ts';

const WRITTEN: Readonly<Record<string, string>> = {
  canConnect: 'can-connect',
  plannedUnits: 'planned-units',
};
/** Below these, keys are the charm's or the author's own. */
const OWN: readonly string[] = ['config', 'data', 'units', 'layers', 'files'];

export function authorWords(spec: Json): Json {
  if (spec === null || typeof spec !== 'object' || Array.isArray(spec)) return spec;
  return Object.fromEntries(
    Object.entries(spec).map(([key, value]) => [
      WRITTEN[key] ?? key,
      OWN.includes(key) || value === undefined ? (value ?? null) : authorWords(value),
    ]),
  );
}
