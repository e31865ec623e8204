/** Bytes in JSON: as `text` where they are UTF-8, as `base64` where they are not. */

export type Contents =
  | { readonly text: string; readonly base64?: undefined }
  | { readonly base64: string; readonly text?: undefined };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

export function contentsOf(bytes: Uint8Array): Contents {
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    return { base64: base64Of(bytes) };
  }
}

/** The bytes again; null when the base64 is none. */
export function bytesOf(contents: {
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
}): Uint8Array | null {
  if (contents.base64 === undefined) return encoder.encode(contents.text ?? '');
  try {
    return Uint8Array.from(atob(contents.base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
