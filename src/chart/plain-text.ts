/**
 * Text that came from a charm, made safe to show: terminal escapes gone, control characters visible.
 * Nothing here is about HTML: whoever prints the text escapes it for where it goes.
 */

/** CSI, OSC and two-character escape sequences, as ECMA-48 lays them out. */
const ESCAPES =
  // oxlint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]/g;
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** Marks that reorder or hide neighbouring text, and the private characters that charts use as placeholders. */
const MISLEADING =
  /[\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufff9-\uffff\ue000-\uf8ff]/g;

/** The same text without terminal escapes; a control character becomes its picture, a misleading mark U+FFFD. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(ESCAPES, '')
    .replace(CONTROLS, (char) => picture(char.charCodeAt(0)))
    .replace(MISLEADING, '\ufffd');
}

/** One line, cut to `length` characters with an ellipsis. */
export function oneLine(text: string, length: number): string {
  const flat = [...plainText(text).replace(/\s+/g, ' ').trim()];
  return flat.length <= length
    ? flat.join('')
    : `${flat
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

function picture(code: number): string {
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
