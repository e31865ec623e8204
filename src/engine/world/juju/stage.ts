/**
 * The order in which Juju delivers events to a unit: what may come next is a function of what came before.
 * Source: juju internal/worker/uniter (resolver.go and the relation resolver)
 * Not modelled: storage before install, retries of a failed hook, rebirth of a unit after its pod is gone.
 */
import type { Charm } from '../../model/charm.ts';
import type { Event, RelationEvent } from '../../model/event.ts';
import type { Problem } from '../../model/outcome.ts';
import { unitName } from './command.ts';
import type { JujuSlice } from './slice.ts';

type Check = (slice: JujuSlice, event: Event, charm: Charm) => string | null;

const beforeInstall: Check = ({ stage }, event) =>
  !stage.installed && !(event.kind === 'lifecycle' && event.name === 'install')
    ? 'install has not run: it is the first hook Juju delivers to a unit'
    : null;

const removed: Check = ({ stage }) =>
  stage.removed ? 'the unit is removed: Juju delivers nothing after remove' : null;

const stopped: Check = ({ stage, model }, event) => {
  if (!stage.stopped || stage.removed) return null;
  const next = event.kind === 'lifecycle' ? event.name : '';
  if (next === 'remove') return null;
  const reborn = model.type === 'kubernetes' && ['start', 'upgrade-charm'].includes(next);
  return reborn ? null : 'the unit has stopped: only remove can follow';
};

const lifecycle: Check = ({ stage, leader }, event) => {
  if (event.kind !== 'lifecycle') return null;
  switch (event.name) {
    case 'install':
      return stage.installed ? 'install has run already: Juju delivers it once' : null;
    case 'start':
      return stage.configured
        ? null
        : 'config-changed has not run: Juju delivers it before the first start';
    case 'update-status':
      return stage.started ? null : 'the unit has not started: update-status comes after start';
    case 'leader-elected':
      return leader ? null : 'the unit is not the leader: leader-elected goes to the leader only';
    case 'stop':
      return stage.started ? null : 'the unit has not started: there is nothing to stop';
    case 'remove':
      return stage.stopped ? null : 'the unit has not stopped: stop comes before remove';
    case 'config-changed':
    case 'upgrade-charm':
    case 'leader-settings-changed':
    case 'pre-series-upgrade':
    case 'post-series-upgrade':
      return null;
  }
};

function relationProblem(slice: JujuSlice, event: RelationEvent, charm: Charm): string | null {
  const key = `${event.endpoint}:${event.relation}`;
  const relation = slice.relations[key];
  if (!relation) return `there is no relation on endpoint ${event.endpoint}`;
  const { created, joined } = slice.stage;
  const present = joined[key] ?? {};
  const name = `${event.endpoint}-relation-${event.phase}`;
  if (event.phase === 'created') return created[key] ? `${name} has run already for ${key}` : null;
  if (!created[key])
    return `${event.endpoint}-relation-created has not run for ${key}: it comes first`;
  if (event.phase === 'broken') {
    if (charm.endpoints[event.endpoint]?.role === 'peers') return 'a peer relation is never broken';
    const left = Object.keys(present);
    return left.length > 0
      ? `${left.join(', ')} has not departed: departed comes before broken`
      : null;
  }
  if (event.unit === undefined) {
    return event.phase === 'changed' ? null : `no remote unit of ${key} can have ${event.phase}`;
  }
  if (event.unit === unitName(slice)) return 'a unit gets no relation events about itself';
  if (!relation.units[event.unit]) return `there is no unit ${event.unit} in ${key}`;
  if (event.phase === 'joined')
    return present[event.unit] ? `${event.unit} has joined already` : null;
  return present[event.unit]
    ? null
    : `${event.unit} has not joined: joined comes before ${event.phase}`;
}

const relation: Check = (slice, event, charm) =>
  event.kind === 'relation' ? relationProblem(slice, event, charm) : null;

const action: Check = (_slice, event, charm) =>
  event.kind === 'action' && !charm.actions[event.name]
    ? `the charm has no action ${event.name}`
    : null;

const unitExists: Check = (slice, event, charm) =>
  removed(slice, event, charm) ??
  beforeInstall(slice, event, charm) ??
  (event.kind === 'action' ? null : stopped(slice, event, charm));

/** Why Juju would not deliver this event to this unit now; empty when it may. */
export function stageProblems(slice: JujuSlice, event: Event, charm: Charm): readonly Problem[] {
  return [unitExists, lifecycle, relation, action]
    .map((check) => check(slice, event, charm))
    .filter((message) => message !== null)
    .slice(0, 1)
    .map((message) => ({ message }));
}
