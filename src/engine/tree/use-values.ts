/** What an author says of an entry's parameters, checked; what is not said is as usual. */
import type { Charm } from '../model/charm.ts';
import type { Json } from '../model/json.ts';
import { Mistake, type Position } from '../model/mistake.ts';
import { plain, type Report, type Yaml } from '../model/yaml.ts';
import {
  asFlag,
  asText,
  asWhole,
  asWord,
  orList,
  wordHint,
  type Fields,
} from '../model/yaml-shape.ts';
import { asTexts } from './read-shapes.ts';
import type { LibraryEntry, Named, Parameter, Values } from './library-entry.ts';

type Told = { readonly charm: Charm | undefined; readonly report: Report };

const ALL: Readonly<Record<Named, (charm: Charm) => readonly string[]>> = {
  endpoint: (charm) => Object.keys(charm.endpoints),
  container: (charm) => Object.keys(charm.containers),
  storage: (charm) => Object.keys(charm.storage),
  action: (charm) => Object.keys(charm.actions),
  'config option': (charm) => Object.keys(charm.config),
};

/** Whether the charm has what is named; reported when it has not. */
function has(name: string, of: Named, { charm, report }: Told, at: Position): boolean {
  if (!charm) return true;
  const names = ALL[of](charm);
  if (names.includes(name)) return true;
  const message = `the charm ${charm.name} has no ${of} "${name}"`;
  const hint = names.length > 0 ? wordHint(name, names, 'It has') : `It has no ${of} at all.`;
  report(new Mistake(message, { at, hint }));
  return false;
}

function asName(yaml: Yaml, what: string, parameter: Parameter, told: Told): string | undefined {
  const { words, of } = parameter;
  if (words) return asWord(yaml, { what, words }, told.report);
  const text = asText(yaml, what, told.report);
  if (text === undefined || of === undefined) return text;
  return has(text, of, told, yaml.at) ? text : undefined;
}

function asNames(yaml: Yaml, what: string, { of }: Parameter, told: Told): Json | undefined {
  const one = yaml.kind === 'scalar' && typeof yaml.value === 'string';
  const items = one ? [yaml] : yaml.kind === 'list' ? yaml.items : [];
  const texts = one ? [String(yaml.value)] : asTexts(yaml, what, { report: told.report });
  if (!texts || of === undefined) return texts as Json | undefined;
  const found = texts.filter((name, at) => has(name, of, told, items[at]?.at ?? yaml.at));
  return found.length === texts.length ? found : undefined;
}

function readValue(yaml: Yaml, what: string, parameter: Parameter, told: Told): Json | undefined {
  switch (parameter.type) {
    case 'text':
      return asName(yaml, what, parameter, told);
    case 'names':
      return asNames(yaml, what, parameter, told);
    case 'flag':
      return asFlag(yaml, what, told.report);
    case 'whole':
      return asWhole(yaml, { what, least: 0 }, told.report);
    case 'any':
      return plain(yaml);
  }
}

/** The only one of its kind that the charm has. */
function onlyOne({ of, type }: Parameter, charm: Charm | undefined): string | undefined {
  if (of === undefined || type !== 'text' || !charm) return undefined;
  const [first, second] = ALL[of](charm);
  return second === undefined ? first : undefined;
}

function missing(entry: LibraryEntry, name: string, { charm }: Told, at: Position): Mistake {
  const { of, about } = entry.parameters[name] ?? { about: '', of: undefined };
  const names = of && charm ? ALL[of](charm) : [];
  const hint =
    names.length > 0
      ? `Write {use: ${entry.name}, ${name}: …}, with ${orList(names)}.`
      : of && charm
        ? `The charm ${charm.name} has no ${of} at all.`
        : `Write {use: ${entry.name}, ${name}: …}. ${about}`;
  return new Mistake(`${entry.name}: "${name}" is not said`, { at, hint });
}

/** Undefined when something of it is wrong, which is reported. */
export function readValues(
  entry: LibraryEntry,
  { fields, at }: { readonly fields: Fields; readonly at: Position },
  told: Told,
): Values | undefined {
  let fine = true;
  const values = Object.entries(entry.parameters).map(([name, parameter]): [string, Json] => {
    const said = fields.get(name);
    const value = said
      ? readValue(said.value, `${entry.name}: ${name}`, parameter, told)
      : (parameter.default ?? onlyOne(parameter, told.charm) ?? parameter.default);
    if (value !== undefined) return [name, value];
    fine = false;
    if (!said) told.report(missing(entry, name, told, at));
    return [name, null];
  });
  return fine ? Object.fromEntries(values) : undefined;
}
