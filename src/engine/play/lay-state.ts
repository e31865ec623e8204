/**
 * Lays what an author wrote over a state: what is named is set, null removes, everything else stays as it was.
 * A delta is a change of the world, not an event: nothing of the charm runs.
 */
import { produce, type Draft } from 'immer';
import type { Charm } from '../model/charm.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Json } from '../model/json.ts';
import type { Millis } from '../model/request.ts';
import type { ContainerStateSpec, StateSpec } from '../tree/definition.ts';
import type { JujuSlice } from '../world/juju/slice.ts';
import type { State } from '../world/state.ts';
import type { Digest } from './digests.ts';
import { layBelongings } from './lay-belongings.ts';
import { laidContainer } from './lay-container.ts';
import { laidMachine } from './lay-machine.ts';
import { laidPackages } from './lay-packages.ts';
import { layHappening } from './lay-happening.ts';
import { layBag, layRelations } from './lay-relations.ts';
import { layGrants, laySecrets, withSecretId } from './lay-secrets.ts';
import { mountStorage, syncStorage } from './storage-mounts.ts';

type Slice = Draft<JujuSlice>;
export type Laying = { readonly charm: Charm; readonly blobs: Blobs; readonly digest: Digest };

/** A whole version of Juju for one that is said in short: the controller tells its charms the whole. */
const WHOLE_VERSIONS: Readonly<Record<string, string>> = { '3.6': '3.6.14', '4.0': '4.0.0' };

export function wholeVersion(version: string): string {
  const whole = WHOLE_VERSIONS[version];
  return whole ?? (version.split('.').length < 3 ? `${version}.0` : version);
}

/** The state with `spec` over it. Objects of the charm that `spec` names have been checked to exist. */
export function layState(state: State, spec: StateSpec, using: Laying): State {
  const met = spec.happens ? layHappening(state, spec.happens) : state;
  const { now } = met.clock;
  const juju = produce(met.juju, (slice) => layJuju(slice, spec, { ...using, now }));
  const { blobs } = using;
  const machine = spec.machine
    ? laidPackages(laidMachine(met.machine, spec.machine, { blobs, now }), spec.machine, {
        blobs,
        now,
      })
    : met.machine;
  const laid = { ...met, juju, machine };
  return spec.containers ? layContainers(laid, spec.containers, using) : laid;
}

function layJuju(slice: Slice, spec: StateSpec, using: Laying & { readonly now: Millis }): void {
  layUnit(slice, spec);
  layModel(slice, spec.model ?? {});
  laySecrets(slice, spec.secrets, using.now);
  layConfig(slice, spec.config ?? {}, using.charm);
  layRelations(slice, spec.relations, using);
  layGrants(slice, spec.secrets);
  layBelongings(slice, spec, using);
  layBag(slice.leaderSettings, spec.leaderSettings);
  layBag(slice.unitState, spec.unitState);
}

function layUnit(slice: Slice, spec: StateSpec): void {
  if (spec.leader !== undefined) slice.leader = spec.leader;
  if (spec.app !== undefined) slice.app = spec.app;
  if (spec.unit !== undefined) slice.unit = spec.unit;
  if (spec.plannedUnits !== undefined) slice.plannedUnits = spec.plannedUnits;
  if (spec.juju !== undefined) slice.version = wholeVersion(spec.juju);
  if (spec.trusted !== undefined) slice.trusted = spec.trusted;
  if (spec.cloud !== undefined) slice.cloudSpec = spec.cloud as Slice['cloudSpec'];
  if (spec.machine?.id !== undefined) slice.machine = spec.machine.id;
  if (spec.machine?.zone !== undefined) slice.zone = spec.machine.zone;
  if (spec.principal !== undefined) slice.principal = spec.principal;
}

function layModel(slice: Slice, model: NonNullable<StateSpec['model']>): void {
  if (model.name !== undefined) slice.model.name = model.name;
  if (model.type !== undefined) slice.model.type = model.type;
  layBag(slice.model.config, model.config);
}

function layConfig(slice: Slice, config: NonNullable<StateSpec['config']>, charm: Charm): void {
  for (const [option, value] of Object.entries(config)) {
    if (value === null) delete slice.config[option];
    else slice.config[option] = optionValue(slice, value, charm.config[option]) as Draft<Json>;
  }
}

function optionValue(slice: JujuSlice, value: Json, option: Charm['config'][string] | undefined) {
  // An option that the charm does not have is one of the charm that is upgraded to next.
  const mayBe = option === undefined || option.type === 'secret';
  return mayBe && typeof value === 'string' ? withSecretId(slice, value) : value;
}

type Specs = Readonly<Record<string, ContainerStateSpec>>;

function layEach(state: State, specs: Specs, blobs: Blobs): State {
  const at = { blobs, now: state.clock.now };
  const done = Object.entries(specs).map(([name, spec]) => {
    const container = state.pebble.containers[name];
    if (!container) throw new Error(`no container ${name}`);
    return [name, laidContainer(container, spec, at)] as const;
  });
  const containers = { ...state.pebble.containers, ...Object.fromEntries(done) };
  return { ...state, pebble: { ...state.pebble, containers } };
}

/** The images alone: volumes are mounted over them before anything else is laid. */
function imagesOf(specs: Specs): Specs {
  const images = Object.entries(specs).flatMap(([name, { image, base }]) =>
    image === undefined ? [] : [[name, { image, ...(base ? { base } : {}) }] as const],
  );
  return Object.fromEntries(images);
}

function withoutImages(specs: Specs): Specs {
  const others = Object.entries(specs).map(([name, { image: _image, base: _base, ...rest }]) => [
    name,
    rest,
  ]);
  return Object.fromEntries(others) as Specs;
}

/** What is laid into a volume is there for all who mount it. */
function layContainers(state: State, specs: Specs, { charm, blobs }: Laying): State {
  const imaged = layEach(state, imagesOf(specs), blobs);
  const others = withoutImages(specs);
  if (!Object.values(others).some(({ files }) => files)) return layEach(imaged, others, blobs);
  const before = mountStorage(imaged, charm);
  return syncStorage(before, layEach(before, others, blobs), charm);
}
