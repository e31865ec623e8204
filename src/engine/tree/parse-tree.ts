/**
 * A tree file's text to its definition. Every mistake of the file is told at once, with line, column and what to write.
 * What depends on the charm's metadata is expanded here; what depends on a State is left to playing.
 */
import type { Charm } from '../model/charm.ts';
import { Mistake, Mistakes } from '../model/mistake.ts';
import { readYaml, type Report, type Yaml } from '../model/yaml.ts';
import {
  asFields,
  asText,
  asWhole,
  asWord,
  take,
  top,
  wordHint,
  wrong,
  type Fields,
} from '../model/yaml-shape.ts';
import type { Definition, RootSpec } from './definition.ts';
import { grow } from './grow.ts';
import { LIBRARY } from './library-table.ts';
import { ROOT_NAMES } from './library.ts';
import { asVersion } from './read-shapes.ts';
import { readState } from './read-state.ts';
import { readSteps } from './read-steps.ts';
import type { Reading, TreeGiven } from './reading.ts';
import { RESPONDERS } from './responders.ts';
import { SLUG, slugOf } from './slug.ts';
import { CONSISTENCY, LIMIT_KEYS, TOP_KEYS } from './words.ts';

/** `file` is for messages, relative to the project; `name` is the tree's, by default its file's. */
export type TreeSource = { readonly file: string; readonly text: string; readonly name: string };

/** Names that the folder of records needs for itself. */
const RESERVED = ['blobs', 'index'];

function checkName({ file, name }: TreeSource, report: Report): void {
  const at = top(file);
  if (!SLUG.test(name)) {
    const better = slugOf(name);
    const hint = better ? `Call the file ${better}.yaml.` : 'Use letters, digits and hyphens.';
    report(new Mistake(`"${name}" is no name for a tree`, { at, hint }));
  }
  if (RESERVED.includes(name)) {
    const hint = 'records/ keeps something else under it.';
    report(new Mistake(`a tree cannot be named "${name}"`, { at, hint }));
  }
}

function rootName(yaml: Yaml, report: Report): readonly string[] {
  const name = yaml.kind === 'scalar' ? String(yaml.value) : undefined;
  if (name === undefined) {
    wrong(report, yaml, { what: 'root', expected: 'the name of a root' });
    return [];
  }
  if (ROOT_NAMES.includes(name)) return [name === 'null' ? 'empty' : name];
  const hint = wordHint(name, ROOT_NAMES, 'A root is called');
  report(new Mistake(`no root is called "${name}"`, { at: yaml.at, hint }));
  return [];
}

function rootNames(yaml: Yaml, report: Report): readonly string[] {
  const names = yaml.kind === 'list' ? yaml.items : [yaml];
  return names.flatMap((name) => rootName(name, report));
}

function readRoot(yaml: Yaml, report: Report): RootSpec {
  const { at } = yaml;
  if (yaml.kind !== 'map') return { use: rootNames(yaml, report), state: {}, at };
  const read = readState(yaml, { what: 'root', also: ['use', 'snapshot'] }, report);
  const use = read?.fields.get('use');
  const names = use ? rootNames(use.value, report) : [];
  const { snapshot } = take(read?.fields ?? new Map(), 'snapshot', (one) => {
    const file = asText(one, 'root: snapshot', report);
    return file === undefined ? undefined : { file, at: one.at };
  });
  return {
    use: names,
    state: read?.state ?? {},
    ...(snapshot === undefined ? {} : { snapshot }),
    at,
    places: read?.places ?? {},
  };
}

function withVersion(root: RootSpec, fields: Fields, report: Report): RootSpec {
  const { juju } = take(fields, 'juju', (yaml) => asVersion(yaml, 'juju', report));
  if (juju === undefined) return root;
  if (root.state.juju !== undefined) {
    const at = fields.get('juju')?.at;
    report(new Mistake('juju: the root says it too', { at, hint: 'Write it in one place.' }));
  }
  return { ...root, state: { ...root.state, juju } };
}

