/**
 * What an event makes of the stage of a unit's life: which hooks have run, which relations and units it has seen.
 * Source: juju internal/worker/uniter/operation (runhook.go Commit, deploy.go, leader.go) and
 * internal/worker/uniter/relation/state.go (Validate, UpdateStateForHook).
 * Where history is unknown an event shows what must have been before it: update-status comes after start only.
 */
import type { Draft } from 'immer';
import type { Event, LifecycleEvent, RelationEvent } from '../../model/event.ts';
import { relationKey } from './relation-context.ts';
import { endGrants } from './secret-change.ts';
import type { JujuSlice } from './slice.ts';

type Slice = Draft<JujuSlice>;

/** Whether all that happened to the unit before is what the slice says. */
function isExact(slice: Slice, key: string): boolean {
  return !slice.stage.seen?.relations[key];
}

/** Before the hook: what Juju must know to deliver the event at all, and whom the hook sees as members. */
export function stageBefore(slice: Slice, event: Event): void {
  const { stage } = slice;
  if (stage.history === 'unknown') meetUnknown(slice, event);
  if (!slice.leader) stage.elected = false;
  if (isNamed(event, 'leader-elected')) stage.elected = true;
  if (isNamed(event, 'start') || (!stage.started && !slice.failed)) slice.rebooting = false;
  if (event.kind === 'relation') enter(slice, event);
  if (event.kind === 'storage' && stage.seen) stage.seen.storages[event.id] = true;
}

function isNamed(event: Event, name: LifecycleEvent['name']): boolean {
  return event.kind === 'lifecycle' && event.name === name;
}

/** The first event of a unit with a past, or a later one. */
function meetUnknown(slice: Slice, event: Event): void {
  const { stage } = slice;
  if (isNamed(event, 'install')) {
    stage.history = 'known';
    stage.seen = null;
    if (slice.model.type === 'kubernetes') detachAll(slice);
    return;
  }
  if (stage.seen) noticeNew(slice);
  else stage.seen = { relations: rootMembers(slice), storages: {} };
  imply(slice, event);
}

/** On Kubernetes no storage is attached before install. */
function detachAll(slice: Slice): void {
  for (const storage of Object.values(slice.storages)) storage.attached = false;
}

type Members = Record<string, 'member' | 'unknown' | 'gone'>;

/** Relations that are there before anything is played: nobody knows which of their units have joined. */
function rootMembers(slice: Slice): Record<string, Members> {
  const relations: Record<string, Members> = {};
  for (const key of Object.keys(slice.relations)) {
    if (slice.stage.joined[key]) continue;
    const members: Members = {};
    for (const unit of unitsOf(slice, key)) members[unit] = 'unknown';
    relations[key] = members;
  }
  return relations;
}

function unitsOf(slice: Slice, key: string): readonly string[] {
  return Object.keys(slice.relations[key]?.units ?? {});
}

/** What a delta has added since has neither been created nor joined. */
function noticeNew(slice: Slice): void {
  const { stage } = slice;
  for (const key of Object.keys(slice.relations)) {
    if (isExact(slice, key)) stage.joined[key] ??= {};
    else showMembers(slice, key);
  }
}

/** Members where it is not sure who is: all units but those that have come since, or are leaving. */
function showMembers(slice: Slice, key: string, leaving?: string): void {
  const { stage } = slice;
  const known = stage.seen?.relations[key] ?? {};
  const units = unitsOf(slice, key);
  const members = units.filter((unit) => known[unit] && known[unit] !== 'gone' && unit !== leaving);
  if (members.length === units.length) delete stage.joined[key];
  else stage.joined[key] = Object.fromEntries(members.map((unit) => [unit, true] as const));
}

const AFTER_START = ['joined', 'changed', 'departed'];

