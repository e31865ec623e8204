/**
 * Small programs and scripts, acted out: what they print, write and exit with, and how long it takes, without any of
 * them being run. Texts are strings of bytes, a letter each.
 * Source: POSIX Utilities and Shell Command Language.
 * Not modelled: programs beside those of `PROGRAMS`, and their rarer options: each is refused by name.
 */
import { PROGRAMS } from './shell-programs.ts';
import {
  NotSimulated,
  parseScript,
  type Redirection,
  type Script,
  type Word,
} from './shell-syntax.ts';

/** The files a program finds. `text` is null for what is no file. */
export type Files = (path: string) => { readonly kind: string; readonly text: string } | null;
export type Around = {
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly stdin: string;
  readonly files: Files;
};
/**
 * `exit` is null when it goes on for ever. `takes` in milliseconds. `traps`: scripts by signal, '' where it is ignored.
 */
export type Acted = {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What both said, in the order in which they did. */
  readonly output: string;
  readonly written: ReadonlyMap<string, string>;
  readonly takes: number;
  readonly reads: boolean;
  readonly traps: Readonly<Record<string, string>>;
};

const LOOPS_MAX = 2000;
class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
class ForEver extends Error {}

type Sink = { readonly write: (text: string) => void };

/** A program at work: what it may look at and do. */
export class Process {
  readonly around: Around;
  readonly written = new Map<string, string>();
  readonly traps: Record<string, string> = {};
  variables: Record<string, string>;
  takes = 0;
  reads = false;
  status = 0;
  stdout = '';
  stderr = '';
  output = '';
  private left: string;
  private loops = 0;
  private sinks: Readonly<Record<number, Sink>> = {
    1: { write: (text) => this.said('stdout', text) },
    2: { write: (text) => this.said('stderr', text) },
  };
  /** What a pipe or a file gives in place of the standard input. */
  private input: { text: string } | null = null;

  constructor(around: Around) {
    this.around = around;
    this.left = around.stdin;
    this.variables = { ...around.environment };
  }

  get workingDir(): string {
    return this.around.workingDir;
  }

  print(text: string, to = 1): void {
    this.sinks[to]?.write(text);
  }

  private said(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    this.output += text;
  }

  fail(text: string, code: number): number {
    this.print(`${text}\n`, 2);
    return code;
  }

  path(name: string): string {
    return name.startsWith('/') ? name : `${this.workingDir.replace(/\/$/, '')}/${name}`;
  }

  file(name: string): ReturnType<Files> {
    const path = this.path(name);
    const own = this.written.get(path);
    return own === undefined ? this.around.files(path) : { kind: 'file', text: own };
  }

  /** All of the input that is left. */
  readAll(): string {
    if (this.input) {
      const { text } = this.input;
      this.input.text = '';
      return text;
    }
    this.reads = true;
    const text = this.left;
    this.left = '';
    return text;
  }

  /** A line of the input without its end, or null when there is none. */
  readLine(): string | null {
    const all = this.readAll();
    const end = all.indexOf('\n');
    const rest = end < 0 ? '' : all.slice(end + 1);
    if (this.input) this.input.text = rest;
    else this.left = rest;
    if (all === '') return null;
    return end < 0 ? all : all.slice(0, end);
  }

  exit(code: number): never {
    throw new Exit(code);
  }

  run(words: readonly string[]): number {
    const [name = ''] = words;
    const program = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
    if (program) return program(this, words);
    if (this.around.files(`/bin/${name}`) ?? this.around.files(`/usr/bin/${name}`))
      throw new NotSimulated(name);
    return this.fail(`sh: 1: ${name}: not found`, 127);
  }

  script(text: string): number {
    return this.act(parseScript(text));
  }

  private parameter(name: string): string | undefined {
    if (name === '?') return String(this.status);
    if (name === '#') return '0';
    if (/^\W$/.test(name)) throw new NotSimulated(`sh with $${name}`);
    return Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
  }

  /** The fields that a word becomes: none when it is nothing but empty parameters. */
  private fields(word: Word): readonly string[] {
    const fields: string[] = [];
    let field: string | null = null;
    for (const part of word) {
      const text: string = 'text' in part ? part.text : this.valueOf(part);
      if (part.quoted || 'text' in part) {
        field = (field ?? '') + text;
        continue;
      }
      const split = text.split(/[ \t\n]+/);
      split.forEach((piece, index) => {
        if (index > 0 && field !== null) {
          fields.push(field);
          field = null;
        }
        if (piece !== '') field = (field ?? '') + piece;
      });
    }
    return field === null ? fields : [...fields, field];
  }

  private valueOf(part: Exclude<Word[number], { text: string }>): string {
    const value = this.parameter(part.parameter);
    const { otherwise } = part;
    const stands = otherwise?.empty ? value !== undefined && value !== '' : value !== undefined;
    return otherwise && !stands ? this.joined(otherwise.word) : (value ?? '');
  }

  private joined(word: Word): string {
    return word.map((part) => ('text' in part ? part.text : this.valueOf(part))).join('');
  }

