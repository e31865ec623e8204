/**
 * The part of the shell's language that small scripts are written in, as a tree.
 * Source: POSIX Shell Command Language, 2.2 to 2.10.
 * Not modelled: functions, case, here-documents, command and arithmetic substitution, patterns, background jobs. Each
 * is refused by name.
 */

/** Something that a program here cannot be asked to do. */
export class NotSimulated extends Error {}

export type Part =
  | { readonly text: string; readonly quoted: boolean }
  | {
      readonly parameter: string;
      readonly quoted: boolean;
      /** `-` and `:-`: what stands for it where it is unset, or empty too. */
      readonly otherwise?: { readonly empty: boolean; readonly word: Word };
    };
export type Word = readonly Part[];
/** `to` a file, or another descriptor. */
export type Redirection = {
  readonly from: number;
  readonly mode: '<' | '>' | '>>' | '>&' | '<&';
  readonly to: Word;
};
export type Script =
  | {
      readonly kind: 'simple';
      readonly assigns: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
      readonly redirections: readonly Redirection[];
    }
  | { readonly kind: 'pipe'; readonly all: readonly Script[]; readonly not: boolean }
  | {
      readonly kind: 'list';
      readonly first: Script;
      readonly rest: readonly { readonly after: ';' | '&&' | '||'; readonly script: Script }[];
    }
  | {
      readonly kind: 'while';
      readonly condition: Script;
      readonly body: Script;
      readonly until: boolean;
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly words: readonly Word[];
      readonly body: Script;
    }
  | {
      readonly kind: 'if';
      readonly clauses: readonly { readonly condition: Script; readonly body: Script }[];
      readonly otherwise: Script | null;
    }
  | {
      readonly kind: 'group';
      readonly body: Script;
      readonly apart: boolean;
      readonly redirections: readonly Redirection[];
    };

type Token =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirect'; readonly from: number; readonly mode: Redirection['mode'] };

