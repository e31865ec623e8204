/**
 * YAML as Go programs of Juju's kind print it: every quote, break and order of keys.
 * Source: gopkg.in/yaml.v2 2.4.0 (encode.go, emitterc.go, sorter.go), which juju/cmd's output.go calls.
 * Not modelled: anchors, tags, times, bytes that are no UTF-8.
 */
import type { Json } from '../../model/json.ts';
import { isPlainText } from './go-yaml-plain.ts';

/** `floats`: numbers came over JSON, so that Go holds each as a float64. `ordered`: keys stay in the order given. */
export type YamlStyle = { readonly floats?: boolean; readonly ordered?: boolean };
type Page = {
  text: string;
  column: number;
  /** Whether the last thing written was white. */
  white: boolean;
  /** Whether only indentation is on the line so far. */
  indenting: boolean;
  readonly style: YamlStyle;
};
type Place = { readonly indent: number; readonly inMapping: boolean; readonly isKey: boolean };

const STEP = 2;
const WIDTH = 80;
const KEY_BYTES_MAX = 128;
const BREAK = /[\n\r\u0085\u2028\u2029]/;
const UNPRINTABLE = /[^\n -~\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

/** A float64 in Go's `%g` with the fewest digits: an exponent below 1e-04 and from 1e+06 on. */
export function goFloat(value: number): string {
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  const size = String(Math.abs(power)).padStart(2, '0');
  return `${digits}e${power < 0 ? '-' : '+'}${size}`;
}

function put(page: Page, text: string): void {
  page.text += text;
  page.column += [...text].length;
}

function breakLine(page: Page, character = '\n'): void {
  page.text += character;
  page.column = 0;
}

function indicate(page: Page, text: string, { apart = false, indenting = false } = {}): void {
  if (apart && !page.white) put(page, ' ');
  put(page, text);
  page.white = false;
  page.indenting = page.indenting && indenting;
}

function indent(page: Page, wanted: number): void {
  const column = Math.max(wanted, 0);
  const onWay = page.column < column || (page.column === column && page.white);
  if (!page.indenting || !onWay) breakLine(page);
  if (page.column < column) put(page, ' '.repeat(column - page.column));
  page.white = true;
  page.indenting = true;
}

/** What a text lets be done with it: which of the styles can hold it. */
type Allowed = { readonly plain: boolean; readonly single: boolean; readonly block: boolean };

function hasIndicator(text: string): boolean {
  if (/^(---|\.\.\.)/.test(text)) return true;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[?:-](?:[ \t]|$)/.test(text)) return true;
  return /:(?:[ \t]|$)/.test(text.slice(1)) || /[\s\u0085\u2028\u2029]#/.test(text);
}

function allowed(text: string): Allowed {
  const odd = UNPRINTABLE.test(text);
  const edges = /^[ \n\r\u0085\u2028\u2029]|[ \n\r\u0085\u2028\u2029]$/.test(text);
  const breakThenSpace = /[\n\r\u0085\u2028\u2029] /.test(text);
  const spaceThenBreak = / [\n\r\u0085\u2028\u2029]/.test(text);
  const single = !breakThenSpace && !spaceThenBreak && !odd;
  return {
    plain: single && !edges && !BREAK.test(text) && !hasIndicator(text),
    single,
    block: !text.endsWith(' ') && !spaceThenBreak && !odd,
  };
}

