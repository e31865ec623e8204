/**
 * Reading many members of a record that is being changed. Each that is read of a draft becomes a draft itself, so what
 * can be told from the record as it was is read there.
 */
import { isDraft, original, type Draft } from 'immer';

type Members<Value> = Readonly<Record<string, Value>>;

/** The record as it was before it was changed. */
export function membersBefore<Value>(record: Draft<Members<Value>>): Members<Value> {
  return (isDraft(record) ? original(record as object) : record) as Members<Value>;
}

/** The names of members that were not there before. */
export function addedTo<Value>(record: Draft<Members<Value>>): readonly string[] {
  const before = isDraft(record) ? (original(record as object) ?? {}) : record;
  // Object.keys would ask the draft about each name.
  const names = Reflect.ownKeys(record) as string[];
  return names.filter((name) => !Object.hasOwn(before, name));
}