  private redirected(redirections: readonly Redirection[], work: () => number): number {
    const [sinks, input] = [this.sinks, this.input];
    try {
      for (const { from, mode, to } of redirections) {
        const target = this.joined(to);
        if (mode === '<') {
          const file = this.file(target);
          if (!file) return this.fail(`sh: 1: cannot open ${target}: No such file`, 2);
          this.input = { text: file.text };
        } else if (mode === '<&') throw new NotSimulated('sh with <&');
        else this.sinks = { ...this.sinks, [from]: this.sinkOf(mode, target) };
      }
      return work();
    } finally {
      this.sinks = sinks;
      this.input = input;
    }
  }

  private sinkOf(mode: '>' | '>>' | '>&', target: string): Sink {
    if (mode === '>&') return this.sinks[Number(target)] ?? { write: () => undefined };
    if (target === '/dev/null') return { write: () => undefined };
    const path = this.path(target);
    if (mode === '>') this.written.set(path, '');
    else this.written.set(path, this.file(target)?.text ?? '');
    return { write: (text) => void this.written.set(path, `${this.written.get(path)}${text}`) };
  }

  private act(script: Script): number {
    this.status = this.acted(script);
    return this.status;
  }

  private acted(script: Script): number {
    switch (script.kind) {
      case 'simple':
        return this.simple(script);
      case 'pipe':
        return this.piped(script.all, script.not);
      case 'list':
        return this.listed(script);
      case 'while':
        return this.looped(script);
      case 'for':
        return this.each(script);
      case 'if': {
        const clause = script.clauses.find(({ condition }) => this.act(condition) === 0);
        const body = clause?.body ?? script.otherwise;
        return body ? this.act(body) : 0;
      }
      case 'group':
        return this.redirected(script.redirections, () =>
          script.apart ? this.apart(() => this.act(script.body)) : this.act(script.body),
        );
    }
  }

  private simple({ assigns, words, redirections }: Extract<Script, { kind: 'simple' }>): number {
    const said = words.flatMap((word) => this.fields(word));
    const values = assigns.map(({ name, value }) => [name, this.joined(value)] as const);
    const before = this.variables;
    this.variables = { ...this.variables, ...Object.fromEntries(values) };
    return this.redirected(redirections, () => {
      if (said.length === 0) return 0;
      const code = this.run(said);
      if (values.length > 0) this.variables = before;
      return code;
    });
  }

  /** A subshell: its variables and its exit are its own. */
  private apart(work: () => number): number {
    const before = this.variables;
    try {
      return work();
    } catch (error) {
      if (error instanceof Exit) return error.code;
      throw error;
    } finally {
      this.variables = before;
    }
  }

  private piped(all: readonly Script[], not: boolean): number {
    const [sinks, input] = [this.sinks, this.input];
    let code = 0;
    all.forEach((one, index) => {
      let through = '';
      const last = index === all.length - 1;
      if (!last) this.sinks = { ...sinks, 1: { write: (text) => void (through += text) } };
      code = this.apart(() => this.act(one));
      this.sinks = sinks;
      this.input = last ? input : { text: through };
    });
    if (!not) return code;
    return code === 0 ? 1 : 0;
  }

  private listed({ first, rest }: Extract<Script, { kind: 'list' }>): number {
    let code = this.act(first);
    for (const { after, script } of rest) {
      const goesOn = after === ';' || (after === '&&') === (code === 0);
      if (goesOn) code = this.act(script);
    }
    return code;
  }

  private looped({ condition, body, until }: Extract<Script, { kind: 'while' }>): number {
    let code = 0;
    while ((this.act(condition) === 0) !== until) {
      this.loops += 1;
      if (this.loops > LOOPS_MAX) throw new ForEver();
      code = this.act(body);
    }
    return code;
  }

  private each({ name, words, body }: Extract<Script, { kind: 'for' }>): number {
    let code = 0;
    for (const value of words.flatMap((word) => this.fields(word))) {
      this.variables = { ...this.variables, [name]: value };
      code = this.act(body);
    }
    return code;
  }
}

function ended(work: () => number): number | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Exit) return error.code;
    if (error instanceof ForEver) return null;
    throw error;
  }
}

function actedBy(process: Process, work: () => number): Acted {
  const exit = ended(work);
  const { stdout, stderr, output, written, takes, reads, traps } = process;
  return { exit, stdout, stderr, output, written, takes, reads, traps };
}

/** What comes of a command. Throws NotSimulated. */
export function actOut(command: readonly string[], around: Around): Acted {
  const process = new Process(around);
  return actedBy(process, () => process.run(command));
}

/** What comes of the script of a trap; its `exit` is null where the program goes on. */
export function actTrap(script: string, around: Around): Acted {
  const process = new Process(around);
  let goesOn = true;
  const acted = actedBy(process, () => {
    process.script(script);
    goesOn = false;
    return 0;
  });
  return goesOn ? acted : { ...acted, exit: null };
}