/** Hooks that must have run for this one to come. */
function imply(slice: Slice, event: Event): void {
  const { stage } = slice;
  const beforeInstall = event.kind === 'storage' && slice.model.type === 'machine';
  if (!beforeInstall) stage.installed = true;
  const started =
    isNamed(event, 'update-status') ||
    isNamed(event, 'stop') ||
    (event.kind === 'relation' && AFTER_START.includes(event.phase));
  if (started || isNamed(event, 'start')) stage.configured = true;
  if (started) stage.started = true;
}

function enter(slice: Slice, event: RelationEvent): void {
  const { stage } = slice;
  const key = relationKey({ endpoint: event.endpoint, id: event.relation });
  stage.created[key] = true;
  if (event.phase === 'created') {
    if (stage.seen) delete stage.seen.relations[key];
    stage.joined[key] = {};
  }
  if (event.phase === 'broken') stage.joined[key] = {};
  if (event.unit === undefined) return;
  const unsure = stage.seen?.relations[key];
  if (event.phase === 'departed') {
    if (unsure) showMembers(slice, key, event.unit);
    else delete stage.joined[key]?.[event.unit];
  } else if (unsure) {
    unsure[event.unit] = 'member';
    if (stage.joined[key]) showMembers(slice, key);
  } else if (event.phase === 'joined') {
    stage.joined[key] = { ...stage.joined[key], [event.unit]: true };
  }
}

/** After a hook that counts as done: what Juju has committed, and what it has queued to come next. */
export function stageAfter(slice: Slice, event: Event): void {
  if (event.kind === 'lifecycle') commitLifecycle(slice, event.name);
  if (event.kind === 'relation') commitRelation(slice, event);
}

function commitLifecycle(slice: Slice, name: LifecycleEvent['name']): void {
  const { stage } = slice;
  switch (name) {
    case 'install':
      stage.installed = true;
      break;
    case 'config-changed':
      stage.configured = true;
      if (stage.history === 'known' && !stage.started) stage.queued = 'start';
      else if (stage.queued === 'config-changed') stage.queued = null;
      break;
    case 'start':
      stage.started = true;
      stage.stopped = false;
      if (stage.queued === 'start') stage.queued = null;
      break;
    case 'upgrade-charm':
      stage.queued = 'config-changed';
      break;
    case 'pre-series-upgrade':
      stage.queued = 'post-series-upgrade';
      break;
    case 'post-series-upgrade':
      stage.queued = null;
      break;
    case 'stop':
      stage.stopped = true;
      break;
    case 'remove':
      stage.removed = true;
      break;
    case 'update-status':
    case 'leader-elected':
    case 'leader-settings-changed':
      break;
  }
}

function commitRelation(slice: Slice, event: RelationEvent): void {
  const { stage } = slice;
  const key = relationKey({ endpoint: event.endpoint, id: event.relation });
  if (event.phase === 'broken') {
    delete slice.relations[key];
    endGrants(slice, key);
    delete stage.created[key];
    delete stage.joined[key];
    delete stage.pending[key];
    if (stage.seen) delete stage.seen.relations[key];
    return;
  }
  if (event.unit === undefined) return;
  if (event.phase === 'joined') stage.pending[key] = event.unit;
  if (event.phase === 'changed') delete stage.pending[key];
  if (event.phase !== 'departed') return;
  delete slice.relations[key]?.units[event.unit];
  if (!stage.seen?.relations[key]) return;
  stage.seen.relations[key][event.unit] = 'gone';
  showMembers(slice, key);
}

/** After a hook that is to be run again: who has joined or departed is recorded only when it is done. */
export function stageUndone(slice: Slice, event: Event): void {
  if (event.kind !== 'relation' || event.unit === undefined) return;
  const { stage } = slice;
  const key = relationKey({ endpoint: event.endpoint, id: event.relation });
  const unsure = stage.seen?.relations[key];
  if (event.phase === 'joined') {
    if (unsure) {
      delete unsure[event.unit];
      showMembers(slice, key);
    } else delete stage.joined[key]?.[event.unit];
  }
  if (event.phase !== 'departed') return;
  if (unsure) showMembers(slice, key);
  else stage.joined[key] = { ...stage.joined[key], [event.unit]: true };
}
