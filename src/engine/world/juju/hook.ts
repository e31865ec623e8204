/**
 * What Juju itself writes around a hook: statuses, membership, the stage of the unit's life.
 * Source: juju internal/worker/uniter/operation/runhook.go.
 * Not modelled: status history.
 */
import { produce, type Draft } from 'immer';
import type { Closing } from '../../model/counterpart.ts';
import type { Event } from '../../model/event.ts';
import { eventName } from '../../model/event.ts';
import type { Millis } from '../../model/request.ts';
import { stableText } from '../../model/json.ts';
import { finishedAction } from './action.ts';
import { unitName } from './command.ts';
import { scopeSettings } from './network.ts';
import { secretHookDone } from './secret-events.ts';
import type { ActionRun, HookMemory, JujuSlice, StatusName } from './slice.ts';
import { attachStorage } from './storage.ts';
import { stageAfter, stageBefore, stageUndone } from './stage-after.ts';

type Slice = Draft<JujuSlice>;

function workload(slice: Slice, status: StatusName, message: string, now: Millis): void {
  slice.unitStatus = { status, message, since: now };
}

const NO_MEMORY: HookMemory = { unitStatus: null, appStatus: null, notLeader: false, bags: {} };

function startedAction(event: Event): Draft<JujuSlice['action']> {
  if (event.kind !== 'action') return null;
  const params = event.params as Draft<typeof event.params>;
  return { name: event.name, params, results: {}, log: [], failure: null };
}

/** Before the hook: kept whatever becomes of it. */
export function openHook(slice: JujuSlice, event: Event, now: Millis): JujuSlice {
  return produce(slice, (draft) => {
    draft.action = startedAction(event);
    draft.hook = { ...NO_MEMORY, led: slice.leader } as Draft<HookMemory>;
    stageBefore(draft, event);
    if (event.kind === 'lifecycle') openLifecycle(draft, event.name, now);
    if (event.kind === 'relation') openRelation(draft, event);
    if (event.kind === 'storage' && event.phase === 'attached') attachStorage(draft, event.id);
  });
}

/** A hook that was cut off by the machine's death: what the agent remembered is gone. */
export function forgetHook(slice: JujuSlice): JujuSlice {
  return produce(slice, (draft) => {
    draft.hook = null;
    for (const relation of Object.values(draft.relations)) relation.known = {};
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
  if (event.phase === 'created') enterScope(slice, key);
  const { unit } = event;
  if (unit !== undefined && (event.phase === 'joined' || event.phase === 'changed')) {
    delete slice.relations[key]?.known[unit];
  }
}

/** Entering a relation's scope writes the unit's addresses into its own databag. */
function enterScope(slice: Slice, key: string): void {
  const own = slice.relations[key];
  if (!own) return;
  own.localUnit = { ...scopeSettings(slice, own.endpoint, key), ...own.localUnit };
}

/** After the hook: what its end makes of the unit. */
export function closeHook(slice: JujuSlice, at: Closing): JujuSlice {
  return produce(slice, (draft) => {
    if (at.event.kind === 'action') finishAction(draft, at);
    else if (at.committed) succeed(draft, at.event, at.now);
    else endBadly(draft, at);
    draft.hook = null;
  });
}

function endBadly(slice: Slice, { event, end }: Closing): void {
  stageUndone(slice, event);
  if (end.kind === 'rebooted') requeue(slice, event);
  else fail(slice, event);
}

function finishAction(slice: Slice, { end, said, refused }: Closing): void {
  if (!slice.action) return;
  const at = { unit: unitName(slice as JujuSlice), end, said, refused };
  slice.action = finishedAction(slice.action as ActionRun, at) as Draft<ActionRun>;
}

/** `juju-reboot --now`: the hook is run again once the machine is back, which tells the unit so by start. */
function requeue(slice: Slice, event: Event): void {
  slice.rebooting = true;
  slice.failed = event as Draft<Event>;
  slice.agentStatus = { status: 'rebooting', message: '' };
}

function fail(slice: Slice, event: Event): void {
  slice.failed = event as Draft<Event>;
  slice.agentStatus = {
    status: 'error',
    message: `hook failed: ${JSON.stringify(failedName(event))}`,
  };
}

/** Juju names storage and pebble hooks that failed by their kind alone. */
function failedName(event: Event): string {
  switch (event.kind) {
    case 'storage':
      return `storage-${event.phase}`;
    case 'pebble-ready':
      return 'pebble-ready';
    case 'pebble-notice':
      return 'pebble-custom-notice';
    case 'pebble-check':
      return `pebble-check-${event.turned}`;
    default:
      return eventName(event);
  }
}

/** What a hook that counts as done leaves: also what `juju resolved --no-retry` makes of a failed one. */
export function succeed(slice: Slice, event: Event, now: Millis): void {
  if (slice.failed && stableText(slice.failed) === stableText(event)) slice.failed = null;
  slice.agentStatus = slice.rebooting
    ? { status: 'rebooting', message: '' }
    : { status: 'idle', message: '' };
  stageAfter(slice, event);
  if (event.kind === 'lifecycle') closeLifecycle(slice, event.name, now);
  if (event.kind === 'storage' && event.phase === 'detaching') delete slice.storages[event.id];
  if (event.kind === 'secret') secretHookDone(slice, event, now);
}

function closeLifecycle(slice: Slice, name: string, now: Millis): void {
  if (name === 'start' && !slice.stage.statusSet) workload(slice, 'unknown', '', now);
  if (name === 'stop') workload(slice, 'maintenance', '', now);
  if (name === 'remove') workload(slice, 'terminated', '', now);
}
