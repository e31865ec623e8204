/** The formats of hook commands, byte for byte. The YAML rows are what gopkg.in/yaml.v2 2.4.0 prints for the same value. */
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/engine/model/json.ts';
import { parseArguments, type Parsed } from '../../src/engine/world/juju/arguments.ts';
import { FORMAT_FLAGS, formatted, type Shown } from '../../src/engine/world/juju/format.ts';
import { goFloat, goYaml } from '../../src/engine/world/juju/go-yaml.ts';

const YAML: readonly (readonly [Json, string])[] = [
  ['', '""'],
  ['a', 'a'],
  ['yes', '"yes"'],
  ['~', '"~"'],
  ['1', '"1"'],
  ['08', '"08"'],
  ['0x1f', '"0x1f"'],
  ['1_000', '"1_000"'],
  ['-.5', '"-.5"'],
  ['1e3', '"1e3"'],
  ['1e400', '1e400'],
  ['12:30:45', '"12:30:45"'],
  ['2020-01-02', '"2020-01-02"'],
  ['2020-02-30', '2020-02-30'],
  ['2024-02-29', '"2024-02-29"'],
  ['2020-1-2 3:4:5', '"2020-1-2 3:4:5"'],
  ['0xffffffffffffffffff', '0xffffffffffffffffff'],
  ['a: b', "'a: b'"],
  ['a:b', 'a:b'],
  ['- x', "'- x'"],
  ['-x', '-x'],
  ['#c', "'#c'"],
  ['a #b', "'a #b'"],
  ['a#b', 'a#b'],
  ["it's", "it's"],
  ["'quoted'", "'''quoted'''"],
  ['{a}', "'{a}'"],
  ['%d', "'%d'"],
  ['--- x', "'--- x'"],
  [' a', "' a'"],
  ['a ', "'a '"],
  ['a\nb', '|-\n  a\n  b'],
  ['a\nb\n', '|\n  a\n  b'],
  ['\na', '|2-\n\n  a'],
  [' a\nb', '|2-\n   a\n  b'],
  ['a \nb', '"a \\nb"'],
  ['a\tb', '"a\\tb"'],
  ['\u0001\u001b\u0085\u00a0', '"\\x01\\e\\N "'],
  ['😀é', '"\\U0001F600é"'],
  ['a\rb', '"a\\rb"'],
  [8080, '8080'],
  [1000000, '1e+06'],
  [123456789, '1.23456789e+08'],
  [0.5, '0.5'],
  [0.00001, '1e-05'],
  [-2.5, '-2.5'],
  [true, 'true'],
  [null, 'null'],
  [[], '[]'],
  [{}, '{}'],
  [['a', '1'], '- a\n- "1"'],
  [[['a'], [], [{ b: null }]], '- - a\n- []\n- - b: null'],
  [
    { a: ['x', 'y'], b: { c: [{ d: '1', e: '2' }] } },
    'a:\n- x\n- "y"\nb:\n  c:\n  - d: "1"\n    e: "2"',
  ],
  [
    { a10: 1, a9: 2, b: 3, B: 4, _: 5, '10': 6, '9': 7, 'a-b': 8, a1: 9, a01: 10 },
    '_: 5\n"9": 7\n"10": 6\nB: 4\na-b: 8\na1: 9\na01: 10\na9: 2\na10: 1\nb: 3',
  ],
  [{ yes: 'no', 'a b': 'c', 'a: b': 1, '': 2 }, '"": 2\na b: c\n\'a: b\': 1\n"yes": "no"'],
  [{ 'two\nlines': 'x' }, '? |-\n  two\n  lines\n: x'],
  [
    {
      text: 'word word word word word word word word word word word word word word word word word word word',
    },
    'text: word word word word word word word word word word word word word word word word\n  word word word',
  ],
  [
    {
      text: "word's: word word word word word word word word word word word word word word word word word",
    },
    "text: 'word''s: word word word word word word word word word word word word word word\n  word word word'",
  ],
  [{ pew: 'pew\npew\n', ok: true }, 'ok: true\npew: |\n  pew\n  pew'],
];

