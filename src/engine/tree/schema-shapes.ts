/** What the parts of the schema of tree files are made of. */
import type { JsonObject } from '../model/json.ts';
import { APPLICATION, UNIT } from './read-shapes.ts';

type Properties<Key extends string> = Readonly<Record<Key, JsonObject>>;
export type { Properties };

/** An object with these properties and no others. */
export function closed<Key extends string>(
  keys: readonly Key[],
  properties: Properties<Key>,
  more: JsonObject = {},
): JsonObject {
  const ordered = Object.fromEntries(keys.map((key) => [key, properties[key]]));
  return { type: 'object', additionalProperties: false, properties: ordered, ...more };
}

export function ref(name: string): JsonObject {
  return { $ref: `#/$defs/${name}` };
}

export function said(description: string, schema: JsonObject): JsonObject {
  return { description, ...schema };
}

/** Text of which all is like the pattern. */
export function like(pattern: string): JsonObject {
  return { type: 'string', pattern: `^(?:${pattern})$` };
}

export function nullable(schema: JsonObject): JsonObject {
  return { anyOf: [schema, { type: 'null' }] };
}

export function listOf(items: JsonObject): JsonObject {
  return { type: 'array', items };
}

/** An object whose keys are like the pattern. */
export function byKey(pattern: string, value: JsonObject): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    patternProperties: { [`^(?:${pattern})$`]: value },
  };
}

export const text: JsonObject = { type: 'string' };
export const flag: JsonObject = { type: 'boolean' };
export const whole: JsonObject = { type: 'integer', minimum: 0 };
export const fromOne: JsonObject = { type: 'integer', minimum: 1 };
export const bag: JsonObject = {
  type: 'object',
  additionalProperties: { type: ['string', 'null'] },
};
export const application: JsonObject = like(APPLICATION);
export const unit: JsonObject = like(UNIT);
