/**
 * What Juju has told a unit and written for it by the time that a root declares: installed, started, stopped.
 * Source: juju internal/worker/uniter (the order of a unit's first hooks), operation/runhook.go (statuses).
 */
import { produce, type Draft } from 'immer';
import type { Millis } from '../model/request.ts';
import type { StateSpec } from '../tree/definition.ts';
import { scopeSettings } from '../world/juju/network.ts';
import { NEW_STAGE } from '../world/juju/new-unit.ts';
import type { JujuSlice, Relation, Status } from '../world/juju/slice.ts';
import type { State } from '../world/state.ts';

type Slice = Draft<JujuSlice>;
type Stage = NonNullable<StateSpec['stage']>;

function copied(bags: Relation['units']): Record<string, Record<string, string>> {
  return Object.fromEntries(Object.entries(bags).map(([unit, bag]) => [unit, { ...bag }] as const));
}

/** Every relation of the root has been created, and all of its units have joined and been read. */
function meetAll(slice: Slice): void {
  for (const [key, relation] of Object.entries(slice.relations)) {
    slice.stage.created[key] = true;
    slice.stage.joined[key] = Object.fromEntries(
      Object.keys(relation.units).map((unit) => [unit, true] as const),
    );
    relation.known = copied(relation.units);
    relation.localUnit = { ...scopeSettings(slice, relation.endpoint, key), ...relation.localUnit };
  }
}

const STATUSES: Readonly<Record<Exclude<Stage, 'new'>, Omit<Status, 'since'>>> = {
  installed: { status: 'maintenance', message: 'installing charm software' },
  started: { status: 'unknown', message: '' },
  stopped: { status: 'maintenance', message: '' },
};

function declare(slice: Slice, stage: Stage, now: Millis): void {
  slice.stage = { ...NEW_STAGE, created: {}, joined: {}, pending: {} } as Draft<JujuSlice['stage']>;
  if (stage === 'new') return;
  slice.stage.installed = true;
  slice.unitStatus = { ...STATUSES[stage], since: now };
  slice.agentStatus = { status: 'idle', message: '' };
  if (stage === 'installed') return;
  slice.stage.configured = true;
  slice.stage.started = true;
  slice.stage.stopped = stage === 'stopped';
  slice.stage.elected = slice.leader;
  meetAll(slice);
}

/** The state with the history that its root declares. */
export function layStage(state: State, stage: Stage): State {
  const { now } = state.clock;
  return { ...state, juju: produce(state.juju, (slice) => declare(slice, stage, now)) };
}
