/**
 * From an event as the author names it to the event Juju would deliver to this state: which relation, which unit, which
 * secret. A name that fits no object of the state is inconsistent: Juju would have nothing to deliver it about.
 */
import type { Charm } from '../model/charm.ts';
import type { Event } from '../model/event.ts';
import type { Problem } from '../model/outcome.ts';
import type { EventSpec } from '../tree/definition.ts';
import { nameEvent, type NamedEvent } from '../tree/event-name.ts';
import type { State } from '../world/state.ts';
import { actionParams } from './action-params.ts';
import { isProblem } from './resolved.ts';
import { relationEvent } from './resolve-relation.ts';
import { secretEvent } from './resolve-secret.ts';
import { checkEvent, noticeEvent, storageEvent } from './resolve-thing.ts';

export type Resolved = { readonly event: Event } | { readonly problems: readonly Problem[] };

const USUAL_BASE = 'ubuntu@24.04/stable';

function retried(state: State): Event | Problem {
  const { failed } = state.juju;
  if (failed) return failed;
  return {
    message: 'no hook has failed: there is nothing to run again',
    rule: 'retry-failed-hook',
    hint: 'leave retry out, or let a hook above it fail: {faults: [{command: NAME}]}',
  };
}

function hookEvent(spec: EventSpec, named: NamedEvent, state: State): Event | Problem {
  switch (named.kind) {
    case 'lifecycle':
      return named.name === 'pre-series-upgrade'
        ? { kind: 'lifecycle', name: named.name, target: spec.target ?? USUAL_BASE }
        : { kind: 'lifecycle', name: named.name };
    case 'relation':
      return relationEvent(state, spec, named);
    case 'storage':
      return storageEvent(state, spec, named);
    case 'secret':
      return secretEvent(state, spec, named.happening);
    case 'pebble-ready':
      return { kind: 'pebble-ready', container: named.container };
    case 'pebble-notice':
      return noticeEvent(state, spec, named.container);
    case 'pebble-check':
      return checkEvent(state, spec, named);
    case 'gone':
    case 'framework':
    case 'unknown':
      return { message: `${spec.name} is no event that can be played` };
  }
}

/** The event that `spec` names in `state`. */
export function resolveEvent(spec: EventSpec, state: State, charm: Charm): Resolved {
  if (spec.kind === 'action') {
    const params = actionParams(charm.actions[spec.name], spec.params ?? {});
    if ('problems' in params) return params;
    return { event: { kind: 'action', name: spec.name, params: params.params } };
  }
  const found =
    spec.kind === 'retry' ? retried(state) : hookEvent(spec, nameEvent(spec.name), state);
  return isProblem(found) ? { problems: [found] } : { event: found };
}