describe('yaml', () => {
  it.each(YAML)('%j', (value, text) => {
    expect(goYaml(value, { floats: true })).toBe(text);
  });

  it('keeps integers whole where Go has them as integers', () => {
    expect(goYaml({ port: 1000000, share: 0.5 })).toBe('port: 1000000\nshare: 0.5');
  });

  it('keeps the order of a struct’s fields', () => {
    expect(goYaml({ b: 1, a: { d: 2, c: 3 } }, { ordered: true })).toBe('b: 1\na:\n  d: 2\n  c: 3');
  });

  it('prints floats with an exponent outside of 1e-04 to 1e+06', () => {
    const shown = [0, 999999, 1e6, 0.0001, 0.00001, -1.5e21, 1e-7].map(goFloat);
    expect(shown).toEqual(['0', '999999', '1e+06', '0.0001', '1e-05', '-1.5e+21', '1e-07']);
  });

  it('is read back as what it was, but for white at either end', () => {
    const letters = fc.string({ unit: fc.constantFrom(...' \n\t:#-\'"a1?') });
    const word = fc.oneof(fc.string(), letters).filter((text) => text.trim() === text);
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        word,
        fc.boolean(),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(word, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (json) => {
        expect(load(goYaml(json))).toEqual(json);
      }),
    );
  });
});

function parsed(...argv: readonly string[]): Parsed {
  return parseArguments(argv, FORMAT_FLAGS) as Parsed;
}

function printed(value: Json, format: string, shown: Shown = {}): string {
  const answer = formatted(value, parsed('--format', format), shown);
  return answer.kind === 'reply' ? String(answer.out) : answer.kind;
}

describe('a format', () => {
  it.each<[string, Json, readonly [string, string, string]]>([
    ['text', 'a', ['a\n', 'a\n', '"a"\n']],
    ['text that looks like a number', '1', ['1\n', '"1"\n', '"1"\n']],
    ['an empty text', '', ['', '""\n', '""\n']],
    ['nothing', null, ['', '', 'null\n']],
    ['yes', true, ['True\n', 'true\n', 'true\n']],
    ['no', false, ['False\n', 'false\n', 'false\n']],
    ['a number', 8080, ['8080\n', '8080\n', '8080\n']],
    ['a list of texts', ['a', 'b'], ['a\nb\n', '- a\n- b\n', '["a","b"]\n']],
    ['an empty list', [], ['', '[]\n', '[]\n']],
    ['an empty map', {}, ['{}\n', '{}\n', '{}\n']],
    [
      'a map',
      { b: '2', a: true },
      ['a: true\nb: "2"\n', 'a: true\nb: "2"\n', '{"a":true,"b":"2"}\n'],
    ],
    ['text with breaks at its end', 'a\n\n', ['a\n\n\n', '|+\n  a\n', '"a\\n\\n"\n']],
    ['text for HTML', '<a&b>', ['<a&b>\n', '<a&b>\n', '"\\u003ca\\u0026b\\u003e"\n']],
  ])('shows %s', (_title, value, expected) => {
    expect(['smart', 'yaml', 'json'].map((format) => printed(value, format))).toEqual(expected);
  });

  it('joins no list of anything', () => {
    expect(printed(['a', 'b'], 'smart', { untyped: true })).toBe('- a\n- b\n');
    expect(printed([], 'smart', { untyped: true })).toBe('[]\n');
  });

  it('can show in YAML what JSON does not', () => {
    const shown = ['smart', 'yaml', 'json'].map((format) =>
      printed({ a: 1 }, format, { yaml: { b: 2 } }),
    );
    expect(shown).toEqual(['b: 2\n', 'b: 2\n', '{"a":1}\n']);
  });

  it('is yaml where a command says so', () => {
    expect(formatted(true, parsed(), 'yaml')).toMatchObject({ out: 'true\n' });
    expect(formatted(true, parsed())).toMatchObject({ out: 'True\n' });
  });
});

describe('an output file', () => {
  it('is given to the client instead of stdout, with what would have been printed', () => {
    const answer = formatted('a', parsed('-o', 'x/y', '--format=json'));
    const bytes = new TextEncoder().encode('"a"\n');
    const files = [{ path: 'x/y', bytes, parents: false }];
    expect(answer).toEqual({ kind: 'reply', code: 0, out: '', files });
  });

  it('is made even when there is nothing to print', () => {
    expect(formatted(null, parsed('--output=f'))).toMatchObject({
      files: [{ bytes: new Uint8Array() }],
    });
  });

  it('without a name is stdout', () => {
    expect(formatted('a', parsed('-o', ''))).toEqual({ kind: 'reply', code: 0, out: 'a\n' });
  });
});
