/** The relations of a state: `{db: {app: postgresql, units: {0: {}}}}`, or a list where an endpoint has several. */
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import { asFields, asFlag, asRecord, asText, take } from '../model/yaml-shape.ts';
import type { RelationSpec } from './definition.ts';
import { asApplication, asBag, orNull } from './read-shapes.ts';
import { RELATION_KEYS } from './words.ts';

const UNIT_NUMBER = /^(0|[1-9][0-9]*)$/;

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

function asRemove(yaml: Yaml, what: string, report: Report): boolean | undefined {
  const flag = asFlag(yaml, what, report);
  if (flag !== false) return flag;
  report(new Mistake(`${what}: expected true`, { at: yaml.at, hint: 'Leave it out.' }));
  return undefined;
}

function asRelation(yaml: Yaml, what: string, report: Report): RelationSpec | undefined {
  const fields = asFields(yaml, { what, words: RELATION_KEYS }, report);
  if (!fields) return undefined;
  return {
    ...take(fields, 'app', (one) => asApplication(one, `${what}: app`, report)),
    ...take(fields, 'data', (one) => asBag(one, `${what}: data`, report)),
    ...take(fields, 'units', (one) => asUnits(one, `${what}: unit`, report)),
    ...take(fields, 'local', (one) => asBag(one, `${what}: local`, report)),
    ...take(fields, 'local-unit', (one) => asBag(one, `${what}: local-unit`, report)),
    ...take(fields, 'model', (one) => asText(one, `${what}: model`, report)),
    ...take(fields, 'remove', (one) => asRemove(one, `${what}: remove`, report)),
  };
}

/** Several relations of one endpoint are told apart by the application on their other side. */
function asSeveral(yaml: Extract<Yaml, { kind: 'list' }>, what: string, report: Report) {
  const read = yaml.items.flatMap((item) => {
    const relation = asRelation(item, what, report);
    if (relation && relation.app === undefined && item.kind === 'map') {
      const hint = 'Each relation of a list says which application it is with: {app: NAME}.';
      report(new Mistake(`${what}: one of several has no "app"`, { at: item.at, hint }));
    }
    return relation ? [{ relation, at: item.at }] : [];
  });
  for (const [index, { relation, at }] of read.entries()) {
    const twin = read.slice(0, index).some(({ relation: { app } }) => app === relation.app);
    if (twin && relation.app !== undefined) {
      const hint = 'An endpoint has one relation with an application.';
      report(new Mistake(`${what}: ${relation.app} is there twice`, { at, hint }));
    }
  }
  return read.map(({ relation }) => relation);
}

/** What stands under one endpoint. */
export function relationEntry({ key, value }: YamlEntry, report: Report) {
  const what = `relation on ${key}`;
  return orNull(value, () =>
    value.kind === 'list' ? asSeveral(value, what, report) : asRelation(value, what, report),
  );
}
