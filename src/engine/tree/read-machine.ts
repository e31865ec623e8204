/** The words of `machine:` that are about what runs on it. Durations are Go's, as in containers. */
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import { Mistake } from '../model/mistake.ts';
import {
  asFields,
  asFlag,
  asList,
  asRecord,
  asText,
  asWhole,
  asWord,
  take,
  wrong,
  type Fields,
} from '../model/yaml-shape.ts';
import type { BaseSpec, MachineRunsSpec, ProcessSpec, UnitSpec } from './machine-spec.ts';
import { asDuration, asEnd, asExecs, asFile, asPaths } from './read-container.ts';
import { asAbsolute, asPorts, orNull } from './read-shapes.ts';
import { BASE_KEYS, MACHINE_BASES, PROCESS_KEYS, UNIT_KEYS, UNIT_STATES } from './words.ts';

export const UNIT_NAME = '[A-Za-z0-9:_.@\\\\-]+';

/** `after` says when it exits: there must be something to exit with. */
function checkAfter(fields: Fields, what: string, report: Report): void {
  const after = fields.get('after');
  if (!after || fields.has('exits')) return;
  const hint = 'Say what with: exits: 1.';
  report(new Mistake(`${what}: "after" says when it exits`, { at: after.at, hint }));
}

export function asUnit(yaml: Yaml, what: string, report: Report): UnitSpec | undefined {
  const fields = asFields(yaml, { what, words: UNIT_KEYS }, report);
  if (!fields) return undefined;
  checkAfter(fields, what, report);
  const text = (key: string) => (one: Yaml) => asText(one, `${what}: ${key}`, report);
  const flag = (key: string) => (one: Yaml) => asFlag(one, `${what}: ${key}`, report);
  const state = { what: `${what}: active`, words: UNIT_STATES };
  return {
    ...take(fields, 'description', text('description')),
    ...take(fields, 'command', text('command')),
    ...take(fields, 'text', text('text')),
    ...take(fields, 'type', text('type')),
    ...take(fields, 'user', text('user')),
    ...take(fields, 'reload', flag('reload')),
    ...take(fields, 'enabled', flag('enabled')),
    ...take(fields, 'active', (one) => asWord(one, state, report)),
    ...take(fields, 'exits', (one) => asEnd(one, `${what}: exits`, report)),
    ...take(fields, 'after', (one) => asDuration(one, `${what}: after`, report)),
    ...take(fields, 'slow', (one) => asDuration(one, `${what}: slow`, report)),
    ...take(fields, 'output', text('output')),
    ...take(fields, 'listens', (one) => asPorts(one, `${what}: listens`, report)),
    ...take(fields, 'pid-file', (one) => asAbsolute(one, `${what}: pid-file`, report)),
    ...take(fields, 'needs', (one) => asPaths(asText)(one, `${what}: needs`, report)),
  };
}

function unitEntry({ key, at, value }: YamlEntry, report: Report): UnitSpec | null | undefined {
  const what = `unit ${key}`;
  if (!new RegExp(`^${UNIT_NAME}$`).test(key)) {
    const hint = 'A unit is named as systemctl names it: tinyproxy, or backup.timer.';
    report(new Mistake(`machine: "${key}" is no name of a unit`, { at, hint }));
    return undefined;
  }
  return orNull(value, () => asUnit(value, what, report));
}

function asProcess(yaml: Yaml, report: Report): ProcessSpec | undefined {
  const what = 'process';
  const fields = asFields(yaml, { what, words: PROCESS_KEYS }, report);
  if (!fields) return undefined;
  const entry = fields.get('command');
  if (!entry) return wrong(report, yaml, { what, expected: 'a "command"' });
  const command = asText(entry.value, `${what}: command`, report);
  if (command === undefined) return undefined;
  return {
    command,
    ...take(fields, 'pid', (one) => asWhole(one, { what: `${what}: pid`, least: 2 }, report)),
    ...take(fields, 'user', (one) => asText(one, `${what}: user`, report)),
    ...take(fields, 'listens', (one) => asPorts(one, `${what}: listens`, report)),
  };
}

/** Programs of the machine are really run where no rule is, and end before any signal reaches them. */
function checkRules(yaml: Yaml, report: Report): void {
  const rules = yaml.kind === 'list' ? yaml.items : [];
  for (const rule of rules) {
    for (const { key, at } of rule.kind === 'map' ? rule.entries : []) {
      if (key !== 'run' && key !== 'signals') continue;
      const hint = 'A program of the machine that has no rule is really run.';
      report(new Mistake(`machine: exec: "${key}" is a container’s word`, { at, hint }));
    }
  }
}

function asBase(yaml: Yaml, report: Report): BaseSpec | undefined {
  const what = 'machine: base';
  if (yaml.kind === 'scalar') return asWord(yaml, { what, words: MACHINE_BASES }, report);
  const fields = asFields(yaml, { what, words: BASE_KEYS }, report);
  if (!fields) return undefined;
  const root = fields.get('root');
  if (!root) return wrong(report, yaml, { what, expected: 'a "root": a folder or an archive' });
  const place = asText(root.value, `${what}: root`, report);
  return place === undefined ? undefined : { root: place };
}

/** What the words about units, files, programs and processes say. */
export function machineRuns(fields: Fields, report: Report): MachineRunsSpec {
  const files = asPaths((yaml, what) => orNull(yaml, () => asFile(yaml, what, report)));
  return {
    ...take(fields, 'base', (one) => asBase(one, report)),
    ...take(fields, 'units', (yaml) =>
      asRecord(yaml, 'machine: units', { report, one: (entry) => unitEntry(entry, report) }),
    ),
    ...take(fields, 'exec', (yaml) => {
      checkRules(yaml, report);
      return asExecs(yaml, 'machine: exec', report);
    }),
    ...take(fields, 'files', (yaml) => files(yaml, 'machine: files', report)),
    ...take(fields, 'processes', (yaml) =>
      orNull(yaml, () =>
        asList(yaml, 'machine: processes', report)?.flatMap((one) => asProcess(one, report) ?? []),
      ),
    ),
  };
}
