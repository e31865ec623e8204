/**
 * A YAML text as the tokens of Go's parser, which reads a few further than it needs: what is wrong below may be told
 * before what is wrong above.
 * Source: gopkg.in/yaml.v3 scannerc.go.
 * Not modelled: that a key is looked for in 10,000 levels at most.
 */
import { END, refuseYaml, YamlChars, type Mark } from './yaml-chars.ts';
import * as literals from './yaml-literals.ts';

export type TokenKind =
  | 'stream-start'
  | 'stream-end'
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence'
  | 'block-mapping'
  | 'block-end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';
/** `text`: the name of an anchor or alias, the handle of a tag. */
export type Token = {
  readonly kind: TokenKind;
  readonly mark: Mark;
  readonly text?: string;
  readonly directive?: literals.Directive;
};
/** A token that turns out to be a key if a colon follows. `number`: which token it is. */
type SimpleKey = { possible: boolean; required: boolean; number: number; mark: Mark };

const KEY_MAX = 1024;
/** How many tokens lie behind one that is handed out. */
const AHEAD = 2;
const NO_SCALAR = '-?:,[]{}#&*!|>\'"%@`';

export class YamlTokens {
  private readonly chars: YamlChars;
  private readonly tokens: Token[] = [];
  private head = 0;
  private isReady = false;
  private indent = -1;
  private readonly indents: number[] = [];
  private flow = 0;
  private keyAllowed = true;
  private readonly keys: SimpleKey[];
  private readonly keyOfToken = new Map<number, number>();

  constructor(text: string) {
    this.chars = new YamlChars(text);
    const { mark } = this.chars;
    this.keys = [{ possible: false, required: false, number: 0, mark }];
    this.tokens.push({ kind: 'stream-start', mark });
  }

  /** The next token. */
  peek(): Token {
    if (!this.isReady) this.fetchMore();
    this.isReady = true;
    return this.tokens[this.head]!;
  }

  take(): Token {
    const token = this.peek();
    this.isReady = false;
    this.head += 1;
    return token;
  }

  /** Where what could be read so far ends. */
  get end(): number {
    return this.chars.mark.index;
  }

  private fetchMore(): void {
    for (;;) {
      if (this.head < this.tokens.length - AHEAD) {
        const key = this.keyOfToken.get(this.head);
        if (key === undefined || !this.isKey(this.keys[key])) return;
      }
      this.fetch();
    }
  }

  private add(kind: TokenKind, mark: Mark, more: Omit<Token, 'kind' | 'mark'> = {}): void {
    this.tokens.push({ kind, mark, ...more });
  }

  private get last(): SimpleKey {
    return this.keys.at(-1)!;
  }

  /** Whether a key can still follow from there. */
  private isKey(key: SimpleKey | undefined): boolean {
    if (!key?.possible) return false;
    const { line, index } = this.chars.mark;
    if (key.mark.line >= line && key.mark.index + KEY_MAX >= index) return true;
    if (key.required) this.noColon(key);
    key.possible = false;
    return false;
  }

  private noColon(key: SimpleKey): never {
    literals.refuseAt(this.chars, key.mark, "could not find expected ':'");
  }

  private saveKey(): void {
    if (!this.keyAllowed) return;
    const required = this.flow === 0 && this.indent === this.chars.column;
    const { mark } = this.chars;
    this.removeKey();
    const number = this.tokens.length;
    this.keys[this.keys.length - 1] = { possible: true, required, number, mark };
    this.keyOfToken.set(number, this.keys.length - 1);
  }

  private removeKey(): void {
    const key = this.last;
    if (!key.possible) return;
    if (key.required) this.noColon(key);
    key.possible = false;
    this.keyOfToken.delete(key.number);
  }

  /** Before the token of that number, or at the end where that one has been handed out. */
  private insert(number: number, token: Token): void {
    this.tokens.splice(number < this.head ? this.tokens.length : number, 0, token);
  }