/** Words of a plain or single-quoted text, folded at the page's width where one space is alone. */
function writeFolded(
  page: Page,
  text: string,
  { column, folds, quote }: { column: number; folds: boolean; quote: string },
): void {
  const letters = [...text];
  let [spaces, breaks] = [false, false];
  letters.forEach((letter, at) => {
    if (letter === ' ') {
      const inside = quote === '' || (at > 0 && at < letters.length - 1);
      const fold = folds && !spaces && page.column > WIDTH && inside && letters[at + 1] !== ' ';
      if (fold) indent(page, column);
      else put(page, letter);
      spaces = true;
      return;
    }
    if (BREAK.test(letter)) {
      if (!breaks && letter === '\n') breakLine(page);
      breakLine(page, letter);
      page.indenting = true;
      breaks = true;
      return;
    }
    if (breaks) indent(page, column);
    put(page, letter === quote ? letter + letter : letter);
    page.indenting = false;
    [spaces, breaks] = [false, false];
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

function escaped(letter: string): string {
  const known = ESCAPES[letter];
  if (known !== undefined) return `\\${known}`;
  const code = letter.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function writeDouble(page: Page, text: string, at: { column: number; folds: boolean }): void {
  const letters = [...text];
  let spaces = false;
  indicate(page, '"', { apart: true });
  letters.forEach((letter, index) => {
    if (letter !== ' ') {
      const special = UNPRINTABLE.test(letter) || BREAK.test(letter) || /["\\]/.test(letter);
      put(page, special ? escaped(letter) : letter);
      spaces = false;
      return;
    }
    const inside = index > 0 && index < letters.length - 1;
    if (at.folds && !spaces && page.column > WIDTH && inside) {
      indent(page, at.column);
      if (letters[index + 1] === ' ') put(page, '\\');
    } else put(page, letter);
    spaces = true;
  });
  indicate(page, '"');
}

function blockHints(text: string): string {
  const letters = [...text];
  const lead = /^[ \n\r\u0085\u2028\u2029]/.test(text) ? String(STEP) : '';
  if (!BREAK.test(letters.at(-1) ?? '')) return `${lead}-`;
  return letters.length === 1 || BREAK.test(letters.at(-2) ?? '') ? `${lead}+` : lead;
}

function writeLiteral(page: Page, text: string, column: number): void {
  indicate(page, `|${blockHints(text)}`, { apart: true });
  breakLine(page);
  [page.indenting, page.white] = [true, true];
  let breaks = true;
  for (const letter of text) {
    if (BREAK.test(letter)) {
      breakLine(page, letter);
      page.indenting = true;
      breaks = true;
      continue;
    }
    if (breaks) indent(page, column);
    put(page, letter);
    page.indenting = false;
    breaks = false;
  }
}

function writeText(page: Page, text: string, place: Place): void {
  const can = allowed(text);
  const column = place.indent < 0 ? STEP : place.indent + STEP;
  const at = { column, folds: !place.isKey };
  const lines = text.includes('\n');
  if (lines && can.block && !place.isKey) return writeLiteral(page, text, column);
  if (lines || !isPlainText(text)) writeDouble(page, text, at);
  else if (can.plain) {
    if (!page.white) put(page, ' ');
    writeFolded(page, text, { ...at, quote: '' });
  } else if (can.single && !(place.isKey && BREAK.test(text))) {
    indicate(page, "'", { apart: true });
    writeFolded(page, text, { ...at, quote: "'" });
    indicate(page, "'");
  } else writeDouble(page, text, at);
  [page.white, page.indenting] = [false, false];
}

const LETTER = /\p{L}/u;
const DIGIT = /\d/;

function codePoint(letter = ''): number {
  return letter.codePointAt(0) ?? 0;
}

function digitsFrom(letters: readonly string[], from: number): number {
  let to = from;
  while (to < letters.length && DIGIT.test(letters[to] ?? '')) to += 1;
  return to;
}

/** Whether a leading zero stands behind other digits, which makes it one of a number's. */
function withinNumber(letters: readonly string[], from: number): boolean {
  for (let at = from - 1; at >= 0 && DIGIT.test(letters[at] ?? ''); at -= 1) {
    if (letters[at] !== '0') return true;
  }
  return false;
}

function byNumbers(a: readonly string[], b: readonly string[], at: number): number {
  const zero = (a[at] === '0' || b[at] === '0') && withinNumber(a, at) ? '1' : '';
  const [toA, toB] = [digitsFrom(a, at), digitsFrom(b, at)];
  const numberA = BigInt(`0${zero}${a.slice(at, toA).join('')}`);
  const numberB = BigInt(`0${zero}${b.slice(at, toB).join('')}`);
  if (numberA !== numberB) return numberA < numberB ? -1 : 1;
  if (toA !== toB) return toA - toB;
  return codePoint(a[at]) - codePoint(b[at]);
}

/** Keys in the order of the library: numbers within them by size, signs before letters. */
export function byKey(first: string, second: string): number {
  const [a, b] = [[...first], [...second]];
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const [left = '', right = ''] = [a[at], b[at]];
    if (left === right) continue;
    const [letterA, letterB] = [LETTER.test(left), LETTER.test(right)];
    if (letterA && letterB) return codePoint(left) - codePoint(right);
    if (letterA || letterB) return letterB ? -1 : 1;
    return byNumbers(a, b, at);
  }
  return a.length - b.length;
}

type Entry = readonly [string, Json | undefined];

function writeMapping(page: Page, entries: readonly Entry[], place: Place): void {
  if (entries.length === 0) {
    indicate(page, '{', { apart: true });
    return indicate(page, '}');
  }
  const column = place.indent < 0 ? 0 : place.indent + STEP;
  for (const [key, value] of entries) {
    indent(page, column);
    const simple = !BREAK.test(key) && new TextEncoder().encode(key).length <= KEY_BYTES_MAX;
    if (simple) {
      writeText(page, key, { indent: column, inMapping: true, isKey: true });
      indicate(page, ':');
    } else {
      indicate(page, '?', { apart: true, indenting: true });
      writeText(page, key, { indent: column, inMapping: true, isKey: false });
      indent(page, column);
      indicate(page, ':', { apart: true, indenting: true });
    }
    writeNode(page, value ?? null, { indent: column, inMapping: true, isKey: false });
  }
}

function writeSequence(page: Page, items: readonly Json[], place: Place): void {
  if (items.length === 0) {
    indicate(page, '[', { apart: true });
    return indicate(page, ']');
  }
  const flush = place.inMapping && !page.indenting;
  const column = place.indent < 0 ? 0 : place.indent + (flush ? 0 : STEP);
  for (const item of items) {
    indent(page, column);
    indicate(page, '-', { apart: true, indenting: true });
    writeNode(page, item, { indent: column, inMapping: false, isKey: false });
  }
}

function writeNode(page: Page, value: Json, place: Place): void {
  if (typeof value === 'string') return writeText(page, value, place);
  if (Array.isArray(value)) return writeSequence(page, value as readonly Json[], place);
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    if (!page.style.ordered) entries.sort(([a], [b]) => byKey(a, b));
    return writeMapping(page, entries, place);
  }
  const isInteger = typeof value === 'number' && Number.isInteger(value) && !page.style.floats;
  const text = typeof value === 'number' && !isInteger ? goFloat(value) : String(value);
  indicate(page, text, { apart: true });
}

/** The document without line breaks at its end. */
export function goYaml(value: Json, style: YamlStyle = {}): string {
  const page: Page = { text: '', column: 0, white: true, indenting: true, style };
  writeNode(page, value, { indent: -1, inMapping: false, isKey: false });
  return page.text.replace(/\n+$/, '');
}
