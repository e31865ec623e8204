/**
 * The members of a request's JSON body, checked as Go checks them against the type it decodes into.
 * Absent and null members are the zero value; members that nobody asked for are ignored.
 * Not modelled: Go also accepts member names in other letter cases.
 */
import type { Json, JsonObject } from '../../model/json.ts';
import { decodeJson, type Wrong } from './go-json.ts';

type Shape = 'string' | 'bool' | 'int' | '[]string' | 'map[string]string' | readonly Shapes[];
type Shapes = { readonly [name: string]: Shape };
/** `int` is null when absent; lists are empty; a list of objects has its members checked too. */
type Value<S> = S extends 'string'
  ? string
  : S extends 'bool'
    ? boolean
    : S extends 'int'
      ? number | null
      : S extends '[]string'
        ? readonly string[]
        : S extends 'map[string]string'
          ? Readonly<Record<string, string>>
          : S extends readonly (infer Item)[]
            ? readonly Members<Item>[]
            : never;
export type Members<S> = { readonly [Name in keyof S]: Value<S[Name]> };

class Mismatch extends Error {}

function jsonType(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const GO_TYPES: Readonly<Record<string, string>> = { string: 'string', bool: 'bool', int: 'int' };

function mismatch(value: Json, name: string, type: string): never {
  throw new Mismatch(
    `json: cannot unmarshal ${jsonType(value)} into Go struct field .${name} of type ${type}`,
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function one(value: Json | undefined, shape: Shape, name: string): unknown {
  const absent = value === undefined || value === null;
  if (shape === 'string' || shape === 'bool' || shape === 'int') {
    if (absent) return shape === 'string' ? '' : shape === 'bool' ? false : null;
    const fits = shape === 'int' ? Number.isInteger(value) : jsonType(value) === shape;
    return fits ? value : mismatch(value, name, GO_TYPES[shape]!);
  }
  if (shape === 'map[string]string') return absent ? {} : map(value, name);
  if (absent) return [];
  if (!Array.isArray(value)) mismatch(value, name, '[]string');
  return (value as readonly Json[]).map((item) => {
    if (shape === '[]string') return one(item, 'string', name);
    return isObject(item) ? members(item, shape[0]!) : mismatch(item, name, 'object');
  });
}

function map(value: Json, name: string): Readonly<Record<string, string>> {
  if (!isObject(value)) return mismatch(value, name, 'map[string]string');
  const entries = Object.entries(value).map(([key, item]) => [key, one(item, 'string', name)]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function members<S extends Shapes>(object: JsonObject, shapes: S): Members<S> {
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    return [name, one(value, shape, name)];
  });
  return Object.fromEntries(entries) as Members<S>;
}

/**
 * The body's members by their shapes, or what Go's decoder says; `struct` is what Pebble calls them there, if anything.
 */
export function payloadOf<const S extends Shapes>(
  body: Uint8Array,
  shapes: S,
  struct = '',
): Members<S> | Wrong {
  const decoded = decodeJson(new TextDecoder().decode(body));
  if ('wrong' in decoded) return decoded;
  const { value } = decoded;
  if (value !== null && !isObject(value)) {
    return { wrong: `json: cannot unmarshal ${jsonType(value)} into Go value of type struct` };
  }
  try {
    return members(value ?? {}, shapes);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    return { wrong: error.message.replace('struct field .', `struct field ${struct}.`) };
  }
}

export function isWrong(value: object): value is Wrong {
  return 'wrong' in value;
}
