/** Values as a reader sees them: short ones in the line, long ones folded. */
import { DATABASE_DIGEST } from '../engine/world/machine/slice.ts';
import { plainText } from '../chart/plain-text.ts';
import type { Text } from '../engine/record/format.ts';
import { sorted } from '../engine/model/json.ts';

const SHORT = 88;
export type Shown = {
  readonly text: string;
  /** True when the text is too long for its line and is to be folded. */
  readonly long: boolean;
  /** Where the bytes are when the text is not known. */
  readonly digest?: string;
  readonly size?: number;
};

/** A JSON value: strings as they are, files in words, the rest as JSON. */
export function shownValue(value: unknown): Shown {
  const entry = entryWords(value);
  if (entry) return entry;
  const text = plainText(typeof value === 'string' ? value : jsonText(value));
  return { text, long: text.length > SHORT || text.includes('\n') };
}

/** A file, link or directory entry: `file 0644, 120 bytes`. */
function entryWords(value: unknown): Shown | null {
  if (value === null || typeof value !== 'object' || !('kind' in value)) return null;
  const entry = value as {
    kind: unknown;
    mode?: unknown;
    digest?: unknown;
    size?: unknown;
    target?: unknown;
  };
  const mode = typeof entry.mode === 'number' ? entry.mode.toString(8).padStart(4, '0') : '';
  if (entry.kind === 'removed') return { text: 'removed', long: false };
  if (entry.kind === 'dir') return { text: `directory ${mode}`, long: false };
  if (entry.kind === 'link')
    return { text: plainText(`link to ${String(entry.target)}`), long: false };
  if (entry.kind !== 'file' || typeof entry.digest !== 'string') return null;
  if (entry.digest === DATABASE_DIGEST) return { text: `database ${mode}`, long: false };
  return {
    text: `file ${mode}, ${counted(Number(entry.size), 'byte')}`,
    long: false,
    digest: entry.digest,
    size: Number(entry.size),
  };
}

/** A text of a record, pretty when it is JSON. */
export function shownText(text: Text | undefined): Shown | null {
  if (!text) return null;
  if ('digest' in text)
    return { text: `${text.size} bytes`, long: false, digest: text.digest, size: text.size };
  if (text.text === '') return null;
  const shown = plainText(prettyJson(text.text));
  return { text: shown, long: shown.length > SHORT || shown.trimEnd().includes('\n') };
}

export function jsonText(value: unknown): string {
  const flat = JSON.stringify(sorted(value)) ?? 'nothing';
  return flat.length <= SHORT ? flat : JSON.stringify(sorted(value), null, 2);
}

function prettyJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return jsonText(JSON.parse(text));
  } catch {
    return text;
  }
}

/** `2 values`, `1 value`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Thousands apart, the same in every place. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 file`, `10,000 files`. */
export function countedFiles(files: number): string {
  return `${grouped(files)} ${files === 1 ? 'file' : 'files'}`;
}

/** `1 byte`, `30,000 bytes`. */
export function countedBytes(size: number): string {
  return `${grouped(size)} ${size === 1 ? 'byte' : 'bytes'}`;
}

/** Times count for nothing in a record and are 0 there: a State is shown without them. */
export function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(
    ([key, member]) => member !== 0 || !TIMES.includes(key),
  );
  return Object.fromEntries(members.map(([key, member]) => [key, withoutTimes(member)]));
}
const TIMES: readonly string[] = ['since', 'modified', 'now'];

/** An argument as one would type it in a shell. */
export function shellWord(word: string): string {
  const shown = plainText(word);
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
