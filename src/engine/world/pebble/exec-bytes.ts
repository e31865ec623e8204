/** Bytes as text of one letter each, which is how the state of an execution keeps them. */
import type { Blobs } from '../../model/counterpart.ts';
import type { Content } from './slice.ts';

const AT_ONCE = 8192;
const SHORT = 1024;

export function lettersOf(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    letters += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  }
  return letters;
}

export function bytesOf(letters: string): Uint8Array {
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

/** The text in these bytes, or null when they are no UTF-8. */
export function textIn(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function contentOf(bytes: Uint8Array, blobs: Blobs): Content {
  const text = bytes.length <= SHORT ? textIn(bytes) : null;
  return text === null ? { digest: blobs.put(bytes), size: bytes.length } : { text };
}
