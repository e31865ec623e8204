/** Parameters for an action that nobody has given any: what must be there, in a form that its schema allows. */
import type { ActionSpec } from '../model/charm.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** A name that a schema may ask a text to be like, of the length it may ask for. */
function sampleText(schema: JsonObject): string {
  const least = typeof schema['minLength'] === 'number' ? schema['minLength'] : 0;
  const most = typeof schema['maxLength'] === 'number' ? schema['maxLength'] : Infinity;
  return 'sample'.padEnd(least, '-').slice(0, most);
}

function sampleNumber(schema: JsonObject): number {
  const { minimum, maximum } = schema;
  if (typeof minimum === 'number') return minimum;
  return typeof maximum === 'number' && maximum < 1 ? maximum : 1;
}

function sampleValue(schema: JsonObject): Json {
  const { default: usual, enum: words, const: only } = schema;
  if (usual !== undefined) return usual;
  if (only !== undefined) return only;
  if (Array.isArray(words) && words.length > 0) return words[0] as Json;
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'integer':
    case 'number':
      return sampleNumber(schema);
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
      return sampleObject(schema);
    default:
      return sampleText(schema);
  }
}

function asSchema(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

function sampleObject(schema: JsonObject): JsonObject {
  const properties = asSchema(schema['properties']);
  const required = Array.isArray(schema['required']) ? (schema['required'] as string[]) : [];
  return Object.fromEntries(
    required.map((name) => [name, sampleValue(asSchema(properties[name]))] as const),
  );
}

/** The required parameters of an action; what has a default fills itself in. */
export function sampleParams(action: ActionSpec | undefined): JsonObject {
  if (!action) return {};
  return sampleObject({ properties: action.params, required: [...action.required] });
}
