/**
 * secret-grant and secret-revoke: who else may read a secret, over which relation. Both land at the commit, revokes
 * last.
 * Source: juju jujuc/secret-grant.go, secret-revoke.go, context/context.go (GrantSecret, RevokeSecret),
 * context/secrets.go, state/secrets.go (GrantSecretAccess). Of several grants of one secret over one relation in a
 * hook the last one lands.
 * Not modelled: units that the model does not have, applications that consume an offer.
 */
import type { Draft } from 'immer';
import type { Answer, Reply } from '../../model/request.ts';
import { isReply, ok, quoted, refuse, unrecognised, type Parsed } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { chosenRelation, isRelation, RELATION_FLAG, relationKey } from './relation-context.ts';
import { askedOf, doom, toChange } from './secret-change.ts';
import { readUri, uriText, type SecretUri } from './secret-id.ts';
import { whyRefused } from './secret-refusal.ts';
import type { Secret } from './secret-slice.ts';
import { entityTag, isApplicationName, isUnitName } from './secret-tags.ts';
import { asked, isDeposed, isNew, listed, managed, stored } from './secret-view.ts';
import type { JujuSlice, Relation } from './slice.ts';

/** An application or a unit, by its name, and the relation. */
type Grant = { readonly uri: SecretUri; readonly to: string; readonly relation: Relation };

function appOf(name: string): string {
  return name.split('/')[0] ?? name;
}

function readGrant(context: HookContext, parsed: Parsed): Grant | Reply {
  const relation = chosenRelation(context, parsed);
  if (parsed.text['relation'] !== undefined && !isRelation(relation)) return relation;
  const [text, ...more] = parsed.rest;
  if (text === undefined) return refuse(2, 'missing secret URI');
  const uri = readUri(context.seen, text);
  if (!isUri(uri)) return uri;
  if (!isRelation(relation)) return relation;
  const { app } = relation;
  const unit = parsed.text['unit'] ?? '';
  if (unit !== '' && !isUnitName(unit)) return refuse(2, `unit ${quoted(unit)} not valid`);
  if (unit !== '' && appOf(unit) !== app) {
    return refuse(
      2,
      `cannot specify unit ${quoted(unit)} in relation to application ${quoted(app)}`,
    );
  }
  return more.length > 0 ? unrecognised(more) : { uri, to: unit || app, relation };
}

function isUri(value: SecretUri | Reply): value is SecretUri {
  return !isReply(value);
}

function isGrant(value: Grant | Reply): value is Grant {
  return !isReply(value);
}

/** `granted`: there is nothing to do, or why it cannot be done. */
function already({ grants }: Secret, { to, relation }: Grant): Reply | undefined {
  const over = Object.entries(grants).filter(([, key]) => key === relationKey(relation));
  for (const [name] of over) {
    if (name === to || !name.includes('/')) return ok('');
    if (!to.includes('/')) {
      return refuse(
        1,
        'any unit level grants need to be revoked before granting access to the corresponding application',
      );
    }
  }
  return undefined;
}

/** Why the controller will not record a grant that the agent has let pass. */
function refusedGrant(slice: JujuSlice, { uri, to, relation }: Grant): string | undefined {
  const because = (reason: string): string =>
    `cannot change access to ${quoted(uriText(uri))} for ${quoted(entityTag(to))}: ${reason}`;
  if (relation.remoteModel !== null && to.includes('/')) {
    return because('sharing secrets with a unit across a cross model relation not supported');
  }
  const scope = stored(slice, uri.key)?.grants[to];
  const owned = slice.secrets[uri.key]?.owner;
  const other = scope !== undefined && scope !== relationKey(relation);
  if (other || (owned?.kind === 'application' && owned.name === to)) {
    return because('cannot change secret permission scope');
  }
  return undefined;
}

