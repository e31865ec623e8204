/**
 * JSON as Go's Decoder reads it: the first value of a text, what follows it ignored, errors in Go's
 * words.
 * Source: Go encoding/json scanner.go and stream.go.
 */
import type { Json } from '../../model/json.ts';

/** What Go says is wrong with a text. */
export type Wrong = { readonly wrong: string };
type Cursor = { readonly text: string; at: number };

class Stop extends Error {}

function shown(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return `'"'`;
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}

function peek(cursor: Cursor): string {
  while (/^[ \t\r\n]$/.test(cursor.text.charAt(cursor.at))) cursor.at += 1;
  return cursor.text.charAt(cursor.at);
}

function stop(char: string, where: string): never {
  throw new Stop(char === '' ? 'unexpected EOF' : `invalid character ${shown(char)} ${where}`);
}

function stringAt(cursor: Cursor): string {
  const start = cursor.at;
  for (cursor.at += 1; ; cursor.at += 1) {
    const char = cursor.text.charAt(cursor.at);
    if (char === '') stop('', '');
    if (char < ' ') stop(char, 'in string literal');
    if (char === '"') break;
    if (char !== '\\') continue;
    cursor.at += 1;
    const escaped = cursor.text.charAt(cursor.at);
    if (!/^["\\/bfnrtu]$/.test(escaped)) stop(escaped, 'in string escape code');
    const hex = cursor.text.slice(cursor.at + 1, cursor.at + 5);
    if (escaped === 'u' && !/^[\da-fA-F]{4}$/.test(hex)) {
      stop(/[^\da-fA-F]/.exec(hex)?.[0] ?? '', 'in \\u hexadecimal character escape');
    }
  }
  cursor.at += 1;
  return JSON.parse(cursor.text.slice(start, cursor.at)) as string;
}

function objectAt(cursor: Cursor): Json {
  const entries: [string, Json][] = [];
  cursor.at += 1;
  if (peek(cursor) === '}') {
    cursor.at += 1;
    return {};
  }
  for (;;) {
    if (peek(cursor) !== '"') stop(peek(cursor), 'looking for beginning of object key string');
    const key = stringAt(cursor);
    if (peek(cursor) !== ':') stop(peek(cursor), 'after object key');
    cursor.at += 1;
    entries.push([key, valueAt(cursor)]);
    const next = peek(cursor);
    if (next !== ',' && next !== '}') stop(next, 'after object key:value pair');
    cursor.at += 1;
    if (next === '}') return Object.fromEntries(entries);
  }
}

function listAt(cursor: Cursor): Json {
  const items: Json[] = [];
  cursor.at += 1;
  if (peek(cursor) === ']') {
    cursor.at += 1;
    return items;
  }
  for (;;) {
    items.push(valueAt(cursor));
    const next = peek(cursor);
    if (next !== ',' && next !== ']') stop(next, 'after array element');
    cursor.at += 1;
    if (next === ']') return items;
  }
}

function wordAt(cursor: Cursor): Json {
  const rest = cursor.text.slice(cursor.at);
  const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(rest)?.[0];
  if (word === undefined) {
    const known = ['true', 'false', 'null'].find((literal) => literal.startsWith(rest));
    stop(known === undefined ? rest.charAt(0) : '', 'looking for beginning of value');
  }
  cursor.at += word.length;
  return JSON.parse(word) as Json;
}

function valueAt(cursor: Cursor): Json {
  switch (peek(cursor)) {
    case '{':
      return objectAt(cursor);
    case '[':
      return listAt(cursor);
    case '"':
      return stringAt(cursor);
    default:
      return wordAt(cursor);
  }
}

/** The first JSON value of a text, or what is wrong with it. */
export function decodeJson(text: string): { readonly value: Json } | Wrong {
  const cursor: Cursor = { text, at: 0 };
  if (peek(cursor) === '') return { wrong: 'EOF' };
  try {
    return { value: valueAt(cursor) };
  } catch (error) {
    if (error instanceof Stop) return { wrong: error.message };
    if (error instanceof RangeError) return { wrong: 'exceeded max depth' };
    throw error;
  }
}
