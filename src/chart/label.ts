/**
 * A label inside mermaid text. mermaid reads `#35;` and `#quot;` as characters inside quoted labels.
 * Source: mermaid 12 packages/mermaid/src/utils.ts encodeEntities; the flow grammar's quoted strings.
 */
import { plainText } from './plain-text.ts';

/** mermaid 12 reads entities only in a label with a break in it, so one line that needs them gets an empty second. */
const BREAK = '<br/>';

/** mermaid breaks lines at a backslash and n, and keeps entities as `ﬂ°35¶ß`: an invisible joiner keeps those apart. */
const MEANT_BY_MERMAID = /\\(?=[nN])|ﬂ(?=°)|¶(?=ß)/g;

/** Characters that mean nothing to mermaid inside a quoted label, wherever they stand. */
const HARMLESS = /[A-Za-z0-9 /:,()=…✕○⊘≠Δ⇧ϟ⚠]/;

/** The lines as one quoted label: nothing in them can end the quotes, start Markdown or be read as an entity. */
export function quotedLabel(lines: readonly string[]): string {
  const text = lines.map(escapedLine).join(BREAK);
  return `"${text}${!text.includes('<') && /#\w+;/.test(text) ? BREAK : ''}"`;
}

/** A label on an arrow. mermaid 12 shows entities there as they are written, so what is not harmless is replaced. */
export function arrowLabel(text: string): string {
  const flat = plainText(text).replace(/\s+/g, ' ').trim();
  return `"${[...flat].map((char) => (/[A-Za-z0-9_ -]/.test(char) ? char : '·')).join('') || '·'}"`;
}

function escapedLine(line: string): string {
  const flat = plainText(line).replace(/\s+/g, ' ').trim().replace(MEANT_BY_MERMAID, '$&\u2060');
  // Quotes with nothing in them are an error.
  if (flat === '') return entity('\u2060');
  return [...flat].map((char, at) => (isHarmless(char, at, flat) ? char : entity(char))).join('');
}

function isHarmless(char: string, at: number, line: string): boolean {
  if (HARMLESS.test(char)) return true;
  // A hyphen or a dot between letters is part of a name; elsewhere it may start a list.
  return (char === '-' || char === '.') && isLetter(line[at - 1]) && isLetter(line[at + 1]);
}

function isLetter(char: string | undefined): boolean {
  return char !== undefined && /[A-Za-z]/.test(char);
}

function entity(char: string): string {
  return char === '"' ? '#quot;' : `#${char.codePointAt(0)};`;
}
