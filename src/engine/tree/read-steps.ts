/** Steps as written: each is an event, an action to run, an upgrade, a delta or a branch. */
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import { asFields, asFlag, asList, asMap, asText, take, wrong } from '../model/yaml-shape.ts';
import { actionStep, bareEvent, namedEvent, upgradeSteps } from './read-event.ts';
import { readState } from './read-state.ts';
import { slugOf } from './slug.ts';
import type { Branch, BranchStep, DeltaStep, Step } from './step.ts';
import { BRANCH_KEYS, EVENT_OPTIONS, LATER_STEPS, RUN_KEYS, UPGRADE_KEYS } from './words.ts';

function deltaStep({ at, value }: YamlEntry, report: Report): DeltaStep | undefined {
  const read = readState(value, { what: 'delta', also: ['about'] }, report);
  if (!read) return undefined;
  const about = take(read.fields, 'about', (yaml) => asText(yaml, 'delta: about', report));
  const words = value.kind === 'map' ? value.entries.filter(({ key }) => key !== 'about') : [];
  if (words.length === 0) {
    report(
      new Mistake('delta: it changes nothing', { at, hint: 'Name what differs: {leader: true}.' }),
    );
  }
  return { kind: 'delta', delta: { state: read.state, at, places: read.places, ...about } };
}

type BranchBody = Pick<Branch, 'steps'> & { golden?: boolean; title?: string; about?: string };

function branchBody({ key, value }: YamlEntry, report: Report): BranchBody | undefined {
  const what = `branch ${key}`;
  if (value.kind === 'list') return { steps: readSteps(value, what, report) };
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
    steps: readSteps(steps.value, what, report),
    ...take(fields, 'golden', (yaml) => asFlag(yaml, `${what}: golden`, report)),
    ...take(fields, 'title', (yaml) => asText(yaml, `${what}: title`, report)),
    ...take(fields, 'about', (yaml) => asText(yaml, `${what}: about`, report)),
  };
}

function readBranch(entry: YamlEntry, report: Report): Branch | undefined {
  const { key, at } = entry;
  const slug = slugOf(key);
  if (slug === '') {
    report(new Mistake(`branch "${key}": its name needs a letter or a digit`, { at }));
  }
  const body = branchBody(entry, report);
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

function branchStep({ value }: YamlEntry, report: Report): BranchStep | undefined {
  const map = asMap(value, 'branch', report);
  if (!map) return undefined;
  const branches = map.entries.flatMap((entry) => readBranch(entry, report) ?? []);
  const [, second] = branches.filter(({ golden }) => golden);
  if (second) {
    const hint = 'One trace is drawn bold: leave "golden" to one branch.';
    report(new Mistake('a second golden branch at the same place', { at: second.at, hint }));
  }
  return { kind: 'branch', branches };
}

function later(name: string, at: YamlEntry['at'], report: Report): undefined {
  const message = `"${name}" is not supported yet`;
  report(new Mistake(message, { at, hint: LATER_STEPS[name] }));
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

function readStep(yaml: Yaml, report: Report): Step | readonly Step[] | undefined {
  if (yaml.kind === 'scalar' && typeof yaml.value === 'string') {
    const name = yaml.value;
    return Object.hasOwn(LATER_STEPS, name)
      ? later(name, yaml.at, report)
      : bareEvent(name, yaml.at, report);
  }
  const [entry, ...more] = yaml.kind === 'map' ? yaml.entries : [];
  if (yaml.kind !== 'map' || !entry) {
    return wrong(report, yaml, { what: 'step', expected: 'an event, a delta or a branch' });
  }
  // `{use: relation-life, endpoint: db}` is one step of several keys.
  if (Object.hasOwn(LATER_STEPS, entry.key)) return later(entry.key, entry.at, report);
  if (more.length > 0) return severalKeys(yaml.entries, report);
  if (entry.key === 'delta') return deltaStep(entry, report);
  if (entry.key === 'branch') return branchStep(entry, report);
  if (entry.key === 'run') return actionStep(entry, report);
  if (entry.key === 'upgrade') return upgradeSteps(entry, report);
  return namedEvent(entry, report);
}

/** The steps of a list; what cannot be read is reported. */
export function readSteps(yaml: Yaml, what: string, report: Report): readonly Step[] {
  const items = asList(yaml, what === 'steps' ? what : `${what}: steps`, report) ?? [];
  if (yaml.kind === 'list' && items.length === 0) {
    report(new Mistake(`${what}: no steps`, { at: yaml.at, hint: 'Name at least one event.' }));
  }
  return items.flatMap((item) => readStep(item, report) ?? { kind: 'unread' });
}
