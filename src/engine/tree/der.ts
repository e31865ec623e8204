/**
 * As much of DER and PEM as certificates need.
 * Source: X.690 (distinguished encoding rules), RFC 7468 (PEM).
 */

/** One value: its tag, what is in it, and all of it with its head. */
export type Der = { readonly tag: number; readonly body: Uint8Array; readonly all: Uint8Array };

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  nothing: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A number's bytes, most telling first, without leading zeros. */
function bytesOf(value: bigint): readonly number[] {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return [...even.matchAll(/../g)].map(([byte]) => Number.parseInt(byte, 16));
}

function head(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const size = bytesOf(BigInt(length));
  return Uint8Array.of(tag, 0x80 + size.length, ...size);
}

export function value(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = joined(parts);
  return joined([head(tag, body.length), body]);
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return value(TAG.sequence, ...parts);
}

/** Of a number that is not negative. */
export function integer(number: bigint): Uint8Array {
  const bytes = bytesOf(number);
  const sign = (bytes[0] ?? 0) >= 0x80 ? [0] : [];
  return value(TAG.integer, Uint8Array.from([...sign, ...bytes]));
}

export function bits(bytes: Uint8Array): Uint8Array {
  return value(TAG.bits, Uint8Array.of(0), bytes);
}

/** `1.2.840.113549.1.1.11`. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arc = (number: number): readonly number[] => {
    const groups = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  };
  return value(TAG.oid, Uint8Array.from([first * 40 + second, ...rest.flatMap(arc)]));
}

export function text(tag: number, words: string): Uint8Array {
  return value(tag, new TextEncoder().encode(words));
}

/** The values one after another in `bytes`; throws a RangeError where they are none. */
export function values(bytes: Uint8Array): readonly Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    const one = valueAt(bytes, at);
    found.push(one);
    at += one.all.length;
  }
  return found;
}

function valueAt(bytes: Uint8Array, at: number): Der {
  const tag = bytes[at] ?? 0;
  const short = bytes[at + 1] ?? 0;
  const more = short < 0x80 ? 0 : short - 0x80;
  const size = [...bytes.subarray(at + 2, at + 2 + more)].reduce(
    (sum, byte) => sum * 256 + byte,
    0,
  );
  const length = more === 0 ? short : size;
  const start = at + 2 + more;
  if (more > 4 || start + length > bytes.length) throw new RangeError('a value is cut off');
  const end = start + length;
  return { tag, body: bytes.subarray(start, end), all: bytes.subarray(at, end) };
}

export function pem(label: string, bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----`;
}

/** The bytes of the first block of a PEM text; null where there is none. */
export function fromPem(text: string): Uint8Array | null {
  const base64 = /-----BEGIN [^-]+-----([A-Za-z0-9+/=\s]+)-----END/.exec(text)?.[1];
  if (base64 === undefined) return null;
  try {
    return Uint8Array.from(atob(base64.replace(/\s/g, '')), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
