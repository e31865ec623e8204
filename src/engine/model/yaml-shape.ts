/**
 * What a reader of YAML expects to find, said once: each function reports what is not so, names the nearest valid word,
 * and answers undefined, so that reading goes on and every mistake of a file is told at once.
 */
import type { JsonObject } from './json.ts';
import { Mistake, type Position } from './mistake.ts';
import { nearest } from './nearest.ts';
import { plain, type Report, type Yaml, type YamlEntry } from './yaml.ts';

export type Fields = ReadonlyMap<string, YamlEntry>;
type YamlMap = Extract<Yaml, { kind: 'map' }>;

/** `true`, `"text"`, `a list`: the value as a message names it. */
export function described(yaml: Yaml): string {
  if (yaml.kind === 'list') return 'a list';
  if (yaml.kind === 'map') return 'a mapping';
  if (yaml.value === null) return 'nothing';
  return typeof yaml.value === 'string' ? `"${shortened(yaml.value)}"` : String(yaml.value);
}

function shortened(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 60 || line !== text ? `${line.slice(0, 60)}…` : line;
}

/** `did you mean "x"?`, or what the words are. */
export function wordHint(word: string, words: readonly string[], what = 'It can be'): string {
  const close = nearest(word, words);
  return close === undefined ? `${what} ${orList(words)}.` : `Did you mean "${close}"?`;
}

/** `a, b or c`. */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** Reports that `what` should have been `expected`. */
export function wrong(report: Report, yaml: Yaml, { what, expected }: Expected): undefined {
  report(new Mistake(`${what}: expected ${expected}, got ${described(yaml)}`, { at: yaml.at }));
  return undefined;
}
type Expected = { readonly what: string; readonly expected: string };

export function asMap(yaml: Yaml, what: string, report: Report): YamlMap | undefined {
  if (yaml.kind === 'map') return yaml;
  return wrong(report, yaml, { what, expected: 'a mapping' });
}

export function asList(yaml: Yaml, what: string, report: Report): readonly Yaml[] | undefined {
  if (yaml.kind === 'list') return yaml.items;
  return wrong(report, yaml, { what, expected: 'a list' });
}

export function asText(yaml: Yaml, what: string, report: Report): string | undefined {
  if (yaml.kind === 'scalar' && typeof yaml.value === 'string') return yaml.value;
  if (yaml.kind === 'scalar' && yaml.value !== null) {
    const message = `${what}: expected text, got ${described(yaml)}`;
    report(new Mistake(message, { at: yaml.at, hint: `Write it in quotes: "${yaml.value}".` }));
    return undefined;
  }
  return wrong(report, yaml, { what, expected: 'text' });
}

export function asFlag(yaml: Yaml, what: string, report: Report): boolean | undefined {
  if (yaml.kind === 'scalar' && typeof yaml.value === 'boolean') return yaml.value;
  return wrong(report, yaml, { what, expected: 'true or false' });
}

/** A whole number of at least `least`. */
export function asWhole(
  yaml: Yaml,
  { what, least }: { what: string; least: number },
  report: Report,
): number | undefined {
  const value = yaml.kind === 'scalar' ? yaml.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  return wrong(report, yaml, { what, expected: `a whole number of at least ${least}` });
}

/** One of the words. */
export function asWord<Word extends string>(
  yaml: Yaml,
  { what, words }: { what: string; words: readonly Word[] },
  report: Report,
): Word | undefined {
  const found = words.find((word) => yaml.kind === 'scalar' && word === yaml.value);
  if (found !== undefined) return found;
  const hint = yaml.kind === 'scalar' ? wordHint(String(yaml.value), words) : undefined;
  const message = `${what}: ${described(yaml)} is not known`;
  report(new Mistake(message, { at: yaml.at, hint: hint ?? `It can be ${orList(words)}.` }));
  return undefined;
}

export function asObject(yaml: Yaml, what: string, report: Report): JsonObject | undefined {
  return asMap(yaml, what, report) && (plain(yaml) as JsonObject);
}

/** The fields of a mapping, each of which must be one of `words`; unknown ones are reported and left out. */
export function asFields(
  yaml: Yaml,
  { what, words }: { what: string; words: readonly string[] },
  report: Report,
): Fields | undefined {
  const map = asMap(yaml, what, report);
  if (!map) return undefined;
  const known = map.entries.filter(({ key }) => words.includes(key));
  for (const { key, at } of map.entries.filter((entry) => !words.includes(entry.key))) {
    // `{about: Yes, and no}` has the keys "about" and "and no".
    const hint = key.includes(' ')
      ? 'Inside braces a comma ends a value: put text with commas in quotes.'
      : wordHint(key, words);
    report(new Mistake(`${what}: unknown key "${key}"`, { at, hint }));
  }
  return new Map(known.map((entry) => [entry.key, entry]));
}

/** Each value of a mapping as `one` reads it, by key; what could not be read is left out. */
export function asRecord<Value>(
  yaml: Yaml,
  what: string,
  { report, one }: { report: Report; one: (entry: YamlEntry) => Value | undefined },
): Readonly<Record<string, Value>> | undefined {
  const map = asMap(yaml, what, report);
  if (!map) return undefined;
  const read = map.entries.map((entry): [string, Value | undefined] => [entry.key, one(entry)]);
  return Object.fromEntries(read.filter((pair): pair is [string, Value] => pair[1] !== undefined));
}

type Camel<Key extends string> = Key extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Key;

/**
 * The field as `read` makes of it, under its key in camel case: `can-connect` gives `{canConnect}`.
 * `{}` when it is absent or was not as expected.
 */
export function take<Key extends string, Value>(
  fields: Fields,
  key: Key,
  read: (yaml: Yaml) => Value | undefined,
): { readonly [K in Camel<Key>]?: Value } {
  const entry = fields.get(key);
  const value = entry && read(entry.value);
  const name = key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in Camel<Key>]?: Value };
}

/** The start of a file, for what is missing altogether. */
export function top(file: string): Position {
  return { file, line: 1, column: 1 };
}
