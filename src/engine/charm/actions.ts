/**
 * A charm's actions.
 * Source: juju internal/charm/actions.go (ReadActionsYaml).
 * Not modelled: `parallel` and `execution-group`, which decide when an action may run.
 */
import type { ActionSpec } from '../model/charm.ts';
import type { JsonObject } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import { plain, type Report, type Yaml } from '../model/yaml.ts';
import {
  byName,
  declared,
  expected,
  flag,
  given,
  member,
  text,
  texts,
  type Declared,
} from './reading.ts';

const NAME = /^[a-zA-Z_][a-zA-Z0-9-_]*$/;

function checkName({ name, at }: Declared, report: Report): void {
  if (!NAME.test(name)) report(new Mistake(`bad action name ${name}`, { at }));
  if (name === 'juju' || name.startsWith('juju-')) {
    report(new Mistake(`cannot use action name ${name}: "juju" is a reserved name`, { at }));
  }
}

function readAction(entry: Declared, report: Report): ActionSpec | undefined {
  const { name, yaml } = entry;
  const what = `action ${name}`;
  checkName(entry, report);
  if (yaml.kind === 'scalar' && yaml.value === null) return { params: {}, required: [] };
  if (yaml.kind !== 'map') return expected(report, what, { type: 'map', got: yaml });
  const params = member(yaml, 'params');
  if (params && params.kind !== 'map') {
    expected(report, `${what}: params`, { type: 'map', got: params });
  }
  const more = flag(member(yaml, 'additionalProperties'), `${what}: additionalProperties`, report);
  return {
    ...given('description', text(member(yaml, 'description'), `${what}: description`, report)),
    params: params?.kind === 'map' ? (plain(params) as JsonObject) : {},
    required: texts(member(yaml, 'required'), `${what}: required`, report),
    ...given('additionalProperties', more),
  };
}

/** The actions of actions.yaml, or of the `actions` section of charmcraft.yaml. */
export function readActions(
  actions: Yaml | undefined,
  report: Report,
): Readonly<Record<string, ActionSpec>> {
  const empty = actions?.kind === 'scalar' && actions.value === null;
  const entries = empty ? [] : declared(actions, 'actions', report);
  return byName(entries, (entry) => readAction(entry, report));
}
