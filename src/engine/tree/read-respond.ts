/** `respond: db`, `respond: [db, web]`, `respond: {db: {app: postgresql}}`: whose other side writes, in a delta. */
import type { Charm } from '../model/charm.ts';
import { Mistake, type Position } from '../model/mistake.ts';
import type { Yaml } from '../model/yaml.ts';
import { asFields, asRecord, take } from '../model/yaml-shape.ts';
import { unknownIn } from './check-state.ts';
import type { RespondSpec } from './definition.ts';
import { absent, asApplication, asTexts } from './read-shapes.ts';
import type { Reading } from './reading.ts';
import { sideFor } from './responder.ts';

type Specs = Readonly<Record<string, RespondSpec>>;

/** Whether somebody is known to answer there; reported when not. */
function answers(name: string, at: Position, { report, responders, charm }: Reading): void {
  const known: Charm | undefined = charm();
  if (!known) return;
  const endpoint = known.endpoints[name];
  if (!endpoint) {
    for (const mistake of unknownIn('endpoint', name, { at, charm: known })) report(mistake);
    return;
  }
  if (sideFor(responders, endpoint)) return;
  const message = `nobody is known to answer ${name}: its interface is ${endpoint.interface}`;
  const hint =
    'Write what the other side writes: relations, in a delta; or a responder in library/.';
  report(new Mistake(message, { at, hint }));
}

function oneSpec(yaml: Yaml, what: string, { report }: Reading): RespondSpec | undefined {
  if (absent(yaml)) return {};
  const fields = asFields(yaml, { what, words: ['app'] }, report);
  return fields && take(fields, 'app', (one) => asApplication(one, `${what}: app`, report));
}

export function readRespond(yaml: Yaml, reading: Reading): Specs | undefined {
  const what = 'respond';
  const { report } = reading;
  if (yaml.kind === 'map') {
    return asRecord(yaml, what, {
      report,
      one: ({ key, at, value }) => {
        answers(key, at, reading);
        return oneSpec(value, `${what}: ${key}`, reading);
      },
    });
  }
  const list: Yaml = yaml.kind === 'list' ? yaml : { kind: 'list', items: [yaml], at: yaml.at };
  const names = asTexts(list, what, { report }) ?? [];
  for (const [index, name] of names.entries()) {
    answers(name, list.kind === 'list' ? (list.items[index]?.at ?? yaml.at) : yaml.at, reading);
  }
  return Object.fromEntries(names.map((name) => [name, {}]));
}
