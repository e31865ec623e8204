/** What a delta lets happen to the unit: `pod-churn: true`, `container-restart: [web]`, `resolved: no-retry`. */
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml } from '../model/yaml.ts';
import { asFlag, asWord, wrong, type Fields } from '../model/yaml-shape.ts';
import type { Happening } from './definition.ts';
import { asTexts } from './read-shapes.ts';
import { HAPPENING_KEYS } from './words.ts';

function asTrue(yaml: Yaml, what: string, report: Report): boolean {
  const flag = asFlag(yaml, what, report);
  if (flag === false) wrong(report, yaml, { what, expected: 'true' });
  return flag === true;
}

function asContainers(yaml: Yaml, report: Report): readonly string[] {
  const what = 'container-restart';
  if (yaml.kind === 'scalar' && typeof yaml.value === 'string') return [yaml.value];
  const names = asTexts(yaml, what, { report }) ?? [];
  if (yaml.kind === 'list' && yaml.items.length === 0) {
    report(new Mistake(`${what}: which container?`, { at: yaml.at, hint: 'Write [web].' }));
  }
  return names;
}

function read(
  key: (typeof HAPPENING_KEYS)[number],
  yaml: Yaml,
  report: Report,
): Happening | undefined {
  switch (key) {
    case 'pod-churn':
    case 'reboot':
      return asTrue(yaml, key, report) ? { kind: key } : undefined;
    case 'container-restart':
      return { kind: key, containers: asContainers(yaml, report) };
    case 'resolved':
      return asWord(yaml, { what: key, words: ['no-retry'] }, report) && { kind: key };
  }
}

/** The one thing that a delta lets happen, or none. */
export function readHappening(fields: Fields, report: Report): { readonly happens?: Happening } {
  const [first, second] = HAPPENING_KEYS.flatMap((key) => {
    const entry = fields.get(key);
    return entry ? [{ key, entry }] : [];
  });
  if (!first) return {};
  if (second) {
    const message = `delta: ${first.key} and ${second.key} at once`;
    const hint = 'Write a delta for each, in the order in which they happen.';
    report(new Mistake(message, { at: second.entry.at, hint }));
  }
  const happens = read(first.key, first.entry.value, report);
  return happens === undefined ? {} : { happens };
}
