/**
 * credential-get: the cloud that the model is in, for applications that the operator trusts.
 * Source: juju jujuc/credential-get.go, internal/worker/uniter/runner/context/context.go (CloudSpec),
 * rpc/params/cloud.go for the fields, which YAML names as Go does
 */
import { sorted, type Json, type JsonObject } from '../../model/json.ts';
import { refuse, unrecognised } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';

/** Fields in Go's order: what JSON calls each, and its value when there is none. */
const SPEC: readonly (readonly [string, Json])[] = [
  ['type', ''],
  ['name', ''],
  ['region', ''],
  ['endpoint', ''],
  ['identity-endpoint', ''],
  ['storage-endpoint', ''],
  ['credential', null],
  ['cacertificates', []],
  ['skip-tls-verify', false],
  ['is-controller-cloud', false],
];
const ALWAYS: readonly string[] = ['type', 'name', 'auth-type'];
const CREDENTIAL: readonly (readonly [string, Json])[] = [
  ['auth-type', ''],
  ['attrs', {}],
  ['redacted', []],
];
const IN_YAML: Readonly<Record<string, string>> = { attrs: 'attributes' };

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNothing(value: Json): boolean {
  if (value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Only what is there, but for the fields that always are. */
function inJson(spec: JsonObject, fields: typeof SPEC): Json {
  const all = fields.map(([name, none]): [string, Json] => {
    const value = sorted(spec[name] ?? none);
    return [name, name === 'credential' && isObject(value) ? inJson(value, CREDENTIAL) : value];
  });
  return Object.fromEntries(
    all.filter(([name, value]) => ALWAYS.includes(name) || !isNothing(value)),
  );
}

/** Every field, named as Go's library names one that has no name for YAML. */
function inYaml(spec: JsonObject, fields: typeof SPEC): Json {
  return Object.fromEntries(
    fields.map(([name, none]) => {
      const value = sorted(spec[name] ?? none);
      const shown = name === 'credential' && isObject(value) ? inYaml(value, CREDENTIAL) : value;
      return [IN_YAML[name] ?? name.replaceAll('-', ''), shown];
    }),
  );
}

export const credentialGet: HookCommand = {
  flags: FORMAT_FLAGS,
  run({ seen }, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const refusal = (why: string): ReturnType<typeof refuse> =>
      refuse(1, `cannot access cloud credentials: ${why}`);
    if (seen.model.type === 'kubernetes') {
      return refusal('credential-get on a "caas" model not supported');
    }
    if (!seen.trusted) return refusal('permission denied');
    if (seen.cloudSpec === null) {
      return { kind: 'unsupported', what: 'credential-get of a cloud that the tree does not tell' };
    }
    const yaml = inYaml(seen.cloudSpec, SPEC);
    return formatted(inJson(seen.cloudSpec, SPEC), parsed, { yaml, ordered: true });
  },
};
