/**
 * Which secret events Juju could deliver to the unit in a state, and what they leave when their hook is done.
 * Source: juju internal/worker/uniter/secrets (resolver.go, state.go), state/secrets.go (watchers of consumed,
 * rotating, expiring and obsolete secrets), apiserver/facades/agent/secretsmanager (SecretsRotated)
 * Not modelled: other readers, who may keep a revision from being obsolete; the delay before secret-expired comes
 * again.
 */
import type { Draft } from 'immer';
import type { SecretEvent } from '../../model/event.ts';
import type { Millis } from '../../model/request.ts';
import type { Secret } from './secret-slice.ts';
import { nextRotation } from './secret-rotation.ts';
import { latest, latestRevision, ownership, stored } from './secret-view.ts';
import type { JujuSlice } from './slice.ts';

/** Rotation, expiry and removal are told to the unit that owns a secret, or to the leader. */
function isOwner(slice: JujuSlice, secret: Secret): boolean {
  const owned = ownership(slice, secret);
  return owned === 'unit' || (owned === 'application' && slice.leader);
}

function labelOf(slice: JujuSlice, secret: Secret): string {
  return ownership(slice, secret) === 'others'
    ? secret.readerLabel
    : secret.readerLabel || secret.label;
}

/** Revisions that nobody needs any more and that their owner was not told of. */
function obsoleteRevisions(secret: Secret): readonly number[] {
  return Object.keys(secret.revisions)
    .map(Number)
    .filter((number) => number !== latest(secret) && number !== secret.tracked)
    .filter((number) => !secret.announced.includes(number))
    .sort((a, b) => a - b);
}

function toOwner(key: string, secret: Secret, now: Millis): readonly SecretEvent[] {
  const about = { kind: 'secret', secret: key, label: secret.label } as const;
  const expired = Object.entries(secret.revisions)
    .filter(([, { expire }]) => expire !== null && expire <= now)
    .map(([number]): SecretEvent => ({ ...about, happening: 'expired', revision: Number(number) }));
  const rotates = secret.nextRotate !== null && secret.nextRotate <= now;
  const rotate: readonly SecretEvent[] = rotates ? [{ ...about, happening: 'rotate' }] : [];
  const remove = obsoleteRevisions(secret).map((revision): SecretEvent => ({
    ...about,
    happening: 'remove',
    revision,
  }));
  return [...expired, ...rotate, ...remove];
}

function toReader(slice: JujuSlice, key: string, secret: Secret): readonly SecretEvent[] {
  const { tracked, readable } = secret;
  const reads = readable || ownership(slice, secret) !== 'others';
  if (!reads || tracked === null || tracked === latest(secret)) return [];
  return [{ kind: 'secret', happening: 'changed', secret: key, label: labelOf(slice, secret) }];
}

const ORDER: readonly SecretEvent['happening'][] = ['expired', 'rotate', 'changed', 'remove'];

/** In the order in which the agent looks for them. */
export function dueSecretEvents(slice: JujuSlice, now: Millis): readonly SecretEvent[] {
  const all = Object.entries(slice.secrets).flatMap(([key, secret]) => [
    ...(isOwner(slice, secret) ? toOwner(key, secret, now) : []),
    ...toReader(slice, key, secret),
  ]);
  return all.sort((a, b) => ORDER.indexOf(a.happening) - ORDER.indexOf(b.happening));
}

const RETRY = 5 * 60_000;

/** After secret-rotate: sooner than the policy says when nothing was rotated, or it would expire before. */
function rotated(slice: JujuSlice, secret: Secret, { event, now }: Done): Millis | null {
  const due = secret.nextRotate ?? now;
  const next = nextRotation(secret.rotate, due);
  if (next === null) return secret.nextRotate;
  const soon = due + RETRY;
  const before = stored(slice, event.secret);
  const expire = latestRevision(secret)?.expire ?? null;
  const expires = expire !== null && expire < next && soon < expire;
  const unchanged = !before || latest(before) === latest(secret);
  return expires || unchanged ? soon : next;
}
type Done = { readonly event: SecretEvent; readonly now: Millis };

/** What is written when the hook of a secret event is done; what it has asked of secrets is in the slice by then. */
export function secretHookDone(slice: Draft<JujuSlice>, event: SecretEvent, now: Millis): void {
  const secret = slice.secrets[event.secret];
  if (!secret) return;
  const { happening, revision } = event;
  if (happening === 'rotate') secret.nextRotate = rotated(slice, secret, { event, now });
  if (happening === 'remove' && revision !== undefined && !secret.announced.includes(revision)) {
    secret.announced.push(revision);
  }
}
