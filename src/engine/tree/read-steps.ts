/** Steps as written: an event, an action to run, an upgrade, a delta, a branch, or what stands for several of them. */
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import { asFields, asFlag, asList, asMap, asText, take, wrong } from '../model/yaml-shape.ts';
import { actionStep, bareEvent, namedEvent, upgradeSteps } from './read-event.ts';
import { fanStep } from './fan-step.ts';
import { matrixAsBranch } from './matrix-step.ts';
import { readRespond } from './read-respond.ts';
import type { Reading } from './reading.ts';
import { readState } from './read-state.ts';
import { slugOf } from './slug.ts';
import type { Branch, BranchStep, DeltaStep, EachStep, Step } from './step.ts';
import { relateSteps, useSteps } from './use-step.ts';
import { BRANCH_KEYS, EVENT_OPTIONS, RUN_KEYS, UPGRADE_KEYS } from './words.ts';

function deltaStep({ at, value }: YamlEntry, reading: Reading): DeltaStep | undefined {
  const { report } = reading;
  const read = readState(value, { what: 'delta', also: ['about', 'respond'] }, report);
  if (!read) return undefined;
  const about = take(read.fields, 'about', (yaml) => asText(yaml, 'delta: about', report));
  const respond = take(read.fields, 'respond', (yaml) => readRespond(yaml, reading));
  const words = value.kind === 'map' ? value.entries.filter(({ key }) => key !== 'about') : [];
  if (words.length === 0) {
    report(
      new Mistake('delta: it changes nothing', { at, hint: 'Name what differs: {leader: true}.' }),
    );
  }
  return {
    kind: 'delta',
    delta: { state: read.state, at, places: read.places, ...respond, ...about },
  };
}

type BranchBody = Pick<Branch, 'steps'> & { golden?: boolean; title?: string; about?: string };

function branchBody({ key, value }: YamlEntry, reading: Reading): BranchBody | undefined {
  const { report } = reading;
  const what = `branch ${key}`;
  if (value.kind === 'list') return { steps: readSteps(value, what, reading) };
  if (value.kind !== 'map') {
    return wrong(report, value, { what, expected: 'a list of steps, or {steps: […]}' });
  }
  const fields = asFields(value, { what, words: BRANCH_KEYS }, report);
  const steps = fields?.get('steps');
  if (!fields || !steps) {
    const hint = 'Write them as a list, or as {steps: […], about: …}.';
    report(new Mistake(`${what}: no steps`, { at: value.at, hint }));
    return undefined;
  }
  return {
    steps: readSteps(steps.value, what, reading),
    ...take(fields, 'golden', (yaml) => asFlag(yaml, `${what}: golden`, report)),
    ...take(fields, 'title', (yaml) => asText(yaml, `${what}: title`, report)),
    ...take(fields, 'about', (yaml) => asText(yaml, `${what}: about`, report)),
  };
}

function readBranch(entry: YamlEntry, reading: Reading): Branch | undefined {
  const { report } = reading;
  const { key, at } = entry;
  const slug = slugOf(key);
  if (slug === '') {
    report(new Mistake(`branch "${key}": its name needs a letter or a digit`, { at }));
  }
  const body = branchBody(entry, reading);
  if (!body || slug === '') return undefined;
  return {
    slug,
    at,
    title: body.title ?? key,
    golden: body.golden ?? slug === 'golden',
    steps: body.steps,
    ...(body.about === undefined ? {} : { about: body.about }),
  };
}

function branchStep({ value }: YamlEntry, reading: Reading): BranchStep | undefined {
  const { report } = reading;
  const map = asMap(value, 'branch', report);
  if (!map) return undefined;
  const branches = map.entries.flatMap((entry) => readBranch(entry, reading) ?? []);
  const [, second] = branches.filter(({ golden }) => golden);
  if (second) {
    const hint = 'One trace is drawn bold: leave "golden" to one branch.';
    report(new Mistake('a second golden branch at the same place', { at: second.at, hint }));
  }
  return { kind: 'branch', branches };
}

