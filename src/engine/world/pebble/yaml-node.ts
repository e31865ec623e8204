/**
 * YAML as a tree of nodes with their lines: what Go's decoder has in hand when it finds a value of
 * the wrong type.
 * Source: gopkg.in/yaml.v3 (Node, merge keys, aliases).
 * Not modelled: Go's own words for a text that is no YAML; the line is there, the reason is the
 * parser's.
 */
import {
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type Event,
} from 'js-yaml';
import { FormatError } from './plan.ts';
import { plainTag, type ScalarTag } from './yaml-scalar.ts';

export type ScalarNode = {
  readonly kind: 'scalar';
  readonly line: number;
  readonly tag: ScalarTag;
  readonly text: string;
};
export type MapNode = {
  readonly kind: 'map';
  readonly line: number;
  readonly pairs: readonly { readonly key: ScalarNode; readonly value: YamlNode }[];
};
export type ListNode = {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly YamlNode[];
};
export type YamlNode = ScalarNode | MapNode | ListNode;

type Build = {
  readonly source: string;
  readonly events: readonly Event[];
  next: number;
  readonly anchors: Map<string, YamlNode>;
};

function lineOf(source: string, offset: number): number {
  return source.slice(0, Math.max(0, offset)).split('\n').length;
}

function slice(build: Build, start: number, end: number): string {
  return start < 0 ? '' : build.source.slice(start, end);
}

function tagOf(build: Build, event: Event & { readonly type: typeof EVENT_ID.SCALAR }): ScalarTag {
  const written = slice(build, event.tagStart, event.tagEnd).replace(/^!+/, '!!');
  if (written === '!!str' || written === '!!') return '!!str';
  if (event.style !== SCALAR_STYLE.PLAIN) return '!!str';
  return plainTag(getScalarValue(build.source, event));
}

function scalar(
  build: Build,
  event: Event & { readonly type: typeof EVENT_ID.SCALAR },
): ScalarNode {
  return {
    kind: 'scalar',
    line: lineOf(build.source, event.valueStart),
    tag: tagOf(build, event),
    text: getScalarValue(build.source, event),
  };
}

/** Pairs of `<<` come last and only where the mapping does not say otherwise. */
function merged(pairs: MapNode['pairs']): MapNode['pairs'] {
  const own = pairs.filter(({ key }) => key.tag !== '!!merge');
  const from = pairs
    .filter(({ key }) => key.tag === '!!merge')
    .flatMap(({ value }) => {
      const maps = value.kind === 'list' ? value.items : [value];
      return maps.flatMap((map) => (map.kind === 'map' ? map.pairs : []));
    });
  const seen = new Set(own.map(({ key }) => key.text));
  const added = from.filter(({ key }) => !seen.has(key.text) && seen.add(key.text));
  return [...own, ...added];
}

function duplicates(pairs: MapNode['pairs']): void {
  const lines = new Map<string, number>();
  for (const { key } of pairs) {
    const first = lines.get(key.text);
    if (first !== undefined) {
      const what = `mapping key ${JSON.stringify(key.text)} already defined at line ${first}`;
      throw new FormatError(`yaml: unmarshal errors:\n  line ${key.line}: ${what}`);
    }
    lines.set(key.text, key.line);
  }
}

function untilPop(build: Build): YamlNode[] {
  const nodes: YamlNode[] = [];
  while (build.events[build.next]?.type !== EVENT_ID.POP) nodes.push(node(build));
  build.next += 1;
  return nodes;
}

function mapping(build: Build, line: number): MapNode {
  const nodes = untilPop(build);
  const pairs = [];
  for (let index = 0; index + 1 < nodes.length; index += 2) {
    const [key, value] = [nodes[index]!, nodes[index + 1]!];
    if (key.kind !== 'scalar') throw new FormatError(`yaml: invalid map key at line ${key.line}`);
    pairs.push({ key, value });
  }
  duplicates(pairs);
  return { kind: 'map', line, pairs: merged(pairs) };
}

function node(build: Build): YamlNode {
  const event = build.events[build.next]!;
  build.next += 1;
  if (event.type === EVENT_ID.ALIAS) {
    const name = slice(build, event.anchorStart, event.anchorEnd);
    const found = build.anchors.get(name);
    if (!found) throw new FormatError(`yaml: unknown anchor '${name}' referenced`);
    return found;
  }
  if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) {
    throw new Error('a document where a node was expected');
  }
  const made = nodeOf(build, event);
  const name = slice(build, event.anchorStart, event.anchorEnd);
  if (name !== '') build.anchors.set(name, made);
  return made;
}

function nodeOf(
  build: Build,
  event: Exclude<
    Event,
    { type: typeof EVENT_ID.ALIAS | typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP }
  >,
): YamlNode {
  if (event.type === EVENT_ID.SCALAR) return scalar(build, event);
  const line = lineOf(build.source, event.start);
  if (event.type === EVENT_ID.MAPPING) return mapping(build, line);
  return { kind: 'list', line, items: untilPop(build) };
}

function events(source: string): readonly Event[] {
  try {
    return parseEvents(source, {});
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark ? `line ${error.mark.line + 1}: ` : '';
    throw new FormatError(`yaml: ${line}${error.reason}`);
  }
}

/**
 * The first document of a text, or null when there is none. Throws FormatError, worded as Go's
 * `yaml: …`.
 */
export function parseYaml(source: string): YamlNode | null {
  const all = events(source);
  if (all[1] === undefined || all[1].type === EVENT_ID.POP) return null;
  return node({ source, events: all, next: 1, anchors: new Map() });
}
