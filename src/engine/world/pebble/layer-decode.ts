/**
 * From a layer's YAML to its data, with the errors that Go's decoder gives for what does not fit.
 * Source: pebble plan.ParseLayer and SectionDecode; gopkg.in/yaml.v3 decode.go.
 * Lines in errors are counted within the section, as Pebble decodes each by itself.
 */
import type { Json } from '../../model/json.ts';
import { durationText, parseDuration } from './go-duration.ts';
import { checkLayer } from './layer-check.ts';
import { FormatError, NotModelled, type Entries, type LayerData } from './plan.ts';
import {
  NOT_MODELLED_SECTIONS,
  SECTIONS,
  type Field,
  type Fields,
  type Section,
} from './plan-fields.ts';
import {
  parseYaml,
  type MapNode,
  type ScalarNode,
  type YamlNode,
  type YamlText,
} from './yaml-node.ts';
import { wholeNumber } from './yaml-scalar.ts';

/** `lineOf`: a node's line, as Go counts it in what it decodes. */
type Decode = { readonly errors: string[]; readonly lineOf: (node: YamlNode) => number };

function described(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? '!!map' : '!!seq';
  const short = node.text.length > 10 ? `${node.text.slice(0, 7)}...` : node.text;
  return `${node.tag} \`${short}\``;
}

function wrong(decode: Decode, node: YamlNode, goType: string): undefined {
  decode.errors.push(
    `line ${decode.lineOf(node)}: cannot unmarshal ${described(node)} into ${goType}`,
  );
  return undefined;
}

/** Whether a key is there more than once; then Go leaves the map alone. */
function hasTwice(decode: Decode, { pairs }: MapNode): boolean {
  const before = decode.errors.length;
  for (const [index, { key: first }] of pairs.entries()) {
    for (const { key } of pairs.slice(index + 1)) {
      if (key.text !== first.text) continue;
      const what = `mapping key ${JSON.stringify(key.text)} already defined`;
      decode.errors.push(`line ${decode.lineOf(key)}: ${what} at line ${decode.lineOf(first)}`);
    }
  }
  return decode.errors.length > before;
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.tag === '!!null';
}

function stringMap(decode: Decode, node: MapNode, field: Field): Json | undefined {
  if (hasTwice(decode, node)) return undefined;
  const value = field.goType.slice('map[string]'.length);
  const entries = node.pairs.map((pair): [string, string] => {
    if (pair.value.kind !== 'scalar') wrong(decode, pair.value, value);
    const given = pair.value.kind === 'scalar' && !isNull(pair.value) ? pair.value.text : '';
    return [pair.key.text, given];
  });
  return Object.fromEntries(entries);
}

function stringList(decode: Decode, items: readonly YamlNode[]): Json | undefined {
  const texts = items.map((item) => {
    if (item.kind === 'scalar') return isNull(item) ? '' : item.text;
    return wrong(decode, item, 'string') ?? '';
  });
  return texts.length === 0 ? undefined : texts;
}

function scalarValue(decode: Decode, node: YamlNode, field: Field): Json | undefined {
  if (field.kind === 'duration' || field.kind === 'float') {
    const noun =
      field.kind === 'duration' ? 'duration must be a YAML string' : 'value must be a YAML number';
    if (node.kind !== 'scalar') throw new FormatError(noun);
    return field.kind === 'duration' ? durationOf(node.text) : floatOf(node.text);
  }
  if (node.kind !== 'scalar') return wrong(decode, node, field.goType);
  if (field.kind === 'string') return node.text === '' ? undefined : node.text;
  const whole = integerOf(node);
  if (whole === undefined) return wrong(decode, node, field.goType);
  return field.kind === 'count' && whole === 0 ? undefined : whole;
}

/** What lies behind the point is lost. */
function integerOf({ tag, text }: ScalarNode): number | undefined {
  if (tag === '!!int') return wholeNumber(text);
  const value = tag === '!!float' ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? Math.trunc(value) : undefined;
}

function durationOf(text: string): string {
  const nanoseconds = parseDuration(text);
  if (typeof nanoseconds === 'string')
    throw new FormatError(`invalid duration ${JSON.stringify(text)}`);
  return durationText(nanoseconds);
}

function floatOf(text: string): number {
  const value = /^[-+.\d][\d_.eE+-]*$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value)) {
    throw new FormatError(`invalid floating-point number ${JSON.stringify(text)}`);
  }
  return value;
}