function record(slice: Draft<JujuSlice>, { uri, to, relation }: Grant): void {
  const change = toChange(slice, uri.key);
  if (!change) return;
  const hook = askedOf(slice);
  const over = relationKey(relation);
  const granted = (hook.granted[uri.key] ??= {});
  const earlier = granted[over];
  granted[over] = to;
  if (earlier !== undefined && change.before?.grants[earlier] === undefined) {
    delete change.secret.grants[earlier];
  }
  if (!hook.revoked[uri.key]?.includes(to)) change.secret.grants[to] = over;
}

export const secretGrant: HookCommand = {
  flags: { ...RELATION_FLAG, unit: { kind: 'text' } },
  run(context, parsed): Answer {
    const { seen, buffer } = context;
    const grant = readGrant(context, parsed);
    if (!isGrant(grant)) return grant;
    const { key, id } = grant.uri;
    const secret = seen.secrets[key];
    if (!secret || !listed(seen).includes(key)) return refuse(1, `secret ${quoted(id)} not found`);
    if (isDeposed(context, secret)) return refuse(1, 'this unit is not the leader');
    const done = already(secret, grant);
    if (done) return done;
    const refused = refusedGrant(seen, grant);
    buffer((slice) => {
      if (refused === undefined) record(slice, grant);
      else doom(slice, { key, step: 'granting secrets access', message: refused });
    });
    return ok('');
  },
};

type Revoke = { readonly uri: SecretUri; readonly from: string };

function hasRelation({ event }: HookContext, parsed: Parsed): boolean {
  return parsed.text['relation'] !== undefined || event.kind === 'relation';
}

/** Whom access is taken from: the relation's application counts as named, in a relation hook even unasked. */
function revokedFrom(context: HookContext, parsed: Parsed): string | Reply {
  const { app: named = '', unit = '' } = parsed.text;
  if (named !== '' && !isApplicationName(named)) {
    return refuse(2, `application ${quoted(named)} not valid`);
  }
  if (unit !== '' && !isUnitName(unit)) return refuse(2, `unit ${quoted(unit)} not valid`);
  if (named !== '' && unit !== '') return refuse(2, 'specify only one of application or unit');
  if (!hasRelation(context, parsed)) {
    return unit || named || refuse(2, 'missing relation or application or unit');
  }
  const relation = chosenRelation(context, parsed);
  if (!isRelation(relation)) return relation;
  if (named !== '') return refuse(2, 'do not specify both relation and app');
  return unit || relation.app;
}

function readRevoke(context: HookContext, parsed: Parsed): Revoke | Reply {
  const given = parsed.text['relation'] === undefined ? undefined : chosenRelation(context, parsed);
  if (given && !isRelation(given)) return given;
  const [text, ...more] = parsed.rest;
  if (text === undefined) return refuse(2, 'missing secret URI');
  const uri = readUri(context.seen, text);
  if (!isUri(uri)) return uri;
  const from = revokedFrom(context, parsed);
  if (typeof from !== 'string') return from;
  return more.length > 0 ? unrecognised(more) : { uri, from };
}

function isRevoke(value: Revoke | Reply): value is Revoke {
  return !isReply(value);
}

export const secretRevoke: HookCommand = {
  flags: { ...RELATION_FLAG, app: { kind: 'text', also: 'application' }, unit: { kind: 'text' } },
  run(context, parsed): Answer {
    const { seen, buffer } = context;
    const revoke = readRevoke(context, parsed);
    if (!isRevoke(revoke)) return revoke;
    const { uri, from } = revoke;
    const known = managed(seen, uri.key);
    if (known && isDeposed(context, known)) return refuse(1, 'this unit is not the leader');
    const earlier = asked(seen).revoked[uri.key] ?? [];
    if (earlier.includes(from) || earlier.includes(appOf(from))) return ok('');
    buffer((slice) => {
      if (!known && !isNew(seen, uri.key)) {
        const message = whyRefused(seen, uri);
        return doom(slice, { key: uri.key, step: 'revoking secrets access', message });
      }
      const change = toChange(slice, uri.key);
      (askedOf(slice).revoked[uri.key] ??= []).push(from);
      if (change) delete change.secret.grants[from];
    });
    return ok('');
  },
};
