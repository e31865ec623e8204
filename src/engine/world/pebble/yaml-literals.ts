/**
 * What Go's YAML parser reads character by character: scalars, anchors, tags and directives. Only what may be wrong
 * with them is of interest here, not what they say.
 * Source: gopkg.in/yaml.v3 scannerc.go.
 */
import { END, refuseYaml, type Mark, type YamlChars } from './yaml-chars.ts';

/** A mistake in the text: told at the line where what is being read began, unless that is the first one. */
export function refuseAt(chars: YamlChars, began: Mark, problem: string): never {
  const line = began.line === 0 ? chars.mark.line : began.line;
  refuseYaml(problem, line === 0 ? null : line + 1);
}

const AFTER_NAME = ['?', ':', ',', ']', '}', '%', '@', '`'];

/** `&name` or `*name`. */
export function scanAnchor(chars: YamlChars): string {
  const began = chars.mark;
  chars.skip();
  let name = '';
  for (; chars.isWord(); chars.skip()) name += chars.peek();
  if (name === '' || !(chars.isBlankOrEnd() || AFTER_NAME.includes(chars.peek())))
    refuseAt(chars, began, 'did not find expected alphabetic or numeric character');
  return name;
}

function isHex(text: string): boolean {
  return /^[\da-fA-F]$/.test(text);
}

function widthOf(octet: number): number {
  if (octet < 0x80) return 1;
  if ((octet & 0xe0) === 0xc0) return 2;
  if ((octet & 0xf0) === 0xe0) return 3;
  return (octet & 0xf8) === 0xf0 ? 4 : 0;
}

/** `%c3%a9`: the octets of one character. */
function scanEscapes(chars: YamlChars, began: Mark): void {
  let left = -1;
  do {
    if (chars.peek() !== '%' || !isHex(chars.peek(1)) || !isHex(chars.peek(2)))
      refuseAt(chars, began, 'did not find URI escaped octet');
    const octet = Number.parseInt(chars.peek(1) + chars.peek(2), 16);
    if (left < 0) {
      left = widthOf(octet);
      if (left === 0) refuseAt(chars, began, 'found an incorrect leading UTF-8 octet');
    } else if ((octet & 0xc0) !== 0x80) {
      refuseAt(chars, began, 'found an incorrect trailing UTF-8 octet');
    }
    chars.skip(3);
    left -= 1;
  } while (left > 0);
}

