/**
 * Reading many members of a record that is being changed. Each that is read of a draft becomes a draft itself, so what
 * can be told from the record as it was is read there.
 */
import { isDraft, original, type Draft } from 'immer';
import type { Container } from './slice.ts';

type Members<Value> = Readonly<Record<string, Value>>;

/** A value as it was before it was changed. */
export function before<Value extends object>(value: Draft<Value>): Value {
  return (isDraft(value) ? original(value as object) : value) as Value;
}

/** Members that are numbered in order, and where a container says which number comes next. */
const NEXT = { changes: 'nextChange', notices: 'nextNotice' } as const;

/** The record as it was before it was changed. */
export function membersBefore<Value>(record: Draft<Members<Value>>): Members<Value> {
  return before<Members<Value>>(record);
}

/** The ids that were given out since then, in their order. A draft would be asked for all of its names. */
export function addedTo(container: Draft<Container>, record: keyof typeof NEXT): readonly string[] {
  if (!isDraft(container[record])) return [];
  const first = before<Container>(container)[NEXT[record]];
  const count = container[NEXT[record]] - first;
  return Array.from({ length: count }, (_, index) => String(first + index));
}
