/** Arguments are read as gnuflag reads them. Every row was compared with the library itself. */
import { describe, expect, it } from 'vitest';
import {
  isReply,
  keyValues,
  ok,
  parseArguments,
  quoted,
  unrecognised,
  type Flags,
} from '../../src/engine/world/juju/arguments.ts';
import { FORMAT_FLAGS } from '../../src/engine/world/juju/format.ts';

const FLAGS: Flags = {
  ...FORMAT_FLAGS,
  all: { kind: 'yes', short: 'a' },
  app: { kind: 'text', also: 'application' },
};

/** What was read, or the error's message, or `help`. */
function read(argv: readonly string[]): unknown {
  const parsed = parseArguments(argv, FLAGS, { help: () => ok('help') });
  if (!isReply(parsed)) return { ...parsed.text, ...parsed.yes, rest: parsed.rest };
  return parsed.code === 0 ? parsed.out : parsed.err?.replace(/^ERROR |\n$/g, '');
}

const NOT_DEFINED = 'option provided but not defined: ';
const READ: readonly [string, readonly string[], unknown][] = [
  [
    'flags stand anywhere',
    ['x', '--all', 'y', '-o', 'f'],
    { all: true, output: 'f', rest: ['x', 'y'] },
  ],
  ['two dashes end the flags', ['--', '--all', '-o'], { rest: ['--all', '-o'] }],
  ['a single dash and an empty word are words', ['-', ''], { rest: ['-', ''] }],
  ['a long flag takes what is behind =', ['--output=a=b'], { output: 'a=b', rest: [] }],
  ['a long flag may have an empty value', ['--output='], { output: '', rest: [] }],
  ['a letter takes the rest of its word', ['-ofile'], { output: 'file', rest: [] }],
  ['a letter keeps the = of its value', ['-o=file'], { output: '=file', rest: [] }],
  ['letters stand together', ['-aofile', 'x'], { all: true, output: 'file', rest: ['x'] }],
  ['letters that end the line behind a yes are dropped', ['-ax'], { all: true, rest: [] }],
  ['letters in the middle are not', ['-ax', 'y'], `${NOT_DEFINED}-x`],
  ['a short name may have two dashes', ['--o', 'f', '--a'], { output: 'f', all: true, rest: [] }],
  ['another name is the same flag', ['--application', 'x'], { app: 'x', rest: [] }],
  ['the last of two values holds', ['-o', 'a', '--output', 'b'], { output: 'b', rest: [] }],
  ['a yes can be a no', ['--all=false'], { all: false, rest: [] }],
  ['a yes takes no word', ['--all', 'false'], { all: true, rest: ['false'] }],
  [
    'a yes that is neither',
    ['--all=x'],
    'invalid value "x" for option --all: strconv.ParseBool: parsing "x": invalid syntax',
  ],
  [
    'a short yes with a value',
    ['-a=true'],
    'invalid value "=true" for option -a: strconv.ParseBool: parsing "=true": invalid syntax',
  ],
  ['an unknown flag', ['--nope'], `${NOT_DEFINED}--nope`],
  ['an unknown flag with a value', ['--nope=1'], `${NOT_DEFINED}--nope`],
  ['an unknown letter', ['-x'], `${NOT_DEFINED}-x`],
  ['a letter of two bytes', ['-é'], `${NOT_DEFINED}--é`],
  ['a flag without name', ['--=x'], 'empty option in argument "--=x"'],
  ['a flag without its value', ['-o'], 'option needs an argument: -o'],
  ['a long flag without its value', ['--output'], 'option needs an argument: --output'],
  [
    'a format that there is not',
    ['--format', 'xml'],
    'invalid value "xml" for option --format: unknown format "xml"',
  ],
  ['the first error is told', ['--format=xml', '--nope'], /unknown format/],
  ['--help is help', ['x', '--help', '--nope'], 'help'],
  ['-h is help', ['-ah', 'x'], 'help'],
  ['an error before --help is told', ['--nope', '--help'], `${NOT_DEFINED}--nope`],
];

describe('arguments', () => {
  it.each(READ)('%s', (_title, argv, expected) => {
    const found = read(argv);
    if (expected instanceof RegExp) expect(found).toMatch(expected);
    else expect(found).toEqual(expected);
  });

  it('are shown as Go quotes them', () => {
    expect(quoted('a"b\\c\nd\te\x01\x7f\u0085é')).toBe('"a\\"b\\\\c\\nd\\te\\x01\\x7f\\u0085é"');
    expect(unrecognised(['a', 'b c'])).toMatchObject({
      code: 2,
      err: 'ERROR unrecognized args: ["a" "b c"]\n',
    });
  });
});

describe('key=value words', () => {
  it.each<[string, readonly string[], unknown]>([
    ['are split at the first =', ['a=b=c'], { a: 'b=c' }],
    ['are trimmed on both sides', [' a = b '], { a: 'b' }],
    ['may be empty behind the =', ['a='], { a: '' }],
    ['are left out when empty', ['', 'a=1'], { a: '1' }],
    ['need a =', ['haha'], 'expected "key=value", got "haha"'],
    ['need a key', [' = haha '], 'expected "key=value", got "=haha"'],
    ['have each key once', ['a=1', 'a=2'], 'key "a" specified more than once'],
  ])('%s', (_title, words, expected) => {
    const found = keyValues(words);
    const shown = isReply(found) ? found.err?.replace(/^ERROR |\n$/g, '') : found;
    expect(shown).toEqual(expected);
  });
});
