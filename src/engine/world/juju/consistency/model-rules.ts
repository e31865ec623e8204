/**
 * Which events there are at all: by Juju's version and by what the unit runs on.
 * Source: juju internal/charm/hooks, internal/worker/uniter/upgradeseries, and the hook reference for versions.
 */
import type { Event } from '../../../model/event.ts';
import { eventName } from '../../../model/event.ts';
import { documentation, unread } from '../../../model/rule.ts';
import { isNamed, isSince, type EventRule } from './at.ts';

type Span = {
  readonly from?: readonly [number, number];
  readonly until?: readonly [number, number];
};

const LEADER_SETTINGS: Span = { until: [4, 0] };
const SERIES: Span = { until: [4, 0] };
const SECRETS: Span = { from: [3, 0] };
const NOTICES: Span = { from: [3, 4] };
const CHECKS: Span = { from: [3, 6] };

/** The versions of Juju that send an event; undefined: all that are played. */
function spanOf(event: Event): Span | undefined {
  if (isNamed(event, 'leader-settings-changed')) return LEADER_SETTINGS;
  if (isNamed(event, 'pre-series-upgrade', 'post-series-upgrade')) return SERIES;
  if (event.kind === 'secret') return SECRETS;
  if (event.kind === 'pebble-notice') return NOTICES;
  return event.kind === 'pebble-check' ? CHECKS : undefined;
}

const version: EventRule = {
  id: 'event-in-version',
  title: 'the version of Juju sends the event',
  source: documentation('Juju, hook reference; 4.0: juju internal/worker/uniter/resolver.go'),
  check({ slice, event }) {
    const { from, until } = spanOf(event) ?? {};
    const name = eventName(event);
    if (from && !isSince(slice, ...from)) {
      const [major, minor] = from;
      return {
        message: `Juju ${slice.version} has no ${name}: it is sent from Juju ${major}.${minor} on`,
        about: name,
        hint: `add juju: "${major}.${minor}", or leave the event out`,
      };
    }
    if (!until || !isSince(slice, ...until)) return null;
    return {
      message: `Juju ${slice.version} has no ${name}: Juju ${until[0]}.${until[1]} sends it no more`,
      about: name,
      hint: 'add juju: "3.6", or leave the event out',
    };
  },
};

const seriesOnMachines: EventRule = {
  id: 'series-on-machines',
  title: 'series hooks go to units on machines',
  source: unread('juju internal/worker/uniter/upgradeseries/resolver.go'),
  check({ slice, event }) {
    const series = isNamed(event, 'pre-series-upgrade', 'post-series-upgrade');
    if (!series || slice.model.type === 'machine') return null;
    return {
      message: `a unit on Kubernetes has no machine to upgrade: ${eventName(event)} never comes`,
      about: eventName(event),
      hint: 'add model: {type: machine}, or leave the event out',
    };
  },
};

const pebbleOnKubernetes: EventRule = {
  id: 'pebble-on-kubernetes',
  title: 'events of Pebble go to units on Kubernetes',
  source: unread('juju cmd/containeragent/unit, which alone names containers to the uniter'),
  check({ slice, event }) {
    const pebble = ['pebble-ready', 'pebble-notice', 'pebble-check'].includes(event.kind);
    if (!pebble || slice.model.type === 'kubernetes') return null;
    return {
      message: `a unit on a machine has no workload containers: ${eventName(event)} never comes`,
      about: eventName(event),
      hint: 'add model: {type: kubernetes}, or leave the event out',
    };
  },
};

export const MODEL_RULES: readonly EventRule[] = [version, seriesOnMachines, pebbleOnKubernetes];
