/** One event of a tree file: `install`, `{install: {as: …}}`, `{run: backup}` or `{run: {action: backup, …}}`. */
import { Mistake, type Position } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import {
  asFields,
  asList,
  asObject,
  asText,
  asWhole,
  asWord,
  take,
  wrong,
  type Fields,
} from '../model/yaml-shape.ts';
import type { EventSpec, Expect, Places } from './definition.ts';
import { nameEvent } from './event-name.ts';
import { SLUG, slugOf } from './slug.ts';
import type { EventStep } from './step.ts';
import { EVENT_KEYS, EXPECT_KEYS, OUTCOMES, RUN_KEYS, STATUSES } from './words.ts';

/** An event's name is checked as far as it can be without a charm; what is wrong with it is reported. */
export function checkEventName(name: string, at: Position, report: Report): void {
  const named = nameEvent(name);
  if (named.kind === 'later') {
    const hint = 'Life-cycle, relation and pebble-ready events and actions can be played today.';
    report(new Mistake(`"${name}" is an event of Juju that is not simulated yet`, { at, hint }));
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

function asTexts(yaml: Yaml, what: string, report: Report): readonly string[] | undefined {
  const items = asList(yaml, what, report);
  return items?.flatMap((item) => asText(item, what, report) ?? []);
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
    ...take(fields, 'unmet', (one) => asTexts(one, 'expect: unmet', report)),
  };
}

function eventStep(event: EventSpec, fields: Fields, report: Report): EventStep {
  const { name = slugOf(event.name) } = take(fields, 'name', (yaml) =>
    asSlug(yaml, 'name', report),
  );
  return {
    kind: 'event',
    event,
    edge: name,
    ...take(fields, 'as', (yaml) => asSlug(yaml, 'as', report)),
    ...take(fields, 'title', (yaml) => asText(yaml, 'title', report)),
    ...take(fields, 'about', (yaml) => asText(yaml, 'about', report)),
    ...take(fields, 'expect', (yaml) => asExpect(yaml, report)),
  };
}

const NO_FIELDS: Fields = new Map();

/** `install`. */
export function bareEvent(name: string, at: Position, report: Report): EventStep {
  checkEventName(name, at, report);
  return eventStep({ name, kind: 'hook', at }, NO_FIELDS, report);
}

function asUnit(yaml: Yaml, name: string, report: Report): number | undefined {
  if (nameEvent(name).kind === 'relation') {
    return asWhole(yaml, { what: `${name}: unit`, least: 0 }, report);
  }
  const message = `${name}: "unit" names the remote unit of a relation event`;
  report(new Mistake(message, { at: yaml.at, hint: 'Leave it out here.' }));
  return undefined;
}

/** `install: {as: ready}`: an entry whose key is an event's name. */
export function namedEvent({ key: name, at, value }: YamlEntry, report: Report): EventStep {
  checkEventName(name, at, report);
  const empty = value.kind === 'scalar' && value.value === null;
  const fields = empty ? NO_FIELDS : asFields(value, { what: name, words: EVENT_KEYS }, report);
  const unit = take(fields ?? NO_FIELDS, 'unit', (yaml) => asUnit(yaml, name, report));
  return eventStep({ name, kind: 'hook', at, ...unit }, fields ?? NO_FIELDS, report);
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
