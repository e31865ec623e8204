/**
 * Which events Juju could deliver to a unit in a state: those that are about something which is there, and that
 * consistency has nothing against. Each with what its author would write.
 * Source: juju internal/worker/uniter (every resolver); the rules themselves are in world/consistency.
 * Not offered: what somebody would have to bring about first: another relation or unit, leadership, other config, time
 * aside. A check's turn is the one that its container shows.
 */
import type { Charm } from '../model/charm.ts';
import { eventName, LIFECYCLE, RELATION_PHASES, type Event } from '../model/event.ts';
import { stableText } from '../model/json.ts';
import type { Position } from '../model/mistake.ts';
import type { EventSpec } from '../tree/definition.ts';
import { sampleParams } from '../tree/sample-params.ts';
import { slugOf } from '../tree/slug.ts';
import { consistencyProblems } from '../world/consistency.ts';
import { dueSecretEvents } from '../world/juju/secret-events.ts';
import type { JujuSlice, Relation } from '../world/juju/slice.ts';
import { planOfContainer } from '../world/pebble/layer-list.ts';
import { namesOf } from '../world/pebble/plan.ts';
import type { State } from '../world/state.ts';
import { actionParams } from './action-params.ts';

type Spec = Omit<EventSpec, 'at' | 'name' | 'kind'>;
/** `apart`: what tells it from others of its name, most telling last. */
type Candidate = {
  readonly event: Event;
  readonly spec: Spec;
  readonly apart: readonly string[];
};
/** `edge`: the name of the edge to the node it leads to. */
export type Offered = {
  readonly event: Event;
  readonly spec: EventSpec;
  readonly edge: string;
};

function numberOf(name: string): number {
  return Number(name.split('/').at(-1) ?? 0);
}

function byNumber(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => numberOf(a) - numberOf(b));
}

function lifecycle(): readonly Candidate[] {
  return LIFECYCLE.map((name) => {
    const target = 'ubuntu@24.04/stable';
    const upgrade = name === 'pre-series-upgrade';
    return {
      event: { kind: 'lifecycle', name, ...(upgrade ? { target } : {}) },
      spec: upgrade ? { target } : {},
      apart: [],
    };
  });
}

/** The relation's own events, and those of each unit that is there or has not been seen to leave. */
function ofRelation(slice: JujuSlice, relation: Relation): readonly Candidate[] {
  const { endpoint, id, app } = relation;
  const joined = Object.keys(slice.stage.joined[`${endpoint}:${id}`] ?? {});
  const units = byNumber([...new Set([...Object.keys(relation.units), ...joined])]);
  return RELATION_PHASES.flatMap((phase): readonly Candidate[] => {
    const about = { kind: 'relation', endpoint, phase, relation: id, app } as const;
    const whole = { event: about, spec: { app }, apart: [app] };
    if (phase === 'created' || phase === 'broken') return [whole];
    const each = units.map((unit): Candidate => {
      const leaves = phase === 'departed' ? { departing: unit } : {};
      return {
        event: { ...about, unit, ...leaves },
        spec: { app, unit: numberOf(unit) },
        apart: [app, String(numberOf(unit))],
      };
    });
    const written = phase === 'changed' && Object.keys(relation.remoteApp).length > 0;
    const own = { event: about, spec: { app, unit: 'none' as const }, apart: [app, 'application'] };
    return written ? [...each, own] : each;
  });
}

function relations({ juju }: State): readonly Candidate[] {
  return Object.values(juju.relations)
    .sort((a, b) => (a.endpoint < b.endpoint ? -1 : a.endpoint > b.endpoint ? 1 : a.id - b.id))
    .flatMap((relation) => ofRelation(juju, relation));
}

function storages({ juju }: State): readonly Candidate[] {
  return Object.keys(juju.storages)
    .sort()
    .flatMap((id) => {
      const [storage = id] = id.split('/');
      const index = numberOf(id);
      return (['attached', 'detaching'] as const).map((phase): Candidate => {
        const event = { kind: 'storage', storage, id, phase } as const;
        return { event, spec: { index }, apart: [String(index)] };
      });
    });
}

