/** Parts of a charm's declarations as read: what is absent is undefined, what is wrong is reported. */
import { Mistake, type Position } from '../model/mistake.ts';
import type { Report, Yaml } from '../model/yaml.ts';
import { described } from '../model/yaml-shape.ts';

/** A mapping's field, by key: undefined when it is absent or null. */
export function member(yaml: Yaml | undefined, key: string): Yaml | undefined {
  if (yaml?.kind !== 'map') return undefined;
  const value = yaml.entries.find((entry) => entry.key === key)?.value;
  return value?.kind === 'scalar' && value.value === null ? undefined : value;
}

/** Juju's words for a value of the wrong type: `metadata: name: expected string, got 5`. */
export function expected(report: Report, what: string, { type, got }: { type: string; got: Yaml }) {
  report(new Mistake(`${what}: expected ${type}, got ${described(got)}`, { at: got.at }));
  return undefined;
}

export function text(yaml: Yaml | undefined, what: string, report: Report): string | undefined {
  if (yaml === undefined) return undefined;
  if (yaml.kind === 'scalar' && typeof yaml.value === 'string') return yaml.value;
  return expected(report, what, { type: 'string', got: yaml });
}

export function flag(yaml: Yaml | undefined, what: string, report: Report): boolean | undefined {
  if (yaml === undefined) return undefined;
  if (yaml.kind === 'scalar' && typeof yaml.value === 'boolean') return yaml.value;
  return expected(report, what, { type: 'bool', got: yaml });
}

export function whole(yaml: Yaml | undefined, what: string, report: Report): number | undefined {
  if (yaml === undefined) return undefined;
  if (yaml.kind === 'scalar' && Number.isInteger(yaml.value)) return Number(yaml.value);
  return expected(report, what, { type: 'int', got: yaml });
}

export function texts(yaml: Yaml | undefined, what: string, report: Report): readonly string[] {
  if (yaml === undefined) return [];
  if (yaml.kind !== 'list') return expected(report, what, { type: 'list', got: yaml }) ?? [];
  return yaml.items.flatMap((item, index) => text(item, `${what}[${index}]`, report) ?? []);
}

/** One entry of a mapping of declarations. */
export type Declared = { readonly name: string; readonly at: Position; readonly yaml: Yaml };

export function declared(
  yaml: Yaml | undefined,
  what: string,
  report: Report,
): readonly Declared[] {
  if (yaml === undefined) return [];
  if (yaml.kind !== 'map') return expected(report, what, { type: 'map', got: yaml }) ?? [];
  return yaml.entries.map(({ key, at, value }) => ({ name: key, at, yaml: value }));
}

/** The value under each name; those that could not be read are left out. */
export function byName<Value>(
  entries: readonly Declared[],
  one: (entry: Declared) => Value | undefined,
): Readonly<Record<string, Value>> {
  const read = entries.map((entry): [string, Value | undefined] => [entry.name, one(entry)]);
  return Object.fromEntries(read.filter((pair): pair is [string, Value] => pair[1] !== undefined));
}

/** `{key: value}`, or nothing when there is no value. */
export function given<Key extends string, Value>(key: Key, value: Value | undefined) {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
