/**
 * One event of a tree file: `install`, `{install: {as: …}}`, `{run: backup}`, `{run: {action: backup, …}}`, `retry` or
 * `{upgrade: {to: ../next}}`, which is two.
 */
import { Mistake, type Position } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import {
  asFields,
  asObject,
  asText,
  asWhole,
  asWord,
  take,
  wrong,
  type Fields,
} from '../model/yaml-shape.ts';
import type { EventSpec, Expect, Places } from './definition.ts';
import { nameEvent, optionsOf, type NamedEvent } from './event-name.ts';
import { readFaults } from './read-faults.ts';
import { asTexts } from './read-shapes.ts';
import { SLUG, slugOf } from './slug.ts';
import type { EventStep } from './step.ts';
import {
  EVENT_KEYS,
  EVENT_OPTIONS,
  EXPECT_KEYS,
  OUTCOMES,
  RUN_KEYS,
  STATUSES,
  UPGRADE_KEYS,
  type EventOption,
} from './words.ts';

/** An event's name is checked as far as it can be without a charm; what is wrong with it is reported. */
export function checkEventName(name: string, at: Position, report: Report): void {
  const named = nameEvent(name);
  if (named.kind === 'gone') {
    const hint = 'Leave it out: a charm that observes it never sees it.';
    report(new Mistake(`"${name}" is sent by no Juju of today`, { at, hint }));
  } else if (named.kind === 'framework') {
    const message = `"${name}" is emitted by ops within a dispatch, never delivered by Juju`;
    report(new Mistake(message, { at, hint: 'Name the event of Juju that it happens in.' }));
  } else if (named.kind === 'unknown') {
    report(new Mistake(`unknown event "${name}"`, { at, hint: named.hint }));
  }
}

/** A slug, or the mistake with the slug that was meant. */
export function asSlug(yaml: Yaml, what: string, report: Report): string | undefined {
  const text = asText(yaml, what, report);
  if (text === undefined || SLUG.test(text)) return text;
  const message = `${what}: "${text}" is no lower-case word with hyphens`;
  const better = slugOf(text);
  const hint = better ? `Write "${better}"; "title" may be any text.` : 'Use letters and digits.';
  report(new Mistake(message, { at: yaml.at, hint }));
  return undefined;
}

function asExpect(yaml: Yaml, report: Report): Expect | undefined {
  const fields = asFields(yaml, { what: 'expect', words: EXPECT_KEYS }, report);
  if (!fields) return undefined;
  const outcome = { what: 'expect: outcome', words: OUTCOMES };
  const status = { what: 'expect: status', words: STATUSES };
  const appStatus = { what: 'expect: app-status', words: STATUSES };
  return {
    ...take(fields, 'outcome', (one) => asWord(one, outcome, report)),
    ...take(fields, 'status', (one) => asWord(one, status, report)),
    ...take(fields, 'message', (one) => asText(one, 'expect: message', report)),
    ...take(fields, 'app-status', (one) => asWord(one, appStatus, report)),
    ...take(fields, 'unmet', (one) => asTexts(one, 'expect: unmet', { report })),
  };
}

type Described = Pick<EventStep, 'as' | 'title' | 'about' | 'expect'>;

/** What is said of a node besides its event. */
export function readDescribed(fields: Fields, report: Report): Described {
  return {
    ...take(fields, 'as', (yaml) => asSlug(yaml, 'as', report)),
    ...take(fields, 'title', (yaml) => asText(yaml, 'title', report)),
    ...take(fields, 'about', (yaml) => asText(yaml, 'about', report)),
    ...take(fields, 'expect', (yaml) => asExpect(yaml, report)),
  };
}

type Spec = Omit<EventSpec, 'faults'>;

function eventStep(event: Spec, fields: Fields, report: Report): EventStep {
  const { name = slugOf(event.name) } = take(fields, 'name', (yaml) =>
    asSlug(yaml, 'name', report),
  );
  const read = take(fields, 'faults', (yaml) => readFaults(yaml, report)).faults;
  const places = { ...event.places, ...read?.places };
  return {
    kind: 'event',
    event: {
      ...event,
      ...(Object.keys(places).length > 0 ? { places } : {}),
      ...(read === undefined ? {} : { faults: read.faults }),
    },
    edge: name,
    ...readDescribed(fields, report),
  };
}

const NO_FIELDS: Fields = new Map();

function kindOf(name: string): 'hook' | 'retry' {
  return name === 'retry' ? 'retry' : 'hook';
}

/** `install`. */
export function bareEvent(name: string, at: Position, report: Report): EventStep {
  if (name !== 'retry') checkEventName(name, at, report);
  return eventStep({ name, kind: kindOf(name), at }, NO_FIELDS, report);
}

function isOption(key: string): key is EventOption {
  return Object.hasOwn(EVENT_OPTIONS, key);
}

/** The mapping without options that are about events of another kind, which are reported. */
function withoutOthers(
  yaml: Yaml,
  { name, options, report }: { name: string; options: readonly string[]; report: Report },
): Yaml {
  if (yaml.kind !== 'map') return yaml;
  const entries = yaml.entries.filter(({ key, at }) => {
    if (!isOption(key) || options.includes(key)) return true;
    const message = `${name}: "${key}" ${EVENT_OPTIONS[key]}`;
    report(new Mistake(message, { at, hint: 'Leave it out here.' }));
    return false;
  });
  return { ...yaml, entries };
}

/** `none`: the event is about the other application's own databag. */
function asUnit(yaml: Yaml, what: string, report: Report): 'none' | number | undefined {
  if (yaml.kind === 'scalar' && yaml.value === 'none') return 'none';
  if (yaml.kind === 'scalar' && typeof yaml.value === 'number') {
    return asWhole(yaml, { what, least: 0 }, report);
  }
  return wrong(report, yaml, { what, expected: 'the number of a unit, or "none"' });
}

