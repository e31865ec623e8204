/**
 * Secrets as an author describes them: by a name of the tree, which their ids are made of.
 * Source: juju core/secrets, domain and state of secrets (owners, grants over relations, revisions).
 * Not modelled: secrets of another model, whose ids have that model's UUID in front; expiry.
 */
import type { Draft } from 'immer';
import { stableText } from '../model/json.ts';
import type { Millis } from '../model/request.ts';
import type { SecretSpec, StateSpec } from '../tree/definition.ts';
import { unitName } from '../world/juju/command.ts';
import { secretId } from '../world/juju/secret-id.ts';
import { nextRotation } from '../world/juju/secret-rotation.ts';
import type { Secret } from '../world/juju/secret-slice.ts';
import { latest, ownership } from '../world/juju/secret-view.ts';
import type { JujuSlice, Relation } from '../world/juju/slice.ts';

type Slice = Draft<JujuSlice>;

/** The id of the secret that a tree calls so. */
export function idOfName(name: string): string {
  return secretId(`tree ${name}`);
}

/** `secret:NAME` of a secret that is there becomes its id; any other text stays. */
export function withSecretId(slice: Pick<JujuSlice, 'secrets'>, text: string): string {
  const name = /^secret:([a-z0-9-]+)$/.exec(text)?.[1];
  if (name === undefined || Object.hasOwn(slice.secrets, name)) return text;
  const id = idOfName(name);
  return Object.hasOwn(slice.secrets, id) ? `secret:${id}` : text;
}

function ownerOf(slice: JujuSlice, owner: string): Secret['owner'] {
  switch (owner) {
    case 'application':
      return { kind: 'application', name: slice.app };
    case 'unit':
      return { kind: 'unit', name: unitName(slice) };
    case 'model':
      return { kind: 'model', name: slice.model.uuid };
    default:
      return { kind: owner.includes('/') ? 'unit' : 'application', name: owner };
  }
}

function newSecret(slice: JujuSlice, spec: SecretSpec): Secret {
  return {
    owner: ownerOf(slice, spec.owner ?? 'application'),
    label: '',
    description: '',
    rotate: 'never',
    nextRotate: null,
    revisions: {},
    grants: {},
    readable: true,
    tracked: null,
    readerLabel: '',
    announced: [],
  };
}

/** Other content than the latest revision's is a revision of its own. */
function withContent(secret: Secret, content: SecretSpec['content']): Secret {
  const number = latest(secret);
  const known = secret.revisions[number];
  if (content === undefined && known) return secret;
  const wanted = content ?? { value: 'not-a-secret' };
  if (known && stableText(known.content) === stableText(wanted)) return secret;
  const revision = { content: wanted, expire: null };
  return { ...secret, revisions: { ...secret.revisions, [number + 1]: revision } };
}

function described(slice: JujuSlice, secret: Secret, spec: SecretSpec, now: Millis): Secret {
  const owner = spec.owner === undefined ? secret.owner : ownerOf(slice, spec.owner);
  const own = ownership(slice, { ...secret, owner }) !== 'others';
  const rotate = (spec.rotate ?? secret.rotate) as Secret['rotate'];
  const called = spec.label ?? (own ? secret.label : secret.readerLabel);
  return {
    ...secret,
    owner,
    ...(own ? { label: called } : { readerLabel: called }),
    description: spec.description ?? secret.description,
    rotate,
    nextRotate: rotate === secret.rotate ? secret.nextRotate : nextRotation(rotate, now),
    readable: own || (spec.readable ?? secret.readable),
  };
}

/** Secrets without their grants, which need the relations that are laid after them. */
export function laySecrets(slice: Slice, secrets: StateSpec['secrets'] = {}, now: Millis): void {
  for (const [name, spec] of Object.entries(secrets)) {
    const id = idOfName(name);
    if (spec === null) {
      delete slice.secrets[id];
      continue;
    }
    const known = slice.secrets[id] ?? newSecret(slice, spec);
    const laid = withContent(described(slice, known, spec, now), spec.content);
    slice.secrets[id] = laid as Draft<Secret>;
  }
}

/** The relation that a grant to `reader` over an endpoint goes over. */
export function grantRelation(
  slice: Pick<JujuSlice, 'relations'>,
  reader: string,
  endpoint: string,
): Relation | undefined {
  const app = reader.split('/')[0];
  return Object.values(slice.relations).find(
    (relation) => relation.endpoint === endpoint && relation.app === app,
  );
}

export function layGrants(slice: Slice, secrets: StateSpec['secrets'] = {}): void {
  for (const [name, spec] of Object.entries(secrets)) {
    const secret = slice.secrets[idOfName(name)];
    for (const [reader, endpoint] of Object.entries(spec?.grants ?? {})) {
      const relation = grantRelation(slice, reader, endpoint);
      if (secret && relation) secret.grants[reader] = `${endpoint}:${relation.id}`;
    }
  }
}
