/**
 * One identity of a request as Go decodes it into its type, and what Pebble then has against its parts.
 * Source: pebble internals/daemon/api_identities.go (identityFromAPI); Go encoding/json, encoding/pem.
 */
import type { Json, JsonObject } from '../../model/json.ts';

export type DecodedIdentity = {
  readonly access: string;
  readonly local?: { readonly 'user-id': number };
  readonly basic?: { readonly password: string };
  readonly cert?: { readonly pem: string };
};
/** `mistyped`: what cannot be unmarshalled into what, in Go's words. `fault`: what Pebble says. */
type Refused = { readonly mistyped: string } | { readonly fault: string };

class Mistyped extends Error {}
class Fault extends Error {}

const USER_MAX = 0xffffffff;
const PEM =
  /^(?:[\s\S]*?\n)?-----BEGIN ([A-Z0-9 ]+)-----\r?\n((?:[A-Za-z0-9+/= \t]+\r?\n)+)-----END \1-----[ \t]*(?:\r?\n|$)/;

function typeOf(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mistyped(what: string, field: string, type: string): never {
  throw new Mistyped(`${what} into Go struct field ${field} of type ${type}`);
}

function textIn(
  holder: JsonObject,
  name: string,
  [field, type]: readonly [string, string],
): string {
  const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : mistyped(typeOf(value), field, type);
}

/** A part that is there; null and absent are not. */
function partIn(holder: JsonObject, name: string, type: string): JsonObject | null {
  const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
  if (value === undefined || value === null) return null;
  const field = `apiIdentity.identities.${name}`;
  return isObject(value) ? value : mistyped(typeOf(value), field, `daemon.${type}`);
}

function userIn(local: JsonObject): number {
  const value = local['user-id'];
  if (value === undefined || value === null) throw new Fault('local identity must specify user-id');
  const field = 'apiLocalIdentity.identities.local.user-id';
  if (typeof value !== 'number') return mistyped(typeOf(value), field, 'uint32');
  const is = Number.isInteger(value) && value >= 0 && value <= USER_MAX;
  return is ? value : mistyped(`number ${value}`, field, 'uint32');
}

function certificateIn(pem: string): string {
  const block = PEM.exec(pem);
  if (!block) throw new Fault('cert identity must include a PEM-encoded certificate');
  if (block[0] !== pem) throw new Fault('cert identity cannot have extra data after the PEM block');
  return pem;
}

function decode(value: JsonObject): DecodedIdentity {
  const access = textIn(value, 'access', ['apiIdentity.identities.access', 'identities.Access']);
  const local = partIn(value, 'local', 'apiLocalIdentity');
  const basic = partIn(value, 'basic', 'apiBasicIdentity');
  const cert = partIn(value, 'cert', 'apiCertIdentity');
  const password = (of: JsonObject): string =>
    textIn(of, 'password', ['apiBasicIdentity.identities.basic.password', 'string']);
  const pem = (of: JsonObject): string =>
    textIn(of, 'pem', ['apiCertIdentity.identities.cert.pem', 'string']);
  return {
    access,
    ...(local ? { local: { 'user-id': userIn(local) } } : {}),
    ...(basic ? { basic: { password: password(basic) } } : {}),
    ...(cert ? { cert: { pem: certificateIn(pem(cert)) } } : {}),
  };
}

/** The identity, null for null, or what is wrong with it. */
export function decodeIdentity(value: Json): DecodedIdentity | Refused | null {
  if (value === null) return null;
  if (!isObject(value)) {
    const into = 'Go struct field .identities of type daemon.apiIdentity';
    return { mistyped: `${typeOf(value)} into ${into}` };
  }
  try {
    return decode(value);
  } catch (error) {
    if (error instanceof Mistyped) return { mistyped: error.message };
    if (error instanceof Fault) return { fault: error.message };
    throw error;
  }
}
