/**
 * Lays what an author wrote over a state: what is named is set, null removes, everything else stays as it was.
 * A delta is a change of the world, not an event: nothing of the charm runs.
 */
import { produce, type Draft } from 'immer';
import type { Charm } from '../model/charm.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { ContainerStateSpec, RelationSpec, StateSpec } from '../tree/definition.ts';
import { newRelation } from '../world/juju/new-unit.ts';
import type { JujuSlice, Relation } from '../world/juju/slice.ts';
import { layContainer } from '../world/pebble/container.ts';
import type { State } from '../world/state.ts';

type Slice = Draft<JujuSlice>;

/** The state with `spec` over it. Objects of the charm that `spec` names have been checked to exist. */
export function layState(
  state: State,
  spec: StateSpec,
  using: { charm: Charm; blobs: Blobs },
): State {
  const juju = produce(state.juju, (slice) => {
    layUnit(slice, spec);
    layConfig(slice, spec.config ?? {});
    for (const [endpoint, relation] of Object.entries(spec.relations ?? {})) {
      for (const one of [relation].flat()) layRelation(slice, endpoint, one);
    }
  });
  return { ...state, juju, pebble: layContainers(state, spec.containers ?? {}, using.blobs) };
}

function layUnit(slice: Slice, spec: StateSpec): void {
  if (spec.leader !== undefined) slice.leader = spec.leader;
  if (spec.app !== undefined) slice.app = spec.app;
  if (spec.unit !== undefined) slice.unit = spec.unit;
  if (spec.plannedUnits !== undefined) slice.plannedUnits = spec.plannedUnits;
  if (spec.juju !== undefined) slice.version = spec.juju;
  if (spec.model?.name !== undefined) slice.model.name = spec.model.name;
  if (spec.model?.type !== undefined) slice.model.type = spec.model.type;
}

function layConfig(slice: Slice, config: NonNullable<StateSpec['config']>): void {
  for (const [option, value] of Object.entries(config)) {
    if (value === null) delete slice.config[option];
    else slice.config[option] = value as Draft<typeof value>;
  }
}

function addRelation(slice: Slice, endpoint: string, app: string): Draft<Relation> {
  const relation = newRelation({ id: slice.nextRelation, endpoint, app }) as Draft<Relation>;
  slice.nextRelation += 1;
  slice.relations[`${endpoint}:${relation.id}`] = relation;
  return slice.relations[`${endpoint}:${relation.id}`] ?? relation;
}

function layRelation(slice: Slice, endpoint: string, spec: RelationSpec | null): void {
  const known = Object.entries(slice.relations).find(
    ([, relation]) => relation.endpoint === endpoint,
  );
  if (spec === null) {
    if (known) forget(slice, known[0]);
    return;
  }
  const relation = known?.[1] ?? addRelation(slice, endpoint, spec.app ?? `remote-${endpoint}`);
  if (spec.app !== undefined) relation.app = spec.app;
  layBag(relation.remoteApp, spec.data ?? {});
  for (const [number, bag] of Object.entries(spec.units ?? {})) {
    const unit = `${relation.app}/${number}`;
    if (bag === null) {
      delete relation.units[unit];
      continue;
    }
    relation.units[unit] ??= {};
    layBag(relation.units[unit], bag);
  }
}

function forget(slice: Slice, key: string): void {
  delete slice.relations[key];
  delete slice.stage.created[key];
  delete slice.stage.joined[key];
}

function layBag(
  bag: Record<string, string>,
  changes: Readonly<Record<string, string | null>>,
): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete bag[key];
    else bag[key] = value;
  }
}

function layContainers(
  state: State,
  specs: Readonly<Record<string, ContainerStateSpec>>,
  blobs: Blobs,
): State['pebble'] {
  const { now } = state.clock;
  const laid = Object.entries(specs).map(([name, spec]) => {
    const container = state.pebble.containers[name];
    if (!container) throw new Error(`no container ${name}`);
    return [name, layContainer(container, spec, { blobs, now })] as const;
  });
  return {
    ...state.pebble,
    containers: { ...state.pebble.containers, ...Object.fromEntries(laid) },
  };
}