/** `each: [update-status, [stop, remove]]`: each is a step, or a list of them. */
function eachStep({ value }: YamlEntry, reading: Reading): EachStep | undefined {
  const items = asList(value, 'each', reading.report);
  if (!items) return undefined;
  if (items.length === 0) {
    const hint = 'Write [update-status, [stop, remove]].';
    reading.report(new Mistake('each: no steps', { at: value.at, hint }));
  }
  const traces = items.map((item) => {
    const steps: Yaml = item.kind === 'list' ? item : { kind: 'list', items: [item], at: item.at };
    return readSteps(steps, 'each', reading);
  });
  return { kind: 'each', traces };
}

function matrixStep(entry: YamlEntry, reading: Reading): Step | readonly Step[] | undefined {
  const branch = matrixAsBranch(entry, reading.report);
  return branch && readStep(branch, reading);
}

/** A mapping with several keys is mostly one whose options were not indented. */
function severalKeys(entries: readonly YamlEntry[], report: Report): undefined {
  const [first, second] = entries;
  const names = entries.map(({ key }) => `"${key}"`).join(', ');
  const options: readonly string[] = [...RUN_KEYS, ...UPGRADE_KEYS, ...Object.keys(EVENT_OPTIONS)];
  const hint =
    first && second && options.includes(second.key)
      ? `Indent "${second.key}" below "${first.key}", or write {${first.key}: {${second.key}: …}}.`
      : 'Begin each step with a dash of its own.';
  const at = second?.at ?? first?.at;
  report(new Mistake(`a step has one key, this one has ${names}`, { at, hint }));
}

function mappingStep(entry: YamlEntry, reading: Reading): Step | readonly Step[] | undefined {
  switch (entry.key) {
    case 'delta':
      return deltaStep(entry, reading);
    case 'branch':
      return branchStep(entry, reading);
    case 'each':
      return eachStep(entry, reading);
    case 'matrix':
      return matrixStep(entry, reading);
    case 'relate':
      return relateSteps(entry, reading, readSteps);
    case 'fan-out':
      return fanStep(entry, reading.report);
    case 'run':
      return actionStep(entry, reading.report);
    case 'upgrade':
      return upgradeSteps(entry, reading.report);
    default:
      return namedEvent(entry, reading.report);
  }
}

function readStep(yaml: Yaml, reading: Reading): Step | readonly Step[] | undefined {
  const { report } = reading;
  if (yaml.kind === 'scalar' && typeof yaml.value === 'string') {
    const { value: name, at } = yaml;
    if (name !== 'fan-out') return bareEvent(name, at, report);
    return fanStep({ key: name, at, value: { kind: 'scalar', value: null, at } }, report);
  }
  const [entry, ...more] = yaml.kind === 'map' ? yaml.entries : [];
  if (yaml.kind !== 'map' || !entry) {
    return wrong(report, yaml, { what: 'step', expected: 'an event, a delta or a branch' });
  }
  // `{use: relation-life, endpoint: db}` is one step of several keys.
  if (entry.key === 'use') return useSteps(yaml, reading, readSteps);
  return more.length > 0 ? severalKeys(yaml.entries, report) : mappingStep(entry, reading);
}

/** The steps of a list; what cannot be read is reported. */
export function readSteps(yaml: Yaml, what: string, reading: Reading): readonly Step[] {
  const { report } = reading;
  const items = asList(yaml, what === 'steps' ? what : `${what}: steps`, report) ?? [];
  if (yaml.kind === 'list' && items.length === 0) {
    report(new Mistake(`${what}: no steps`, { at: yaml.at, hint: 'Name at least one event.' }));
  }
  return items.flatMap((item) => readStep(item, reading) ?? { kind: 'unread' });
}
