/**
 * Options of programs as getopt_long takes them: short ones in one word, values joined or apart, long ones in full or
 * short for one only; words that are no options may stand anywhere.
 * Source: getopt_long(3).
 */

/** Each option by its letter or long name: true when it takes a value, 'maybe' when one may be joined to it. */
export type OptionTable = Readonly<Record<string, boolean | 'maybe'>>;
export type Options = {
  /** In order, each by the name that `names` gives it. */
  readonly given: readonly { readonly name: string; readonly value: string }[];
  readonly words: readonly string[];
  /** What getopt says of a word that it does not know, without the program's name. */
  readonly error?: string;
};
type Reading = { given: { name: string; value: string }[]; words: string[]; error?: string };

function longName(table: OptionTable, text: string): string | undefined {
  if (Object.hasOwn(table, text)) return text;
  const close = Object.keys(table).filter((name) => name.length > 1 && name.startsWith(text));
  return close.length === 1 ? close[0] : undefined;
}

function readLong(reading: Reading, text: string, rest: string[], table: OptionTable): void {
  const [, asked = '', joined] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  const name = longName(table, asked);
  if (name === undefined) {
    reading.error = `unrecognized option '--${text}'`;
    return;
  }
  if (table[name] !== true) {
    if (joined !== undefined && table[name] === false) {
      reading.error = `option '--${name}' doesn't allow an argument`;
    }
    reading.given.push({ name, value: joined ?? '' });
    return;
  }
  const value = joined ?? rest.shift();
  if (value === undefined) reading.error = `option '--${name}' requires an argument`;
  else reading.given.push({ name, value });
}

function readShort(reading: Reading, text: string, rest: string[], table: OptionTable): void {
  for (let at = 0; at < text.length; at += 1) {
    const name = text[at] ?? '';
    if (!Object.hasOwn(table, name)) {
      reading.error = `invalid option -- '${name}'`;
      return;
    }
    if (table[name] === false) {
      reading.given.push({ name, value: '' });
      continue;
    }
    const joined = text.slice(at + 1);
    const value = joined !== '' || table[name] === 'maybe' ? joined : rest.shift();
    if (value === undefined) reading.error = `option requires an argument -- '${name}'`;
    else reading.given.push({ name, value });
    return;
  }
}

/** Reads arguments up to the first mistake. `names`: what an option counts as, by letter or long name. */
export function readOptions(
  argv: readonly string[],
  table: OptionTable,
  names: Readonly<Record<string, string>> = {},
): Options {
  const reading: Reading = { given: [], words: [] };
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined && !reading.error; word = rest.shift()) {
    if (word === '--') {
      reading.words.push(...rest.splice(0));
    } else if (word.startsWith('--')) readLong(reading, word.slice(2), rest, table);
    else if (word.startsWith('-') && word !== '-') readShort(reading, word.slice(1), rest, table);
    else reading.words.push(word);
  }
  return {
    ...reading,
    given: reading.given.map(({ name, value }) => ({ name: names[name] ?? name, value })),
  };
}

export function has({ given }: Options, name: string): boolean {
  return given.some((option) => option.name === name);
}

export function valueOf({ given }: Options, name: string): string | undefined {
  return given.findLast((option) => option.name === name)?.value;
}

export function valuesOf({ given }: Options, name: string): readonly string[] {
  return given.filter((option) => option.name === name).map(({ value }) => value);
}
