/**
 * A YAML text read as a map of texts, as Go reads the file of `--file`: scalars as they are written, null as nothing.
 * Source: gopkg.in/yaml.v2 2.4.0 (decode.go, into map[string]string)
 * Not modelled: tags, merged maps, the parser's own words for what is no YAML. The caller refuses those by name.
 */
import {
  constructFromEvents,
  EVENT_ID,
  FAILSAFE_SCHEMA,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from 'js-yaml';
import { tagOfPlain } from './go-yaml-plain.ts';

type YamlEvent = ReturnType<typeof parseEvents>[number];
type Scalar = Extract<YamlEvent, { type: typeof EVENT_ID.SCALAR }>;
type Document = Extract<YamlEvent, { type: typeof EVENT_ID.DOCUMENT }>;
type Reading = {
  readonly text: string;
  readonly events: readonly YamlEvent[];
  readonly document: Document;
  readonly anchors: Map<string, string>;
  readonly wrong: string[];
  next: number;
};
/** `wrong`: the error's message. Null: Go's answer is not known. */
export type StringMap =
  | { readonly kind: 'map'; readonly map: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong'; readonly message: string }
  | null;

class NotKnown extends Error {}

function lineAt({ text }: Reading, offset: number): number {
  return text.slice(0, Math.max(offset, 0)).split('\n').length;
}

function written({ text, document }: Reading, event: Scalar): string {
  const events = [document, event, { type: EVENT_ID.POP }];
  return String(constructFromEvents(events, { source: text, schema: FAILSAFE_SCHEMA })[0]);
}

function isPlain(event: Scalar): boolean {
  return event.style === SCALAR_STYLE.PLAIN;
}

/** A scalar's text; nothing for null. */
function scalarText(reading: Reading, event: Scalar): string {
  if (event.tagStart >= 0) throw new NotKnown();
  const text = event.valueStart < 0 ? '' : written(reading, event);
  const value = isPlain(event) && tagOfPlain(text) === 'null' ? '' : text;
  if (event.anchorStart >= 0) {
    reading.anchors.set(reading.text.slice(event.anchorStart, event.anchorEnd), value);
  }
  return value;
}

/** Passes over the rest of a list or map that has begun. */
function skip(reading: Reading): void {
  for (let depth = 1; depth > 0; reading.next += 1) {
    const type = reading.events[reading.next]?.type;
    if (type === EVENT_ID.POP) depth -= 1;
    else if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth += 1;
  }
}

/** The next node as a text; undefined, with the reason noted, when it is none. */
function textNode(reading: Reading): string | undefined {
  const event = reading.events[reading.next];
  reading.next += 1;
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return scalarText(reading, event);
    case EVENT_ID.ALIAS: {
      const named = reading.anchors.get(reading.text.slice(event.anchorStart, event.anchorEnd));
      if (named === undefined) throw new NotKnown();
      return named;
    }
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING: {
      const what = event.type === EVENT_ID.SEQUENCE ? 'seq' : 'map';
      const line = lineAt(reading, event.start);
      reading.wrong.push(`line ${line}: cannot unmarshal !!${what} into string`);
      skip(reading);
      return undefined;
    }
    default:
      throw new NotKnown();
  }
}

/** Passes over a node, whatever it is. */
function pass(reading: Reading): void {
  const type = reading.events[reading.next]?.type;
  reading.next += 1;
  if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) skip(reading);
}

function readEntries(reading: Reading): Readonly<Record<string, string>> {
  const map = new Map<string, string>();
  while (reading.events[reading.next]?.type !== EVENT_ID.POP) {
    const event = reading.events[reading.next];
    const key = textNode(reading);
    if (key === undefined) {
      pass(reading);
      continue;
    }
    if (key === '<<' && event?.type === EVENT_ID.SCALAR && isPlain(event)) throw new NotKnown();
    const value = textNode(reading);
    if (value !== undefined) map.set(key, value);
  }
  return Object.fromEntries(map);
}

/** What a whole document that is no map is said to be. */
function rootProblem(reading: Reading, event: YamlEvent | undefined): string | undefined {
  if (event?.type === EVENT_ID.SEQUENCE)
    return `line ${lineAt(reading, event.start)}: cannot unmarshal !!seq`;
  if (event?.type !== EVENT_ID.SCALAR) throw new NotKnown();
  if (event.tagStart >= 0) throw new NotKnown();
  const text = event.valueStart < 0 ? '' : written(reading, event);
  const tag = isPlain(event) ? tagOfPlain(text) : 'str';
  if (tag === 'null') return undefined;
  const short = text.length > 10 ? `${text.slice(0, 7)}...` : text;
  return `line ${lineAt(reading, event.valueStart)}: cannot unmarshal !!${tag} \`${short}\``;
}

function readRoot(reading: Reading): StringMap {
  const root = reading.events[reading.next];
  reading.next += 1;
  if (root === undefined || root.type === EVENT_ID.POP) return { kind: 'map', map: {} };
  if (root.type === EVENT_ID.MAPPING) {
    const map = readEntries(reading);
    if (reading.wrong.length === 0) return { kind: 'map', map };
    return { kind: 'wrong', message: `yaml: unmarshal errors:\n  ${reading.wrong.join('\n  ')}` };
  }
  const problem = rootProblem(reading, root);
  if (problem === undefined) return { kind: 'map', map: {} };
  return { kind: 'wrong', message: `yaml: unmarshal errors:\n  ${problem} into map[string]string` };
}

export function readStringMap(text: string): StringMap {
  try {
    const events = parseEvents(text, {});
    const document = events[0];
    if (document?.type !== EVENT_ID.DOCUMENT) return { kind: 'map', map: {} };
    return readRoot({ text, events, document, anchors: new Map(), wrong: [], next: 1 });
  } catch (error) {
    if (error instanceof NotKnown || error instanceof YAMLException) return null;
    throw error;
  }
}
