/**
 * YAML text as a value that knows where each part of it was written, for messages with line and column.
 * Source: YAML 1.2 core schema with merge keys; YAML 1.1 scalars where Juju and charmcraft read them (go-yaml, PyYAML).
 * Not modelled: timestamps, binary, sets and ordered maps: they are strings or refused.
 */
import {
  CORE_SCHEMA,
  EVENT_ID,
  SCALAR_STYLE,
  Schema,
  YAML11_SCHEMA,
  YAMLException,
  constructFromEvents,
  mergeTag,
  parseEvents,
} from 'js-yaml';
import type { Json } from './json.ts';
import { Mistake, type Position } from './mistake.ts';

/** A key with its place, and its value. */
export type YamlEntry = { readonly key: string; readonly at: Position; readonly value: Yaml };
export type Yaml =
  | {
      readonly kind: 'scalar';
      readonly value: null | boolean | number | string;
      readonly at: Position;
    }
  | { readonly kind: 'list'; readonly items: readonly Yaml[]; readonly at: Position }
  | { readonly kind: 'map'; readonly entries: readonly YamlEntry[]; readonly at: Position };
/** Where mistakes go: a reader says what is wrong and reads on. */
export type Report = (mistake: Mistake) => void;
export type YamlSource = { readonly file: string; readonly text: string };

const ODD = ['timestamp', 'binary', 'omap', 'pairs', 'set'].map(
  (tag) => `tag:yaml.org,2002:${tag}`,
);
const SCHEMAS = {
  '1.1': new Schema(YAML11_SCHEMA.tags.filter((tag) => !ODD.includes(tag.tagName))),
  '1.2': CORE_SCHEMA.withTags(mergeTag),
};
/** How many values a document may come to once its aliases stand for what they name. */
const VALUES_MAX = 100_000;

type YamlEvent = ReturnType<typeof parseEvents>[number];
type DocumentStart = Extract<YamlEvent, { type: typeof EVENT_ID.DOCUMENT }>;
type Scalar = Extract<YamlEvent, { type: typeof EVENT_ID.SCALAR }>;
type Start = Extract<YamlEvent, { anchorStart: number }>;
type Reader = {
  readonly source: YamlSource;
  readonly schema: Schema;
  readonly events: readonly YamlEvent[];
  readonly document: DocumentStart;
  readonly report: Report;
  /** What each anchor names; null while that is still being read. */
  readonly anchors: Map<string, { readonly yaml: Yaml; readonly size: number } | null>;
  readonly lines: readonly number[];
  next: number;
  /** Offset where the last event began: an empty value is said to be there. */
  offset: number;
  size: number;
};

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((found) => found.index + found[0].length)];
}

/** The number of the line that an offset is on, by halving: a file may have very many. */
function lineOf(lines: readonly number[], offset: number): number {
  let [low, high] = [0, lines.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

function position({ lines, source }: Reader, offset: number): Position {
  const line = lineOf(lines, offset);
  return { file: source.file, line, column: offset - (lines[line - 1] ?? 0) + 1 };
}

function offsetOf(reader: Reader, event: YamlEvent): number {
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if ('start' in event) return event.start;
  if (event.type !== EVENT_ID.SCALAR) return reader.offset;
  if (event.valueStart < 0) return event.tagStart >= 0 ? event.tagStart : reader.offset;
  const quoted =
    event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  return event.valueStart - (quoted ? 1 : 0);
}

function stop(reader: Reader, message: string): never {
  throw new Mistake(message, { at: position(reader, reader.offset) });
}

function count(reader: Reader, size: number): void {
  reader.size += size;
  if (reader.size > VALUES_MAX) stop(reader, `more than ${VALUES_MAX} values, aliases written out`);
}

function scalarValue(reader: Reader, event: Scalar): Yaml {
  const events = [reader.document, event, { type: EVENT_ID.POP }];
  const [value] = constructFromEvents(events, {
    source: reader.source.text,
    schema: reader.schema,
    filename: reader.source.file,
  });
  const at = position(reader, reader.offset);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    reader.report(new Mistake(`${value} cannot be used here: only finite numbers can`, { at }));
    return { kind: 'scalar', value: null, at };
  }
  if (value !== null && !['boolean', 'number', 'string'].includes(typeof value)) {
    stop(reader, 'only text, numbers, true, false and null can be values');
  }
  return { kind: 'scalar', value: value as null | boolean | number | string, at };
}

function isMerge(reader: Reader, event: YamlEvent): boolean {
  if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) return false;
  return event.tagStart < 0 && reader.source.text.slice(event.valueStart, event.valueEnd) === '<<';
}