  /** A block begins that lies further in, before the token of that number. */
  private roll(
    column: number,
    block: 'block-sequence' | 'block-mapping',
    at: [number, Mark],
  ): void {
    if (this.flow > 0 || this.indent >= column) return;
    this.indents.push(this.indent);
    this.indent = column;
    const [number, mark] = at;
    this.insert(number, { kind: block, mark });
  }

  private unroll(column: number, mark: Mark): void {
    if (this.flow > 0) return;
    for (; this.indent > column; this.indent = this.indents.pop()!) this.add('block-end', mark);
  }

  private fetch(): void {
    const { chars } = this;
    const from = chars.mark;
    this.toNextToken();
    this.unroll(chars.column, from);
    if (chars.peek() === END) return this.fetchEnd();
    if (chars.column === 0 && chars.peek() === '%') return this.fetchDirective();
    if (chars.isDocument('---')) return this.fetchDocument('document-start');
    if (chars.isDocument('...')) return this.fetchDocument('document-end');
    this.fetchContent();
    if (this.tokens.at(-1)?.kind !== '-') this.skipComment();
  }

  /** A comment behind a token, which may come after a tab where no token may. */
  private skipComment(): void {
    if (this.chars.newlines > 0) return;
    let ahead = 0;
    while (this.chars.isBlank(ahead)) ahead += 1;
    if (this.chars.peek(ahead) === '#') this.chars.skipLine();
  }

  private toNextToken(): void {
    const { chars } = this;
    for (;;) {
      const tabs = this.flow > 0 || !this.keyAllowed;
      while (chars.peek() === ' ' || (tabs && chars.peek() === '\t')) chars.skip();
      if (chars.peek() === '#') this.skipComments();
      if (!chars.isBreak()) return;
      chars.skipBreak();
      if (this.flow === 0) this.keyAllowed = true;
    }
  }

  /** This comment, and those that follow it with nothing but blanks between. */
  private skipComments(): void {
    const { chars } = this;
    for (;;) {
      chars.skipLine();
      let ahead = 0;
      while (chars.isBlank(ahead) || chars.isBreak(ahead)) ahead += 1;
      if (chars.peek(ahead) !== '#') return;
      while (chars.isBlank() || chars.isBreak()) {
        if (chars.isBreak()) chars.skipBreak();
        else chars.skip();
      }
    }
  }

  private fetchEnd(): void {
    this.chars.endLine();
    this.unroll(-1, this.chars.mark);
    this.removeKey();
    this.keyAllowed = false;
    this.add('stream-end', this.chars.mark);
  }

  private closeBlocks(): Mark {
    const { mark } = this.chars;
    this.unroll(-1, mark);
    this.removeKey();
    this.keyAllowed = false;
    return mark;
  }

  private fetchDirective(): void {
    const mark = this.closeBlocks();
    this.add('directive', mark, { directive: literals.scanDirective(this.chars) });
  }

  private fetchDocument(kind: 'document-start' | 'document-end'): void {
    const mark = this.closeBlocks();
    this.chars.skip(3);
    this.add(kind, mark);
  }

  private fetchContent(): void {
    const { chars } = this;
    const char = chars.peek();
    const apart = this.flow > 0 || chars.isBlankOrEnd(1);
    if (char === '[' || char === '{') return this.openFlow(char);
    if (char === ']' || char === '}') return this.closeFlow(char);
    if (char === ',') return this.fetchComma();
    if (char === '-' && chars.isBlankOrEnd(1)) return this.fetchEntry();
    if (char === '?' && apart) return this.fetchKey();
    if (char === ':' && apart) return this.fetchValue();
    this.fetchNode(char);
  }

  private fetchNode(char: string): void {
    const { chars } = this;
    if ((char === '|' || char === '>') && this.flow === 0) return this.fetchBlockScalar();
    const { mark } = chars;
    if (char === '*' || char === '&') {
      this.startNode();
      const text = literals.scanAnchor(chars);
      return this.add(char === '*' ? 'alias' : 'anchor', mark, { text });
    }
    if (char === '!') {
      this.startNode();
      return this.add('tag', mark, { text: literals.scanTag(chars) });
    }
    if (char === "'" || char === '"') {
      this.startNode();
      literals.scanQuoted(chars);
      return this.add('scalar', mark);
    }
    if (this.startsPlain(char)) return this.fetchPlain();
    literals.refuseAt(chars, mark, 'found character that cannot start any token');
  }

