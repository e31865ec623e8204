/**
 * Whether a text is YAML to Go, and if not, Go's words for why not.
 * Source: gopkg.in/yaml.v3 parserc.go, decode.go (parser.fail, parser.alias).
 * Not modelled: what is nested more than DEEPEST times, which is refused by name.
 */
import { NotModelled } from './plan.ts';
import { refuseYaml, type Mark } from './yaml-chars.ts';
import { refuseBelow, YamlTokens, type Token, type TokenKind } from './yaml-tokens.ts';

/** As deep as the reader of the nodes goes. */
const DEEPEST = 100;
const HANDLES = ['!', '!!'];
const CONTENT_ENDS: readonly TokenKind[] = [
  'directive',
  'document-start',
  'document-end',
  'stream-end',
];

class Grammar {
  private readonly tokens: YamlTokens;
  private readonly anchors = new Set<string>();
  private readonly handles = new Set(HANDLES);
  private depth = 0;

  constructor(text: string) {
    this.tokens = new YamlTokens(text);
  }

  private next(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.tokens.peek().kind);
  }

  /** The first document. Where the text ends that it needed. */
  document(): number {
    this.tokens.take();
    if (this.next('stream-end')) return this.tokens.end;
    const explicit = this.next('directive', 'document-start');
    if (explicit) this.directives();
    if (!explicit || !this.next(...CONTENT_ENDS)) this.node({ block: true, indentless: false });
    return this.tokens.peek().mark.index;
  }

  private directives(): void {
    let version = false;
    const handles = new Set<string>();
    for (; this.next('directive'); this.tokens.take()) {
      const { mark, directive } = this.tokens.peek();
      if (!directive) continue;
      if ('version' in directive) {
        if (version) refuseBelow(null, mark, 'found duplicate %YAML directive');
        if (directive.version !== '1.1')
          refuseBelow(null, mark, 'found incompatible YAML document');
        version = true;
      } else {
        if (handles.has(directive.handle))
          refuseBelow(null, mark, 'found duplicate %TAG directive');
        handles.add(directive.handle);
        this.handles.add(directive.handle);
      }
    }
    if (!this.next('document-start'))
      refuseBelow(null, this.tokens.peek().mark, 'did not find expected <document start>');
    this.tokens.take();
  }

  private knownHandle(began: Mark, { text = '', mark }: Token): void {
    if (text !== '' && !this.handles.has(text))
      refuseBelow(began, mark, 'found undefined tag handle');
  }

  /** An anchor and a tag, in either order. Whether there is any. */
  private properties(began: Mark): readonly string[] | null {
    const anchors: string[] = [];
    const tags: Token[] = [];
    for (const _ of [1, 2]) {
      if (anchors.length === 0 && this.next('anchor')) anchors.push(this.tokens.take().text ?? '');
      else if (tags.length === 0 && this.next('tag')) tags.push(this.tokens.take());
    }
    if (anchors.length + tags.length === 0) return null;
    this.tokens.peek();
    for (const tag of tags) this.knownHandle(began, tag);
    return anchors;
  }

  private node({ block, indentless }: { block: boolean; indentless: boolean }): void {
    const first = this.tokens.peek();
    if (first.kind === 'alias') return this.alias(this.tokens.take().text ?? '');
    const anchors = this.properties(first.mark);
    const { kind, mark } = this.tokens.peek();
    const isNode =
      ['scalar', '[', '{'].includes(kind) ||
      (indentless && kind === '-') ||
      (block && ['block-sequence', 'block-mapping'].includes(kind));
    if (!isNode && !anchors) refuseBelow(first.mark, mark, 'did not find expected node content');
    for (const anchor of anchors ?? []) this.anchors.add(anchor);
    if (isNode) this.content(kind);
  }

  private alias(name: string): void {
    if (!this.anchors.has(name)) refuseYaml(`unknown anchor '${name}' referenced`, null);
  }

  private content(kind: TokenKind): void {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new NotModelled(`pebble layer nested deeper than ${DEEPEST}`);
    if (kind === 'scalar') this.tokens.take();
    else if (kind === '-') this.indentless();
    else if (kind === 'block-sequence') this.blockSequence();
    else if (kind === 'block-mapping') this.blockMapping();
    else if (kind === '[') this.flowSequence();
    else this.flowMapping();
    this.depth -= 1;
  }

  private indentless(): void {
    while (this.next('-')) {
      this.tokens.take();
      if (this.next('-', 'key', 'value', 'block-end')) continue;
      this.node({ block: true, indentless: false });
    }
  }

  private blockSequence(): void {
    const { mark } = this.tokens.take();
    while (this.next('-')) {
      this.tokens.take();
      if (!this.next('-', 'block-end')) this.node({ block: true, indentless: false });
    }
    if (!this.next('block-end'))
      refuseBelow(mark, this.tokens.peek().mark, "did not find expected '-' indicator");
    this.tokens.take();
  }

  private blockPart(): void {
    this.tokens.take();
    if (!this.next('key', 'value', 'block-end')) this.node({ block: true, indentless: true });
  }

  private blockMapping(): void {
    const { mark } = this.tokens.take();
    while (!this.next('block-end')) {
      if (!this.next('key'))
        refuseBelow(mark, this.tokens.peek().mark, 'did not find expected key');
      this.blockPart();
      if (this.next('value')) this.blockPart();
    }
    this.tokens.take();
  }

  /** One or none, unless what follows the indicator ends it. */
  private flowPart(...ends: readonly TokenKind[]): void {
    if (!this.next(...ends)) this.node({ block: false, indentless: false });
  }

  private flowSequence(): void {
    const { mark } = this.tokens.take();
    for (let first = true; !this.next(']'); first = false) {
      if (!first) this.comma(mark, ']');
      if (this.next(']')) break;
      if (this.next('key')) this.flowPair();
      else this.flowPart();
    }
    this.tokens.take();
  }

  private comma(began: Mark, end: ']' | '}'): void {
    if (!this.next(','))
      refuseBelow(began, this.tokens.peek().mark, `did not find expected ',' or '${end}'`);
    this.tokens.take();
  }

  /** `[? key: value]`: Go takes what follows a key that is none, whatever it is. */
  private flowPair(): void {
    this.tokens.take();
    if (this.next('value', ',', ']')) this.tokens.take();
    else this.flowPart();
    if (!this.next('value')) return;
    this.tokens.take();
    this.flowPart(',', ']');
  }

  private flowMapping(): void {
    const { mark } = this.tokens.take();
    for (let first = true; !this.next('}'); first = false) {
      if (!first) this.comma(mark, '}');
      if (this.next('}')) break;
      if (!this.next('key')) {
        this.flowPart();
        continue;
      }
      this.tokens.take();
      this.flowPart('value', ',', '}');
      if (!this.next('value')) continue;
      this.tokens.take();
      this.flowPart(',', '}');
    }
    this.tokens.take();
  }
}

/** Throws FormatError, worded as Go's `yaml: …`, for what is no YAML to it. The first document of the text. */
export function firstDocument(text: string): string {
  const chars = [...text];
  return chars.slice(0, new Grammar(text).document()).join('');
}
