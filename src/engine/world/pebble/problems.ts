/**
 * What containers have against a state or an event: what is not declared, not there, or cannot be reached.
 * Source: juju internal/worker/uniter (pebblepoller.go, pebblenotices.go); the checker of ops.testing.
 * Not checked: that a check's turn is the one its state shows, which may have changed since.
 */
import type { Charm } from '../../model/charm.ts';
import type { Event, NoticeEvent } from '../../model/event.ts';
import { eventName } from '../../model/event.ts';
import { documentation, type Found, type Rule, unread } from '../../model/rule.ts';
import { planOfContainer } from './layer-list.ts';
import { namesOf } from './plan.ts';
import type { Container, PebbleSlice } from './slice.ts';

export type PebbleAt = {
  readonly slice: PebbleSlice;
  readonly event: Event;
  readonly charm: Charm;
};
export type PebbleStateAt = Omit<PebbleAt, 'event'>;

const SCENARIO = documentation('ops.testing, consistency checker');
const NOTICES = 'juju internal/worker/uniter/pebblenotices.go (processNotice)';

function hasOf(names: readonly string[], none: string): string {
  return names.length === 0 ? none : `It has ${[...names].sort().join(', ')}.`;
}

function containerName(event: Event): string | undefined {
  return 'container' in event ? event.container : undefined;
}

/** The container an event is about, where it is declared and there. */
function containerOf({ slice, event, charm }: PebbleAt): Container | undefined {
  const name = containerName(event);
  if (name === undefined || !Object.hasOwn(charm.containers, name)) return undefined;
  return Object.hasOwn(slice.containers, name) ? slice.containers[name] : undefined;
}

const declared: Rule<PebbleAt> = {
  id: 'event-container-declared',
  title: 'the charm declares the container of an event',
  source: unread('juju cmd/containeragent/unit, which names the containers of metadata'),
  check({ event, charm }) {
    const name = containerName(event);
    if (name === undefined || Object.hasOwn(charm.containers, name)) return null;
    const hint = hasOf(Object.keys(charm.containers), 'It has none.');
    return { message: `the charm has no container ${name}`, about: name, hint };
  },
};

const present: Rule<PebbleAt> = {
  id: 'event-container-exists',
  title: 'the container of an event is in the state',
  source: SCENARIO,
  check(at) {
    const name = containerName(at.event);
    if (name === undefined || !Object.hasOwn(at.charm.containers, name) || containerOf(at))
      return null;
    return { message: `there is no container ${name}`, about: name };
  },
};

const connectable: Rule<PebbleAt> = {
  id: 'container-connectable',
  title: 'Pebble answers in the container of an event',
  source: unread('juju internal/worker/uniter/pebblepoller.go (poll), pebblenotices.go'),
  check(at) {
    const name = containerName(at.event);
    const container = containerOf(at);
    if (name === undefined || !container || container.canConnect) return null;
    const message = `Pebble does not answer in ${name}: ${eventName(at.event)} comes when it does`;
    return { message, about: name, hint: `add containers: {${name}: {can-connect: true}}` };
  },
};

function isRecorded(container: Container, event: NoticeEvent): boolean {
  const notice = Object.hasOwn(container.notices, event.id)
    ? container.notices[event.id]
    : undefined;
  return notice !== undefined && notice.type === event.type && notice.key === event.key;
}

const recorded: Rule<PebbleAt> = {
  id: 'event-notice-exists',
  title: 'the notice of an event is recorded in its container',
  source: unread(NOTICES),
  check(at) {
    const container = containerOf(at);
    if (at.event.kind !== 'pebble-notice' || !container?.canConnect) return null;
    if (isRecorded(container, at.event)) return null;
    const { container: name, key } = at.event;
    const hint = `add containers: {${name}: {notices: {${key}: {}}}}`;
    return { message: `there is no notice ${key} in ${name}`, about: key, hint };
  },
};

const custom: Rule<PebbleAt> = {
  id: 'event-notice-custom',
  title: 'pebble-custom-notice is about a custom notice',
  source: unread(NOTICES),
  check({ event }) {
    if (event.kind !== 'pebble-notice' || event.type === 'custom') return null;
    const message = `the notice ${event.key} is of type ${event.type}: only custom ones are told`;
    return { message, about: event.key };
  },
};

function missingCheck(container: Container, name: string, check: string): Found {
  const checks = namesOf(planOfContainer(container).checks);
  const hint = hasOf(
    checks,
    `add ${check} to the checks of a layer: containers: {${name}: {layers: …}}`,
  );
  return { message: `the plan of ${name} has no check ${check}`, about: check, hint };
}

const planned: Rule<PebbleAt> = {
  id: 'event-check-exists',
  title: 'the check of an event is in the plan of its container',
  source: unread(NOTICES),
  check(at) {
    const container = containerOf(at);
    if (at.event.kind !== 'pebble-check' || !container?.canConnect) return null;
    const { container: name, check } = at.event;
    const { checks } = planOfContainer(container);
    return namesOf(checks).includes(check) ? null : missingCheck(container, name, check);
  },
};

/** Before what the unit's life allows, and after it. */
export const PEBBLE_OBJECT_RULES: readonly Rule<PebbleAt>[] = [declared, present, custom];
export const PEBBLE_ORDER_RULES: readonly Rule<PebbleAt>[] = [connectable, recorded, planned];

const stateDeclared: Rule<PebbleStateAt> = {
  id: 'container-declared',
  title: 'the charm declares every container',
  source: SCENARIO,
  check: ({ slice, charm }) =>
    Object.keys(slice.containers)
      .filter((name) => !Object.hasOwn(charm.containers, name))
      .map((name) => ({
        message: `the charm has no container ${name}`,
        about: name,
        hint: hasOf(Object.keys(charm.containers), 'It has none.'),
      })),
};

const statePlanned: Rule<PebbleStateAt> = {
  id: 'check-planned',
  title: 'a check whose state is told is in the plan of its container',
  source: SCENARIO,
  check: ({ slice }) =>
    Object.entries(slice.containers).flatMap(([name, container]) => {
      const checks = namesOf(planOfContainer(container).checks);
      return Object.keys({ ...container.checks, ...container.checkFindings })
        .filter((check) => !checks.includes(check))
        .map((check) => missingCheck(container, name, check));
    }),
};

export const PEBBLE_STATE_RULES: readonly Rule<PebbleStateAt>[] = [stateDeclared, statePlanned];