/** What is due, or would be by itself once enough time has passed. */
function secrets({ juju }: State): readonly Candidate[] {
  return dueSecretEvents(juju, Number.POSITIVE_INFINITY).map((event) => {
    const { secret, revision, label } = event;
    const spec = { secret, ...(revision === undefined ? {} : { revision }) };
    const name = label === '' ? secret : label;
    return { event, spec, apart: [name, ...(revision === undefined ? [] : [String(revision)])] };
  });
}

function containers({ pebble }: State): readonly Candidate[] {
  return Object.keys(pebble.containers)
    .sort()
    .flatMap((container): readonly Candidate[] => {
      const own = pebble.containers[container];
      if (!own) return [];
      const ready: Candidate = { event: { kind: 'pebble-ready', container }, spec: {}, apart: [] };
      const notices = Object.entries(own.notices)
        .filter(([, { type }]) => type === 'custom')
        .map(([id, { key, type }]): Candidate => {
          const event = { kind: 'pebble-notice', container, id, type, key } as const;
          return { event, spec: { notice: key }, apart: [key] };
        });
      const checks = namesOf(planOfContainer(own).checks).map((check): Candidate => {
        const down = own.checks[check]?.status === 'down';
        const turned = down ? ('failed' as const) : ('recovered' as const);
        const event = { kind: 'pebble-check', container, check, turned } as const;
        return { event, spec: { check }, apart: [check] };
      });
      return [ready, ...notices, ...checks];
    });
}

/** Actions with the parameters that must be there; one that nothing of that kind fits is left out. */
function actions(charm: Charm): readonly Candidate[] {
  return Object.keys(charm.actions)
    .sort()
    .flatMap((name) => {
      const sample = sampleParams(charm.actions[name]);
      const made = actionParams(charm.actions[name], sample);
      if ('problems' in made) return [];
      const spec = Object.keys(sample).length === 0 ? {} : { params: sample };
      return [{ event: { kind: 'action', name, params: made.params }, spec, apart: [] }];
    });
}

/** Names that several have are told apart; the first words that do so are enough. */
function edges(names: readonly string[], apart: readonly (readonly string[])[]): readonly string[] {
  const told = (at: number, words: number) =>
    slugOf([names[at] ?? '', ...(apart[at] ?? []).slice(-words)].join('-'));
  return names.map((name, at) => {
    const same = names.flatMap((other, index) => (other === name ? [index] : []));
    if (same.length === 1) return slugOf(name);
    const most = Math.max(...same.map((index) => apart[index]?.length ?? 0));
    for (let words = 1; words < most; words += 1) {
      const all = same.map((index) => told(index, words));
      if (new Set(all).size === all.length) return told(at, words);
    }
    return told(at, most);
  });
}

/** In tree order: the unit's own hooks, relations, storage, secrets, containers, actions. */
export function offeredEvents(state: State, charm: Charm, at: Position): readonly Offered[] {
  const { failed } = state.juju;
  const retry = failed && consistencyProblems(state, failed, charm).length === 0 ? failed : null;
  const all = [
    ...lifecycle(),
    ...relations(state),
    ...storages(state),
    ...secrets(state),
    ...containers(state),
    ...actions(charm),
  ];
  const possible = all.filter(
    ({ event }) =>
      (retry === null || stableText(retry) !== stableText(event)) &&
      consistencyProblems(state, event, charm).length === 0,
  );
  const names = possible.map(({ event }) => eventName(event));
  const called = edges(
    names,
    possible.map(({ apart }) => apart),
  );
  const offered = possible.map(({ event, spec }, index): Offered => {
    const kind = event.kind === 'action' ? 'action' : 'hook';
    const name = names[index] ?? '';
    return { event, spec: { name, kind, ...spec, at }, edge: called[index] ?? name };
  });
  if (retry === null) return offered;
  const again: Offered = {
    event: retry,
    spec: { name: 'retry', kind: 'retry', at },
    edge: 'retry',
  };
  return [again, ...offered];
}
