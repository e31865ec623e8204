/**
 * `use: startup`, `{use: relation-life, endpoint: db, until: broken}`, `relate: db`: what an entry of the library
 * stands for, read as if the author had written it there.
 */
import { Mistake, type Position } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import { asFields, asText, wordHint, type Fields } from '../model/yaml-shape.ts';
import type { LibraryEntry, Scene } from './library-entry.ts';
import { sceneFor, sceneWithout } from './library-scene.ts';
import { readDescribed } from './read-event.ts';
import { yamlAt, type Reading } from './reading.ts';
import type { EventStep, Step } from './step.ts';
import { USE_KEYS } from './library-words.ts';
import { readValues } from './use-values.ts';

type ReadSteps = (yaml: Yaml, what: string, reading: Reading) => readonly Step[];
type Used = { readonly entry: LibraryEntry; readonly fields: Fields; readonly at: Position };

function entryOf(yaml: Yaml, { entries, report }: Reading): LibraryEntry | undefined {
  const name = asText(yaml, 'use', report);
  if (name === undefined) return undefined;
  const found = entries.find((entry) => entry.name === name);
  if (found) return found;
  if (name === 'empty' || name === 'null') {
    const hint = 'It is a root: over another state it changes nothing.';
    report(new Mistake(`use: "${name}" is no step`, { at: yaml.at, hint }));
    return undefined;
  }
  const names = entries.map((entry) => entry.name);
  const hint = wordHint(name, names, 'It has');
  report(new Mistake(`the library has no entry "${name}"`, { at: yaml.at, hint }));
  return undefined;
}

/** Undefined where the charm is asked for and nobody knows it. */
function sceneOf(entry: LibraryEntry, reading: Reading): Scene | undefined {
  if (!entry.dynamic) return sceneWithout(reading);
  const charm = reading.charm();
  return charm && sceneFor(charm, reading);
}

/** Whatever is wrong within an entry is told where it is used. */
function within(entry: LibraryEntry, at: Position, report: Report): Report {
  return ({ message, hint }) => report(new Mistake(`${entry.name}: ${message}`, { at, hint }));
}

/** What was said of the whole is said of the last event. */
function withLast(steps: readonly Step[], used: Used, report: Report): readonly Step[] {
  const described = readDescribed(used.fields, report);
  const [said] = Object.keys(described);
  if (said === undefined) return steps;
  const last = steps.findLastIndex(({ kind }) => kind === 'event');
  if (last < 0) {
    const message = `${used.entry.name}: "${said}" is about the last event of a trace, and it has none`;
    report(
      new Mistake(message, { at: used.fields.get(said)?.at ?? used.at, hint: 'Leave it out.' }),
    );
    return steps;
  }
  return steps.with(last, { ...(steps[last] as EventStep), ...described });
}

function expand(used: Used, reading: Reading, readSteps: ReadSteps): readonly Step[] | undefined {
  const { entry, fields, at } = used;
  const { report } = reading;
  const scene = sceneOf(entry, reading);
  if (!scene) {
    const hint = 'Write its steps, or play the tree where its charm is.';
    report(new Mistake(`${entry.name} depends on the charm, and none is known`, { at, hint }));
    return undefined;
  }
  if (reading.inside.includes(entry.name)) {
    report(new Mistake(`${entry.name} uses itself`, { at, hint: 'Leave it out there.' }));
    return undefined;
  }
  const values = readValues(
    entry,
    { fields, at },
    { charm: entry.dynamic ? scene.charm : undefined, report },
  );
  if (!values) return undefined;
  const written = entry.steps(values, scene);
  if (written.length === 0) {
    const message = `${entry.name}: the charm ${scene.charm.name} has nothing for it`;
    report(new Mistake(message, { at, hint: 'Leave it out.' }));
    return undefined;
  }
  const inside = {
    ...reading,
    report: within(entry, at, report),
    inside: [...reading.inside, entry.name],
  };
  return withLast(readSteps(yamlAt(written, at), entry.name, inside), used, report);
}

function fieldsFor(yaml: Yaml, entry: LibraryEntry, more: readonly string[], report: Report) {
  const words = [...more, ...Object.keys(entry.parameters), ...USE_KEYS];
  return asFields(yaml, { what: entry.name, words }, report);
}

/** A step whose first key is `use`: the whole mapping, or the bare name. */
export function useSteps(
  yaml: Extract<Yaml, { kind: 'map' }>,
  reading: Reading,
  readSteps: ReadSteps,
): readonly Step[] | undefined {
  const used = yaml.entries.find(({ key }) => key === 'use');
  const entry = used && entryOf(used.value, reading);
  const fields = entry && fieldsFor(yaml, entry, ['use'], reading.report);
  if (!entry || !fields || !used) return undefined;
  return expand({ entry, fields, at: used.at }, reading, readSteps);
}

/** `relate: db`, `relate: {endpoint: db, app: postgresql}`. */
export function relateSteps(
  { value, at }: YamlEntry,
  reading: Reading,
  readSteps: ReadSteps,
): readonly Step[] | undefined {
  const entry = reading.entries.find(({ name }) => name === 'relate');
  if (!entry) throw new Error('the library has no entry relate');
  const named: Yaml =
    value.kind === 'scalar' && value.value !== null
      ? { kind: 'map', entries: [{ key: 'endpoint', at: value.at, value }], at }
      : value.kind === 'scalar'
        ? { kind: 'map', entries: [], at }
        : value;
  const fields = fieldsFor(named, entry, [], reading.report);
  return fields && expand({ entry, fields, at }, reading, readSteps);
}
