/**
 * What Juju of some version, or of some kind of model, has at all; and secrets that could not be.
 * Source: juju core/secrets, state/secrets.go; the checker of ops.testing for versions.
 */
import { code, documentation, unread } from '../../../model/rule.ts';
import type { Secret } from '../secret-slice.ts';
import { ownership } from '../secret-view.ts';
import { isJuju4 } from '../version.ts';
import { isSince } from './at.ts';
import type { StateAt, StateRule } from './state-at.ts';

const secretsVersion: StateRule = {
  id: 'secrets-version',
  title: 'there are secrets from Juju 3.0 on',
  source: documentation('ops.testing, consistency checker'),
  check({ slice }) {
    const ids = Object.keys(slice.secrets);
    if (ids.length === 0 || isSince(slice, 3)) return null;
    return { message: `Juju ${slice.version} has no secrets`, hint: 'add juju: "3.6"' };
  },
};

const settingsVersion: StateRule = {
  id: 'leader-settings-version',
  title: 'there are leader settings up to Juju 3',
  source: code('juju internal/worker/uniter/runner/jujuc, which has no leader-get in 4.0'),
  check({ slice }) {
    if (Object.keys(slice.leaderSettings).length === 0 || !isJuju4(slice)) return null;
    const message = `Juju ${slice.version} has no leader settings`;
    return { message, about: 'leader-settings', hint: 'add juju: "3.6"' };
  },
};

const cloudVersion: StateRule = {
  id: 'cloud-kubernetes-version',
  title: 'on Kubernetes the cloud is told from Juju 3.6.10 on',
  source: documentation('ops.testing, consistency checker'),
  check({ slice }) {
    if (slice.cloudSpec === null || slice.model.type === 'machine') return null;
    if (isSince(slice, 3, 6, 10)) return null;
    const message = `Juju ${slice.version} tells a unit on Kubernetes nothing of its cloud`;
    return { message, about: 'cloud', hint: 'add juju: "3.6.10", or model: {type: machine}' };
  },
};

const principal: StateRule = {
  id: 'principal-subordinate',
  title: 'only a subordinate charm’s unit has a principal',
  source: documentation('Juju, subordinate'),
  check({ slice, charm }) {
    if (slice.principal === '' || charm.subordinate) return null;
    const message = `the charm is no subordinate: its unit has no principal ${slice.principal}`;
    return { message, about: 'principal', hint: 'leave principal out' };
  },
};

function entries({ slice }: StateAt): readonly (readonly [string, Secret])[] {
  return Object.entries(slice.secrets);
}

const revisions: StateRule = {
  id: 'secret-revisions',
  title: 'a secret has a revision, and the one that is tracked is not newer than the latest',
  source: unread('juju state/secrets.go (secretRevisionDoc)'),
  check: (at) =>
    entries(at).flatMap(([id, { revisions: all, tracked }]) => {
      const latest = Math.max(0, ...Object.keys(all).map(Number));
      if (latest === 0)
        return [{ message: 'a secret has content', about: id, hint: 'add content: {key: value}' }];
      if (tracked === null || (tracked >= 1 && tracked <= latest)) return [];
      const message = `revision ${tracked} is tracked, and the latest is ${latest}`;
      return [{ message, about: id }];
    }),
};

const labels: StateRule = {
  id: 'secret-label-once',
  title: 'no two secrets of one owner have one label',
  source: unread('juju state/secrets.go (uniqueSecretOwnerLabelKey)'),
  check: (at) => {
    const seen = new Map<string, string>();
    return entries(at).flatMap(([id, { owner, label }]) => {
      const own = ownership(at.slice, at.slice.secrets[id] as Secret);
      const key = `${own === 'others' ? owner.name : own} ${label}`;
      if (label === '' || !seen.has(key)) {
        seen.set(key, id);
        return [];
      }
      const message = `${seen.get(key)} and ${id} are both labelled ${JSON.stringify(label)}`;
      return [{ message, about: id, hint: 'give one of them another label' }];
    });
  },
};

export const STATE_MODEL_RULES: readonly StateRule[] = [
  secretsVersion,
  settingsVersion,
  cloudVersion,
  principal,
  revisions,
  labels,
];
