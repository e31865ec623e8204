/**
 * A layer and the plan as data. Only what is set is there: no empty strings or lists, durations as
 * Go prints them.
 */
import type { JsonObject } from '../../model/json.ts';
import type { SectionName } from './plan-fields.ts';

/** One service, check or log target. */
export type Entry = JsonObject;
export type Entries = Readonly<Record<string, Entry>>;
export type Plan = { readonly [Name in SectionName]: Entries };
/** A parsed layer. An entry that the text leaves null is null until it is refused. */
export type LayerData = Plan & { readonly summary: string; readonly description: string };

/** What Pebble refuses with 400 and this message. */
export class FormatError extends Error {}
/** What Pebble would do and this model does not. */
export class NotModelled extends Error {}

/** The entry of that very name. */
export function entryOf(entries: Entries, name: string): Entry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

export function namesOf(entries: Entries): readonly string[] {
  return Object.keys(entries).sort();
}

export function text(entry: Entry, field: string): string {
  const value = Object.hasOwn(entry, field) ? entry[field] : undefined;
  return typeof value === 'string' ? value : '';
}

export function list(entry: Entry, field: string): readonly string[] {
  const value = Object.hasOwn(entry, field) ? entry[field] : undefined;
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

export function object(entry: Entry, field: string): JsonObject | undefined {
  const value = Object.hasOwn(entry, field) ? entry[field] : undefined;
  const is = typeof value === 'object' && value !== null && !Array.isArray(value);
  return is ? (value as JsonObject) : undefined;
}
