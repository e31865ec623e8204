/**
 * What a project adds to the library, in files beside its trees: `entries`, steps with parameters, and `responders`,
 * what others write over an interface. `{{name}}` in a step stands for what is said of that parameter; alone it keeps
 * its type.
 */
import type { Json } from '../model/json.ts';
import { Mistake, Mistakes } from '../model/mistake.ts';
import { plain, readYaml, type Report, type Yaml, type YamlEntry } from '../model/yaml.ts';
import {
  asFields,
  asList,
  asMap,
  asRecord,
  asText,
  asWord,
  take,
  type Fields,
} from '../model/yaml-shape.ts';
import type { LibraryEntry, Named, Parameter, Values } from './library-entry.ts';
import { LIBRARY } from './library-table.ts';
import {
  ENTRY_KEYS,
  LIBRARY_KEYS,
  PARAMETER_KEYS,
  PARAMETER_OF,
  PARAMETER_TYPES,
  USE_KEYS,
} from './library-words.ts';
import { readResponder } from './read-responder.ts';
import { asTexts } from './read-shapes.ts';
import type { OwnLibrary } from './reading.ts';
import type { Responder } from './responder.ts';
import { SLUG } from './slug.ts';

const HOLE = /\{\{([a-z0-9-]+)\}\}/g;

/** Names in templates that a responder fills stay: they have a dot, or are none of the parameters. */
function filledText(text: string, values: Values): Json {
  const whole = /^\{\{([a-z0-9-]+)\}\}$/.exec(text)?.[1];
  if (whole !== undefined && Object.hasOwn(values, whole)) return values[whole] ?? null;
  return text.replace(HOLE, (hole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name] ?? '') : hole,
  );
}

function filled(value: Json, values: Values): Json {
  if (typeof value === 'string') return filledText(value, values);
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, values));
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(
    ([key, member]) => [String(filledText(key, values)), filled(member ?? null, values)] as const,
  );
  return Object.fromEntries(members);
}

function readParameter({ key, at, value }: YamlEntry, report: Report): Parameter | undefined {
  const what = `parameter ${key}`;
  const known: readonly string[] = ['use', ...USE_KEYS];
  if (known.includes(key) || !SLUG.test(key)) {
    const hint =
      'Parameters are lower-case words with hyphens, other than those that every use may say.';
    report(new Mistake(`"${key}" is no name for a parameter`, { at, hint }));
  }
  const fields = asFields(value, { what, words: PARAMETER_KEYS }, report);
  if (!fields) return undefined;
  const type = { what: `${what}: type`, words: PARAMETER_TYPES };
  const of = { what: `${what}: of`, words: PARAMETER_OF };
  const named: { readonly of?: Named } = take(fields, 'of', (yaml) => asWord(yaml, of, report));
  return {
    about: '',
    type: 'any',
    ...(named.of === undefined ? {} : { type: 'text' as const }),
    ...take(fields, 'about', (yaml) => asText(yaml, `${what}: about`, report)),
    ...take(fields, 'type', (yaml) => asWord(yaml, type, report)),
    ...named,
    ...take(fields, 'words', (yaml) => asTexts(yaml, `${what}: words`, { report })),
    ...take(fields, 'default', (yaml) => plain(yaml)),
  };
}

/** Every hole of the steps is a parameter. */
function checkHoles(steps: Yaml, parameters: LibraryEntry['parameters'], report: Report): void {
  if (steps.kind === 'list') for (const item of steps.items) checkHoles(item, parameters, report);
  if (steps.kind === 'map') {
    for (const { key, at, value } of steps.entries) {
      checkHoles({ kind: 'scalar', value: key, at }, parameters, report);
      checkHoles(value, parameters, report);
    }
  }
  if (steps.kind !== 'scalar' || typeof steps.value !== 'string') return;
  for (const [hole, name = ''] of steps.value.matchAll(HOLE)) {
    if (Object.hasOwn(parameters, name)) continue;
    const hint = `Write it among the parameters: {${name}: {about: …}}.`;
    report(new Mistake(`${hole} is no parameter of the entry`, { at: steps.at, hint }));
  }
}

