/**
 * Whether a JSON value is a State, event or fault of a transition's line: the definitions of the published record
 * format, with contents of files in place of their digests.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Json, JsonObject } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';

type Schema = { readonly definitions: Readonly<Record<string, Json>> };
export type Check = (value: unknown) => void;
export type OwnChecks = { readonly state: Check; readonly event: Check; readonly faults: Check };

/** A definition with `text` or `base64` where it had a digest. */
function inline(definition: Json | undefined): Json {
  const { properties, required, ...rest } = definition as {
    readonly properties: JsonObject;
    readonly required: readonly string[];
  };
  const { digest: _digest, size: _size, ...kept } = properties;
  return {
    ...rest,
    properties: { ...kept, text: { type: 'string' }, base64: { type: 'string' } },
    required: required.filter((name) => name !== 'digest' && name !== 'size'),
    oneOf: [{ required: ['text'] }, { required: ['base64'] }],
  };
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}

/** Where alternatives were tried, the one that went furthest says most. */
function telling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.toSorted((a, b) => depth(b) - depth(a))[0];
}

function errorText(what: string, { instancePath, message, params }: ErrorObject): string {
  const at = `${what}${instancePath.replaceAll('/', '.').replaceAll('~1', '/')}`;
  const { additionalProperty } = params as { additionalProperty?: string };
  if (additionalProperty !== undefined) return `${at}: "${additionalProperty}" is not known here`;
  return `${at}: ${message ?? 'is not as expected'}`;
}

function checkOf(what: string, validate: () => ValidateFunction): Check {
  let made: ValidateFunction | undefined;
  return (value) => {
    made ??= validate();
    if (made(value)) return;
    const error = telling(made.errors ?? []);
    throw new Mistake(error ? errorText(what, error) : `${what} is not as expected`);
  };
}

/** `record`: the schema that `playbill schema record` prints. */
export function ownChecks(record: Schema): OwnChecks {
  const { File, Resource, ...rest } = record.definitions;
  const definitions = { ...rest, File: inline(File), Resource: inline(Resource) };
  const ajv = new Ajv({ strict: false, inlineRefs: false });
  const compile = (schema: JsonObject) => () => ajv.compile({ definitions, ...schema });
  const fault = { $ref: '#/definitions/Fault' };
  return {
    state: checkOf('state', compile({ $ref: '#/definitions/State' })),
    event: checkOf('event', compile({ $ref: '#/definitions/Event' })),
    faults: checkOf('faults', compile({ type: 'array', items: fault })),
  };
}
