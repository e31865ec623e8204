/**
 * The order of a unit's own hooks: which must have run before, and which come once.
 * Source: juju internal/worker/uniter (resolver.go, leadership, upgradeseries, operation/leader.go)
 * Not checked: that a hook comes at all. A trace may leave hooks out, as long as none comes too late.
 */
import { code, unread } from '../../../model/rule.ts';
import { unitName } from '../command.ts';
import {
  creation,
  isKnown,
  isNamed,
  isPeer,
  listed,
  startHint,
  sureMembers,
  type At,
  type EventRule,
} from './at.ts';

const RESOLVER = 'juju internal/worker/uniter/resolver.go (nextOp)';

const installOnce: EventRule = {
  id: 'install-once',
  title: 'install runs once, and before anything else',
  source: code(RESOLVER),
  check({ slice, event }) {
    if (!slice.stage.installed || !isNamed(event, 'install')) return null;
    const known = slice.stage.history === 'known';
    const message = known
      ? 'install has run already: Juju delivers it once'
      : 'other hooks have run: install comes before them';
    return { message, hint: 'leave install out, or move it to the beginning' };
  },
};

const startAfterConfig: EventRule = {
  id: 'start-after-config-changed',
  title: 'config-changed comes before the first start',
  source: code(RESOLVER),
  check(at) {
    const { configured, started } = at.slice.stage;
    if (!isKnown(at) || configured || started || !isNamed(at.event, 'start')) return null;
    const message = 'config-changed has not run: Juju delivers it before the first start';
    return { message, hint: 'add config-changed before it' };
  },
};

const startOnce: EventRule = {
  id: 'start-once',
  title: 'on a machine start comes again only after a reboot',
  source: code('juju internal/worker/uniter/reboot/resolver.go'),
  check({ slice, event }) {
    const { started, stopped } = slice.stage;
    const again = started && !stopped && !slice.rebooting && slice.model.type === 'machine';
    if (!again || !isNamed(event, 'start')) return null;
    const message = 'start has run: on a machine it comes again only after a reboot';
    return { message, hint: 'add the delta reboot: true before it' };
  },
};

const updateStatus: EventRule = {
  id: 'update-status-after-start',
  title: 'update-status comes after start',
  source: code(RESOLVER),
  check(at) {
    if (!isKnown(at) || at.slice.stage.started || !isNamed(at.event, 'update-status')) return null;
    const message = 'the unit has not started: update-status comes after start';
    return { message, hint: startHint(at) };
  },
};

const stopAfterStart: EventRule = {
  id: 'stop-after-start',
  title: 'only a unit that has started is stopped',
  source: code(RESOLVER),
  check(at) {
    if (!isKnown(at) || at.slice.stage.started || !isNamed(at.event, 'stop')) return null;
    return {
      message: 'the unit has not started: there is nothing to stop',
      hint: startHint(at),
    };
  },
};

const removeAfterStop: EventRule = {
  id: 'remove-after-stop',
  title: 'a unit that has started stops before it is removed',
  source: code(RESOLVER),
  check({ slice, event }) {
    const { started, stopped } = slice.stage;
    if (!started || stopped || !isNamed(event, 'remove')) return null;
    return {
      message: 'the unit has not stopped: stop comes before remove',
      hint: 'add stop before it',
    };
  },
};

/** Only a unit that is removed gets these: on Kubernetes stop also comes when a pod goes. */
function isTeardown({ slice, event }: At): boolean {
  const stop = isNamed(event, 'stop') && slice.model.type === 'machine';
  return stop || isNamed(event, 'remove');
}

const relationsFirst: EventRule = {
  id: 'relations-end-before-stop',
  title: 'a unit that is removed leaves its relations before stop and remove',
  source: code('juju internal/worker/uniter/resolver.go (nextOp, Dying), relation/resolver.go'),
  check(at) {
    const { slice } = at;
    if (!isTeardown(at)) return null;
    return Object.entries(slice.relations).flatMap(([key, { endpoint }]) => {
      const members = sureMembers(slice, key);
      const steps = members.length > 0 ? [`${endpoint}-relation-departed`] : [];
      if (!isPeer(at, endpoint) && creation(slice, key) === 'yes')
        steps.push(`${endpoint}-relation-broken`);
      if (steps.length === 0) return [];
      const message = `the relation ${key} has not ended: a unit that is removed leaves it first`;
      return [{ message, about: endpoint, hint: `add ${listed(steps)} before it` }];
    });
  },
};

