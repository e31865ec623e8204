/**
 * What Juju itself writes around a hook: statuses, membership, the stage of the unit's life.
 * Source: juju internal/worker/uniter/operation/runhook.go Not modelled: status history.
 */
import { produce, type Draft } from 'immer';
import type { Event } from '../../model/event.ts';
import { eventName } from '../../model/event.ts';
import type { End } from '../../model/outcome.ts';
import type { Millis } from '../../model/request.ts';
import type { JujuSlice, StatusName } from './slice.ts';

type Slice = Draft<JujuSlice>;

function workload(slice: Slice, status: StatusName, message: string, now: Millis): void {
  slice.unitStatus = { status, message, since: now };
}

/** Before the hook: kept whatever becomes of it. */
export function openHook(slice: JujuSlice, event: Event, now: Millis): JujuSlice {
  return produce(slice, (draft) => {
    draft.action =
      event.kind === 'action'
        ? {
            name: event.name,
            params: event.params as Draft<typeof event.params>,
            results: {},
            log: [],
            failure: null,
          }
        : null;
    if (event.kind === 'lifecycle') openLifecycle(draft, event.name, now);
    if (event.kind === 'relation') openRelation(draft, event);
  });
}

function openLifecycle(slice: Slice, name: string, now: Millis): void {
  if (name === 'install' && !slice.stage.statusSet) {
    workload(slice, 'maintenance', 'installing charm software', now);
  }
  if (name === 'stop') workload(slice, 'maintenance', 'stopping charm software', now);
  if (name === 'remove') workload(slice, 'maintenance', 'cleaning up prior to charm deletion', now);
}

function openRelation(slice: Slice, event: Extract<Event, { kind: 'relation' }>): void {
  const key = `${event.endpoint}:${event.relation}`;
  const { created, joined } = slice.stage;
  if (event.phase === 'created') {
    created[key] = true;
    enterScope(slice, key);
  }
  if (event.phase === 'joined' && event.unit !== undefined) {
    joined[key] = { ...joined[key], [event.unit]: true };
  }
  if (event.phase === 'departed' && event.unit !== undefined) delete joined[key]?.[event.unit];
}

/** Entering a relation's scope writes the unit's addresses into its own databag. */
function enterScope(slice: Slice, key: string): void {
  const own = slice.relations[key];
  if (!own) return;
  const { address, cidr } = slice.network;
  own.localUnit = {
    'egress-subnets': cidr,
    'ingress-address': address,
    'private-address': address,
    ...own.localUnit,
  };
}

/** After the hook. `end` decides whether the hook is done or the unit is in error. */
export function closeHook(
  slice: JujuSlice,
  at: { event: Event; end: End; now: Millis },
): JujuSlice {
  const done = at.end.kind === 'missing' || (at.end.kind === 'exited' && at.end.code === 0);
  return produce(slice, (draft) => {
    if (at.event.kind === 'action') return;
    if (!done) {
      draft.agentStatus = {
        status: 'error',
        message: `hook failed: ${JSON.stringify(eventName(at.event))}`,
      };
      return;
    }
    draft.agentStatus = { status: 'idle', message: '' };
    if (at.event.kind === 'lifecycle') closeLifecycle(draft, at.event.name, at.now);
    if (at.event.kind === 'relation') closeRelation(draft, at.event);
  });
}

function closeLifecycle(slice: Slice, name: string, now: Millis): void {
  const { stage } = slice;
  switch (name) {
    case 'install':
      stage.installed = true;
      break;
    case 'config-changed':
      stage.configured = true;
      break;
    case 'start':
      if (!stage.statusSet) workload(slice, 'unknown', '', now);
      stage.started = true;
      stage.stopped = false;
      break;
    case 'stop':
      workload(slice, 'maintenance', '', now);
      stage.stopped = true;
      stage.started = false;
      break;
    case 'remove':
      workload(slice, 'terminated', '', now);
      stage.removed = true;
      break;
  }
}

function closeRelation(slice: Slice, event: Extract<Event, { kind: 'relation' }>): void {
  const key = `${event.endpoint}:${event.relation}`;
  if (event.phase === 'departed' && event.unit !== undefined)
    delete slice.relations[key]?.units[event.unit];
  if (event.phase !== 'broken') return;
  delete slice.relations[key];
  delete slice.stage.created[key];
  delete slice.stage.joined[key];
}
