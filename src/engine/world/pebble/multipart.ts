/**
 * multipart/form-data in both directions. A request is handled synchronously, so the whole body is
 * at hand and is cut here; the stream parsers that exist answer later.
 * Source: RFC 2046 §5.1, RFC 7578; Go mime/multipart and mime.ParseMediaType.
 * Not modelled: content transfer encodings, which clients of Pebble do not send.
 */
export type Part = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};
/**
 * `wrong` is what is wrong after the parts that could be read, in Go's words; null at a proper end.
 */
export type Parts = { readonly parts: readonly Part[]; readonly wrong: string | null };

const encoder = new TextEncoder();
const exact = new TextDecoder('utf-8', { fatal: true });

/**
 * Go keeps bytes that are no UTF-8 as they are; here they would be taken for a text that somebody
 * wrote, so a head with any of them has each byte beyond ASCII as a lone surrogate.
 */
function headText(bytes: Uint8Array): string {
  try {
    return exact.decode(bytes);
  } catch {
    const chars = [...bytes].map((byte) => String.fromCharCode(byte < 128 ? byte : 0xdc00 + byte));
    return chars.join('');
  }
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const first = wanted[0]!;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return -1;
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function part(bytes: Uint8Array): Part {
  const blank = indexOf(bytes, encoder.encode('\r\n\r\n'), 0);
  const bare = bytes[0] === 13 && bytes[1] === 10;
  const head = bare ? '' : headText(bytes.subarray(0, blank < 0 ? bytes.length : blank));
  const lines = head.split('\r\n').filter((line) => line.includes(':'));
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  const start = bare ? 2 : blank < 0 ? bytes.length : blank + 4;
  return { headers: Object.fromEntries(headers), body: bytes.subarray(start) };
}

/** Cuts a body at its boundary. The parts are pieces of it, not copies. */
export function readParts(bytes: Uint8Array, boundary: string): Parts {
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  const parts: Part[] = [];
  // A body begins as if a line had ended before it.
  const opened = delimiter.subarray(2).every((byte, index) => bytes[index] === byte);
  let at = opened ? -2 : indexOf(bytes, delimiter, 0);
  while (at !== -1) {
    const after = at + delimiter.length;
    if (bytes[after] === 45 && bytes[after + 1] === 45) return { parts, wrong: null };
    const start = indexOf(bytes, encoder.encode('\r\n'), after);
    const next = start < 0 ? -1 : indexOf(bytes, delimiter, start + 2);
    if (next < 0) return { parts, wrong: 'unexpected EOF' };
    parts.push(part(bytes.subarray(start + 2, next)));
    at = next;
  }
  return { parts, wrong: 'multipart: NextPart: EOF' };
}

/**
 * `form-data; name="files"; filename="/a"` as its value and parameters; null when it is no such
 * thing.
 */
export function mediaType(
  header: string,
): { readonly type: string; readonly params: Readonly<Record<string, string>> } | null {
  const [first = ''] = header.split(';', 1);
  const type = first.trim().toLowerCase();
  if (!/^[^\s/;"=]+(?:\/[^\s/;"=]+)?$/.test(type)) return null;
  const params: [string, string][] = [];
  let rest = header.slice(first.length);
  while (rest.replace(/[;\s]/g, '') !== '') {
    const match = /^\s*;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))\s*/s.exec(rest);
    if (!match) return null;
    const [whole, name = '', quotedValue, token = ''] = match;
    params.push([name.toLowerCase(), quotedValue?.replace(/\\(["\\])/g, '$1') ?? token]);
    rest = rest.slice(whole.length);
  }
  return { type, params: Object.fromEntries(params) };
}

/** A parameter of a part's Content-Disposition, or the empty string. */
export function dispositionOf(part: Part, param: 'name' | 'filename'): string {
  const parsed = mediaType(part.headers['content-disposition'] ?? '');
  return (parsed?.params[param] as string | undefined) ?? '';
}

function escaped(filename: string): string {
  return filename.replace(/[\\"]/g, '\\$&').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

export type Sent =
  | { readonly kind: 'file'; readonly path: string; readonly body: Uint8Array }
  | { readonly kind: 'response'; readonly json: string };

function sentPart(sent: Sent): readonly Uint8Array[] {
  if (sent.kind === 'response') {
    const head =
      'Content-Disposition: form-data; name="response"\r\nContent-Type: application/json\r\n\r\n';
    return [encoder.encode(`${head}${sent.json}`)];
  }
  const disposition = `form-data; name="files"; filename="${escaped(sent.path)}"`;
  const type = 'Content-Type: application/octet-stream';
  const head = `Content-Disposition: ${disposition}\r\n${type}\r\n\r\n`;
  return [encoder.encode(head), sent.body];
}

/** A boundary that occurs in none of the parts; always the same for the same parts. */
function boundaryFor(parts: readonly Uint8Array[]): string {
  for (let attempt = 0; ; attempt += 1) {
    const boundary = attempt.toString(16).padStart(60, '0');
    const mark = encoder.encode(`--${boundary}`);
    if (parts.every((bytes) => indexOf(bytes, mark, 0) < 0)) return boundary;
  }
}

/** The body, and the Content-Type that goes with it. */
export function writeParts(all: readonly Sent[]): {
  readonly body: Uint8Array;
  readonly contentType: string;
} {
  const parts = all.map(sentPart);
  const boundary = boundaryFor(parts.flat());
  const chunks = parts.flatMap((pieces, index) => {
    const start = `${index === 0 ? '' : '\r\n'}--${boundary}\r\n`;
    return [encoder.encode(start), ...pieces];
  });
  const body = concat([...chunks, encoder.encode(`\r\n--${boundary}--\r\n`)]);
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}
