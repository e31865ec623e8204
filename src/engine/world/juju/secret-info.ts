/**
 * secret-info-get and secret-ids: what the unit's agent lists of its own secrets, this hook's changes included.
 * Source: juju jujuc/secret-info-get.go, secret-ids.go, context/context.go (SecretMetadata)
 * Not modelled: the remote endpoint's name in the scope of a grant; it stands there as this side's.
 */
import type { Json } from '../../model/json.ts';
import { isReply, quoted, refuse, unrecognised } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted, YAML_OR_JSON_FLAGS } from './format.ts';
import { readUri } from './secret-id.ts';
import { reworded } from './secret-print.ts';
import type { Secret } from './secret-slice.ts';
import { timeText } from './secret-time.ts';
import { asked, latest, latestRevision, listed, stored } from './secret-view.ts';
import { entityTag, scopeTag } from './secret-tags.ts';
import type { Charm } from '../../model/charm.ts';
import type { JujuSlice } from './slice.ts';

/** Names of what Juju prints quotes around in JSON only. */
const TIMES = /^( {2}(?:expiry|rotates): )"(.*)"$/gm;

/** A new revision and a next rotation come with the commit; until then Juju shows those there are. */
function dated(slice: JujuSlice, key: string, secret: Secret) {
  const before = stored(slice, key);
  if (!before) {
    const rotation = Object.hasOwn(asked(slice).rotated, key) ? secret.rotate : undefined;
    return { revision: 1, rotation, expire: latestRevision(secret)?.expire, rotates: null };
  }
  const kept = latestRevision(before)?.expire;
  const expire = latestRevision(secret)?.expire ?? kept;
  return { revision: latest(before), rotation: secret.rotate, expire, rotates: before.nextRotate };
}

function accessTo(slice: JujuSlice, charm: Charm, { grants }: Secret): readonly Json[] {
  return Object.entries(grants)
    .map(([target, relation]) => ({
      target: entityTag(target),
      scope: scopeTag(slice, charm, relation),
      role: 'view',
    }))
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

function described(slice: JujuSlice, charm: Charm, key: string): Json {
  const secret = slice.secrets[key];
  if (!secret) return null;
  const { revision, rotation, expire, rotates } = dated(slice, key, secret);
  const access = accessTo(slice, charm, secret);
  return {
    revision,
    label: secret.label,
    owner: secret.owner.kind,
    description: secret.description === '' ? undefined : secret.description,
    rotation,
    expiry: expire == null ? undefined : timeText(expire),
    rotates: rotates === null ? undefined : timeText(rotates),
    access: access.length === 0 ? undefined : access,
  };
}

export const secretInfoGet: HookCommand = {
  flags: { ...YAML_OR_JSON_FLAGS, label: { kind: 'text' } },
  run({ seen, charm }, parsed) {
    const [text, ...more] = parsed.rest;
    const uri = text === undefined ? undefined : readUri(seen, text);
    if (text !== undefined && uri && isReply(uri)) {
      return refuse(2, `secret URI ${quoted(text)} not valid`);
    }
    const label = parsed.text['label'] ?? '';
    if (!uri && label === '') return refuse(2, 'require either a secret URI or label');
    if (uri && label !== '') {
      return refuse(2, 'specify either a secret URI or label but not both');
    }
    if (more.length > 0) return unrecognised(more);
    const wanted = uri && 'id' in uri ? uri.id : label;
    const key = listed(seen).find((one) =>
      uri ? one === wanted : seen.secrets[one]?.label === wanted,
    );
    if (key === undefined) return refuse(1, `secret ${quoted(wanted)} not found`);
    const value = { [key]: described(seen, charm, key) };
    const answer = formatted(value, parsed, { otherwise: 'yaml', ordered: true });
    return parsed.text['format'] === 'json'
      ? answer
      : reworded(answer, (shown) => shown.replace(TIMES, '$1$2'));
  },
};

export const secretIds: HookCommand = {
  flags: FORMAT_FLAGS,
  run({ seen }, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const ids = listed(seen);
    return formatted(ids.length === 0 ? null : ids, parsed, { yaml: ids });
  },
};
