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
import type { Places, StateSpec } from './definition.ts';
import {
  networkEntry,
  portsEntry,
  resourceEntry,
  secretEntry,
  storageEntry,
} from './read-belongings.ts';
import { containerEntry } from './read-container.ts';
import { machineRuns } from './read-machine.ts';
import { machinePackages } from './read-packages.ts';
import { readHappening } from './read-happening.ts';
import { relationEntry } from './read-relations.ts';
import { A_UNIT, asApplication, asBag, asLike, asVersion, orNull } from './read-shapes.ts';
import {
  HAPPENING_KEYS,
  MACHINE_KEYS,
  MODEL_KEYS,
  MODEL_TYPES,
  ROOT_KEYS,
  STAGES,
  STATE_KEYS,
} from './words.ts';

export type ReadState = { readonly state: StateSpec; readonly places: Places };

function asOption({ key, value }: YamlEntry, report: Report): Json | undefined {
  if (value.kind === 'scalar') return value.value;
  return wrong(report, value, { what: `config option ${key}`, expected: 'one value' });
}

function asModel(yaml: Yaml, report: Report): StateSpec['model'] {
  const fields = asFields(yaml, { what: 'model', words: MODEL_KEYS }, report);
  if (!fields) return undefined;
  const type = { what: 'model: type', words: MODEL_TYPES };
  return {
    ...take(fields, 'name', (one) => asApplication(one, 'model: name', report)),
    ...take(fields, 'type', (one) => asWord(one, type, report)),
    ...take(fields, 'config', (one) => asBag(one, 'model: config', report)),
  };
}

function asMachine(yaml: Yaml, report: Report): StateSpec['machine'] {
  const fields = asFields(yaml, { what: 'machine', words: MACHINE_KEYS }, report);
  if (!fields) return undefined;
  return {
    ...take(fields, 'id', (one) => asText(one, 'machine: id', report)),
    ...take(fields, 'zone', (one) => asText(one, 'machine: zone', report)),
    ...machineRuns(fields, report),
    ...machinePackages(fields, report),
  };
}

function unitWords(fields: Fields, report: Report): StateSpec {
  const whole = (what: string) => (yaml: Yaml) => asWhole(yaml, { what, least: 0 }, report);
  const flag = (what: string) => (yaml: Yaml) => asFlag(yaml, what, report);
  const principal = { ...A_UNIT, report };
  return {
    ...take(fields, 'leader', flag('leader')),
    ...take(fields, 'model', (yaml) => asModel(yaml, report)),
    ...take(fields, 'app', (yaml) => asApplication(yaml, 'app', report)),
    ...take(fields, 'unit', whole('unit')),
    ...take(fields, 'planned-units', whole('planned-units')),
    ...take(fields, 'juju', (yaml) => asVersion(yaml, 'juju', report)),
    ...take(fields, 'trusted', flag('trusted')),
    ...take(fields, 'cloud', (yaml) => orNull(yaml, () => asObject(yaml, 'cloud', report))),
    ...take(fields, 'machine', (yaml) => asMachine(yaml, report)),
    ...take(fields, 'principal', (yaml) => asLike(yaml, 'principal', principal)),
    ...take(fields, 'stage', (yaml) => asWord(yaml, { what: 'stage', words: STAGES }, report)),
  };
}

function worldWords(fields: Fields, report: Report): StateSpec {
  const record =
    <Value>(what: string, one: (entry: YamlEntry, report: Report) => Value | undefined) =>
    (yaml: Yaml) =>
      asRecord(yaml, what, { report, one: (entry) => one(entry, report) });
  const bag = (what: string) => (yaml: Yaml) => asBag(yaml, what, report);
  return {
    ...take(fields, 'config', record('config', asOption)),
    ...take(fields, 'relations', record('relations', relationEntry)),
    ...take(fields, 'secrets', record('secrets', secretEntry)),
    ...take(fields, 'storage', record('storage', storageEntry)),
    ...take(fields, 'resources', record('resources', resourceEntry)),
    ...take(fields, 'leader-settings', bag('leader-settings')),
    ...take(fields, 'unit-state', bag('unit-state')),
    ...take(fields, 'networks', record('networks', networkEntry)),
    ...take(fields, 'other-ports', record('other-ports', portsEntry)),
    ...take(fields, 'containers', record('containers', containerEntry)),
  };
}

/** Where each word stands, and what is below it: `secrets`, `secrets/password`, `secrets/password/grants`. */
function placesBelow(entries: readonly YamlEntry[], depth: number): Places {
  return Object.fromEntries(
    entries.flatMap(({ key, at, value }) => [
      [key, at] as const,
      ...(value.kind === 'map' && depth > 1
        ? Object.entries(placesBelow(value.entries, depth - 1)).map(
            ([path, place]) => [`${key}/${path}`, place] as const,
          )
        : []),
    ]),
  );
}

/** Words that only the other of the two may say. */
function misplaced(what: 'root' | 'delta', key: string): string | undefined {
  const of = (keys: readonly string[]): boolean => keys.includes(key);
  if (what === 'delta' && of(ROOT_KEYS)) {
    return 'Only a root says what happened before: in a tree, events say it.';
  }
  if (what === 'root' && of(HAPPENING_KEYS)) {
    return 'It happens between events: write it in a delta.';
  }
  return undefined;
}

function withoutMisplaced(yaml: Yaml, what: 'root' | 'delta', report: Report): Yaml {
  if (yaml.kind !== 'map') return yaml;
  const entries = yaml.entries.filter(({ key, at }) => {
    const hint = misplaced(what, key);
    if (hint !== undefined) {
      report(new Mistake(`${what}: "${key}" cannot be said here`, { at, hint }));
    }
    return hint === undefined;
  });
  return { ...yaml, entries };
}

/** Reads the state words of a mapping; `also` are further keys it may have, which are read elsewhere. */
export function readState(
  yaml: Yaml,
  { what, also }: { what: 'root' | 'delta'; also: readonly string[] },
  report: Report,
): (ReadState & { readonly fields: Fields }) | undefined {
  const own = what === 'root' ? ROOT_KEYS : HAPPENING_KEYS;
  const words = [...STATE_KEYS, ...own, ...also];
  const fields = asFields(withoutMisplaced(yaml, what, report), { what, words }, report);
  if (!fields) return undefined;
  const state = {
    ...unitWords(fields, report),
    ...worldWords(fields, report),
    ...readHappening(fields, report),
  };
  return { state, places: placesBelow([...fields.values()], 4), fields };
}