function readLimits(yaml: Yaml, report: Report): Definition['limits'] {
  const fields = asFields(yaml, { what: 'limits', words: LIMIT_KEYS }, report);
  if (!fields) return undefined;
  const whole = (key: string) => (one: Yaml) =>
    asWhole(one, { what: `limits: ${key}`, least: 1 }, report);
  return Object.assign({}, ...LIMIT_KEYS.map((key) => take(fields, key, whole(key))));
}

function missing(file: string, what: string, hint: string): Mistake {
  return new Mistake(`the tree has no "${what}"`, { at: top(file), hint });
}

function rootOf({ file }: TreeSource, fields: Fields, report: Report): RootSpec {
  const root = fields.get('root');
  if (!root) report(missing(file, 'root', 'Write "root: leader", or "root: empty".'));
  const read = root ? readRoot(root.value, report) : { use: [], state: {}, at: top(file) };
  return withVersion(read, fields, report);
}

/** What the steps are read with. The charm is looked for once, and only when something asks for it. */
function readingOf(
  root: RootSpec,
  charm: string | undefined,
  { given, report }: { given: TreeGiven; report: Report },
): Reading {
  let found: { readonly charm: Charm | undefined } | undefined;
  const { own = { entries: [], responders: [] } } = given;
  return {
    report,
    entries: [...LIBRARY, ...own.entries],
    responders: [...own.responders, ...RESPONDERS],
    charm: () => {
      const at = { at: root.at, ...(charm === undefined ? {} : { charm }) };
      found ??= { charm: given.charm?.(at) };
      return found.charm;
    },
    leads: root.state.leader ?? root.use.includes('leader'),
    model: root.state.model?.type,
    inside: [],
  };
}

function readDefinition(
  source: TreeSource,
  yaml: Yaml,
  { given, report }: { given: TreeGiven; report: Report },
): Definition | undefined {
  const { file, name } = source;
  const fields = asFields(yaml, { what: 'tree', words: TOP_KEYS }, report);
  if (!fields) return undefined;
  const steps = fields.get('steps');
  if (!steps) report(missing(file, 'steps', 'Write "steps:" and below it "  - install".'));
  const root = rootOf(source, fields, report);
  const { charm } = take(fields, 'charm', (one) => asText(one, 'charm', report));
  const reading = readingOf(root, charm, { given, report });
  const read = steps ? readSteps(steps.value, 'steps', reading) : [];
  const { nodes, branches, fans } = grow(name, read, report);
  const consistency = { what: 'consistency', words: CONSISTENCY };
  const { title = name } = take(fields, 'title', (one) => asText(one, 'title', report));
  return {
    name,
    title,
    ...take(fields, 'about', (one) => asText(one, 'about', report)),
    file,
    ...(charm === undefined ? {} : { charm }),
    ...take(fields, 'limits', (one) => readLimits(one, report)),
    ...take(fields, 'consistency', (one) => asWord(one, consistency, report)),
    root,
    branches,
    nodes,
    ...(fans.length > 0 ? { fans } : {}),
    ...(given.own && given.own.responders.length > 0 ? { responders: given.own.responders } : {}),
  };
}

function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const line = ({ at }: Mistake) => (at ? at.line * 10_000 + at.column : 0);
  return mistakes.toSorted((a, b) => line(a) - line(b));
}

function isSame(a: Mistake, b: Mistake): boolean {
  return a.message === b.message && a.at?.line === b.at?.line && a.at?.column === b.at?.column;
}

/** The definition a tree file describes. Throws Mistakes: all of the file, from its top to its end. */
export function parseTree(source: TreeSource, given: TreeGiven = {}): Definition {
  const mistakes: Mistake[] = [];
  // What a matrix repeats is told once.
  const report: Report = (mistake) => {
    if (!mistakes.some((one) => isSame(one, mistake))) mistakes.push(mistake);
  };
  checkName(source, report);
  try {
    const definition = readDefinition(source, readYaml(source, '1.2', report), { given, report });
    if (definition && mistakes.length === 0) return definition;
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    report(error);
  }
  throw new Mistakes(inOrder(mistakes));
}