function isTaken({ key, at }: YamlEntry, report: Report): boolean {
  if (!SLUG.test(key)) {
    const hint = 'Use lower-case letters, digits and hyphens.';
    report(new Mistake(`"${key}" is no name for an entry`, { at, hint }));
  }
  if (!LIBRARY.some(({ name }) => name === key)) return false;
  const hint = 'Give it another name.';
  report(new Mistake(`the library has an entry "${key}" already`, { at, hint }));
  return true;
}

function bodyOf(entry: YamlEntry, fields: Fields, report: Report): LibraryEntry | undefined {
  const { key, at } = entry;
  const steps = fields.get('steps');
  const list = steps && asList(steps.value, `entry ${key}: steps`, report);
  if (!steps || !list || list.length === 0) {
    const hint = 'Write "steps:" and below it what it stands for.';
    report(new Mistake(`entry ${key}: no steps`, { at, hint }));
    return undefined;
  }
  const { parameters = {} } = take(fields, 'parameters', (yaml) =>
    asRecord(yaml, `entry ${key}: parameters`, {
      report,
      one: (one) => readParameter(one, report),
    }),
  );
  checkHoles(steps.value, parameters, report);
  const written = list.map(plain);
  const { about = '' } = take(fields, 'about', (yaml) =>
    asText(yaml, `entry ${key}: about`, report),
  );
  return {
    name: key,
    about,
    kind: 'subtree',
    dynamic: Object.values(parameters).some(({ of }) => of !== undefined),
    parameters,
    steps: (values) => written.map((step) => filled(step, values)),
  };
}

function readEntry(entry: YamlEntry, report: Report): LibraryEntry | undefined {
  if (isTaken(entry, report)) return undefined;
  const what = `entry ${entry.key}`;
  const fields = asFields(entry.value, { what, words: ENTRY_KEYS }, report);
  return fields && bodyOf(entry, fields, report);
}

function readAll(yaml: Yaml, report: Report): OwnLibrary {
  const fields = asFields(yaml, { what: 'library', words: LIBRARY_KEYS }, report);
  const each = (key: string): readonly YamlEntry[] => {
    const found = fields?.get(key);
    return (found && asMap(found.value, key, report)?.entries) ?? [];
  };
  return {
    entries: each('entries').flatMap((entry) => readEntry(entry, report) ?? []),
    responders: each('responders').flatMap((entry): readonly Responder[] => {
      const responder = readResponder(entry, report);
      return responder ? [responder] : [];
    }),
  };
}

export type LibrarySource = { readonly file: string; readonly text: string };

function refuseTwice(names: readonly string[], file: string, report: Report): void {
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  for (const name of new Set(twice)) {
    const at = { file, line: 1, column: 1 };
    report(new Mistake(`"${name}" is in two files of the library`, { at, hint: 'Keep one.' }));
  }
}

/** All files together. Throws Mistakes of all of them. */
export function readLibrary(sources: readonly LibrarySource[]): OwnLibrary {
  const mistakes: Mistake[] = [];
  const report: Report = (mistake) => mistakes.push(mistake);
  const read = sources.map((source) => {
    try {
      return readAll(readYaml(source, '1.2', report), report);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      report(error);
      return { entries: [], responders: [] };
    }
  });
  const entries = read.flatMap((one) => one.entries);
  const responders = read.flatMap((one) => one.responders);
  const file = sources.at(-1)?.file ?? '';
  const names = entries.map(({ name }) => name);
  refuseTwice([...names, ...responders.map((one) => one.interface)], file, report);
  if (mistakes.length > 0) throw new Mistakes(mistakes);
  return { entries, responders };
}
