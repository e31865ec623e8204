import { load } from 'js-yaml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationText, parseDuration } from '../../src/engine/world/pebble/go-duration.ts';
import { matches } from '../../src/engine/world/pebble/glob.ts';
import { decodeJson } from '../../src/engine/world/pebble/go-json.ts';
import { parseLayer } from '../../src/engine/world/pebble/layer-decode.ts';
import { naturally } from '../../src/engine/world/pebble/natural-order.ts';
import { lanes } from '../../src/engine/world/pebble/order.ts';
import { planOf } from '../../src/engine/world/pebble/plan-combine.ts';
import { planYaml } from '../../src/engine/world/pebble/plan-yaml.ts';
import { splitWords } from '../../src/engine/world/pebble/shlex.ts';

function plan(source: string): ReturnType<typeof planOf> {
  return planOf([{ label: 'l', layer: parseLayer('l', source) }]);
}

function summaryAsYaml(summary: string): string {
  const services = { web: { override: 'replace', command: 'x', summary } };
  return planYaml({ services, checks: {}, 'log-targets': {} }).split('\n').slice(2, -3).join('\n');
}

describe('the plan as YAML', () => {
  it.each([
    ['plain text', 'summary: plain text'],
    ['5', 'summary: "5"'],
    ['yes', 'summary: "yes"'],
    ['null', 'summary: "null"'],
    ['1:30', 'summary: "1:30"'],
    ['2001-01-01', 'summary: "2001-01-01"'],
    ['a: b', "summary: 'a: b'"],
    ['- x', "summary: '- x'"],
    ["it's #1", "summary: 'it''s #1'"],
    ['${APP} {x}', 'summary: ${APP} {x}'],
    ['a\tb', 'summary: "a\\tb"'],
    ['a\u2028b', 'summary: "a\\Lb"'],
    ['a\u2029b', 'summary: "a\\Pb"'],
    ['one\ntwo', 'summary: |-\n            one\n            two'],
  ])('quotes %j as Go does', (value, expected) => {
    expect(summaryAsYaml(value).trim()).toBe(expected);
  });

  it('reads back as the plan it was, whatever the texts in it', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        text,
        fc.dictionary(text, text, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
        (summary, environment) => {
          const services = { web: { summary, override: 'replace', command: 'x', environment } };
          const yaml = planYaml({ services, checks: {}, 'log-targets': {} });
          expect(plan(yaml).services['web']).toEqual(services.web);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is YAML to other readers too', () => {
    const yaml = planYaml(plan('services: {web: {override: replace, command: x, user-id: 0}}'));
    expect(load(yaml)).toEqual({
      services: { web: { override: 'replace', command: 'x', 'user-id': 0 } },
    });
  });

  it('has names with numbers in the order of the numbers', () => {
    expect(['w10', 'w2', 'w', 'W', 'w-1'].sort(naturally)).toEqual(['W', 'w', 'w-1', 'w2', 'w10']);
  });
});

describe('layers', () => {
  it('understand anchors and merge keys', () => {
    const source =
      'services:\n  a: &base {override: replace, command: run, user: root}\n' +
      '  b: {<<: *base, command: walk}\n';
    expect(plan(source).services['b']).toEqual({
      override: 'replace',
      command: 'walk',
      user: 'root',
    });
  });

  it('name a key that is there twice', () => {
    expect(() => parseLayer('l', 'services:\n  a: {}\n  a: {}\n')).toThrow(/already defined/);
  });

  it('may have names that every JavaScript object has', () => {
    const source =
      'services:\n  constructor: {override: merge, command: x}\n' +
      '  __proto__: {override: merge, command: y}';
    expect(planYaml(plan(source))).toContain('    __proto__:\n        override: merge\n');
    expect(Object.keys(plan(source).services).sort()).toEqual(['__proto__', 'constructor']);
  });
});

describe('order', () => {
  const service = (more: object = {}): object => ({ override: 'replace', command: 'x', ...more });
  it('stops dependants before what they require, and starts them after when they say so', () => {
    const services = { app: service({ requires: ['db'], after: ['db'] }), db: service() } as never;
    expect(lanes(services, ['app'], 'start')).toEqual([['db', 'app']]);
    expect(lanes(services, ['db'], 'stop')).toEqual([['app', 'db']]);
  });

  it('shares lanes as Pebble does, unrelated services too', () => {
    const services = {
      a: service(),
      c: service(),
      d: service({ requires: ['a'], after: ['a'] }),
      e: service(),
    } as never;
    expect(lanes(services, ['a', 'c', 'd', 'e'], 'start')).toEqual([
      ['a', 'd'],
      ['c', 'e'],
    ]);
  });
});

describe('Go words', () => {
  it.each([
    ['90s', '1m30s'],
    ['1500ms', '1.5s'],
    ['1h', '1h0m0s'],
    ['0', '0s'],
    ['-1.5h', '-1h30m0s'],
    ['300us', '300µs'],
  ])('reads %s as %s', (source, text) => {
    expect(durationText(parseDuration(source) as number)).toBe(text);
  });

  it.each([
    ['5', 'missing unit in duration "5"'],
    ['5x', 'unknown unit "x" in duration "5x"'],
    ['', 'invalid duration ""'],
  ])('refuses the duration %j', (source, text) => {
    expect(parseDuration(source)).toBe(text);
  });

  it.each([
    ['', 'EOF'],
    ['{"a":', 'unexpected EOF'],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['nope', "invalid character 'n' looking for beginning of value"],
    ['[1 2]', "invalid character '2' after array element"],
  ])('refuses the JSON %j', (source, wrong) => {
    expect(decodeJson(source)).toEqual({ wrong });
  });

  it('reads the first value of any JSON as JavaScript does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(decodeJson(`${text} rest`)).toEqual({ value: JSON.parse(text) });
      }),
    );
  });

  it.each([
    ['a \'b c\' "d \\" e" f\\ g # h', ['a', 'b c', 'd " e', 'f g']],
    ["a 'b", 'EOF found when expecting closing quote'],
    ["x ''", ['x', '']],
  ])('splits %j', (source, words) => {
    expect(splitWords(source)).toEqual(words);
  });

  it.each([
    ['*.txt', 'a.txt', true],
    ['*.txt', 'a.txt.gz', false],
    ['[^a]?', 'bc', true],
    ['[a-c]', 'd', false],
    ['a.c', 'abc', false],
    ['{a}', '{a}', true],
    ['\\*', '*', true],
    ['[', 'x', null],
  ])('matches the pattern %s against %s: %s', (pattern, name, fits) => {
    expect(matches(pattern, name)).toBe(fits);
  });
});