  /** A node may be a key; none follows it. */
  private startNode(): void {
    this.saveKey();
    this.keyAllowed = false;
  }

  private startsPlain(char: string): boolean {
    const { chars } = this;
    if (!chars.isBlankOrEnd() && !NO_SCALAR.includes(char)) return true;
    if (char === '-') return !chars.isBlank(1);
    return this.flow === 0 && (char === '?' || char === ':') && !chars.isBlankOrEnd(1);
  }

  private fetchPlain(): void {
    const { mark } = this.chars;
    this.startNode();
    const flow = this.flow > 0;
    if (literals.scanPlain(this.chars, { blockIndent: this.indent, flow })) this.keyAllowed = true;
    this.add('scalar', mark);
  }

  private fetchBlockScalar(): void {
    const { mark } = this.chars;
    this.removeKey();
    this.keyAllowed = true;
    literals.scanBlockScalar(this.chars, this.indent);
    this.add('scalar', mark);
  }

  private openFlow(kind: '[' | '{'): void {
    const { mark } = this.chars;
    this.saveKey();
    this.keys.push({ possible: false, required: false, number: this.tokens.length, mark });
    this.flow += 1;
    this.keyAllowed = true;
    this.chars.skip();
    this.add(kind, mark);
  }

  private closeFlow(kind: ']' | '}'): void {
    const { mark } = this.chars;
    this.removeKey();
    if (this.flow > 0) {
      this.flow -= 1;
      this.keyOfToken.delete(this.last.number);
      this.keys.pop();
    }
    this.keyAllowed = false;
    this.chars.skip();
    this.add(kind, mark);
  }

  private fetchComma(): void {
    this.removeKey();
    this.keyAllowed = true;
    this.addIndicator(',');
  }

  private addIndicator(kind: TokenKind): void {
    const { mark } = this.chars;
    this.chars.skip();
    this.add(kind, mark);
  }

  private allowed(what: string): void {
    if (this.keyAllowed) return;
    literals.refuseAt(this.chars, this.chars.mark, `${what} are not allowed in this context`);
  }

  private fetchEntry(): void {
    const { mark } = this.chars;
    if (this.flow === 0) {
      this.allowed('block sequence entries');
      this.roll(mark.column, 'block-sequence', [this.tokens.length, mark]);
    }
    this.removeKey();
    this.keyAllowed = true;
    this.addIndicator('-');
  }

  private fetchKey(): void {
    const { mark } = this.chars;
    if (this.flow === 0) {
      this.allowed('mapping keys');
      this.roll(mark.column, 'block-mapping', [this.tokens.length, mark]);
    }
    this.removeKey();
    this.keyAllowed = this.flow === 0;
    this.addIndicator('key');
  }

  private fetchValue(): void {
    const key = this.last;
    const { mark } = this.chars;
    if (this.isKey(key)) {
      this.insert(key.number, { kind: 'key', mark: key.mark });
      this.roll(key.mark.column, 'block-mapping', [key.number, key.mark]);
      key.possible = false;
      this.keyOfToken.delete(key.number);
      this.keyAllowed = false;
    } else {
      if (this.flow === 0) {
        this.allowed('mapping values');
        this.roll(mark.column, 'block-mapping', [this.tokens.length, mark]);
      }
      this.keyAllowed = this.flow === 0;
    }
    this.addIndicator('value');
  }
}

/** What the grammar refuses. Its lines count from where the text before them ended: one less than the text's own. */
export function refuseBelow(context: Mark | null, mark: Mark, problem: string): never {
  const line = context && context.line !== 0 ? context.line : mark.line;
  refuseYaml(problem, line === 0 ? null : line);
}