function mergedEntries(reader: Reader, from: Yaml): readonly YamlEntry[] {
  if (from.kind === 'map') return from.entries;
  if (from.kind === 'list') return from.items.flatMap((item) => mergedEntries(reader, item));
  return stop(reader, 'expected a mapping, or a list of mappings, to merge');
}

function readMap(reader: Reader, at: Position): Yaml {
  const own = new Map<string, YamlEntry>();
  const merged: YamlEntry[] = [];
  while (reader.events[reader.next]?.type !== EVENT_ID.POP) {
    const merge = isMerge(reader, reader.events[reader.next] as YamlEvent);
    const name = read(reader);
    if (name.kind !== 'scalar') {
      stop(reader, 'a key is a word, not a list or a mapping');
    }
    const key = String(name.value);
    const value = read(reader);
    const known = own.get(key);
    if (merge) merged.push(...mergedEntries(reader, value));
    else if (known) {
      const message = `"${key}" is already written on line ${known.at.line}`;
      reader.report(new Mistake(message, { at: name.at, hint: 'Each key may appear once.' }));
    } else own.set(key, { key, at: name.at, value });
  }
  reader.next += 1;
  for (const entry of merged) if (!own.has(entry.key)) own.set(entry.key, entry);
  return { kind: 'map', entries: [...own.values()], at };
}

function readList(reader: Reader, at: Position): Yaml {
  const items: Yaml[] = [];
  while (reader.events[reader.next]?.type !== EVENT_ID.POP) items.push(read(reader));
  reader.next += 1;
  return { kind: 'list', items, at };
}

function readAlias(reader: Reader, name: string): Yaml {
  const known = reader.anchors.get(name);
  if (known === undefined) stop(reader, `nothing is anchored as "${name}"`);
  if (known === null) stop(reader, `"${name}" contains itself`);
  count(reader, known.size);
  return known.yaml;
}

function anchored(reader: Reader, event: Start, build: () => Yaml): Yaml {
  if (event.anchorStart < 0) return build();
  const name = reader.source.text.slice(event.anchorStart, event.anchorEnd);
  const before = reader.size;
  reader.anchors.set(name, null);
  const yaml = build();
  reader.anchors.set(name, { yaml, size: reader.size - before });
  return yaml;
}

function read(reader: Reader): Yaml {
  const event = reader.events[reader.next] as YamlEvent;
  reader.next += 1;
  reader.offset = offsetOf(reader, event);
  count(reader, 1);
  const at = position(reader, reader.offset);
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return anchored(reader, event, () => scalarValue(reader, event));
    case EVENT_ID.SEQUENCE:
      return anchored(reader, event, () => readList(reader, at));
    case EVENT_ID.MAPPING:
      return anchored(reader, event, () => readMap(reader, at));
    case EVENT_ID.ALIAS:
      return readAlias(reader, reader.source.text.slice(event.anchorStart, event.anchorEnd));
    default:
      throw new Error(`event ${event.type} is no value`);
  }
}

function readDocument(source: YamlSource, schema: Schema, report: Report): Yaml {
  const events = parseEvents(source.text, { filename: source.file });
  const first = events[0];
  const at = { file: source.file, line: 1, column: 1 };
  if (first?.type !== EVENT_ID.DOCUMENT) return { kind: 'scalar', value: null, at };
  const reader: Reader = {
    source,
    schema,
    events,
    document: first,
    report,
    anchors: new Map(),
    lines: lineStarts(source.text),
    next: 1,
    offset: 0,
    size: 0,
  };
  const yaml = read(reader);
  const more = events.slice(reader.next).some((event) => event.type === EVENT_ID.DOCUMENT);
  if (more) report(new Mistake('expected one YAML document', { at: yaml.at }));
  return yaml;
}

/**
 * The value of a YAML text; an empty text is null. `version` decides what plain scalars mean (`yes` is true in 1.1).
 * Twice-written keys are reported and the first kept; throws a Mistake where the text is no YAML at all.
 */
export function readYaml(source: YamlSource, version: '1.1' | '1.2', report: Report): Yaml {
  try {
    return readDocument(source, SCHEMAS[version], report);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line = 0, column = 0 } = error.mark ?? {};
    const at = { file: source.file, line: line + 1, column: column + 1 };
    throw new Mistake(`not readable as YAML: ${error.reason}`, { at });
  }
}

/** The value without its places. */
export function plain(yaml: Yaml): Json {
  if (yaml.kind === 'scalar') return yaml.value;
  if (yaml.kind === 'list') return yaml.items.map(plain);
  return Object.fromEntries(yaml.entries.map(({ key, value }) => [key, plain(value)]));
}
