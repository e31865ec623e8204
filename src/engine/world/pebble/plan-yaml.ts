/**
 * The plan as Pebble prints it: byte for byte what Go's YAML makes of it.
 * Source: gopkg.in/yaml.v3 encode.go, emitterc.go (analyze_scalar), sorter.go.
 * Not modelled: U+2028 and U+2029, which Go writes as line breaks between single quotes. They are
 * escaped, which all readers take for the same.
 */
import {
  COLLECTION_STYLE,
  DUMP_SCHEMA,
  present,
  SCALAR_STYLE,
  type Node,
  type ScalarLayout,
  type ScalarStyle,
} from 'js-yaml';
import type { Json } from '../../model/json.ts';
import { naturally } from './natural-order.ts';
import { namesOf, type Entry, type Plan } from './plan.ts';
import { SECTIONS, type Field, type Fields } from './plan-fields.ts';
import { readsAsOther } from './yaml-scalar.ts';

const TAG = 'tag:yaml.org,2002:';

function scalar(value: string | number): Node {
  const number = Number.isInteger(value) ? 'int' : 'float';
  const tag = `${TAG}${typeof value === 'string' ? 'str' : number}`;
  return { kind: 'scalar', tag, tagged: false, style: SCALAR_STYLE.PLAIN, value: String(value) };
}

function mapping(pairs: readonly (readonly [string, Node])[]): Node {
  const items = pairs.map(([key, value]) => ({ key: scalar(key), value }));
  return { kind: 'mapping', tag: `${TAG}map`, tagged: false, style: COLLECTION_STYLE.BLOCK, items };
}

function sequence(items: readonly string[]): Node {
  const style = COLLECTION_STYLE.BLOCK;
  return { kind: 'sequence', tag: `${TAG}seq`, tagged: false, style, items: items.map(scalar) };
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}

function fieldNode(value: Json | undefined, field: Field): Node | null {
  if (field.kind === 'map') {
    const map = (value ?? {}) as Readonly<Record<string, string>>;
    const keys = Object.keys(map).sort(naturally);
    return keys.length === 0 ? null : mapping(keys.map((key) => [key, scalar(map[key]!)]));
  }
  if (isEmpty(value) && !field.always) return null;
  if (field.kind === 'strings') return sequence((value ?? []) as readonly string[]);
  if (field.kind === 'object') return entryNode(value as Entry, field.fields ?? []);
  return scalar((value ?? '') as string | number);
}

function entryNode(entry: Entry, fields: Fields): Node {
  const pairs = fields.flatMap((field): [string, Node][] => {
    const node = fieldNode(Object.hasOwn(entry, field.name) ? entry[field.name] : undefined, field);
    return node ? [[field.name, node]] : [];
  });
  return mapping(pairs);
}

/**
 * Lines are kept as they are where a block can hold them; quotes are single unless something must
 * be escaped.
 */
function goStyle(layout: ScalarLayout): void {
  const { value, tag } = layout.node;
  if (tag !== `${TAG}str`) return;
  const may = (style: ScalarStyle): boolean => (layout.allowedStylesMask & (1 << style)) !== 0;
  const { PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, LITERAL_BLOCK } = SCALAR_STYLE;
  if (/[\u2028\u2029]/.test(value)) layout.style = DOUBLE_QUOTED;
  else if (value.includes('\n')) {
    const block = may(LITERAL_BLOCK) && !layout.isKey && !/ \n| $/.test(value);
    layout.style = block ? LITERAL_BLOCK : DOUBLE_QUOTED;
  } else if (readsAsOther(value)) layout.style = DOUBLE_QUOTED;
  else if (may(PLAIN) && !value.includes('\t')) layout.style = PLAIN;
  else layout.style = may(SINGLE_QUOTED) && !value.includes('\t') ? SINGLE_QUOTED : DOUBLE_QUOTED;
}

/** `{}` for a plan that has nothing in it. */
export function planYaml(plan: Plan): string {
  const sections = SECTIONS.flatMap(({ name, fields }): [string, Node][] => {
    const entries = plan[name];
    const names = [...namesOf(entries)].sort(naturally);
    if (names.length === 0) return [];
    return [[name, mapping(names.map((entry) => [entry, entryNode(entries[entry]!, fields)]))]];
  });
  return present([{ contents: mapping(sections), directives: [] }], {
    schema: DUMP_SCHEMA,
    indent: 4,
    lineWidth: -1,
    scalarStyleRules: [goStyle],
  });
}
