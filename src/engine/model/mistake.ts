/**
 * The author's mistake: one clear message with file, line and what was expected. The command prints it and exits 1,
 * without a stack. A bug of ours throws anything else.
 */
export type Position = { readonly file: string; readonly line: number; readonly column: number };

export class Mistake extends Error {
  override readonly name = 'Mistake';
  readonly at: Position | undefined;
  readonly hint: string | undefined;

  /** `hint` is one sentence that says what to write instead. */
  constructor(
    message: string,
    more: { at?: Position | undefined; hint?: string | undefined } = {},
  ) {
    super(message);
    this.at = more.at;
    this.hint = more.hint;
  }
}

/** Several mistakes of one file, reported together. */
export class Mistakes extends Error {
  override readonly name = 'Mistakes';
  readonly all: readonly Mistake[];

  constructor(all: readonly Mistake[]) {
    super(all.map((one) => one.message).join('\n'));
    this.all = all;
  }
}

/** `trees/life.yaml:3:5: unknown event "instal"` and, on a second line, the hint. */
export function mistakeText(mistake: Mistake): string {
  const where = mistake.at ? `${mistake.at.file}:${mistake.at.line}:${mistake.at.column}: ` : '';
  return `${where}${mistake.message}${mistake.hint ? `\n  ${mistake.hint}` : ''}`;
}