function fieldValue(decode: Decode, node: YamlNode, field: Field): Json | undefined {
  if (isNull(node)) return undefined;
  switch (field.kind) {
    case 'strings':
      return node.kind === 'list'
        ? stringList(decode, node.items)
        : wrong(decode, node, field.goType);
    case 'map':
      return node.kind === 'map'
        ? stringMap(decode, node, field)
        : wrong(decode, node, field.goType);
    case 'object':
      return objectValue(decode, node, { fields: field.fields ?? [], goType: field.goType });
    default:
      return scalarValue(decode, node, field);
  }
}

function objectValue(
  decode: Decode,
  node: YamlNode,
  { fields, goType }: { fields: Fields; goType: string },
): { [key: string]: Json } | undefined {
  if (node.kind !== 'map') return wrong(decode, node, goType);
  if (hasTwice(decode, node)) return undefined;
  const entries: [string, Json][] = [];
  for (const { key, value } of node.pairs) {
    const field = fields.find((known) => known.name === key.text);
    if (!field) {
      decode.errors.push(
        `line ${decode.lineOf(key)}: field ${key.text} not found in type ${goType}`,
      );
      continue;
    }
    const decoded = fieldValue(decode, value, field);
    if (decoded !== undefined) entries.push([key.text, decoded]);
  }
  return Object.fromEntries(entries);
}

function refuseErrors(decode: Decode): void {
  if (decode.errors.length === 0) return;
  throw new FormatError(`yaml: unmarshal errors:\n  ${decode.errors.join('\n  ')}`);
}

/** Null entries stay null for the check that names them. */
function sectionEntries(
  node: YamlNode,
  section: Section,
  rewritten: YamlText['rewritten'],
): Record<string, Json> {
  if (isNull(node)) return {};
  const first = node.kind === 'map' ? (node.pairs[0]?.key.line ?? node.line) : node.line;
  const lineOf = ({ line }: YamlNode): number => rewritten(line) - rewritten(first) + 1;
  const decode: Decode = { errors: [], lineOf };
  if (node.kind !== 'map') wrong(decode, node, `map[string]*${section.goType}`);
  const pairs = node.kind === 'map' && !hasTwice(decode, node) ? node.pairs : [];
  const entries = pairs.map(({ key, value }): [string, Json] => [
    key.text,
    isNull(value) ? null : (objectValue(decode, value, section) ?? {}),
  ]);
  refuseErrors(decode);
  return Object.fromEntries(entries);
}

function topLevel(node: YamlNode | null): MapNode['pairs'] {
  if (node === null || isNull(node)) return [];
  const decode: Decode = { errors: [], lineOf: ({ line }) => line };
  if (node.kind === 'map' && !hasTwice(decode, node)) return node.pairs;
  if (node.kind !== 'map') wrong(decode, node, 'map[string]yaml.Node');
  refuseErrors(decode);
  return [];
}

function inContext<Value>(context: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError(`${context}: ${error.message}`);
    throw error;
  }
}

function plainText(node: YamlNode): string {
  if (node.kind === 'scalar') return isNull(node) ? '' : node.text;
  const decode: Decode = { errors: [], lineOf: () => 1 };
  wrong(decode, node, 'string');
  refuseErrors(decode);
  return '';
}

/** A layer from its YAML, checked by itself. Throws FormatError with Pebble's message. */
export function parseLayer(label: string, source: string): LayerData {
  const context = `cannot parse layer ${JSON.stringify(label)}`;
  const texts = { summary: '', description: '' };
  const plan: Record<Section['name'], Record<string, Json>> = {
    services: {},
    checks: {},
    'log-targets': {},
  };
  const { root, rewritten } = inContext(context, () => parseYaml(source));
  for (const { key, value } of inContext(context, () => topLevel(root))) {
    const where = `${context} section ${JSON.stringify(key.text)}`;
    const section = SECTIONS.find(({ name }) => name === key.text);
    if (section)
      plan[section.name] = inContext(where, () => sectionEntries(value, section, rewritten));
    else if (key.text === 'summary' || key.text === 'description') {
      texts[key.text] = inContext(where, () => plainText(value));
    } else if (NOT_MODELLED_SECTIONS.includes(key.text)) {
      throw new NotModelled(`pebble layer section ${key.text}`);
    } else throw new FormatError(`${context}: unknown section ${JSON.stringify(key.text)}`);
  }
  checkLayer(label, plan);
  return { ...texts, ...(plan as Record<Section['name'], Entries>) };
}