const storageFirst: EventRule = {
  id: 'storage-detached-before-stop',
  title: 'the storage of a unit that is removed is detached before stop and remove',
  source: code('juju internal/worker/uniter/storage/resolver.go (NextOp, Dying)'),
  check(at) {
    const { storages, stage } = at.slice;
    if (!isTeardown(at)) return null;
    const sure = (id: string): boolean => isKnown(at) || stage.seen?.storages[id] === true;
    return Object.keys(storages)
      .filter((id) => storages[id]?.attached && sure(id))
      .map((id) => ({
        message: `the storage ${id} is attached: it is detached before the unit stops`,
        about: id,
        hint: `add ${id.split('/')[0] ?? id}-storage-detaching before it`,
      }));
  },
};

const storageInstalled: EventRule = {
  id: 'storage-attached-before-install',
  title: 'on a machine all of a new unit’s storage is attached before install',
  source: code('juju internal/worker/uniter/storage/resolver.go (NextOp)'),
  check(at) {
    const { slice, event } = at;
    if (!isKnown(at) || !isNamed(event, 'install') || slice.model.type !== 'machine') return null;
    return Object.keys(slice.storages)
      .filter((id) => !slice.storages[id]?.attached)
      .map((id) => ({
        message: `the storage ${id} is not attached: on a machine install waits for it`,
        about: id,
        hint: `add ${id.split('/')[0] ?? id}-storage-attached before it`,
      }));
  },
};

const leaderOnly: EventRule = {
  id: 'leader-elected-leader',
  title: 'leader-elected goes to the leader',
  source: code('juju internal/worker/uniter/operation/runhook.go (Prepare)'),
  check({ slice, event }) {
    if (slice.leader || !isNamed(event, 'leader-elected')) return null;
    const message = `${unitName(slice)} is not the leader: leader-elected goes to the leader only`;
    return { message, hint: 'add leader: true' };
  },
};

const leaderOnce: EventRule = {
  id: 'leader-elected-once',
  title: 'leader-elected comes once as long as the unit leads',
  source: code('juju internal/worker/uniter/leadership/resolver.go, operation/leader.go'),
  check({ slice, event }) {
    if (!slice.leader || !slice.stage.elected || !isNamed(event, 'leader-elected')) return null;
    const message = 'leader-elected has run, and the unit has led ever since';
    return { message, hint: 'leave it out, or let the unit see an event that it does not lead in' };
  },
};

const settingsFollower: EventRule = {
  id: 'leader-settings-follower',
  title: 'leader-settings-changed goes to units that do not lead',
  source: code('juju internal/worker/uniter/leadership/resolver.go, in 3.6'),
  check({ slice, event }) {
    if (!slice.leader || !isNamed(event, 'leader-settings-changed')) return null;
    const message = 'the unit is the leader: leader-settings-changed goes to the others';
    return { message, hint: 'add leader: false' };
  },
};

const postAfterPre: EventRule = {
  id: 'post-series-upgrade-after-pre',
  title: 'pre-series-upgrade comes before post-series-upgrade',
  source: unread('juju internal/worker/uniter/upgradeseries/resolver.go'),
  check(at) {
    const { queued } = at.slice.stage;
    if (!isKnown(at) || queued || !isNamed(at.event, 'post-series-upgrade')) return null;
    const message = 'pre-series-upgrade has not run: it comes first';
    return { message, hint: 'add pre-series-upgrade before it' };
  },
};

export const ORDER_RULES: readonly EventRule[] = [
  installOnce,
  startAfterConfig,
  startOnce,
  updateStatus,
  stopAfterStart,
  removeAfterStop,
  relationsFirst,
  storageFirst,
  storageInstalled,
  leaderOnly,
  leaderOnce,
  settingsFollower,
  postAfterPre,
];