function asDeparting(yaml: Yaml, what: string, report: Report): 'this' | number | undefined {
  if (yaml.kind === 'scalar' && yaml.value === 'this') return 'this';
  if (yaml.kind === 'scalar' && typeof yaml.value === 'number') {
    return asWhole(yaml, { what, least: 0 }, report);
  }
  return wrong(report, yaml, { what, expected: '"this" or the number of a unit' });
}

/** What is said of an event of one kind only. */
function eventOptions(fields: Fields, name: string, report: Report): Partial<EventSpec> {
  const whole = (key: string, least: number) => (yaml: Yaml) =>
    asWhole(yaml, { what: `${name}: ${key}`, least }, report);
  const text = (key: string) => (yaml: Yaml) => asText(yaml, `${name}: ${key}`, report);
  return {
    ...take(fields, 'app', text('app')),
    ...take(fields, 'unit', (yaml) => asUnit(yaml, `${name}: unit`, report)),
    ...take(fields, 'departing', (yaml) => asDeparting(yaml, `${name}: departing`, report)),
    ...take(fields, 'secret', text('secret')),
    ...take(fields, 'revision', whole('revision', 1)),
    ...take(fields, 'index', whole('index', 0)),
    ...take(fields, 'notice', text('notice')),
    ...take(fields, 'check', text('check')),
    ...take(fields, 'target', text('target')),
  };
}

function optionPlaces(fields: Fields): Places {
  const entries = [...fields.values()].filter(({ key }) => isOption(key));
  return Object.fromEntries(entries.map(({ key, at }) => [key, at]));
}

/** Where the name is wrong already, whatever is said of it counts as right. */
function optionsFor(named: NamedEvent): readonly string[] {
  return named.kind === 'unknown' ? Object.keys(EVENT_OPTIONS) : optionsOf(named);
}

/** `install: {as: ready}`: an entry whose key is an event's name. */
export function namedEvent({ key: name, at, value }: YamlEntry, report: Report): EventStep {
  const kind = kindOf(name);
  if (kind === 'hook') checkEventName(name, at, report);
  const options = kind === 'retry' ? [] : optionsFor(nameEvent(name));
  const empty = value.kind === 'scalar' && value.value === null;
  const read = withoutOthers(value, { name, options, report });
  const words = [...EVENT_KEYS, ...options];
  const fields = (empty ? undefined : asFields(read, { what: name, words }, report)) ?? NO_FIELDS;
  const spec = { name, kind, at, ...eventOptions(fields, name, report) };
  return eventStep({ ...spec, places: optionPlaces(fields) }, fields, report);
}

function paramPlaces(fields: Fields): Places {
  const params = fields.get('params')?.value;
  const entries = params?.kind === 'map' ? params.entries : [];
  return Object.fromEntries(entries.map(({ key, at }) => [`params/${key}`, at]));
}

/** `run: backup`, `run: {action: backup, params: {…}}`. */
export function actionStep({ at, value }: YamlEntry, report: Report): EventStep | undefined {
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    return eventStep({ name: value.value, kind: 'action', at: value.at }, NO_FIELDS, report);
  }
  if (value.kind !== 'map') {
    return wrong(report, value, {
      what: 'run',
      expected: 'an action, or {action: NAME, params: …}',
    });
  }
  const fields = asFields(value, { what: 'run', words: RUN_KEYS }, report);
  const action = fields?.get('action');
  if (!fields || !action) {
    report(new Mistake('run: which action?', { at, hint: 'Write "action: NAME" in it.' }));
    return undefined;
  }
  const name = asText(action.value, 'run: action', report);
  if (name === undefined) return undefined;
  const params = take(fields, 'params', (yaml) => asObject(yaml, 'run: params', report));
  const spec = { name, kind: 'action', at: action.value.at, ...params } as const;
  return eventStep({ ...spec, places: paramPlaces(fields) }, fields, report);
}

const UPGRADE_TO = 'Write {to: ../next}, {to: git:REVISION} or {to: web.charm}.';

function asUpgradeTo(yaml: Yaml, report: Report): string | undefined {
  const to = asText(yaml, 'upgrade: to', report);
  if (to === undefined) return undefined;
  if (to !== '' && !/^git:(-|$)|[\0\n]/.test(to)) return to;
  const message = `upgrade: to: ${JSON.stringify(to)} names no charm`;
  report(new Mistake(message, { at: yaml.at, hint: UPGRADE_TO }));
  return undefined;
}

/** `upgrade: ../next`, `upgrade: {to: git:v2, as: upgraded}`: the charm is swapped, and its two hooks follow. */
export function upgradeSteps(
  { at, value }: YamlEntry,
  report: Report,
): readonly EventStep[] | undefined {
  const text = value.kind === 'scalar' && typeof value.value === 'string';
  const fields = text
    ? NO_FIELDS
    : asFields(value, { what: 'upgrade', words: UPGRADE_KEYS }, report);
  if (!fields) return undefined;
  const named = text ? value : fields.get('to')?.value;
  if (!named) report(new Mistake('upgrade: to which charm?', { at, hint: UPGRADE_TO }));
  const to = named && asUpgradeTo(named, report);
  const places = named ? { upgrade: named.at } : {};
  const spec = { name: 'upgrade-charm', kind: 'hook', at, places } as const;
  const upgraded = eventStep(spec, fields, report);
  const after = fields.get('config-changed');
  return [
    to === undefined ? upgraded : { ...upgraded, upgrade: to },
    after ? namedEvent(after, report) : bareEvent('config-changed', at, report),
  ];
}
