/**
 * What goes wrong in one dispatch: `faults: [{command: relation-set, nth: 2, code: 1, stderr: "ERROR …"}]`.
 * Source of the usual words: juju rpc (ErrShutdown), what a hook command says when the agent has lost its controller.
 */
import type { Fault } from '../model/fault.ts';
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml } from '../model/yaml.ts';
import {
  asFields,
  asList,
  asText,
  asWhole,
  orList,
  take,
  type Fields,
} from '../model/yaml-shape.ts';
import type { Places } from './definition.ts';
import { FAULT_KEYS, FAULT_KINDS } from './words.ts';

const USUAL_STDERR = 'ERROR connection is shut down';
type Kind = (typeof FAULT_KINDS)[number];
/** What may be said of a fault besides what it is about. */
const MORE: Readonly<Record<Kind, readonly string[]>> = {
  command: ['nth', 'code', 'stderr'],
  pebble: ['nth'],
  commit: [],
  'leadership-lost': ['nth'],
  dies: ['nth'],
};

export type ReadFaults = { readonly faults: readonly Fault[]; readonly places: Places };

/** Which fault it is: the one key of the kinds that it has. */
function kindOf(fields: Fields, yaml: Yaml, report: Report): Kind | undefined {
  const [kind, second] = FAULT_KINDS.filter((word) => fields.has(word));
  const misspelt = yaml.kind === 'map' && yaml.entries.length > fields.size;
  if (kind === undefined && misspelt) return undefined;
  if (kind === undefined) {
    const hint = `Say one of ${orList(FAULT_KINDS)}.`;
    report(new Mistake('fault: what goes wrong?', { at: yaml.at, hint }));
    return undefined;
  }
  if (second !== undefined) {
    const message = `fault: ${kind} and ${second} at once`;
    report(new Mistake(message, { at: fields.get(second)?.at, hint: 'Write a fault for each.' }));
    return undefined;
  }
  for (const [key, { at }] of fields) {
    if (key === kind || MORE[kind].includes(key)) continue;
    const message = `fault: "${key}" is not said of ${kind}`;
    report(new Mistake(message, { at, hint: 'Leave it out here.' }));
  }
  return kind;
}

function faultOf(
  kind: Kind,
  about: string,
  { nth = 1, code = 1, stderr = USUAL_STDERR }: { nth?: number; code?: number; stderr?: string },
): Fault {
  switch (kind) {
    case 'command':
      return { kind, command: about, nth, code, stderr };
    case 'pebble':
      return { kind, container: about, nth };
    case 'commit':
      return { kind, message: about };
    case 'leadership-lost':
      return { kind: 'leadership', command: about, nth };
    case 'dies':
      return { kind: 'death', command: about, nth };
  }
}

function asFault(yaml: Yaml, report: Report): Fault | undefined {
  const fields = asFields(yaml, { what: 'fault', words: FAULT_KEYS }, report);
  const kind = fields && kindOf(fields, yaml, report);
  const entry = kind && fields?.get(kind);
  if (!kind || !entry) return undefined;
  const about = asText(entry.value, `fault: ${kind}`, report);
  const whole = (key: string) => (one: Yaml) =>
    asWhole(one, { what: `fault: ${key}`, least: 1 }, report);
  const more = {
    ...take(fields, 'nth', whole('nth')),
    ...take(fields, 'code', whole('code')),
    ...take(fields, 'stderr', (one) => asText(one, 'fault: stderr', report)),
  };
  return about === undefined ? undefined : faultOf(kind, about, more);
}

/** Every fault of an event, and where each stands: `faults/0`. */
export function readFaults(yaml: Yaml, report: Report): ReadFaults | undefined {
  const items = asList(yaml, 'faults', report);
  if (!items) return undefined;
  const read = items.flatMap((item) => {
    const fault = asFault(item, report);
    return fault ? [{ fault, at: item.at }] : [];
  });
  return {
    faults: read.map(({ fault }) => fault),
    places: Object.fromEntries(read.map(({ at }, index) => [`faults/${index}`, at])),
  };
}
