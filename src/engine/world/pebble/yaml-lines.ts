/**
 * Lines as Go counts them in a part of a text: it writes the part anew before it reads it, without empty lines and with
 * each scalar on the line of its key.
 * Source: gopkg.in/yaml.v3 (Node.Decode is given what the encoder writes), pebble plan.SectionDecode.
 * Not modelled: lists and maps in brackets over several lines, which Go writes on one.
 */
import { EVENT_ID, SCALAR_STYLE, type Event } from 'js-yaml';

export type Lines = {
  /** The line of an offset in the text, from 1. */
  at(offset: number): number;
  /** These lines, both included, are not there when the text is written anew. */
  drop(from: number, to: number): void;
  /** What a line of the text is when it is written anew. */
  rewritten(line: number): number;
};

const BLOCK_STYLES: readonly number[] = [SCALAR_STYLE.LITERAL_BLOCK, SCALAR_STYLE.FOLDED_BLOCK];

export function isBlockScalar(event: Event): boolean {
  return event.type === EVENT_ID.SCALAR && BLOCK_STYLES.includes(event.style);
}

export function linesOf(source: string, events: readonly Event[]): Lines {
  const texts = source.split('\n');
  const dropped = new Set<number>();
  const kept = new Set<number>();
  const at = (offset: number): number => source.slice(0, Math.max(0, offset)).split('\n').length;
  const span = (from: number, to: number): readonly number[] =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  const drop = (from: number, to: number): void =>
    span(from, to).forEach((line) => dropped.add(line));
  for (const event of events) {
    if (event.type !== EVENT_ID.SCALAR) continue;
    const content = source.slice(event.valueStart, event.valueEnd).trimEnd();
    const first = at(event.valueStart);
    const last = at(event.valueStart + content.length);
    if (isBlockScalar(event)) span(first, last).forEach((line) => kept.add(line));
    else drop(first + 1, last);
  }
  texts.forEach((text, index) => {
    if (text.trim() === '' && !kept.has(index + 1)) dropped.add(index + 1);
  });
  return {
    at,
    drop,
    rewritten: (line) => line - span(1, line).filter((one) => dropped.has(one)).length,
  };
}
