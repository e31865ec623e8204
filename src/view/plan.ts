/**
 * The plan that a container's layers make together, for showing.
 * Source: canonical/pebble v1.32 internals/plan/plan.go CombineLayers: later layers win; an entry merges or replaces as
 * its `override` says; when merging, maps are merged and lists are appended.
 */
import type { Json, JsonObject } from '../engine/model/json.ts';
import type { Layer } from '../engine/world/pebble/slice.ts';

const SECTIONS = ['services', 'checks', 'log-targets'];

export function combinedPlan(layers: readonly Layer[]): JsonObject {
  const sections = SECTIONS.map((section) => {
    const entries = new Map<string, Json>();
    for (const { layer } of layers)
      for (const [name, entry] of Object.entries(mapOf(layer[section]))) {
        const before = entries.get(name);
        const merges = before !== undefined && mapOf(entry)['override'] === 'merge';
        entries.set(name, merges ? mergedEntry(before, entry ?? null) : (entry ?? null));
      }
    return [section, Object.fromEntries(entries)] as const;
  });
  return Object.fromEntries(sections.filter(([, entries]) => Object.keys(entries).length > 0));
}

function mergedEntry(before: Json, after: Json): Json {
  const [old, young] = [mapOf(before), mapOf(after)];
  const merged = Object.entries(young).map(([key, value]) => {
    const was = old[key];
    if (Array.isArray(was) && Array.isArray(value)) return [key, [...was, ...value]] as const;
    if (isMap(was) && isMap(value)) return [key, { ...was, ...value }] as const;
    return [key, value] as const;
  });
  return { ...old, ...Object.fromEntries(merged) };
}

function isMap(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function mapOf(value: Json | undefined): JsonObject {
  return isMap(value) ? value : {};
}
