/**
 * Simple values as Python pickles them: what ops keeps in its database.
 * Source: Python's pickletools (opcodes of protocol 4).
 * Not modelled: memoised values, objects of any class.
 */
import type { Json, JsonObject } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import { bytesOf } from './file-contents.ts';

const encoder = new TextEncoder();
const [INT32_MIN, INT32_MAX] = [-(2 ** 31), 2 ** 31 - 1];

function uint32(value: number): readonly number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >>> 24) & 0xff];
}

function op(letter: string): number {
  return letter.charCodeAt(0);
}

function text(value: string): readonly number[] {
  const bytes = encoder.encode(value);
  return [op('X'), ...uint32(bytes.length), ...bytes];
}

/** Two's complement, little-endian: eight bytes hold every integer that JSON can tell apart. */
function long(value: number): readonly number[] {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigInt64(0, BigInt(value), true);
  return [0x8a, 8, ...new Uint8Array(bytes.buffer)];
}

function number(value: number): readonly number[] {
  if (Number.isSafeInteger(value)) {
    return value >= INT32_MIN && value <= INT32_MAX ? [op('J'), ...uint32(value)] : long(value);
  }
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value);
  return [op('G'), ...new Uint8Array(bytes.buffer)];
}

function dict(pairs: readonly (readonly [Json, Json])[]): readonly number[] {
  const members = pairs.flatMap(([key, value]) => [...bytesFor(key), ...bytesFor(value)]);
  return [op('}'), op('('), ...members, op('u')];
}

function special(type: Json, value: JsonObject): readonly number[] {
  switch (type) {
    case 'dict_int':
      return dict(
        Object.entries((value['items'] ?? {}) as JsonObject).map(
          ([key, member]) => [Number(key), member ?? null] as const,
        ),
      );
    case 'dict_items':
      return [
        op('}'),
        op('('),
        ...((value['items'] ?? []) as readonly (readonly [Json, Json])[]).flatMap(
          ([key, member]) => [
            ...(Array.isArray(key) ? tuple(key) : bytesFor(key)),
            ...bytesFor(member),
          ],
        ),
        op('u'),
      ];
    case 'bytes': {
      const bytes = bytesOf({ base64: String(value['base64'] ?? '') });
      if (bytes === null)
        throw new Mistake(`bytes in ops' database have base64 that cannot be read`);
      return [op('B'), ...uint32(bytes.length), ...bytes];
    }
    default:
      throw new Mistake(
        `a value of the type ${JSON.stringify(type)} cannot be kept in ops' database`,
      );
  }
}

function tuple(values: readonly Json[]): readonly number[] {
  return [op('('), ...values.flatMap(bytesFor), op('t')];
}

function bytesFor(value: Json): readonly number[] {
  if (value === null) return [op('N')];
  if (typeof value === 'boolean') return [value ? 0x88 : 0x89];
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return [op(']'), op('('), ...value.flatMap(bytesFor), op('e')];
  const object = value as JsonObject;
  const type = object['_type'];
  if (type !== undefined) return special(type, object);
  return dict(Object.entries(object).map(([key, member]) => [key, member ?? null] as const));
}

/** The pickle of a value; dicts with other keys than text are written as ops.testing's JSON has them. */
export function pickled(value: Json): Uint8Array {
  return Uint8Array.from([0x80, 4, ...bytesFor(value), op('.')]);
}
