/**
 * The characters of a YAML text, one after the other, with where each is: lines and columns from 0, as Go counts them.
 * Source: gopkg.in/yaml.v3 readerc.go, yamlprivateh.go.
 * Not modelled: that Go reads a text in pieces, so that a wrong character far below comes after what is wrong above.
 */
import { FormatError } from './plan.ts';

export type Mark = { readonly index: number; readonly line: number; readonly column: number };

/** The end of the text. */
export const END = '';
const BREAKS = ['\n', '\r', '\u0085', '\u2028', '\u2029'];
const ALLOWED = /^(?:[\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufffd]|[\u{10000}-\u{10ffff}])*$/u;
const BOM = '\ufeff';

/** What Go's parser refuses in a text, with the line where it tells one. */
export function refuseYaml(problem: string, line: number | null): never {
  throw new FormatError(`yaml: ${line === null ? '' : `line ${line}: `}${problem}`);
}

export class YamlChars {
  private readonly chars: readonly string[];
  private at = 0;
  private lineNow = 0;
  private columnNow = 0;
  /** How many lines have ended since the last character that is no blank. */
  newlines = 0;

  constructor(text: string) {
    if (!ALLOWED.test(text)) refuseYaml('control characters are not allowed', null);
    this.chars = [...text];
    if (this.peek() === BOM) this.at = 1;
  }

  get mark(): Mark {
    return { index: this.at, line: this.lineNow, column: this.columnNow };
  }

  get column(): number {
    return this.columnNow;
  }

  /** The character here, or so many further on. */
  peek(ahead = 0): string {
    return this.chars[this.at + ahead] ?? END;
  }

  isBlank(ahead = 0): boolean {
    return [' ', '\t'].includes(this.peek(ahead));
  }

  isBreak(ahead = 0): boolean {
    return BREAKS.includes(this.peek(ahead));
  }

  isBreakOrEnd(ahead = 0): boolean {
    return this.peek(ahead) === END || this.isBreak(ahead);
  }

  isBlankOrEnd(ahead = 0): boolean {
    return this.isBlank(ahead) || this.isBreakOrEnd(ahead);
  }

  isWord(ahead = 0): boolean {
    return /^[\w-]$/.test(this.peek(ahead));
  }

  /** `---` or `...` at the beginning of a line, and nothing right behind it. */
  isDocument(indicator: '---' | '...'): boolean {
    const here = [0, 1, 2].map((ahead) => this.peek(ahead)).join('');
    return this.columnNow === 0 && here === indicator && this.isBlankOrEnd(3);
  }

  isAnyDocument(): boolean {
    return this.isDocument('---') || this.isDocument('...');
  }

  skip(count = 1): void {
    for (let done = 0; done < count; done += 1) {
      if (!this.isBlank()) this.newlines = 0;
      this.at += 1;
      this.columnNow += 1;
    }
  }

  skipBreak(): void {
    if (!this.isBreak()) return;
    this.at += this.peek() === '\r' && this.peek(1) === '\n' ? 2 : 1;
    this.columnNow = 0;
    this.lineNow += 1;
    this.newlines += 1;
  }

  skipBlanks(): void {
    while (this.isBlank()) this.skip();
  }

  /** Up to the end of the line. */
  skipLine(): void {
    while (!this.isBreakOrEnd()) this.skip();
  }

  /** As if a line ended where the text does. */
  endLine(): void {
    if (this.columnNow === 0) return;
    this.columnNow = 0;
    this.lineNow += 1;
  }
}
