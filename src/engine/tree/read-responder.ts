/**
 * A responder of a project's own library: `kafka: {provides: {app: kafka, answers: [{when: {topic: true}, data: …}]}}`.
 */
import type { Json } from '../model/json.ts';
import { plain, type Report, type Yaml, type YamlEntry } from '../model/yaml.ts';
import {
  asFields,
  asList,
  asRecord,
  asText,
  take,
  wrong,
  type Fields,
} from '../model/yaml-shape.ts';
import { ANSWER_KEYS, RESPONDER_KEYS, SIDE_KEYS } from './library-words.ts';
import { asApplication, asBag, asTexts } from './read-shapes.ts';
import type { AnswerRule, Responder, ResponderSide } from './responder.ts';

function asWhen(yaml: Yaml, what: string, report: Report): AnswerRule['when'] {
  return asRecord(yaml, what, {
    report,
    one: ({ value }) => {
      const said = value.kind === 'scalar' ? value.value : undefined;
      if (said === true) return true;
      return typeof said === 'string'
        ? said
        : wrong(report, value, { what, expected: 'true, or a text that it contains' });
    },
  });
}

function asValues(yaml: Yaml, what: string, report: Report) {
  return asRecord<Json>(yaml, what, { report, one: ({ value }) => plain(value) });
}

function asSecrets(yaml: Yaml, what: string, report: Report): AnswerRule['secrets'] {
  return asRecord(yaml, what, {
    report,
    one: ({ key, value }) =>
      asBag(value, `${what}: ${key}`, report) as Readonly<Record<string, string>> | undefined,
  });
}

function readAnswer(yaml: Yaml, what: string, report: Report): AnswerRule | undefined {
  const fields = asFields(yaml, { what, words: ANSWER_KEYS }, report);
  if (!fields) return undefined;
  return {
    ...take(fields, 'when', (one) => asWhen(one, `${what}: when`, report)),
    ...take(fields, 'unless', (one) => asTexts(one, `${what}: unless`, { report })),
    ...take(fields, 'data', (one) => asValues(one, `${what}: data`, report)),
    ...take(fields, 'unit', (one) => asValues(one, `${what}: unit`, report)),
    ...take(fields, 'secrets', (one) => asSecrets(one, `${what}: secrets`, report)),
  };
}

function readSide(yaml: Yaml, what: string, report: Report): ResponderSide | undefined {
  const fields = asFields(yaml, { what, words: SIDE_KEYS }, report);
  if (!fields) return undefined;
  const said = fields.get('answers');
  const items = said ? (asList(said.value, `${what}: answers`, report) ?? []) : [];
  return {
    app: what.split(' ')[0]?.replaceAll('_', '-') ?? what,
    about: '',
    ...take(fields, 'app', (one) => asApplication(one, `${what}: app`, report)),
    ...take(fields, 'about', (one) => asText(one, `${what}: about`, report)),
    answers: items.flatMap((item) => readAnswer(item, `${what}: answers`, report) ?? []),
  };
}

function sides(fields: Fields, name: string, report: Report) {
  return {
    ...take(fields, 'provides', (one) => readSide(one, `${name} provides`, report)),
    ...take(fields, 'requires', (one) => readSide(one, `${name} requires`, report)),
  };
}

/** By its interface. */
export function readResponder({ key, value }: YamlEntry, report: Report): Responder | undefined {
  const what = `responder ${key}`;
  const fields = asFields(value, { what, words: RESPONDER_KEYS }, report);
  if (!fields) return undefined;
  return {
    interface: key,
    about: '',
    source: '',
    ...take(fields, 'about', (one) => asText(one, `${what}: about`, report)),
    ...take(fields, 'source', (one) => asText(one, `${what}: source`, report)),
    ...sides(fields, key, report),
  };
}