/** `known`: something of it has been read already. */
function scanUri(chars: YamlChars, began: Mark, known: boolean): void {
  let found = known;
  while (/^[\w\-;/?:@&=+$,.!~*'()[\]%]$/.test(chars.peek())) {
    if (chars.peek() === '%') scanEscapes(chars, began);
    else chars.skip();
    found = true;
  }
  if (!found) refuseAt(chars, began, 'did not find expected tag URI');
}

function scanHandle(chars: YamlChars, began: Mark, directive: boolean): string {
  if (chars.peek() !== '!') refuseAt(chars, began, "did not find expected '!'");
  let handle = '!';
  chars.skip();
  for (; chars.isWord(); chars.skip()) handle += chars.peek();
  if (chars.peek() === '!') {
    handle += '!';
    chars.skip();
  } else if (directive && handle !== '!') refuseAt(chars, began, "did not find expected '!'");
  return handle;
}

/** `!<uri>`, `!handle!suffix`, `!suffix` or `!`: the handle, which is empty when there is none. */
export function scanTag(chars: YamlChars): string {
  const began = chars.mark;
  let handle = '';
  if (chars.peek(1) === '<') {
    chars.skip(2);
    scanUri(chars, began, false);
    if (chars.peek() !== '>') refuseAt(chars, began, "did not find the expected '>'");
    chars.skip();
  } else {
    handle = scanHandle(chars, began, false);
    const whole = handle.length > 1 && handle.endsWith('!');
    const from = chars.mark.index;
    scanUri(chars, began, !whole);
    if (!whole) handle = handle === '!' && chars.mark.index === from ? '' : '!';
  }
  if (!chars.isBlankOrEnd())
    refuseAt(chars, began, 'did not find expected whitespace or line break');
  return handle;
}

const TOO_LONG = 'found extremely long version number';

function scanVersionNumber(chars: YamlChars, began: Mark): number {
  let digits = '';
  for (; /^\d$/.test(chars.peek()); chars.skip()) {
    if (digits.length === 2) refuseAt(chars, began, TOO_LONG);
    digits += chars.peek();
  }
  if (digits === '') refuseAt(chars, began, 'did not find expected version number');
  return Number(digits);
}

function scanVersion(chars: YamlChars, began: Mark): string {
  chars.skipBlanks();
  const major = scanVersionNumber(chars, began);
  if (chars.peek() !== '.') refuseAt(chars, began, "did not find expected digit or '.' character");
  chars.skip();
  return `${major}.${scanVersionNumber(chars, began)}`;
}

function scanTagPrefix(chars: YamlChars, began: Mark): string {
  chars.skipBlanks();
  const handle = scanHandle(chars, began, true);
  if (!chars.isBlank()) refuseAt(chars, began, 'did not find expected whitespace');
  chars.skipBlanks();
  scanUri(chars, began, false);
  if (!chars.isBlankOrEnd())
    refuseAt(chars, began, 'did not find expected whitespace or line break');
  return handle;
}

/** The version of `%YAML`, or the handle of `%TAG`. */
export type Directive = { readonly version: string } | { readonly handle: string };

export function scanDirective(chars: YamlChars): Directive {
  const began = chars.mark;
  chars.skip();
  let name = '';
  for (; chars.isWord(); chars.skip()) name += chars.peek();
  if (name === '') refuseAt(chars, began, 'could not find expected directive name');
  if (!chars.isBlankOrEnd()) refuseAt(chars, began, 'found unexpected non-alphabetical character');
  if (name !== 'YAML' && name !== 'TAG') refuseAt(chars, began, 'found unknown directive name');
  const found =
    name === 'YAML'
      ? { version: scanVersion(chars, began) }
      : { handle: scanTagPrefix(chars, began) };
  endOfLine(chars, began);
  return found;
}

function endOfLine(chars: YamlChars, began: Mark): void {
  chars.skipBlanks();
  if (chars.peek() === '#') chars.skipLine();
  if (!chars.isBreakOrEnd()) refuseAt(chars, began, 'did not find expected comment or line break');
  chars.skipBreak();
}

/** The digit of an indentation indicator, or 0 when there is none. */
function scanIncrement(chars: YamlChars, began: Mark): number {
  const digit = chars.peek();
  if (!/^\d$/.test(digit)) return 0;
  if (digit === '0') refuseAt(chars, began, 'found an indentation indicator equal to 0');
  chars.skip();
  return Number(digit);
}

function scanBlockHead(chars: YamlChars, began: Mark): number {
  const chomps = (): boolean => ['+', '-'].includes(chars.peek());
  const first = chomps();
  if (first) chars.skip();
  const increment = scanIncrement(chars, began);
  if (!first && increment > 0 && chomps()) chars.skip();
  endOfLine(chars, began);
  return increment;
}

/** Skips indentation and empty lines. The indentation of the content: the one given, unless that is 0. */
function scanBlockBreaks(
  chars: YamlChars,
  began: Mark,
  by: { given: number; least: number },
): number {
  const { given, least } = by;
  let widest = 0;
  for (;;) {
    const within = (): boolean => given === 0 || chars.column < given;
    while (within() && chars.peek() === ' ') chars.skip();
    widest = Math.max(widest, chars.column);
    if (within() && chars.peek() === '\t')
      refuseAt(chars, began, 'found a tab character where an indentation space is expected');
    if (!chars.isBreak()) break;
    chars.skipBreak();
  }
  return given === 0 ? Math.max(widest, least, 1) : given;
}

/** `|` or `>`, in a block of this indentation (-1: at the top). */
export function scanBlockScalar(chars: YamlChars, blockIndent: number): void {
  const began = chars.mark;
  chars.skip();
  const increment = scanBlockHead(chars, began);
  const least = blockIndent + 1;
  const given = increment > 0 ? Math.max(blockIndent, 0) + increment : 0;
  let indent = scanBlockBreaks(chars, began, { given, least });
  while (chars.column === indent && chars.peek() !== END) {
    chars.skipLine();
    chars.skipBreak();
    indent = scanBlockBreaks(chars, began, { given: indent, least });
  }
}

const ESCAPES = '0abt\tnvfre "\'\\N_LP';
const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function scanEscape(chars: YamlChars, began: Mark): void {
  const kind = chars.peek(1);
  const length = Object.hasOwn(CODES, kind) ? CODES[kind]! : 0;
  if (length === 0 && (kind === END || !ESCAPES.includes(kind)))
    refuseAt(chars, began, 'found unknown escape character');
  chars.skip(2);
  const digits = Array.from({ length }, (_, ahead) => chars.peek(ahead));
  if (!digits.every(isHex)) refuseAt(chars, began, 'did not find expected hexdecimal number');
  const code = Number.parseInt(digits.join('') || '0', 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    refuseAt(chars, began, 'found invalid Unicode character escape code');
  chars.skip(length);
}

/** What lies between blanks, up to the closing quote. */
function scanQuotedWord(chars: YamlChars, began: Mark, quote: string): void {
  while (!chars.isBlankOrEnd()) {
    if (quote === "'" && chars.peek() === "'" && chars.peek(1) === "'") chars.skip(2);
    else if (chars.peek() === quote) return;
    else if (quote === '"' && chars.peek() === '\\' && chars.isBreak(1)) {
      chars.skip();
      chars.skipBreak();
      return;
    } else if (quote === '"' && chars.peek() === '\\') scanEscape(chars, began);
    else chars.skip();
  }
}

export function scanQuoted(chars: YamlChars): void {
  const began = chars.mark;
  const quote = chars.peek();
  chars.skip();
  for (;;) {
    if (chars.isAnyDocument()) refuseAt(chars, began, 'found unexpected document indicator');
    if (chars.peek() === END) refuseAt(chars, began, 'found unexpected end of stream');
    scanQuotedWord(chars, began, quote);
    if (chars.peek() === quote) break;
    while (chars.isBlank() || chars.isBreak()) {
      if (chars.isBlank()) chars.skip();
      else chars.skipBreak();
    }
  }
  chars.skip();
}

const IN_FLOW = [',', '?', '[', ']', '{', '}'];

/** Blanks and breaks between the words of a plain scalar. Whether a line ended. */
function scanPlainGap(chars: YamlChars, began: Mark, indent: number): boolean {
  let ended = false;
  while (chars.isBlank() || chars.isBreak()) {
    if (chars.isBreak()) {
      chars.skipBreak();
      ended = true;
    } else if (ended && chars.column < indent && chars.peek() === '\t') {
      refuseAt(chars, began, 'found a tab character that violates indentation');
    } else chars.skip();
  }
  return ended;
}

/** Whether a line ended behind its last word. */
export function scanPlain(
  chars: YamlChars,
  { blockIndent, flow }: { readonly blockIndent: number; readonly flow: boolean },
): boolean {
  const began = chars.mark;
  const indent = blockIndent + 1;
  const ends = (): boolean =>
    (chars.peek() === ':' && chars.isBlankOrEnd(1)) || (flow && IN_FLOW.includes(chars.peek()));
  let ended = false;
  while (!chars.isAnyDocument() && chars.peek() !== '#') {
    while (!chars.isBlankOrEnd() && !ends()) {
      ended = false;
      chars.skip();
    }
    if (!chars.isBlank() && !chars.isBreak()) break;
    ended = scanPlainGap(chars, began, indent) || ended;
    if (!flow && chars.column < indent) break;
  }
  return ended;
}
