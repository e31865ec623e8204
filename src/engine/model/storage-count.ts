/**
 * How many instances of a storage a charm takes.
 * Source: juju internal/charm/meta.go (parseStorageCount): `m`, `m-n`, `m-`, `m+`; one where nothing is said.
 */
import type { JsonObject } from './json.ts';

export type StorageCount = { readonly min: number; readonly max: number };

const ONE: StorageCount = { min: 1, max: 1 };

/** `max` is Infinity where there is no limit. */
export function storageCount(storage: JsonObject): StorageCount {
  const multiple = storage['multiple'];
  if (multiple === null || typeof multiple !== 'object' || Array.isArray(multiple)) return ONE;
  const range = String((multiple as JsonObject)['range'] ?? '1');
  const [, min = '1', more, max] = /^(\d+)(?:([-+])(\d*))?$/.exec(range) ?? [];
  if (more === undefined) return { min: Number(min), max: Number(min) };
  return { min: Number(min), max: max ? Number(max) : Infinity };
}
