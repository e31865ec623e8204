/**
 * The State a tree starts from: a unit that Juju has just placed and no hook has run for.
 * Source: juju internal/worker/uniter, and state for what deploying writes: peer relations exist from then on.
 * Not modelled: more than one unit of the application.
 */
import type { Charm } from '../model/charm.ts';
import { newRelation, newUnit } from '../world/juju/new-unit.ts';
import type { JujuSlice, Relation } from '../world/juju/slice.ts';
import { uuidFrom } from '../world/juju/environment.ts';
import { emptyContainer } from '../world/pebble/container.ts';
import type { Container } from '../world/pebble/slice.ts';
import type { State } from '../world/state.ts';
import type { RootSpec, StateSpec } from '../tree/definition.ts';
import { digestOfValue, type Digest } from './digests.ts';
import { layState } from './lay-state.ts';
import type { Blobs } from '../model/counterpart.ts';

/** Every trace begins at this moment: 2026-01-01 00:00:00 UTC. */
export const BEGINNING = Date.UTC(2026, 0, 1);
/** A small machine, the same on every host. */
const CPUS = 2;
const MEMORY_MIB = 4096;
const JUJU_VERSION = '3.6.14';

function peerRelations(charm: Charm): Readonly<Record<string, Relation>> {
  const peers = Object.keys(charm.endpoints).filter(
    (name) => charm.endpoints[name]?.role === 'peers',
  );
  const relations = peers
    .sort()
    .map((endpoint, id): [string, Relation] => [
      `${endpoint}:${id}`,
      newRelation({ id, endpoint, app: charm.name }),
    ]);
  return Object.fromEntries(relations);
}

function placedUnit(charm: Charm, digest: Digest): JujuSlice {
  const relations = peerRelations(charm);
  const type = charm.kubernetes ? 'kubernetes' : 'machine';
  const uuid = uuidFrom(digestOfValue({ model: type }, digest).replace('sha256:', ''));
  const model = { name: 'playbill', uuid, type } as const;
  const unit = newUnit({ version: JUJU_VERSION, app: charm.name, unit: 0, model, now: BEGINNING });
  return { ...unit, relations, nextRelation: Object.keys(relations).length };
}

/** What a library name stands for. Every container of the charm is there in any case, not connectable. */
function librarySpec(name: string, charm: Charm): StateSpec {
  const containers = (canConnect: boolean): StateSpec => ({
    containers: Object.fromEntries(
      Object.keys(charm.containers).map((container) => [container, { canConnect }]),
    ),
  });
  switch (name) {
    case 'empty':
    case 'null':
      return {};
    case 'leader':
      return { leader: true };
    case 'containers':
      return containers(false);
    case 'containers-ready':
      return containers(true);
    default:
      throw new Error(`no root is named ${name}`);
  }
}

/** The State of a tree's root. */
export function rootState(
  root: RootSpec,
  charm: Charm,
  { blobs, digest }: { blobs: Blobs; digest: Digest },
): State {
  const containers = Object.keys(charm.containers).map((name): [string, Container] => [
    name,
    emptyContainer({ now: BEGINNING }),
  ]);
  const empty: State = {
    clock: { now: BEGINNING },
    juju: placedUnit(charm, digest),
    machine: { cpus: CPUS, memoryMiB: MEMORY_MIB, charmDir: {}, folders: {}, databases: {} },
    pebble: { containers: Object.fromEntries(containers) },
  };
  const specs = [...root.use.map((name) => librarySpec(name, charm)), root.state];
  return specs.reduce((state, spec) => layState(state, spec, { charm, blobs }), empty);
}
