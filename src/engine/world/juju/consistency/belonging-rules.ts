/**
 * Events of what a unit has: storage that comes and goes, secrets that it owns or reads.
 * Source: juju internal/worker/uniter (storage/resolver.go, secrets/resolver.go, operation/runhook.go)
 * Not checked: that a secret has a new revision when secret-changed comes, or that an expiry has passed.
 */
import { eventName } from '../../../model/event.ts';
import { code, documentation, unread } from '../../../model/rule.ts';
import { ownership } from '../secret-view.ts';
import { isKnown, of, type EventRule } from './at.ts';

const STORAGE = 'juju internal/worker/uniter/storage/resolver.go (nextHookOp)';

const attachedOnce: EventRule = {
  id: 'storage-attached-once',
  title: 'storage is attached once, until it is detached',
  source: code(STORAGE),
  check: of('storage', (at) => {
    const { slice, event } = at;
    if (event.phase !== 'attached' || !slice.storages[event.id]?.attached) return null;
    if (!isKnown(at) && !slice.stage.seen?.storages[event.id]) return null;
    const message = `the storage ${event.id} is attached already`;
    return { message, about: event.id, hint: `add storage: {${event.id}: {attached: false}}` };
  }),
};

const attachedFirst: EventRule = {
  id: 'storage-attached-first',
  title: 'storage is attached before it is detached',
  source: code(STORAGE),
  check: of('storage', ({ slice, event }) => {
    const storage = slice.storages[event.id];
    if (event.phase !== 'detaching' || !storage || storage.attached) return null;
    const message = `the storage ${event.id} is not attached: nothing is detached`;
    return { message, about: event.id, hint: `add ${event.storage}-storage-attached before it` };
  }),
};

const OWNERS = ['rotate', 'expired', 'remove'];

const toOwner: EventRule = {
  id: 'secret-owner',
  title: 'secret-rotate, secret-expired and secret-remove go to the owner of the secret',
  source: unread('juju internal/worker/uniter/secrets/resolver.go; apiserver secretsmanager'),
  check: of('secret', ({ slice, event }) => {
    const secret = slice.secrets[event.secret];
    if (!secret || !OWNERS.includes(event.happening)) return null;
    if (ownership(slice, secret) !== 'others') return null;
    const message = `the secret is not this unit's own: ${eventName(event)} goes to its owner`;
    const hint = 'add owner: unit, or owner: application, to the secret';
    return { message, about: event.secret, hint };
  }),
};

const toLeader: EventRule = {
  id: 'secret-leader',
  title:
    'secret-rotate, secret-expired and secret-remove of an application’s secret go to the leader',
  source: code('juju internal/worker/uniter/operation/runhook.go (Prepare)'),
  check: of('secret', ({ slice, event }) => {
    const secret = slice.secrets[event.secret];
    if (!secret || slice.leader || !OWNERS.includes(event.happening)) return null;
    if (ownership(slice, secret) !== 'application') return null;
    const message = `the application owns the secret: ${eventName(event)} goes to the leader only`;
    return { message, about: event.secret, hint: 'add leader: true' };
  }),
};

const toReader: EventRule = {
  id: 'secret-changed-reader',
  title:
    'secret-changed goes to units that may read the secret, to its owner only once it has read it',
  source: unread('juju apiserver/facades/agent/secretsmanager (readers are consumers, owners too)'),
  check: of('secret', ({ slice, event }) => {
    const secret = slice.secrets[event.secret];
    if (!secret || event.happening !== 'changed') return null;
    if (ownership(slice, secret) !== 'others') {
      if (secret.tracked !== null) return null;
      const message = 'the secret is this unit’s own: secret-changed goes to those who read it';
      return { message, about: event.secret, hint: 'add owner: another application to the secret' };
    }
    if (secret.readable) return null;
    const message = 'the unit may not read the secret: secret-changed goes to those who may';
    return { message, about: event.secret, hint: 'add readable: true to the secret' };
  }),
};

const rotates: EventRule = {
  id: 'secret-rotates',
  title: 'secret-rotate comes for secrets with a rotation policy',
  source: documentation('Juju, secret-rotate'),
  check: of('secret', ({ slice, event }) => {
    const secret = slice.secrets[event.secret];
    if (event.happening !== 'rotate' || secret?.rotate !== 'never') return null;
    const message = 'the secret has no rotation policy: secret-rotate never comes';
    return { message, about: event.secret, hint: 'add rotate: monthly to the secret' };
  }),
};

const obsolete: EventRule = {
  id: 'secret-remove-obsolete',
  title: 'secret-remove is about a revision that is not the latest',
  source: code('juju internal/worker/uniter/secrets/resolver.go (ObsoleteSecretRevisions)'),
  check: of('secret', ({ slice, event }) => {
    const secret = slice.secrets[event.secret];
    if (event.happening !== 'remove' || !secret) return null;
    const latest = Math.max(...Object.keys(secret.revisions).map(Number));
    if (event.revision !== latest) return null;
    const message = `revision ${latest} is the latest: only older ones become obsolete`;
    return { message, about: event.secret, hint: 'add a newer revision: content in a delta' };
  }),
};

export const BELONGING_RULES: readonly EventRule[] = [
  attachedOnce,
  attachedFirst,
  toOwner,
  toLeader,
  toReader,
  rotates,
  obsolete,
];