const OPERATORS = ['&&', '||', ';', '|', '(', ')', '\n'];
const REDIRECT = /^(\d*)(>>|>&|<&|>|<)/;
const PARAMETER = /^\$(?:([A-Za-z_]\w*|[?#@*$0-9])|\{([A-Za-z_]\w*|[?#0-9])(?:(:?-)([^}]*))?\})/;

class Lexer {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  tokens(): Token[] {
    const found: Token[] = [];
    for (;;) {
      while (/[ \t]/.test(this.text.charAt(this.at))) this.at += 1;
      if (this.at >= this.text.length) return found;
      if (this.text.charAt(this.at) === '#') this.at = this.lineEnd();
      else found.push(this.token());
    }
  }

  private lineEnd(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  private token(): Token {
    const rest = this.text.slice(this.at);
    const redirect = REDIRECT.exec(rest);
    if (redirect) {
      this.at += redirect[0].length;
      const mode = redirect[2] as Redirection['mode'];
      const usual = mode.startsWith('<') ? 0 : 1;
      const from = redirect[1] === '' ? usual : Number(redirect[1]);
      return { kind: 'redirect', from, mode };
    }
    const operator = OPERATORS.find((one) => rest.startsWith(one));
    if (operator !== undefined) {
      this.at += operator.length;
      return { kind: 'operator', text: operator === '\n' ? ';' : operator };
    }
    if (rest.startsWith('&')) throw new NotSimulated('sh with a job in the background');
    return { kind: 'word', word: this.word() };
  }

  private word(): Word {
    const parts: Part[] = [];
    for (let char = this.next(); char !== '' && !/[\s;&|<>()]/.test(char); char = this.next()) {
      if (char === "'") parts.push(this.single());
      else if (char === '"') parts.push(...this.double());
      else if (char === '$' || char === '`') parts.push(this.dollar(false));
      else {
        if (char === '\\') this.at += 1;
        else if (/[*?]/.test(char) || (char === '[' && parts.length > 0))
          throw new NotSimulated('sh with a pattern');
        parts.push({ text: this.text.charAt(this.at), quoted: char === '\\' });
        this.at += 1;
      }
    }
    return parts;
  }

  private next(): string {
    return this.text.charAt(this.at);
  }

  private single(): Part {
    const end = this.text.indexOf("'", this.at + 1);
    if (end < 0) throw new NotSimulated('sh with an unterminated quote');
    const text = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return { text, quoted: true };
  }

  private double(): readonly Part[] {
    const parts: Part[] = [{ text: '', quoted: true }];
    this.at += 1;
    for (let char = this.next(); char !== '"'; char = this.next()) {
      if (char === '') throw new NotSimulated('sh with an unterminated quote');
      if (char === '$' || char === '`') {
        parts.push(this.dollar(true));
        continue;
      }
      if (char === '\\' && /["\\$`]/.test(this.text.charAt(this.at + 1))) this.at += 1;
      parts.push({ text: this.text.charAt(this.at), quoted: true });
      this.at += 1;
    }
    this.at += 1;
    return parts;
  }

  private dollar(quoted: boolean): Part {
    const rest = this.text.slice(this.at);
    if (/^(\$\(|`)/.test(rest)) throw new NotSimulated('sh with a substituted command');
    const match = PARAMETER.exec(rest);
    if (!match && rest.startsWith('${')) throw new NotSimulated('sh with such a parameter');
    if (!match) {
      this.at += 1;
      return { text: '$', quoted };
    }
    this.at += match[0].length;
    const [, bare, braced, operator, word = ''] = match;
    const parameter = bare ?? braced ?? '';
    if (operator === undefined) return { parameter, quoted };
    const otherwise = { empty: operator === ':-', word: new Lexer(word).word() };
    return { parameter, quoted, otherwise };
  }
}

const RESERVED = ['then', 'do', 'done', 'fi', 'else', 'elif', '}'];
const REFUSED = ['case', 'function', 'select', '[['];

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  script(): Script {
    const found = this.list();
    if (this.at < this.tokens.length) throw new NotSimulated('sh with such a script');
    return found;
  }

  /** The word under the cursor as it stands, where nothing in it is quoted. */
  private plain(): string | null {
    const token = this.tokens[this.at];
    if (token?.kind !== 'word') return null;
    const texts = token.word.map((part) => ('text' in part && !part.quoted ? part.text : null));
    return texts.includes(null) ? null : texts.join('');
  }

  private operator(): string | null {
    const token = this.tokens[this.at];
    return token?.kind === 'operator' ? token.text : null;
  }

  private expect(word: string): void {
    if (this.plain() !== word) throw new NotSimulated(`sh without ${word}`);
    this.at += 1;
  }

  private skipEnds(): void {
    while (this.operator() === ';') this.at += 1;
  }

  private ends(): boolean {
    const word = this.plain();
    return (
      this.at >= this.tokens.length ||
      this.operator() === ')' ||
      (word !== null && RESERVED.includes(word))
    );
  }

  private list(): Script {
    this.skipEnds();
    const first = this.pipe();
    const rest: { after: ';' | '&&' | '||'; script: Script }[] = [];
    for (let after = this.operator(); after !== null; after = this.operator()) {
      if (after !== ';' && after !== '&&' && after !== '||') break;
      this.at += 1;
      this.skipEnds();
      if (after === ';' && this.ends()) break;
      rest.push({ after, script: this.pipe() });
    }
    return rest.length === 0 ? first : { kind: 'list', first, rest };
  }

  private pipe(): Script {
    const not = this.plain() === '!';
    if (not) this.at += 1;
    const all = [this.command()];
    while (this.operator() === '|') {
      this.at += 1;
      all.push(this.command());
    }
    return all.length === 1 && !not ? all[0]! : { kind: 'pipe', all, not };
  }

  private command(): Script {
    const word = this.plain();
    if (this.operator() === '(') return this.group(')');
    if (word !== null && REFUSED.includes(word)) throw new NotSimulated(`sh with ${word}`);
    switch (word) {
      case '{':
        return this.group('}');
      case 'while':
      case 'until':
        this.at += 1;
        return {
          kind: 'while',
          condition: this.list(),
          body: this.body(),
          until: word === 'until',
        };
      case 'for':
        return this.loop();
      case 'if':
        return this.choice();
      default:
        return this.simple();
    }
  }

  private group(end: ')' | '}'): Script {
    this.at += 1;
    const body = this.list();
    if (end === '}') this.expect('}');
    else if (this.operator() === ')') this.at += 1;
    else throw new NotSimulated('sh without )');
    return { kind: 'group', body, apart: end === ')', redirections: this.redirections() };
  }

  private body(): Script {
    this.expect('do');
    const body = this.list();
    this.expect('done');
    return body;
  }

  private loop(): Script {
    this.at += 1;
    const name = this.plain() ?? '';
    this.at += 1;
    this.expect('in');
    const words: Word[] = [];
    for (let token = this.tokens[this.at]; token?.kind === 'word'; token = this.tokens[this.at]) {
      words.push(token.word);
      this.at += 1;
    }
    this.skipEnds();
    return { kind: 'for', name, words, body: this.body() };
  }

  private choice(): Script {
    const clauses: { condition: Script; body: Script }[] = [];
    let otherwise: Script | null = null;
    do {
      this.at += 1;
      const condition = this.list();
      this.expect('then');
      clauses.push({ condition, body: this.list() });
    } while (this.plain() === 'elif');
    if (this.plain() === 'else') {
      this.at += 1;
      otherwise = this.list();
    }
    this.expect('fi');
    return { kind: 'if', clauses, otherwise };
  }

  private redirections(): Redirection[] {
    const found: Redirection[] = [];
    for (let token = this.tokens[this.at]; token?.kind === 'redirect';) {
      const target = this.tokens[this.at + 1];
      if (target?.kind !== 'word') throw new NotSimulated('sh with such a redirection');
      found.push({ from: token.from, mode: token.mode, to: target.word });
      this.at += 2;
      token = this.tokens[this.at];
    }
    return found;
  }

  private simple(): Script {
    const assigns: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (let token = this.tokens[this.at]; token && token.kind !== 'operator';) {
      if (token.kind === 'redirect') redirections.push(...this.redirections());
      else {
        const assign = words.length === 0 ? assignmentOf(token.word) : null;
        if (assign) assigns.push(assign);
        else words.push(token.word);
        this.at += 1;
      }
      token = this.tokens[this.at];
    }
    if (words.length + assigns.length + redirections.length === 0)
      throw new NotSimulated('sh with such a script');
    return { kind: 'simple', assigns, words, redirections };
  }
}

/** `name=value`, or null. */
function assignmentOf(word: Word): { name: string; value: Word } | null {
  const at = word.findIndex((part) => 'text' in part && part.text === '=' && !part.quoted);
  const before = word.slice(0, Math.max(at, 0));
  if (before.some((part) => !('text' in part) || part.quoted)) return null;
  const name = before.map((part) => ('text' in part ? part.text : '')).join('');
  return /^[A-Za-z_]\w*$/.test(name) ? { name, value: word.slice(at + 1) } : null;
}

/** The script as a tree. Throws NotSimulated. */
export function parseScript(text: string): Script {
  const tokens = new Lexer(text).tokens();
  if (tokens.length === 0) return parseScript(':');
  return new Parser(tokens).script();
}
