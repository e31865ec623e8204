/**
 * What a unit's stage of life lets come at all: before install, after a failed hook, a reboot, a queued hook, stop.
 * Source: juju internal/worker/uniter (resolver.go, reboot, container, actions, storage/resolver.go)
 * Where its documentation differs the code is followed: storage goes and relations are broken before stop, and a
 * forced upgrade of a unit in error runs the failed hook again, not upgrade-charm.
 * Not modelled: commands of juju-exec; the failed hook of a workload event, which the agent may skip by itself.
 */
import { eventName, type Event } from '../../../model/event.ts';
import { code, type Found, unread } from '../../../model/rule.ts';
import { isKnown, isNamed, isRetry, type At, type EventRule } from './at.ts';

const RESOLVER = 'juju internal/worker/uniter/resolver.go';
const WORKLOAD: readonly Event['kind'][] = ['pebble-ready', 'pebble-notice', 'pebble-check'];

const unitRemoved: EventRule = {
  id: 'unit-removed',
  title: 'nothing comes after remove',
  source: code(`${RESOLVER} (NextOp)`),
  check: ({ slice }) =>
    slice.stage.removed
      ? { message: 'the unit is removed: Juju delivers nothing after remove' }
      : null,
};

/** What may come while a hook is to be run again. */
export function passesError({ slice, event }: Pick<At, 'slice' | 'event'>, failed: Event): boolean {
  if (isRetry({ slice, event })) return true;
  if (slice.rebooting) return false;
  return (
    event.kind === 'action' || (WORKLOAD.includes(failed.kind) && WORKLOAD.includes(event.kind))
  );
}

function errorHint({ slice, event }: At): string {
  if (slice.rebooting) return 'add retry: the hook was cut off, and is run again first';
  if (isNamed(event, 'upgrade-charm')) {
    return 'a forced upgrade runs the failed hook again: add upgrade, and then retry';
  }
  return 'add retry before it, or the delta resolved: no-retry';
}

const unitInError: EventRule = {
  id: 'unit-in-error',
  title:
    'after a failed hook come only its retry, actions, and events of Pebble after one of Pebble',
  source: code(`${RESOLVER} (nextOpHookError), container/workload.go, operation/deploy.go`),
  check(at) {
    const { failed } = at.slice;
    if (!failed || at.slice.stage.removed || passesError(at, failed)) return null;
    const name = eventName(failed);
    const message = at.slice.rebooting
      ? `${name} was cut off by a reboot: it is run again before anything else`
      : `${name} has failed: it is run again or resolved before ${eventName(at.event)} can come`;
    return { message, about: name, hint: errorHint(at) };
  },
};

const afterReboot: EventRule = {
  id: 'start-after-reboot',
  title: 'start is the first thing a started unit gets after a reboot',
  source: code('juju internal/worker/uniter/reboot/resolver.go'),
  check({ slice, event }) {
    const { started, removed, queued } = slice.stage;
    if (!slice.rebooting || slice.failed || queued || !started || removed) return null;
    if (isNamed(event, 'start')) return null;
    const message = `the machine has rebooted: start comes before ${eventName(event)}`;
    return { message, hint: 'add start before it' };
  },
};

const AFTER = {
  start: 'config-changed',
  'config-changed': 'upgrade-charm',
  'post-series-upgrade': 'pre-series-upgrade',
} as const;

const queuedFirst: EventRule = {
  id: 'queued-hook-first',
  title:
    'start follows the first config-changed, config-changed follows upgrade-charm, post-series-upgrade ' +
    'follows pre-series-upgrade, and nothing comes between',
  source: unread(
    'juju internal/worker/uniter/operation/runhook.go (Commit), upgradeseries/resolver.go',
  ),
  check(at) {
    const { slice, event } = at;
    const { queued, removed, started } = slice.stage;
    if (!queued || slice.failed || removed || isNamed(event, queued)) return null;
    const attaching = event.kind === 'storage' && slice.model.type === 'kubernetes';
    if (queued === 'config-changed' && attaching && (started || !isKnown(at))) return null;
    const message = `${AFTER[queued]} has run: ${queued} comes before ${eventName(event)}`;
    return { message, about: queued, hint: `add ${queued} before it` };
  },
};

const installFirst: EventRule = {
  id: 'install-first',
  title: 'install is the first hook; on a machine storage is attached before it',
  source: code(`${RESOLVER} (nextOp), storage/resolver.go`),
  check(at) {
    const { slice, event } = at;
    if (!isKnown(at) || slice.stage.installed || slice.failed || isNamed(event, 'install'))
      return null;
    if (event.kind === 'storage' && slice.model.type === 'machine') return null;
    const message = 'install has not run: it is the first hook Juju delivers to a unit';
    return { message, hint: 'add install before it, or leave stage: new out of the root' };
  },
};

/** A pod that comes again begins with start; an upgraded one with upgrade-charm, as the documentation has it. */
function passesStopped({ slice, event }: At): boolean {
  if (event.kind === 'action' || isNamed(event, 'remove')) return true;
  if (slice.model.type !== 'kubernetes') return false;
  return isNamed(event, 'start', 'upgrade-charm') || isNamed(event, slice.stage.queued ?? 'start');
}

const unitStopped: EventRule = {
  id: 'unit-stopped',
  title: 'after stop comes remove, or on Kubernetes the next pod, which begins with start',
  source: code(`${RESOLVER} (nextOp), reboot/resolver.go`),
  check(at): Found | null {
    const { stopped, removed } = at.slice.stage;
    if (!stopped || removed || passesStopped(at)) return null;
    const kubernetes = at.slice.model.type === 'kubernetes';
    const message = kubernetes
      ? 'the unit has stopped: only remove, or start in its next pod, can follow'
      : 'the unit has stopped: only remove can follow';
    return { message, hint: kubernetes ? 'add start before it' : 'move it before stop' };
  },
};

export const LIFE_RULES: readonly EventRule[] = [
  unitRemoved,
  unitInError,
  afterReboot,
  queuedFirst,
  installFirst,
  unitStopped,
];
