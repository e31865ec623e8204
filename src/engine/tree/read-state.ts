/** The state words of a root or a delta: `{leader: true, config: {slug: hello}, relations: {db: }}`. */
import type { Json } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import {
  asFields,
  asFlag,
  asObject,
  asRecord,
  asText,
  asWhole,
  asWord,
  take,
  wrong,
  type Fields,
} from '../model/yaml-shape.ts';
import type { ContainerStateSpec, Places, RelationSpec, StateSpec } from './definition.ts';
import { CONTAINER_KEYS, MODEL_KEYS, MODEL_TYPES, RELATION_KEYS, STATE_KEYS } from './words.ts';

export type ReadState = { readonly state: StateSpec; readonly places: Places };

const APPLICATION = /^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$/;
const UNIT_NUMBER = /^(0|[1-9][0-9]*)$/;

function absent(yaml: Yaml): boolean {
  return yaml.kind === 'scalar' && yaml.value === null;
}

/** null stays null, which removes what was there; anything else is read. */
function orNull<Value>(yaml: Yaml, one: (yaml: Yaml) => Value | undefined) {
  return absent(yaml) ? null : one(yaml);
}

function matching(yaml: Yaml, expect: { what: string; like: RegExp; so: string }, report: Report) {
  const text = asText(yaml, expect.what, report);
  if (text === undefined || expect.like.test(text)) return text;
  return wrong(report, yaml, { what: expect.what, expected: expect.so });
}

function asApplication(yaml: Yaml, what: string, report: Report): string | undefined {
  const so = 'an application name such as "postgresql"';
  return matching(yaml, { what, like: APPLICATION, so }, report);
}

/** A controller's version; `what` names the key it stands under. */
export function asVersion(yaml: Yaml, what: string, report: Report): string | undefined {
  const so = 'a version of Juju such as "3.6.14"';
  return matching(yaml, { what, like: /^\d+\.\d+(\.\d+)?$/, so }, report);
}

function asOption({ key, value }: YamlEntry, report: Report): Json | undefined {
  if (value.kind === 'scalar') return value.value;
  return wrong(report, value, { what: `config option ${key}`, expected: 'one value' });
}

function asBag(yaml: Yaml, what: string, report: Report) {
  return asRecord(yaml, what, {
    report,
    one: ({ key, value }) => orNull(value, () => asText(value, `${what}: ${key}`, report)),
  });
}

function asUnits(yaml: Yaml, what: string, report: Report) {
  return asRecord(yaml, what, {
    report,
    one: ({ key, at, value }) => {
      if (UNIT_NUMBER.test(key)) return orNull(value, () => asBag(value, `${what} ${key}`, report));
      const message = `${what}: "${key}" is no unit number`;
      report(new Mistake(message, { at, hint: 'Units are written by number: {0: {key: value}}.' }));
      return undefined;
    },
  });
}

function asRelation({ key, value }: YamlEntry, report: Report): RelationSpec | undefined {
  const what = `relation on ${key}`;
  const fields = asFields(value, { what, words: RELATION_KEYS }, report);
  if (!fields) return undefined;
  return {
    ...take(fields, 'app', (yaml) => asApplication(yaml, `${what}: app`, report)),
    ...take(fields, 'data', (yaml) => asBag(yaml, `${what}: data`, report)),
    ...take(fields, 'units', (yaml) => asUnits(yaml, `${what}: unit`, report)),
  };
}

function asFiles(yaml: Yaml, what: string, report: Report) {
  return asRecord(yaml, what, {
    report,
    one: ({ key, at, value }) => {
      const absolute = key.startsWith('/') && !key.split('/').includes('..') && key !== '/';
      if (absolute) return orNull(value, () => asText(value, `${what}: ${key}`, report));
      const hint = 'A file is named by its absolute path in the container: /etc/app.conf.';
      report(new Mistake(`${what}: "${key}" is no absolute path`, { at, hint }));
      return undefined;
    },
  });
}

function asLayers(yaml: Yaml, what: string, report: Report) {
  return asRecord(yaml, what, {
    report,
    one: ({ key, value }) => asObject(value, `${what} ${key}`, report),
  });
}

function asContainer({ key, value }: YamlEntry, report: Report): ContainerStateSpec | undefined {
  const what = `container ${key}`;
  const fields = asFields(value, { what, words: CONTAINER_KEYS }, report);
  if (!fields) return undefined;
  return {
    ...take(fields, 'can-connect', (yaml) => asFlag(yaml, `${what}: can-connect`, report)),
    ...take(fields, 'layers', (yaml) => asLayers(yaml, `${what}: layer`, report)),
    ...take(fields, 'files', (yaml) => asFiles(yaml, `${what}: files`, report)),
  };
}

function asModel(yaml: Yaml, report: Report): StateSpec['model'] {
  const fields = asFields(yaml, { what: 'model', words: MODEL_KEYS }, report);
  if (!fields) return undefined;
  const type = { what: 'model: type', words: MODEL_TYPES };
  return {
    ...take(fields, 'name', (one) => asApplication(one, 'model: name', report)),
    ...take(fields, 'type', (one) => asWord(one, type, report)),
  };
}

function unitWords(fields: Fields, report: Report): StateSpec {
  const whole = (what: string) => (yaml: Yaml) => asWhole(yaml, { what, least: 0 }, report);
  return {
    ...take(fields, 'leader', (yaml) => asFlag(yaml, 'leader', report)),
    ...take(fields, 'model', (yaml) => asModel(yaml, report)),
    ...take(fields, 'app', (yaml) => asApplication(yaml, 'app', report)),
    ...take(fields, 'unit', whole('unit')),
    ...take(fields, 'planned-units', whole('planned-units')),
    ...take(fields, 'juju', (yaml) => asVersion(yaml, 'juju', report)),
  };
}

function worldWords(fields: Fields, report: Report): StateSpec {
  const record =
    <Value>(what: string, one: (entry: YamlEntry) => Value | undefined) =>
    (yaml: Yaml) =>
      asRecord(yaml, what, { report, one });
  const relation = (entry: YamlEntry) => orNull(entry.value, () => asRelation(entry, report));
  return {
    ...take(
      fields,
      'config',
      record('config', (entry) => asOption(entry, report)),
    ),
    ...take(fields, 'relations', record('relations', relation)),
    ...take(
      fields,
      'containers',
      record('containers', (entry) => asContainer(entry, report)),
    ),
  };
}

function placesOf(fields: Fields): Places {
  const named = ['config', 'relations', 'containers'].flatMap((key) => {
    const value = fields.get(key)?.value;
    return value?.kind === 'map'
      ? value.entries.map((entry) => [`${key}/${entry.key}`, entry.at] as const)
      : [];
  });
  return Object.fromEntries(named);
}

/** Reads the state words of a mapping; `also` are further keys it may have, which are read elsewhere. */
export function readState(
  yaml: Yaml,
  { what, also }: { what: string; also: readonly string[] },
  report: Report,
): (ReadState & { readonly fields: Fields }) | undefined {
  const fields = asFields(yaml, { what, words: [...STATE_KEYS, ...also] }, report);
  if (!fields) return undefined;
  const state = { ...unitWords(fields, report), ...worldWords(fields, report) };
  return { state, places: placesOf(fields), fields };
}
