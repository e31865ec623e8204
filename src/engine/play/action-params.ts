/**
 * An action's parameters as the controller checks them before the charm is run: against their schema, defaults filled.
 * Source: juju internal/charm/actions.go (a draft-4 JSON schema per action). Unknown parameters are refused only where
 * the charm says `additionalProperties: false`.
 */
import { Ajv, type ErrorObject } from 'ajv';
import type { ActionSpec } from '../model/charm.ts';
import type { JsonObject } from '../model/json.ts';
import type { Problem } from '../model/outcome.ts';

/** The parameters the charm will see, or why the controller refuses them. */
export function actionParams(
  action: ActionSpec | undefined,
  given: JsonObject,
): { readonly params: JsonObject } | { readonly problems: readonly Problem[] } {
  if (!action) return { params: given };
  const ajv = new Ajv({
    useDefaults: true,
    strict: false,
    allErrors: true,
    validateFormats: false,
  });
  const params = structuredClone(given) as Record<string, unknown>;
  const validate = ajv.compile({
    type: 'object',
    properties: action.params,
    required: [...action.required],
    ...(action.additionalProperties === undefined
      ? {}
      : { additionalProperties: action.additionalProperties }),
  });
  if (validate(params)) return { params: params as JsonObject };
  const problems = (validate.errors ?? []).map((error) => ({
    message: `the controller refuses the action's parameters: ${faultText(error)}`,
  }));
  return { problems };
}

/** `colour must be equal to one of the allowed values`. */
function faultText({ instancePath, message }: ErrorObject): string {
  return `${instancePath.slice(1)} ${message}`.trim();
}
