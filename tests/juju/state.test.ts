/** state-get, state-set and state-delete answer as Juju's. Source: juju jujuc/state-*.go, core/quota */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitProblems } from '../../src/engine/world/juju/state.ts';
import { run, shown, UNIT } from './unit.ts';

const unit = { ...UNIT, unitState: { a: '1', text: 'two\nlines' } };
const LONG_KEY = 'ERROR max allowed key length (256) exceeded\n';
const LONG_VALUE = 'ERROR max allowed value length (65536) exceeded\n';

describe('state commands', () => {
  it.each([
    ['state-get prints a value', ['state-get', 'a'], [0, '1\n', ''], unit],
    ['state-get prints nothing for an unknown key', ['state-get', 'nope'], [0, '', ''], unit],
    [
      'state-get has an empty text for an unknown key',
      ['state-get', 'nope', '--format=json'],
      [0, '""\n', ''],
      unit,
    ],
    [
      'state-get --strict names an unknown key',
      ['state-get', '--strict', 'nope'],
      [1, '', 'ERROR "nope" not found\n'],
      unit,
    ],
    ['state-get --strict prints a known key', ['state-get', '--strict', 'a'], [0, '1\n', ''], unit],
    [
      'state-get prints all',
      ['state-get', '--format=json'],
      [0, '{"a":"1","text":"two\\nlines"}\n', ''],
      unit,
    ],
    [
      'state-get prints all in YAML',
      ['state-get', '-'],
      [0, 'a: "1"\ntext: |-\n  two\n  lines\n', ''],
      unit,
    ],
    [
      'state-get of nothing is null in JSON',
      ['state-get', '--format=json'],
      [0, 'null\n', ''],
      UNIT,
    ],
    [
      'state-get of nothing is an empty mapping in YAML',
      ['state-get', '--format=yaml'],
      [0, '{}\n', ''],
      UNIT,
    ],
    ['state-get of nothing is an empty mapping', ['state-get'], [0, '{}\n', ''], UNIT],
    [
      'state-get takes one key',
      ['state-get', 'a', 'b'],
      [2, '', 'ERROR unrecognized args: ["b"]\n'],
      unit,
    ],
    [
      'state-set wants key=value',
      ['state-set', 'a'],
      [2, '', 'ERROR expected "key=value", got "a"\n'],
      unit,
    ],
    [
      'state-set wants each key once',
      ['state-set', 'a=1', 'a=2'],
      [2, '', 'ERROR key "a" specified more than once\n'],
      unit,
    ],
    [
      'state-set names a file that is not there',
      ['state-set', '--file', 'none.yaml'],
      [1, '', 'ERROR open /none.yaml: no such file or directory\n'],
      unit,
    ],
    [
      'state-delete takes one key',
      ['state-delete', 'a', 'b'],
      [2, '', 'ERROR unrecognized args: ["b"]\n'],
      unit,
    ],
    ['state-delete minds no unknown key', ['state-delete', 'nope'], [0, '', ''], unit],
    ['state-delete minds no missing key', ['state-delete'], [0, '', ''], unit],
  ] as const)('%s', (_title, argv, expected, of) => {
    expect(shown(argv, { unit: of })).toEqual(expected);
  });

  it('write at the commit, and are read back within the hook', () => {
    const { kept, seen } = run(['state-set', 'b= 2 ', 'a='], { unit });
    expect(kept).toBe(unit);
    expect(seen.unitState).toEqual({ ...unit.unitState, a: '', b: '2' });
    expect(run(['state-delete', 'a'], { unit }).kept).toBe(unit);
    expect(run(['state-delete', 'a'], { unit }).seen.unitState).toEqual({ text: 'two\nlines' });
  });

  it('take settings from a file, words first', () => {
    const stdin = 'a: 007\nb: yes\nc: ~\nd: "~"\ne: |\n  more\n';
    const { seen } = run(['state-set', '--file', '-', 'b=no'], { stdin });
    expect(seen.unitState).toEqual({ a: '007', b: 'no', c: '', d: '~', e: 'more\n' });
  });

  it.each([
    ['- a', 'line 1: cannot unmarshal !!seq into map[string]string'],
    ['a: [1]', 'line 1: cannot unmarshal !!seq into string'],
    ['a: {b: c}', 'line 1: cannot unmarshal !!map into string'],
  ])('refuse a file that says %s', (stdin, why) => {
    const [code, , err] = shown(['state-set', '--file', '-'], { stdin });
    expect([code, err]).toEqual([1, `ERROR yaml: unmarshal errors:\n  ${why}\n`]);
  });

  it('refuse by name a file that Go reads otherwise', () => {
    const what = 'state-set --file with YAML that is read otherwise';
    const { answer } = run(['state-set', '--file', '-'], { stdin: 'a: "' });
    expect(answer).toEqual({ kind: 'unsupported', what });
  });

  it('refuse by name a stdin that was not sent along', () => {
    const what = 'state-set reading its stdin';
    expect(run(['state-set', '--file', '-']).answer).toEqual({ kind: 'unsupported', what });
  });

  it('count keys and values in bytes', () => {
    const set = (key: string, value: string) => shown(['state-set', `${key}=${value}`]);
    expect(set('k'.repeat(256), 'v'.repeat(65536))).toEqual([0, '', '']);
    expect(set('é'.repeat(129), '')).toEqual([1, '', LONG_KEY]);
    expect(set('k', 'é'.repeat(32769))).toEqual([1, '', LONG_VALUE]);
  });
});

describe('the controller, given a unit’s state at the commit,', () => {
  const full = (values: number) =>
    Object.fromEntries(
      Array.from({ length: values }, (_, at) => [`k${at + 10}`, 'v'.repeat(65536)]),
    );
  const refused = (unitState: Readonly<Record<string, string>>, version = '3.6.14') =>
    commitProblems(unit, { ...unit, version, unitState }).map(({ message }) => message);

  it('takes two megabytes in all, keys, lengths and ends counted', () => {
    const of31 = full(31);
    const room = 2 * 1024 * 1024 - 5 - 31 * (65536 + 3 + 7);
    const last = (size: number) => ({ ...of31, z: 'v'.repeat(size) });
    expect(refused(last(room - 8))).toEqual([]);
    expect(refused(last(room - 7))).toEqual([
      'cannot apply changes: persisting charm state: max allowed size (2097152) exceeded',
    ]);
  });

  it('has no such limit in 4.0', () => {
    expect(refused(full(40), '4.0.1')).toEqual([]);
  });

  it('looks at it only when the hook changed it', () => {
    const kept = { ...unit, unitState: full(40) };
    expect(commitProblems(kept, { ...kept, workloadVersion: '2' })).toEqual([]);
  });

  it('writes dots and dollars of keys in three bytes', () => {
    const keys = fc.string({ unit: fc.constantFrom('.', '$'), minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(keys, (key) => {
        const room = 2 * 1024 * 1024 - 5 - 31 * (65536 + 3 + 7) - 7 - 3 * key.length;
        expect(refused({ ...full(31), [key]: 'v'.repeat(room) })).toEqual([]);
        expect(refused({ ...full(31), [key]: 'v'.repeat(room + 1) })).toHaveLength(1);
      }),
      { numRuns: 5 },
    );
  });
});
