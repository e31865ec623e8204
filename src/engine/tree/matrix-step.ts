/**
 * `matrix: {of: {configs: {plain: , loud: {config: {motto: x}}}, startups: {quick: […], slow: […]}}, steps: […]}`: a
 * branch for each choice of the first axis, in each of which is one for each choice of the next, and in each of the
 * last the steps that all have in common. What a choice says is said once, before the branches within it.
 */
import { Mistake, type Position } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import { asFields, asList, asMap, wordHint, wrong } from '../model/yaml-shape.ts';
import { MATRIX_KEYS } from './library-words.ts';
import { asTexts } from './read-shapes.ts';

type Choice = { readonly name: string; readonly at: Position; readonly steps: readonly Yaml[] };
type Axis = { readonly name: string; readonly choices: readonly Choice[] };

function entry(key: string, at: Position, value: Yaml): YamlEntry {
  return { key, at, value };
}

function mapping(at: Position, ...entries: readonly YamlEntry[]): Yaml {
  return { kind: 'map', entries, at };
}

/** Steps, the words of a delta, or nothing. */
function choiceOf({ key, at, value }: YamlEntry, report: Report): Choice | undefined {
  if (value.kind === 'scalar' && value.value === null) return { name: key, at, steps: [] };
  if (value.kind === 'list') return { name: key, at, steps: value.items };
  if (value.kind === 'map') {
    return { name: key, at, steps: [mapping(value.at, entry('delta', value.at, value))] };
  }
  const expected = 'a list of steps, the words of a delta, or nothing';
  return wrong(report, value, { what: `matrix: ${key}`, expected });
}

function axesOf(yaml: Yaml, report: Report): readonly Axis[] {
  const map = asMap(yaml, 'matrix: of', report);
  const axes = (map?.entries ?? []).flatMap(({ key, value }): readonly Axis[] => {
    const choices = asMap(value, `matrix: ${key}`, report)?.entries ?? [];
    return [{ name: key, choices: choices.flatMap((one) => choiceOf(one, report) ?? []) }];
  });
  const empty = map && (axes.length === 0 || axes.some(({ choices }) => choices.length === 0));
  if (empty) {
    const hint = 'Write {of: {configs: {plain: , loud: {config: {…}}}}, steps: […]}.';
    report(new Mistake('matrix: nothing to choose from', { at: yaml.at, hint }));
    return [];
  }
  return axes;
}

/** Combinations that are left out: each names a choice of every axis, in order. */
function exceptions(yaml: Yaml | undefined, axes: readonly Axis[], report: Report) {
  const items = yaml ? (asList(yaml, 'matrix: except', report) ?? []) : [];
  return items.flatMap((item): readonly string[] => {
    const names = asTexts(item, 'matrix: except', { report }) ?? [];
    for (const [index, name] of names.entries()) {
      const known = axes[index]?.choices.map((choice) => choice.name) ?? [];
      if (known.includes(name)) continue;
      const message = `matrix: except: there is no "${name}"`;
      const hint = known.length > 0 ? wordHint(name, known) : 'Name one choice of each axis.';
      report(new Mistake(message, { at: item.at, hint }));
    }
    return [names.join('\n')];
  });
}

/** The branches of an axis, with those of the others in them. */
function branchesOf(
  [axis, ...others]: readonly Axis[],
  at: Position,
  { common, left, chosen }: { common: readonly Yaml[]; left: readonly string[]; chosen: string[] },
): Yaml {
  const branches = (axis?.choices ?? []).flatMap(({ name, at: where, steps }) => {
    const names = [...chosen, name];
    if (others.length === 0 && left.includes(names.join('\n'))) return [];
    const inner =
      others.length === 0 ? common : [branchesOf(others, at, { common, left, chosen: names })];
    return [entry(name, where, { kind: 'list', items: [...steps, ...inner], at: where })];
  });
  return mapping(at, entry('branch', at, mapping(at, ...branches)));
}

/** The step as one that branches, which is what it stands for; undefined when it could not be read. */
export function matrixAsBranch({ value, at }: YamlEntry, report: Report): Yaml | undefined {
  const fields = asFields(value, { what: 'matrix', words: MATRIX_KEYS }, report);
  const of = fields?.get('of');
  if (!fields) return undefined;
  if (!of) {
    const hint = 'Write {of: {configs: {…}, startups: {…}}, steps: […]}.';
    report(new Mistake('matrix: of what?', { at, hint }));
    return undefined;
  }
  const axes = axesOf(of.value, report);
  const steps = fields.get('steps');
  const common = steps ? (asList(steps.value, 'matrix: steps', report) ?? []) : [];
  const left = exceptions(fields.get('except')?.value, axes, report);
  return axes.length === 0 ? undefined : branchesOf(axes, at, { common, left, chosen: [] });
}
