/**
 * Layers merged here beside layers merged by ops.testing, where both say what comes of it. They differ in three things,
 * and Pebble is followed: a merged entry keeps the `override` of the lower one, a check always has a threshold, and a
 * check that says nothing of its level leaves the lower one's (each check says it here). Nothing is 0 or empty here, as
 * ops takes that for unsaid.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import { parseLayer } from '../../src/engine/world/pebble/layer-decode.ts';
import { planOf } from '../../src/engine/world/pebble/plan-combine.ts';
import { planYaml } from '../../src/engine/world/pebble/plan-yaml.ts';
import { pythonWith } from '../dispatch/rig.ts';

const RUNS = 300;
const SEED = Number(process.env['PLAYBILL_PLAN_SEED'] ?? 0) || Date.now() & 0x7fffffff;
const SCRIPT = fileURLToPath(new URL('plan_of_layers.py', import.meta.url));
const THRESHOLD = 3;
const NAMES = ['a', 'b', 'c'] as const;
const KINDS = {
  a: ['http', { url: ['http://x/', 'http://y/'], headers: { A: ['1', '2'], B: ['3', '4'] } }],
  b: ['tcp', { port: [80, 81], host: ['x', 'y'] }],
  c: ['exec', { command: ['true', 'x "y z"'], environment: { A: ['1', '2'], B: ['3', '4'] } }],
} as const;

/** PyYAML has a type of its own for a lone `=`. */
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((one) => one !== '=');
const override = fc.constantFrom('merge', 'replace');
const duration = fc.constantFrom('500ms', '1s', '1.5s', '5s');
const names = fc.subarray([...NAMES], { minLength: 1 });
const map = fc.dictionary(fc.constantFrom('A', 'B', 'a b'), text, {
  minKeys: 1,
  noNullPrototype: true,
});

function some(fields: Readonly<Record<string, fc.Arbitrary<Json>>>, ...always: string[]) {
  return fc.record(fields, { requiredKeys: ['override', ...always], noNullPrototype: true });
}

const service = some({
  override,
  summary: text,
  description: text,
  startup: fc.constantFrom('enabled', 'disabled'),
  command: fc.constantFrom('run', 'run [ --x ]', "walk 'a b'"),
  after: names,
  before: names,
  requires: names,
  environment: map,
  user: text,
  'user-id': fc.integer({ min: 1, max: 70_000 }),
  group: text,
  'group-id': fc.integer({ min: 1, max: 70_000 }),
  'working-dir': text,
  'on-success': fc.constantFrom('restart', 'shutdown', 'ignore'),
  'on-failure': fc.constantFrom('restart', 'shutdown', 'ignore'),
  'on-check-failure': fc.dictionary(
    fc.constantFrom(...NAMES),
    fc.constantFrom('restart', 'ignore'),
    {
      minKeys: 1,
      noNullPrototype: true,
    },
  ),
  'backoff-delay': duration,
  'backoff-factor': fc.constantFrom(1, 1.5, 2),
  'backoff-limit': duration,
  'kill-delay': duration,
});

function drawn(choices: object): fc.Arbitrary<JsonObject> {
  const fields = Object.entries(choices).map(([name, given]) => [
    name,
    Array.isArray(given) ? fc.constantFrom(...(given as Json[])) : drawn(given as object),
  ]);
  const all = Object.fromEntries(fields) as Record<string, fc.Arbitrary<Json>>;
  return fc
    .record(all, { requiredKeys: [], noNullPrototype: true })
    .filter((one) => Object.keys(one).length > 0) as fc.Arbitrary<JsonObject>;
}

function check(name: (typeof NAMES)[number]) {
  const [kind, choices] = KINDS[name];
  const fields = {
    override,
    level: fc.constantFrom('alive', 'ready'),
    startup: fc.constantFrom('enabled', 'disabled'),
    period: fc.constantFrom('10s', '1m30s'),
    timeout: duration,
    threshold: fc.integer({ min: 1, max: 9 }),
    [kind]: drawn(choices),
  };
  return some(fields, 'level', kind);
}

const target = some({
  override,
  type: fc.constantFrom('loki', 'syslog', 'opentelemetry'),
  location: text,
  services: fc.subarray(['all', '-all', 'a', '-b'], { minLength: 1 }),
  labels: map,
});

function section(entry: (name: (typeof NAMES)[number]) => fc.Arbitrary<Json>) {
  const fields = { a: entry('a'), b: entry('b'), c: entry('c') };
  return fc.record(fields, { requiredKeys: [], noNullPrototype: true });
}

const layer = fc.record({
  services: section(() => service),
  checks: section(check),
  'log-targets': section(() => target),
});

/** JSON that is the same in YAML, of which no reader takes a part for a line break. */
function jsonText(value: unknown): string {
  const escaped = (char: string): string =>
    `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

/** Some layers in some order. */
const orders = fc
  .array(layer, { minLength: 1, maxLength: 5 })
  .chain((layers) => fc.shuffledSubarray(layers, { minLength: layers.length }))
  .map((layers) => layers.map(jsonText));

function planText(layers: readonly string[]): string {
  return planYaml(
    planOf(layers.map((source, n) => ({ label: `${n}`, layer: parseLayer(`${n}`, source) }))),
  );
}

type Sections = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** A plan without what is said otherwise in it. */
function compared(plan: Sections): Sections {
  const each = Object.entries(plan).map(([name, entries]) => {
    const own = Object.entries(entries).map(([key, { override: _override, ...entry }]) => [
      key,
      name === 'checks' ? { threshold: THRESHOLD, ...entry } : entry,
    ]);
    return [name, Object.fromEntries(own)];
  });
  return Object.fromEntries(each) as Sections;
}

it(`layers in any order give the plan that ops.testing makes of them (seed ${SEED})`, () => {
  const drawn = fc.sample(orders, { numRuns: RUNS, seed: SEED });
  const { executable, packages } = pythonWith('ops[testing]==3.9.0');
  const lines = drawn.map((layers) => JSON.stringify({ layers, plan: planText(layers) }));
  const said = execFileSync(executable, [SCRIPT], {
    input: `${lines.join('\n')}\n`,
    maxBuffer: 64 << 20,
    env: { PYTHONPATH: packages ?? '', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const answers = said.toString('utf8').trim().split('\n');
  expect(answers).toHaveLength(RUNS);
  for (const [index, answer] of answers.entries()) {
    const [theirs, ours] = JSON.parse(answer) as [Sections, Sections];
    expect(compared(ours), `layers:\n${drawn[index]?.join('\n')}`).toEqual(compared(theirs));
  }
});
