/**
 * How Juju's hook commands read their arguments: flags anywhere, `--` ends them, `--flag value` and `--flag=value`.
 * Source: juju/gnuflag and juju/cmd as the hook commands use them.
 * Not modelled: help texts.
 */
import type { Reply } from '../../model/request.ts';

/** `text` flags take a value; `yes` flags are true when present. Short names come without dashes. */
export type Flags = Readonly<
  Record<string, { readonly kind: 'text' | 'yes'; readonly short?: string }>
>;
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

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

function flagNamed(flags: Flags, given: string): string | undefined {
  if (given.startsWith('--')) return given.slice(2) in flags ? given.slice(2) : undefined;
  return Object.keys(flags).find(
    (name) => name === given.slice(1) || flags[name]?.short === given.slice(1),
  );
}

/** The arguments after the command's name, or the refusal to print. */
export function parseArguments(argv: readonly string[], flags: Flags): Parsed | Reply {
  const text: Record<string, string> = {};
  const yes: Record<string, boolean> = {};
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') return { text, yes, rest: [...rest, ...argv.slice(at + 1)] };
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const given = equals < 0 ? word : word.slice(0, equals);
    const inline = equals < 0 ? undefined : word.slice(equals + 1);
    const name = flagNamed(flags, given);
    if (name === undefined) return refuse(2, `option provided but not defined: ${given}`);
    if (flags[name]?.kind === 'yes') {
      if (inline !== undefined && ![...TRUE, ...FALSE].includes(inline)) {
        return refuse(2, badBoolean(inline, given));
      }
      yes[name] = inline === undefined || TRUE.includes(inline);
      continue;
    }
    const value = inline ?? argv[(at += 1)];
    if (value === undefined) return refuse(2, `option needs an argument: ${given}`);
    text[name] = value;
  }
  return { text, yes, rest };
}

function badBoolean(value: string, flag: string): string {
  const quoted = JSON.stringify(value);
  return `invalid boolean value ${quoted} for option ${flag}: strconv.ParseBool: parsing ${quoted}: invalid syntax`;
}

export function isReply(value: object): value is Reply {
  return 'kind' in value && value.kind === 'reply';
}

/** The refusal for words that a command has no use for. */
export function unrecognised(words: readonly string[]): Reply {
  return refuse(2, `unrecognized args: [${words.map((word) => JSON.stringify(word)).join(' ')}]`);
}

/** `key=value` words as Juju's keyvalues reads them, both sides trimmed. */
export function keyValues(words: readonly string[]): Readonly<Record<string, string>> | Reply {
  const found: Record<string, string> = {};
  for (const word of words) {
    const equals = word.indexOf('=');
    const key = word.slice(0, Math.max(equals, 0)).trim();
    if (key === '') return refuse(2, `expected "key=value", got ${JSON.stringify(word)}`);
    if (Object.hasOwn(found, key))
      return refuse(2, `key ${JSON.stringify(key)} specified more than once`);
    found[key] = word.slice(equals + 1).trim();
  }
  return found;
}
