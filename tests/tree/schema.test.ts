/** The schema that editors complete tree files by agrees with the reader, on the demo's trees and on broken ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { readCharm, DECLARATION_FILES } from '../../src/engine/charm/read-charm.ts';
import { Mistakes, mistakeText } from '../../src/engine/model/mistake.ts';
import { checkAgainst } from '../../src/engine/tree/check-against.ts';
import type { Definition } from '../../src/engine/tree/definition.ts';
import { parseTree } from '../../src/engine/tree/parse-tree.ts';
import { treeSchema } from '../../src/engine/tree/schema.ts';

const CONTENT = resolve(import.meta.dirname, '../../src/content');
const TREES = readdirSync(join(CONTENT, 'trees')).filter((name) => name.endsWith('.yaml'));
const valid = new Ajv({ strict: false, allErrors: true }).compile(treeSchema());

function parse(text: string, name: string): Definition {
  return parseTree({ file: `${name}.yaml`, text, name });
}

function charmOf(definition: Definition) {
  const folder = resolve(CONTENT, 'trees', definition.charm ?? '.');
  const present = readdirSync(folder);
  const texts = DECLARATION_FILES.filter((name) => present.includes(name)).map((name) => [
    name,
    readFileSync(join(folder, name), 'utf8'),
  ]);
  return readCharm({ folder: definition.charm ?? '.', files: Object.fromEntries(texts) });
}

describe('the trees of the demo', () => {
  it('are some', () => expect(TREES.length).toBeGreaterThan(2));

  it.each(TREES)('%s is read without a mistake, fits its charm and the schema', (file) => {
    const text = readFileSync(join(CONTENT, 'trees', file), 'utf8');
    const definition = parse(text, file.replace('.yaml', ''));
    expect(checkAgainst(definition, charmOf(definition)).map(mistakeText)).toEqual([]);
    expect(valid(load(text)), JSON.stringify(valid.errors)).toBe(true);
  });

  it('expect every way for a dispatch to end but a failed commit, which no charm can bring about yet', () => {
    const expected = TREES.flatMap((file) =>
      parse(readFileSync(join(CONTENT, 'trees', file), 'utf8'), 'x').nodes.map(
        ({ expect: of }) => of?.outcome,
      ),
    );
    expect(new Set(expected.filter((outcome) => outcome !== undefined))).toEqual(
      new Set(['played', 'failed', 'timed-out', 'inconsistent', 'parent-failed']),
    );
  });
});

/** Trees that are broken in their shape, by what is wrong with them. */
const BROKEN: readonly [string, string][] = [
  ['no root', 'steps: [install]'],
  ['no steps', 'root: leader'],
  ['an empty list of steps', 'root: leader\nsteps: []'],
  ['an unknown root', 'root: lead\nsteps: [install]'],
  ['an unknown key', 'root: leader\nstep: 1\nsteps: [install]'],
  ['an unknown event', 'root: leader\nsteps: [instal]'],
  ['an event that is not simulated', 'root: leader\nsteps: [secret-changed]'],
  ['a step of later work', 'root: leader\nsteps: [fan-out]'],
  ['a step with two keys', 'root: leader\nsteps: [{install: {}, as: x}]'],
  ['an unknown option of an event', 'root: leader\nsteps: [{install: {af: x}}]'],
  ['a name that is no slug', 'root: leader\nsteps: [{install: {as: A b}}]'],
  ['a unit of no relation', 'root: leader\nsteps: [{install: {unit: 0}}]'],
  ['an unknown outcome', 'root: leader\nsteps: [{install: {expect: {outcome: x}}}]'],
  ['an unknown status', 'root: leader\nsteps: [{install: {expect: {status: x}}}]'],
  ['an action without a name', 'root: leader\nsteps: [{run: {params: {}}}]'],
  ['params that are no mapping', 'root: leader\nsteps: [{run: {action: a, params: 1}}]'],
  ['a branch without steps', 'root: leader\nsteps: [{branch: {a: {about: x}}}]'],
  ['a delta that changes nothing', 'root: leader\nsteps: [{delta: {about: x}}, install]'],
  ['an unknown state word', 'root: {lead: true}\nsteps: [install]'],
  ['a flag that is none', 'root: {leader: "yes"}\nsteps: [install]'],
  ['an option with a list', 'root: {config: {a: [1]}}\nsteps: [install]'],
  ['a version that is a number', 'root: {juju: 3.6}\nsteps: [install]'],
  ['a databag with a number', 'root: {relations: {db: {data: {a: 1}}}}\nsteps: [install]'],
  ['a unit that is no number', 'root: {relations: {db: {units: {a: {}}}}}\nsteps: [install]'],
  ['a relative path', 'root: {containers: {web: {files: {a: b}}}}\nsteps: [install]'],
  ['a path that climbs', 'root: {containers: {web: {files: {/../a: b}}}}\nsteps: [install]'],
  ['a limit of nothing', 'root: leader\nlimits: {seconds: 0}\nsteps: [install]'],
  ['a limit of what is not limited', 'root: leader\nlimits: {minutes: 1}\nsteps: [install]'],
];

/** What lies between braces is mostly a list of names: the schema must not be stricter than the reader either. */
const FINE: readonly [string, string][] = [
  ['null for its root', 'root:\nsteps: [install]'],
  ['several roots', 'root: [leader, containers]\nsteps: [install]'],
  ['an event without options', 'root: leader\nsteps: [{install: }]'],
  ['a relation removed', 'root: {relations: {db: }}\nsteps: [install]'],
  ['a unit of a relation', 'root: leader\nsteps: [{db-relation-joined: {unit: 1}}]'],
  ['an expectation of what is not met', 'root: leader\nsteps: [{install: {expect: {unmet: [x]}}}]'],
  ['a dotted file', 'root: {containers: {w: {files: {/a/..b: x}}}}\nsteps: [install]'],
];

describe('a tree with', () => {
  it.each(FINE)('%s is read, and fits the schema', (_, text) => {
    expect(parse(text, 'fine').nodes).toHaveLength(1);
    expect(valid(load(text)), JSON.stringify(valid.errors)).toBe(true);
  });

  it.each(BROKEN)('%s is refused by the reader and by the schema', (_, text) => {
    expect(() => parse(text, 'broken')).toThrow(Mistakes);
    expect(valid(load(text))).toBe(false);
  });
});
