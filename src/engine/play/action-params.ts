/**
 * An action's parameters as the controller checks them before the charm is run: against their schema, defaults filled.
 * Source: juju internal/charm/actions.go (a draft-4 JSON schema per action) and juju/gojsonschema defaults.go, which
 * fills in an object that was not given too, when something in it has a default. Unknown parameters are refused only
 * where the charm says `additionalProperties: false`.
 */
import { Ajv, type ErrorObject } from 'ajv';
import type { ActionSpec } from '../model/charm.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Problem } from '../model/outcome.ts';

/** The parameters the charm will see, or why the controller refuses them. */
export function actionParams(
  action: ActionSpec | undefined,
  given: JsonObject,
): { readonly params: JsonObject } | { readonly problems: readonly Problem[] } {
  if (!action) return { params: given };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const params = withDefaults(given, action.params);
  const validate = ajv.compile({
    type: 'object',
    properties: action.params,
    required: [...action.required],
    ...(action.additionalProperties === undefined
      ? {}
      : { additionalProperties: action.additionalProperties }),
  });
  if (validate(params)) return { params };
  const problems = (validate.errors ?? []).map((error) => ({
    message: `the controller refuses the action's parameters: ${faultText(error)}`,
    rule: 'action-params',
  }));
  return { problems };
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** What was given, with the defaults of what was not, all the way down. */
function withDefaults(given: JsonObject, properties: JsonObject): JsonObject {
  const filled: Record<string, Json | undefined> = { ...given };
  for (const [name, schema] of Object.entries(properties)) {
    if (!isObject(schema)) continue;
    const inner = isObject(schema['properties']) ? schema['properties'] : {};
    const value = given[name];
    if (isObject(value)) filled[name] = withDefaults(value, inner);
    else if (value === undefined && schema['default'] !== undefined)
      filled[name] = schema['default'];
    else if (value === undefined) {
      const made = withDefaults({}, inner);
      if (Object.keys(made).length > 0) filled[name] = made;
    }
  }
  return filled;
}

/** `colour must be equal to one of the allowed values`. */
function faultText({ instancePath, message }: ErrorObject): string {
  return `${instancePath.slice(1)} ${message}`.trim();
}
