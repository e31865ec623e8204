/**
 * How Juju's hook commands read their arguments: flags anywhere, `--` ends them, single letters may stand together.
 * Source: github.com/juju/gnuflag (flag.go), juju internal/cmd (cmd.go), github.com/juju/utils keyvalues
 */
import type { Reply } from '../../model/request.ts';

/** What flags' values are checked against while they are read. */
export type Known = { readonly relations: readonly number[] };
export const NOTHING_KNOWN: Known = { relations: [] };

/** `text` flags take a value; `yes` flags are true when present. Other names come without dashes. */
export type Flag = {
  readonly kind: 'text' | 'yes';
  readonly short?: string;
  readonly also?: string;
  /** What is wrong with a value, in Juju's words. */
  readonly check?: (value: string, known: Known) => string | undefined;
};
export type Flags = Readonly<Record<string, Flag>>;
export type Parsed = {
  readonly text: Readonly<Record<string, string>>;
  readonly yes: Readonly<Record<string, boolean>>;
  readonly rest: readonly string[];
};

export function ok(out: string): Reply {
  return { kind: 'reply', code: 0, out };
}

/** Exit code 2 is for arguments that cannot be read, 1 for what cannot be done. */
export function refuse(code: 1 | 2, message: string): Reply {
  return { kind: 'reply', code, out: '', err: `ERROR ${message}\n` };
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** A text in Go's `%q`. */
export function quoted(text: string): string {
  const inner = text.replace(/["\\\p{Cc}]/gu, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return ESCAPES[letter] ?? (code < 0x80 ? `\\x${hex.padStart(2, '0')}` : `\\u00${hex}`);
  });
  return `"${inner}"`;
}

/** The check of a flag that knows these words only. */
export function oneOf(what: string, words: readonly string[]): NonNullable<Flag['check']> {
  return (value) => (words.includes(value) ? undefined : `unknown ${what} ${quoted(value)}`);
}

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function notBoolean(value: string): string | undefined {
  if ([...TRUE, ...FALSE].includes(value)) return undefined;
  return `strconv.ParseBool: parsing ${quoted(value)}: invalid syntax`;
}

function flagNamed(flags: Flags, given: string): string | undefined {
  const isCalled = ([name, flag]: [string, Flag]): boolean =>
    name === given || flag.short === given || flag.also === given;
  return Object.entries(flags).find(isCalled)?.[0];
}

function withDashes(name: string): string {
  return new TextEncoder().encode(name).length > 1 ? `--${name}` : `-${name}`;
}

type Reading = {
  readonly words: string[];
  /** What is left of a word: `=value` of a long flag, more letters or a value behind a short one. */
  left: string;
  readonly text: Record<string, string>;
  readonly yes: Record<string, boolean>;
  readonly rest: string[];
};

/** The next flag's name; undefined when the word was none. */
function nextName(reading: Reading): { name: string; long: boolean } | undefined {
  if (reading.left !== '') {
    const [letter = ''] = reading.left;
    reading.left = reading.left.slice(letter.length);
    return { name: letter, long: false };
  }
  const word = reading.words.shift() ?? '';
  if (word === '-' || !word.startsWith('-')) {
    reading.rest.push(word);
    return undefined;
  }
  if (word === '--') {
    reading.rest.push(...reading.words.splice(0));
    return undefined;
  }
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    reading.left = equals < 0 ? '' : word.slice(equals);
    return { name: word.slice(2, equals < 0 ? undefined : equals), long: true };
  }
  const [, letter = ''] = word;
  reading.left = word.slice(1 + letter.length);
  return { name: letter, long: false };
}

/** The value behind a flag: what is left of its word, or the next word. */
function valueOf(reading: Reading, long: boolean): string | undefined {
  const { left } = reading;
  reading.left = '';
  if (left !== '') return long ? left.slice(1) : left;
  return reading.words.shift();
}

function readFlag(
  reading: Reading,
  { name, long }: { name: string; long: boolean },
  { flags, known }: { flags: Flags; known: Known },
): Reply | undefined {
  const found = flagNamed(flags, name);
  const flag = found === undefined ? undefined : flags[found];
  if (found === undefined || !flag) {
    return refuse(2, `option provided but not defined: ${withDashes(name)}`);
  }
  if (flag.kind === 'yes' && !reading.left.startsWith('=')) {
    reading.yes[found] = true;
    return undefined;
  }
  const value = valueOf(reading, long);
  if (value === undefined) return refuse(2, `option needs an argument: ${withDashes(name)}`);
  const wrong = flag.kind === 'yes' ? notBoolean(value) : flag.check?.(value, known);
  if (wrong !== undefined) {
    return refuse(2, `invalid value ${quoted(value)} for option ${withDashes(name)}: ${wrong}`);
  }
  if (flag.kind === 'yes') reading.yes[found] = TRUE.includes(value);
  else reading.text[found] = value;
  return undefined;
}

/**
 * The arguments after the command's name, or what to print instead: a refusal, or the help where it is asked for.
 * As in gnuflag, letters behind a flag without value are dropped when their word is the last one.
 */
export function parseArguments(
  argv: readonly string[],
  flags: Flags,
  { known = NOTHING_KNOWN, help = () => ok('') }: { known?: Known; help?: () => Reply } = {},
): Parsed | Reply {
  const reading: Reading = { words: [...argv], left: '', text: {}, yes: {}, rest: [] };
  while (reading.words.length > 0) {
    const word = reading.words[0] ?? '';
    if (reading.left === '' && word.startsWith('--=')) {
      return refuse(2, `empty option in argument ${quoted(word)}`);
    }
    const next = nextName(reading);
    if (!next) continue;
    const asked = ['help', 'h'].includes(next.name) && flagNamed(flags, next.name) === undefined;
    if (asked) return help();
    const refused = readFlag(reading, next, { flags, known });
    if (refused) return refused;
  }
  const { text, yes, rest } = reading;
  return { text, yes, rest };
}

/** Whether it is a reply, and no map of texts that has the same keys. */
export function isReply(value: object): value is Reply {
  return (
    'kind' in value && value.kind === 'reply' && 'code' in value && typeof value.code === 'number'
  );
}

/** The refusal for words that a command has no use for. */
export function unrecognised(words: readonly string[]): Reply {
  return refuse(2, `unrecognized args: [${words.map(quoted).join(' ')}]`);
}

/** `key=value` words as Juju's keyvalues reads them, both sides trimmed, empty words left out. */
export function keyValues(words: readonly string[]): Readonly<Record<string, string>> | Reply {
  const found: Record<string, string> = {};
  for (const word of words) {
    if (word === '') continue;
    const equals = word.indexOf('=');
    if (equals < 0) return refuse(2, `expected "key=value", got ${quoted(word)}`);
    const [key, value] = [word.slice(0, equals).trim(), word.slice(equals + 1).trim()];
    if (key === '') return refuse(2, `expected "key=value", got "=${value}"`);
    if (Object.hasOwn(found, key)) return refuse(2, `key ${quoted(key)} specified more than once`);
    found[key] = value;
  }
  return found;
}
