/**
 * Base64 as Go's encoding/base64 (StdEncoding) reads it, which says where the text is wrong.
 * Secrets are stored in it; here they are kept as text wherever they are text.
 */
export type Decoded =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'bad'; readonly message: string };

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function bad(at: number): Decoded {
  return { kind: 'bad', message: `illegal base64 data at input byte ${at}` };
}

/** Where the padding that begins at `at`, after `held` letters of its group, is wrong; undefined when it is right. */
function badPadding(text: string, at: number, held: number): number | undefined {
  if (held < 2) return at;
  const rest = [...text.slice(at + 1)].map((letter, n) => [letter, at + 1 + n] as const);
  const more = rest.filter(([letter]) => letter !== '\n' && letter !== '\r');
  if (held === 3) return more[0]?.[1];
  if (more.length === 0) return text.length;
  return more[0]?.[0] === '=' ? more[1]?.[1] : (more[0]?.[1] ?? 0) - 1;
}

export function decodeBase64(text: string): Decoded {
  let group: number[] = [];
  const bytes: number[] = [];
  const flush = (): void => {
    const [a = 0, b = 0, c = 0, d = 0] = group;
    const all = [(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d];
    bytes.push(...all.slice(0, group.length - 1));
    group = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (letter === '\n' || letter === '\r') continue;
    if (letter === '=') {
      const wrong = badPadding(text, at, group.length);
      if (wrong !== undefined) return bad(wrong);
      flush();
      return { kind: 'bytes', bytes: new Uint8Array(bytes) };
    }
    const value = LETTERS.indexOf(letter);
    if (value < 0) return bad(at);
    group.push(value);
    if (group.length === 4) flush();
  }
  if (group.length > 0) return bad(text.length - group.length);
  return { kind: 'bytes', bytes: new Uint8Array(bytes) };
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const four = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63];
    const count = Math.min(bytes.length - at, 3) + 1;
    text += four
      .slice(0, count)
      .map((value) => LETTERS[value])
      .join('')
      .padEnd(4, '=');
  }
  return text;
}

/** The text in these bytes; undefined when they are no UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
