/**
 * What a pickle of ops holds, as ops.testing's JSON has it, without running anything: whatever names a class or a
 * function is refused.
 * Not modelled: integers beyond 64 bits, and below -2^31, are refused: the parser would lose their sign.
 */
import { BufferReader, Parser } from 'pickleparser';
import type { Json } from '../model/json.ts';
import { base64Of } from './file-contents.ts';

class Refused extends Error {}

const resolver = {
  resolve(module: string, name: string): never {
    throw new Refused(`it names ${module}.${name}`);
  },
};

const LONG1 = 0x8a;

/** Sees the opcode of a long integer: a byte that says so, one with its length, and then as many bytes. */
class Reader extends BufferReader {
  private before = { at: -1, value: 0 };
  private last = { at: -1, value: 0 };

  override byte(): number {
    const at = this.position;
    const value = super.byte();
    this.before = this.last;
    this.last = { at, value };
    return value;
  }

  override bytes(length: number): ReturnType<BufferReader['bytes']> {
    const from = this.position;
    const bytes = super.bytes(length);
    const { at, value } = this.before;
    const isLong = value === LONG1 && at === from - 2 && this.last.at === from - 1;
    if (isLong && ((bytes[length - 1] ?? 0) & 0x80) !== 0)
      throw new Refused('it holds a number below -2147483648');
    return bytes;
  }
}

function byText(a: Json, b: Json): number {
  const [textA, textB] = [JSON.stringify(a), JSON.stringify(b)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}

function dictJson(map: ReadonlyMap<unknown, unknown>): Json {
  const entries = [...map];
  if (entries.every(([key]) => typeof key === 'string')) {
    return Object.fromEntries(entries.map(([key, value]) => [key as string, json(value)]));
  }
  if (entries.every(([key]) => typeof key === 'number')) {
    const items = Object.fromEntries(entries.map(([key, value]) => [String(key), json(value)]));
    return { _type: 'dict_int', items };
  }
  return { _type: 'dict_items', items: entries.map(([key, value]) => [json(key), json(value)]) };
}

function json(value: unknown): Json {
  if (value === null || ['boolean', 'number', 'string'].includes(typeof value)) {
    return value as Json;
  }
  if (value instanceof Uint8Array) return { _type: 'bytes', base64: base64Of(value) };
  if (value instanceof Map) return dictJson(value);
  if (value instanceof Set) return [...value].map(json).sort(byText);
  if (Array.isArray(value)) return value.map(json);
  throw new Refused(`it holds a ${typeof value}`);
}

/** The value of a pickle, or why it cannot be told. */
export function unpickled(bytes: Uint8Array): { readonly value: Json } | { readonly why: string } {
  const parser = new Parser({
    nameResolver: resolver,
    unpicklingTypeOfDictionary: 'Map',
    unpicklingTypeOfSet: 'Set',
  });
  try {
    return { value: json(parser.read<unknown>(new Reader(bytes))) };
  } catch (error) {
    return { why: (error as Error).message };
  }
}
