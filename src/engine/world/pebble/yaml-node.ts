/**
 * YAML as a tree of nodes with their lines: what Go's decoder has in hand when it finds a value of
 * the wrong type.
 * Source: gopkg.in/yaml.v3 (Node, merge keys, aliases).
 * Not modelled: what is YAML to Go alone, which is refused by name.
 */
import {
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type Event,
} from 'js-yaml';
import { FormatError, NotModelled } from './plan.ts';
import { firstDocument } from './yaml-grammar.ts';
import { isBlockScalar, linesOf, type Lines } from './yaml-lines.ts';
import { plainTag, type ScalarTag } from './yaml-scalar.ts';

export type ScalarNode = {
  readonly kind: 'scalar';
  readonly line: number;
  readonly tag: ScalarTag;
  readonly text: string;
  /** It is written behind its key. */
  readonly inline: boolean;
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

/** `rewritten`: what a line is in what Go decodes, which is the text written anew. */
export type YamlText = {
  readonly root: YamlNode | null;
  readonly rewritten: (line: number) => number;
};

type Build = {
  readonly lines: Lines;
  readonly source: string;
  readonly events: readonly Event[];
  next: number;
  readonly anchors: Map<string, YamlNode>;
};

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
    line: build.lines.at(event.valueStart) - (isBlockScalar(event) ? 1 : 0),
    tag: tagOf(build, event),
    text: getScalarValue(build.source, event),
    inline: !isBlockScalar(event) && event.valueStart < event.valueEnd,
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
    if (value.kind === 'scalar' && value.inline) build.lines.drop(key.line + 1, value.line);
    if (key.kind !== 'scalar') throw new FormatError(`yaml: invalid map key at line ${key.line}`);
    pairs.push({ key, value });
  }
  return { kind: 'map', line, pairs: merged(pairs) };
}

function node(build: Build): YamlNode {
  const event = build.events[build.next]!;
  build.next += 1;
  if (event.type === EVENT_ID.ALIAS) {
    const name = slice(build, event.anchorStart, event.anchorEnd);
    const found = build.anchors.get(name);
    if (!found) throw new NotModelled(`pebble layer with an anchor ${name} in what it names`);
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
  const line = build.lines.at(event.start);
  if (event.type === EVENT_ID.MAPPING) return mapping(build, line);
  return { kind: 'list', line, items: untilPop(build) };
}

function events(source: string): readonly Event[] {
  try {
    return parseEvents(source, {});
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new NotModelled(`pebble layer of unusual YAML: ${error.reason}`);
  }
}

/**
 * The first document of a text; its root is null when there is none. Throws FormatError, worded as Go's
 * `yaml: …`.
 */
export function parseYaml(source: string): YamlText {
  const text = firstDocument(source);
  const all = events(text);
  const lines = linesOf(text, all);
  const none = all[1] === undefined || all[1].type === EVENT_ID.POP;
  const build = { source: text, events: all, next: 1, anchors: new Map(), lines };
  return { root: none ? null : node(build), rewritten: lines.rewritten };
}
