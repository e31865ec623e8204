/** Values that ops keeps: written as Python reads them, read as Python wrote them, nothing in them run. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sorted, type Json } from '../../src/engine/model/json.ts';
import { pickled } from '../../src/engine/transition/pickle-write.ts';
import { unpickled } from '../../src/engine/transition/pickle-read.ts';

/** Reads pickles, says what they are, and pickles them itself, with each protocol that ops has used. */
const PYTHON = `
import base64, json, pickle, sys
out = []
for text in json.load(sys.stdin):
    value = pickle.loads(base64.b64decode(text))
    out.append([json.dumps(value), [base64.b64encode(pickle.dumps(value, n)).decode() for n in (2, 4, 5)]])
print(json.dumps(out))
`;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function python(script: string, input: unknown): Json {
  const text = execFileSync('python3', ['-Ic', script], {
    input: JSON.stringify(input),
    maxBuffer: 64 << 20,
  });
  return JSON.parse(text.toString('utf8')) as Json;
}

const printing = (bytes: string): string =>
  `import base64, json, pickle\nprint(json.dumps(base64.b64encode(${bytes}).decode()))`;

const integer = fc.oneof(fc.integer(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
// Python writes an integer below -2^31 in a way that the parser cannot read: a test of its own.
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => value + 0)
  .filter((value) => !Number.isSafeInteger(value) || value >= -(2 ** 31));
const text = fc.string({ unit: 'binary', maxLength: 20 });
const key = text.filter((name) => !['_type', '_enum', '__proto__'].includes(name));
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    integer,
    double,
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}));

describe('a pickle', () => {
  it('means to Python what was written, and to us what Python wrote', () => {
    const values = fc.sample(value, 300);
    const heard = python(
      PYTHON,
      values.map((one) => base64(pickled(one))),
    ) as [string, string[]][];
    expect(heard.length).toBe(values.length);
    heard.forEach(([said, again], index) => {
      const wanted = sorted(values[index]);
      expect(sorted(JSON.parse(said))).toEqual(wanted);
      for (const one of again) {
        const read = unpickled(new Uint8Array(Buffer.from(one, 'base64')));
        expect('value' in read ? sorted(read.value) : read.why).toEqual(wanted);
      }
    });
  });

  it.each([
    ['{7: "x", 8: [1]}', { _type: 'dict_int', items: { '7': 'x', '8': [1] } }],
    ['{(1, "a"): 2}', { _type: 'dict_items', items: [[[1, 'a'], 2]] }],
    ['b"\\xff\\x00"', { _type: 'bytes', base64: '/wA=' }],
    ['{3, 1, 2}', [1, 2, 3]],
    ['(1, (2, None))', [1, [2, null]]],
  ])('of %s is told as ops.testing’s JSON has it', (written, told) => {
    const script = printing(`pickle.dumps(${written})`);
    const bytes = new Uint8Array(Buffer.from(python(script, null) as string, 'base64'));
    expect(unpickled(bytes)).toEqual({ value: told });
  });

  it('keeps keys that are no text', () => {
    const script =
      'import base64, json, pickle, sys; print(json.dumps(repr(pickle.loads(base64.b64decode(json.load(sys.stdin))))))';
    const said = (one: Json): Json => python(script, base64(pickled(one)));
    expect(said({ _type: 'dict_int', items: { '7': 'x' } })).toBe("{7: 'x'}");
    expect(said({ _type: 'dict_items', items: [[[1, 'a'], 2]] })).toBe("{(1, 'a'): 2}");
    expect(said({ _type: 'bytes', base64: '/wA=' })).toBe(String.raw`b'\xff\x00'`);
  });

  it.each([
    [
      'os.system',
      'import os\nclass X:\n def __reduce__(self): return (os.system, ("true",))\nv = X()',
    ],
    ['collections.OrderedDict', 'import collections\nv = collections.OrderedDict(a=1)'],
    ['builtins.eval', 'class X:\n def __reduce__(self): return (eval, ("1",))\nv = [X()]'],
  ])('that names %s is refused and runs nothing', (name, code) => {
    const script = `${code}\n${printing('pickle.dumps(v)')}`;
    const bytes = new Uint8Array(Buffer.from(python(script, null) as string, 'base64'));
    const read = unpickled(bytes);
    expect(read).toHaveProperty('why');
    expect('why' in read && read.why.replace('posix', 'os')).toBe(`it names ${name}`);
  });

  it('with a number that the parser cannot read is refused, in whatever it stands', () => {
    const read = (written: string): unknown => {
      const bytes = python(printing(`pickle.dumps(${written})`), null) as string;
      return unpickled(new Uint8Array(Buffer.from(bytes, 'base64')));
    };
    expect(read('[1, {"a": -2**31 - 1}]')).toEqual({ why: 'it holds a number below -2147483648' });
    expect(read('-2**40')).toHaveProperty('why');
    expect(read('2**70')).toHaveProperty('why');
    // Bytes after a small number that looks like the opcode are no such number.
    const told = [138, { _type: 'bytes', base64: '/////w==' }, -(2 ** 31), 2 ** 40];
    expect(read('[138, b"\\xff\\xff\\xff\\xff", -2**31, 2**40]')).toEqual({ value: told });
  });

  it('that is cut off, or none at all, is refused', () => {
    const whole = pickled({ a: ['b', 1] });
    for (let end = 0; end < whole.length; end += 1) {
      expect(unpickled(whole.subarray(0, end)), String(end)).toHaveProperty('why');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const read = unpickled(bytes);
        return 'why' in read || 'value' in read;
      }),
    );
  });
});
