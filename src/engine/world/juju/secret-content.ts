/**
 * What a charm puts into a secret: `key=value`, `key#base64=value`, `key#file=PATH`, and `--file` of YAML or JSON.
 * Source: juju core/secrets/createsecret.go. Juju's agent reads the files itself; here the command's client brings
 * them, so that a relative path counts from the charm's directory.
 * Not modelled: the parser's own words for what is no YAML.
 */
import type { Answer, CommandRequest, Reply } from '../../model/request.ts';
import { isReply, quoted, refuse } from './arguments.ts';
import { decodeBase64, encodeBase64, textOf } from './secret-base64.ts';
import type { SecretRevision } from './secret-slice.ts';
import { readStringMap } from './string-map.ts';

export type Content = Pick<SecretRevision, 'content' | 'encoded'>;
/** A value before it is stored: bytes, or text that is base64 as the charm says. */
type Value =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'base64'; readonly text: string };
type Values = Readonly<Record<string, Value>>;

const KEY = /^[a-z](?:-?[a-z0-9]){2,}$/;
const MAX = 1000 * 1000;
const BASE64 = '#base64';
const FILE = '#file';
/** What Go calls the map where it is no secret's. */
const GO_MAP = /map\[string\]string$/;

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function notThere(path: string): string {
  return `open ${path}: no such file or directory`;
}

function tooLarge(path: string, size: number): Reply {
  return refuse(2, `secret content in file ${quoted(path)} too large: ${size} bytes`);
}

/** One value by its key; what the key ends with says what the value is. */
function valueOf(key: string, bytes: Uint8Array): readonly [string, Value] {
  if (!key.endsWith(BASE64)) return [key, { kind: 'bytes', bytes }];
  const text = new TextDecoder().decode(bytes);
  return [key.slice(0, -BASE64.length), { kind: 'base64', text }];
}

function broughtFile({ files = {} }: CommandRequest, path: string): Uint8Array | undefined {
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

function readWord(word: string, request: CommandRequest): readonly [string, Value] | Reply {
  const equals = word.replace(/=+$/, '').indexOf('=');
  if (equals < 1) return refuse(2, `key value ${quoted(word)} not valid`);
  const [key, value] = [word.slice(0, equals), word.slice(equals + 1)];
  if (!key.endsWith(FILE)) return valueOf(key, bytesOf(value));
  const name = key.slice(0, -FILE.length);
  const bytes = broughtFile(request, value);
  if (!bytes) {
    return refuse(2, `reading content for secret key ${quoted(name)}: ${notThere(value)}`);
  }
  return bytes.length > MAX ? tooLarge(value, bytes.length) : valueOf(name, bytes);
}

function isPair(value: readonly [string, Value] | Reply): value is readonly [string, Value] {
  return !isReply(value);
}

function readWords(words: readonly string[], request: CommandRequest): Values | Reply {
  const values = new Map<string, Value>();
  for (const word of words) {
    const pair = readWord(word, request);
    if (!isPair(pair)) return pair;
    values.set(...pair);
  }
  return checked(Object.fromEntries(values));
}

/** Keys and sizes, measured as Juju stores the values. */
function checked(values: Values): Values | Reply {
  let sum = 0;
  for (const [key, value] of Object.entries(values)) {
    if (!KEY.test(key)) return refuse(2, `key ${quoted(key)} not valid`);
    const size =
      value.kind === 'base64' ? bytesOf(value.text).length : 4 * Math.ceil(value.bytes.length / 3);
    const what = `base64 encoded secret content`;
    if (size > MAX) {
      return refuse(2, `${what} for key ${quoted(key)} too large: ${size} bytes`);
    }
    sum += size;
    if (sum > MAX) return refuse(2, `${what} too large: ${sum} bytes`);
  }
  return values;
}

function readFile(path: string, request: CommandRequest): Values | Answer {
  const bytes = broughtFile(request, path) ?? (path === '-' ? null : request.stdin);
  if (!bytes) return refuse(2, notThere(path));
  if (bytes.length > MAX) return tooLarge(path, bytes.length);
  const read = readStringMap(new TextDecoder().decode(bytes));
  if (read === null) {
    const [command = ''] = request.argv;
    return { kind: 'unsupported', what: `${command} --file with YAML that is read otherwise` };
  }
  if (read.kind === 'wrong') return refuse(2, read.message.replace(GO_MAP, 'secrets.SecretData'));
  return checked(
    Object.fromEntries(Object.entries(read.map).map(([key, text]) => valueOf(key, bytesOf(text)))),
  );
}

function isValues(value: Values | Answer): value is Values {
  return !('kind' in value) || typeof value.kind !== 'string';
}

function stored(values: Values): Content {
  const content: Record<string, string> = {};
  const encoded: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    const decoded = value.kind === 'base64' ? decodeBase64(value.text) : value;
    const text = decoded.kind === 'bytes' ? textOf(decoded.bytes) : undefined;
    if (text !== undefined) content[key] = text;
    else if (value.kind === 'base64') encoded[key] = value.text;
    else encoded[key] = encodeBase64(value.bytes);
  }
  return Object.keys(encoded).length > 0 ? { content, encoded } : { content };
}

export type ReadContent =
  | { readonly kind: 'content'; readonly content: Content }
  | { readonly kind: 'refused'; readonly answer: Answer };

/** The content that a command's words and its `--file` make; empty when there are none. */
export function readContent(
  words: readonly string[],
  file: string | undefined,
  request: CommandRequest,
): ReadContent {
  const fromWords = readWords(words, request);
  if (isReply(fromWords)) return { kind: 'refused', answer: fromWords };
  const fromFile = file === undefined || file === '' ? {} : readFile(file, request);
  if (!isValues(fromFile)) return { kind: 'refused', answer: fromFile };
  return { kind: 'content', content: stored({ ...fromWords, ...fromFile }) };
}

export function isEmpty({ content, encoded }: Content): boolean {
  return Object.keys(content).length === 0 && encoded === undefined;
}

/** Whether two contents are the same: Juju compares checksums of what it stores. */
export function sameContent(a: Content, b: Content): boolean {
  const text = ({ content, encoded = {} }: Content): string =>
    JSON.stringify([content, encoded].map((part) => Object.entries(part).sort()));
  return text(a) === text(b);
}
