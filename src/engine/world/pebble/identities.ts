/**
 * Identities: who else may ask this Pebble, by what they show of themselves. Secrets are never told.
 * Source: pebble internals/daemon/api_identities.go, internals/overlord/identities/identities.go. Go takes several at
 * once in random order; here they come as they were sent.
 * Not modelled: what identities allow, as every request comes from root; what is in a certificate, which is taken for
 * one when its PEM is.
 */
import type { Draft } from 'immer';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { badRequest, done, quoted, sync } from './answer.ts';
import type { Handler } from './asked.ts';
import { decodeJson } from './go-json.ts';
import { decodeIdentity, type DecodedIdentity } from './identity-decode.ts';
import { isWrong, payloadOf } from './payload.ts';
import type { Container, Identity } from './slice.ts';

type Identities = Readonly<Record<string, Identity>>;
/** By name; null for one that is to go. */
type Asked = ReadonlyMap<string, Identity | null>;

const NAME = /^[a-zA-Z][a-zA-Z0-9_-]*$/;
const NAME_RULE =
  'must start with an alphabetic character and only contain alphanumeric characters, underscore, and hyphen';
const ACCESS = ['admin', 'read', 'metrics', 'untrusted'];
const ONE_OF = '"admin", "read", "metrics", or "untrusted"';
const HIDDEN = '*****';

function own(container: Container): Identities {
  return container.identities ?? {};
}

function shown({ access, local, basic, cert }: Identity): JsonObject {
  return {
    access,
    ...(local ? { local } : {}),
    ...(basic ? { basic: { password: HIDDEN } } : {}),
    ...(cert ? { cert: { pem: HIDDEN } } : {}),
  };
}

export const getIdentities: Handler = ({ container }) => {
  const entries = Object.entries(own(container)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sync(Object.fromEntries(entries.map(([name, identity]) => [name, shown(identity)])));
};

/** What is wrong with an identity of this name, or null. */
function faultOf(name: string, { access, local, basic, cert }: DecodedIdentity): string | null {
  // Pebble quotes the name before it has set it.
  if (!NAME.test(name)) return `identity name "" invalid: ${NAME_RULE}`;
  if (access === '') return `access value must be specified (${ONE_OF})`;
  if (!ACCESS.includes(access)) return `invalid access value ${quoted(access)}, must be ${ONE_OF}`;
  if (basic && basic.password === '') return 'basic identity must specify password (hashed)';
  if (!local && !basic && !cert)
    return 'identity must have at least one type ("local", "basic", or "cert")';
  return null;
}

/** The identities of a request, or the answer to what is wrong with them. */
function identitiesOf(sent: Json | undefined): Asked | Answer {
  const asked = new Map<string, Identity | null>();
  if (sent === undefined || sent === null) return asked;
  const decoding = 'cannot decode request body: json: cannot unmarshal';
  if (typeof sent !== 'object' || Array.isArray(sent)) {
    const type = Array.isArray(sent) ? 'array' : typeof sent === 'boolean' ? 'bool' : typeof sent;
    const into = 'Go struct field .identities of type map[string]*daemon.apiIdentity';
    return badRequest(`${decoding} ${type} into ${into}`);
  }
  const decoded = Object.entries(sent as Readonly<Record<string, Json>>).map(
    ([name, one]) => [name, decodeIdentity(one)] as const,
  );
  const mistyped = decoded.find(([, one]) => one && 'mistyped' in one)?.[1];
  if (mistyped && 'mistyped' in mistyped) return badRequest(`${decoding} ${mistyped.mistyped}`);
  for (const [name, one] of decoded) {
    if (one === null) asked.set(name, null);
    else if ('mistyped' in one) continue;
    else {
      const fault = 'fault' in one ? one.fault : faultOf(name, one);
      if (fault !== null) return badRequest(`invalid identity for ${quoted(name)}: ${fault}`);
      asked.set(name, one as Identity);
    }
  }
  return asked;
}

function isAnswer(value: Asked | Answer): value is Answer {
  return 'kind' in value;
}

/** Two of one user, or null. */
function sharing(identities: Identities): string | null {
  const users = new Map<number, string[]>();
  for (const [name, { local }] of Object.entries(identities)) {
    if (local) users.set(local['user-id'], [...(users.get(local['user-id']) ?? []), name]);
  }
  const shared = [...users].find(([, names]) => names.length > 1);
  if (!shared) return null;
  const [user, names] = shared;
  return `cannot have multiple identities with user ID ${user} (${names.sort().join(', ')})`;
}

/** What an action has against the names that it is given, or null. */
function refusal(action: string, asked: Asked, known: Identities): string | null {
  const names = [...asked.keys()];
  const nulls = action === 'remove';
  const odd = names.find((name) => (asked.get(name) === null) !== nulls);
  if (action !== 'replace' && odd !== undefined) {
    const must = nulls ? 'must be null' : 'must not be null';
    return `identity value for ${quoted(odd)} ${must} for ${action} operation`;
  }
  const there = names.filter((name) => Object.hasOwn(known, name)).sort();
  const missing = names.filter((name) => !Object.hasOwn(known, name)).sort();
  if (action === 'add' && there.length > 0) return `identities already exist: ${there.join(', ')}`;
  if ((action === 'update' || nulls) && missing.length > 0)
    return `identities do not exist: ${missing.join(', ')}`;
  return null;
}

const ACTIONS = ['add', 'update', 'replace', 'remove'];

export const postIdentities: Handler = ({ body, container, change }) => {
  const payload = payloadOf(body, { action: 'string' });
  if (isWrong(payload)) return badRequest(`cannot decode request body: ${payload.wrong}`);
  const decoded = decodeJson(new TextDecoder().decode(body));
  const whole = 'wrong' in decoded ? {} : ((decoded.value ?? {}) as JsonObject);
  const asked = identitiesOf(whole['identities']);
  if (isAnswer(asked)) return asked;
  const { action } = payload;
  if (!ACTIONS.includes(action)) {
    const must = 'must be "add", "update", "replace", or "remove"';
    return badRequest(`invalid action ${quoted(action)}, ${must}`);
  }
  const known = own(container);
  const refused = refusal(action, asked, known);
  if (refused !== null) return badRequest(refused);
  const others = Object.entries(known).filter(([name]) => !asked.has(name));
  const given = [...asked].filter(([, identity]) => identity !== null) as [string, Identity][];
  const next = Object.fromEntries([...others, ...given]);
  const shared = sharing(next);
  if (shared !== null) return badRequest(shared);
  change((draft: Draft<Container>) => {
    if (Object.keys(next).length > 0) draft.identities = next;
    else delete draft.identities;
  });
  return done();
};
