/**
 * The State a tree starts from: a unit that Juju has just placed, with what the author says of it laid over.
 * Source: juju internal/worker/uniter, and state for what deploying writes: peer relations and the storage that a charm
 * cannot do without exist from then on.
 * What happened to the unit before is unknown unless the root declares a stage of its life.
 */
import { produce, type Draft } from 'immer';
import type { Charm } from '../model/charm.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { RootSpec, StateSpec } from '../tree/definition.ts';
import { otherApp, type Responder } from '../tree/responder.ts';
import { RESPONDERS } from '../tree/responders.ts';
import { uuidFrom } from '../world/juju/environment.ts';
import { NEW_STAGE, newRelation, newUnit } from '../world/juju/new-unit.ts';
import type { JujuSlice, Relation, Storage } from '../world/juju/slice.ts';
import { asImage, emptyContainer } from '../world/pebble/container.ts';
import type { Container } from '../world/pebble/slice.ts';
import type { State } from '../world/state.ts';
import { digestOfValue, type Digest } from './digests.ts';
import { missingStorage, newStorage } from './lay-belongings.ts';
import { layState, wholeVersion } from './lay-state.ts';
import type { Using } from './using.ts';
import { answering, layResponses } from './respond.ts';
import { layStage } from './root-stage.ts';

/** Every trace begins at this moment: 2026-01-01 00:00:00 UTC. */
export const BEGINNING = Date.UTC(2026, 0, 1);
/** A small machine, the same on every host. */
const CPUS = 2;
const MEMORY_MIB = 4096;
const USUAL_JUJU = '3.6';

type Specs = readonly StateSpec[];

function peerRelations(charm: Charm, app: string): Readonly<Record<string, Relation>> {
  const peers = Object.keys(charm.endpoints).filter(
    (name) => charm.endpoints[name]?.role === 'peers',
  );
  const relations = peers
    .sort()
    .map((endpoint, id): [string, Relation] => [
      `${endpoint}:${id}`,
      newRelation({ id, endpoint, app }),
    ]);
  return Object.fromEntries(relations);
}

/** What the last of the specs says. */
function lastSaid<Key extends keyof StateSpec>(specs: Specs, key: Key): StateSpec[Key] | undefined {
  return specs.findLast((spec) => spec[key] !== undefined)?.[key];
}

function modelOf(specs: Specs, charm: Charm, digest: Digest): JujuSlice['model'] {
  const models = specs.map(({ model }) => model ?? {});
  const type =
    models.findLast((one) => one.type !== undefined)?.type ??
    (charm.kubernetes ? 'kubernetes' : 'machine');
  const name = models.findLast((one) => one.name !== undefined)?.name ?? 'playbill';
  const uuid = uuidFrom(digestOfValue({ model: type }, digest).replace('sha256:', ''));
  return { name, uuid, type, config: {} };
}

function placedUnit(specs: Specs, charm: Charm, digest: Digest): JujuSlice {
  const app = lastSaid(specs, 'app') ?? charm.name;
  const relations = peerRelations(charm, app);
  const unit = newUnit({
    version: wholeVersion(lastSaid(specs, 'juju') ?? USUAL_JUJU),
    app,
    unit: lastSaid(specs, 'unit') ?? 0,
    model: modelOf(specs, charm, digest),
    now: BEGINNING,
  });
  const storages = missingStorage(charm, {}).map((id): [string, Storage] => [
    id,
    newStorage(charm, id, false),
  ]);
  const nextRelation = Object.keys(relations).length;
  return { ...unit, relations, nextRelation, storages: Object.fromEntries(storages) };
}

/** A relation with one unit on every endpoint that another application can be on the other side of. */
function relatedTo(charm: Charm, responders: readonly Responder[]) {
  const outward = Object.keys(charm.endpoints)
    .filter((name) => charm.endpoints[name]?.role !== 'peers')
    .sort();
  const all = [...responders, ...RESPONDERS];
  return Object.fromEntries(
    outward.map((name) => [name, { app: otherApp(name, charm, all), units: { 0: {} } }]),
  );
}

/** What a library name stands for. Every container of the charm is there in any case, not connectable. */
function librarySpec(name: string, charm: Charm, responders: readonly Responder[]): StateSpec {
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
    case 'related':
      return { relations: relatedTo(charm, responders) };
    default:
      throw new Error(`no root is named ${name}`);
  }
}

/** What is in the containers of a root is what their images bring. */
function withImages(state: State): State {
  const containers = Object.entries(state.pebble.containers).map(
    ([name, container]) => [name, asImage(container)] as const,
  );
  return { ...state, pebble: { ...state.pebble, containers: Object.fromEntries(containers) } };
}

/** Storage that the author says nothing of is attached once the unit has come so far. */
function attachStorage(state: State, { stage, storage = {} }: StateSpec): State {
  const { type } = state.juju.model;
  const waits = stage === 'new' || (stage === 'installed' && type === 'kubernetes');
  if (waits) return state;
  const attach = (slice: Draft<JujuSlice>): void => {
    for (const [id, one] of Object.entries(slice.storages)) {
      if (storage[id]?.attached === undefined) one.attached = true;
    }
  };
  return { ...state, juju: produce(state.juju, attach) };
}

type RootUsing = { readonly blobs: Blobs; readonly digest: Digest } & Pick<
  Using,
  'begins' | 'responders'
>;

/** The State of a tree's root. */
export function rootState(
  root: RootSpec,
  charm: Charm,
  { blobs, digest, begins, responders = [] }: RootUsing,
): State {
  const named = root.use.map((name) => librarySpec(name, charm, responders));
  const specs = [...named, root.state];
  const containers = Object.keys(charm.containers).map((name): [string, Container] => [
    name,
    emptyContainer({ name, now: BEGINNING }),
  ]);
  const placed: State = {
    clock: { now: BEGINNING },
    juju: placedUnit(specs, charm, digest),
    machine: { cpus: CPUS, memoryMiB: MEMORY_MIB, charmDir: {}, folders: {}, databases: {} },
    pebble: { containers: Object.fromEntries(containers) },
  };
  const unknown = { ...placed.juju, stage: { ...NEW_STAGE, history: 'unknown' as const } };
  const laid = specs.reduce<State>(
    (state, spec) => layState(state, spec, { charm, blobs, digest }),
    begins?.({ ...placed, juju: unknown }) ?? { ...placed, juju: unknown },
  );
  const answered = root.use.includes('related')
    ? layResponses(laid, answering(charm, responders), { charm, blobs, digest, responders })
    : laid;
  const known = root.state.stage ? layStage(answered, root.state.stage) : answered;
  return withImages(attachStorage(known, root.state));
}
