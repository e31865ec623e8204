/** The state words of a root or a delta, held against the charm that is there at the time. */
import { fitsType } from '../charm/config.ts';
import type { Charm } from '../model/charm.ts';
import type { Json } from '../model/json.ts';
import { Mistake, type Position } from '../model/mistake.ts';
import { wordHint } from '../model/yaml-shape.ts';
import type { Definition, DeltaSpec, RelationSpec, ResourceSpec, RootSpec } from './definition.ts';

/**
 * What a state is held against. `next`: the charm that an upgrade brings right after; its options and resources can be
 * given with it. `secrets`: every name that the tree gives one. `app`: the application's.
 */
export type Held = {
  readonly charm: Charm;
  readonly next?: Charm | undefined;
  readonly secrets: readonly string[];
  readonly model: 'kubernetes' | 'machine';
  readonly app: string;
};
type Spot = { readonly at: Position; readonly charm: Charm };

/** The implicit endpoint juju-info is on every charm and gets no hooks, so it counts as none. */
const NAMES = {
  endpoint: (charm: Charm) => Object.keys(charm.endpoints),
  container: (charm: Charm) => Object.keys(charm.containers),
  storage: (charm: Charm) => Object.keys(charm.storage),
  resource: (charm: Charm) => Object.keys(charm.resources),
  action: (charm: Charm) => Object.keys(charm.actions),
  'config option': (charm: Charm) => Object.keys(charm.config),
  binding: (charm: Charm) => [...Object.keys(charm.endpoints), ...charm.extraBindings, 'juju-info'],
};

/** The mistake that the charm has nothing of that name, if so. */
export function unknownIn(
  what: keyof typeof NAMES,
  name: string,
  { at, charm }: Spot,
): readonly Mistake[] {
  const names = NAMES[what](charm);
  if (names.includes(name)) return [];
  const message = `the charm ${charm.name} has no ${what} "${name}"`;
  const hint = names.length > 0 ? wordHint(name, names, 'It has') : `It has no ${what} at all.`;
  return [new Mistake(message, { at, hint })];
}

/** The charm that has it: the one that is there, or else the next. */
function having(key: 'config' | 'resources', name: string, { charm, next }: Held): Charm {
  return next && !Object.hasOwn(charm[key], name) && Object.hasOwn(next[key], name) ? next : charm;
}

/** What the tree's model runs on: as the root says, or as the charm is. */
export function typeOfModel({ root }: Definition, charm: Charm): Held['model'] {
  return root.state.model?.type ?? (charm.kubernetes ? 'kubernetes' : 'machine');
}

/** `secret:NAME` must be a secret of the tree, unless it is an id. */
function checkSecret(value: string, at: Position, { secrets }: Held): readonly Mistake[] {
  const name = /^secret:([^/]*)$/.exec(value)?.[1];
  if (name === undefined || secrets.includes(name) || /^[0-9a-v]{20}$/.test(name)) return [];
  const message = `no secret of the tree is called "${name}"`;
  const hint =
    secrets.length > 0 ? wordHint(name, secrets, 'It has') : `Write secrets: {${name}: {…}} too.`;
  return [new Mistake(message, { at, hint })];
}

function checkValue(name: string, value: Json, { at, charm, held }: Spot & { held: Held }) {
  const option = charm.config[name];
  if (!option || value === null) return [];
  if (option.type === 'secret' && typeof value === 'string' && fitsType(value, 'secret')) {
    return checkSecret(value, at, held);
  }
  if (fitsType(value, option.type)) return [];
  const got = JSON.stringify(value);
  const message = `config option ${name} takes ${option.type}, got ${got}`;
  const hint =
    option.type === 'secret'
      ? 'Name a secret of the tree: "secret:NAME".'
      : 'null sets it back to its default.';
  return [new Mistake(message, { at, hint })];
}

/** A peer relation is there as long as the application, is one, and is with the application itself. */
function checkPeer(
  endpoint: string,
  spec: RelationSpec | readonly RelationSpec[] | null,
  { at, app }: { at: Position; app: string },
): readonly Mistake[] {
  const refuse = (message: string, hint: string) => [
    new Mistake(`${endpoint} is a peer relation: ${message}`, { at, hint }),
  ];
  if (spec === null || [spec].flat().some((one) => (one as RelationSpec).remove)) {
    return refuse('it cannot be taken away', 'Take its units away: {units: {1: }}.');
  }
  if (Array.isArray(spec)) return refuse('there is one of it', 'Write it without the list.');
  const { app: other = app, model } = spec as RelationSpec;
  if (other === app && model === undefined) return [];
  return refuse('its other units are of the same application', 'Leave out "app" and "model".');
}

function checkResource(
  name: string,
  spec: ResourceSpec | null,
  { at, charm }: Spot,
): readonly Mistake[] {
  const type = charm.resources[name]?.['type'] ?? 'file';
  if (!charm.resources[name] || spec === null) return unknownIn('resource', name, { at, charm });
  const image = type === 'oci-image';
  if ((spec.image !== undefined) === image) return [];
  const message = `resource ${name} is ${image ? 'an oci-image' : 'a file'}`;
  const hint = image ? 'Say where the image is: {image: …}.' : 'Write {text: …} or {file: …}.';
  return [new Mistake(message, { at, hint })];
}

function checkHappening({ state, at, places }: RootSpec | DeltaSpec, { charm, model }: Held) {
  const { happens } = state;
  if (!happens || happens.kind === 'resolved') return [];
  const place = places?.[happens.kind] ?? at;
  const needs = happens.kind === 'reboot' ? 'machine' : 'kubernetes';
  if (model !== needs) {
    const message = `${happens.kind}: the unit is on ${model === 'machine' ? 'a machine' : 'Kubernetes'}`;
    const hint = needs === 'machine' ? 'Write pod-churn there.' : 'Write reboot there.';
    return [new Mistake(message, { at: place, hint })];
  }
  const names = happens.kind === 'container-restart' ? happens.containers : [];
  return names.flatMap((name) => unknownIn('container', name, { at: place, charm }));
}

/** What the words name that the charm, or the tree, does not have. */
export function checkState(spec: RootSpec | DeltaSpec, held: Held): readonly Mistake[] {
  const { charm, app } = held;
  const at = (path: string) => spec.places?.[path] ?? spec.at;
  const { state } = spec;
  const each = <Value>(
    key: string,
    named: Readonly<Record<string, Value>> = {},
    check: (name: string, value: Value, spot: Spot) => readonly Mistake[],
  ): readonly Mistake[] =>
    Object.entries(named).flatMap(([name, value]) =>
      check(name, value, { at: at(`${key}/${name}`), charm }),
    );
  return [
    ...checkHappening(spec, held),
    ...each('config', state.config, (name, value, { at: place }) => {
      const spot = { at: place, charm: having('config', name, held) };
      return [
        ...unknownIn('config option', name, spot),
        ...checkValue(name, value, { ...spot, held }),
      ];
    }),
    ...each('relations', state.relations, (name, value, spot) => [
      ...unknownIn('endpoint', name, spot),
      ...(charm.endpoints[name]?.role === 'peers'
        ? checkPeer(name, value, { at: spot.at, app })
        : []),
    ]),
    ...each('secrets', state.secrets, (name, value) =>
      each(`secrets/${name}`, value?.grants, (_reader, endpoint) =>
        unknownIn('endpoint', endpoint, { at: at(`secrets/${name}/grants`), charm }),
      ),
    ),
    ...each('storage', state.storage, (id, _value, spot) =>
      unknownIn('storage', id.split('/')[0] ?? id, spot),
    ),
    ...each('resources', state.resources, (name, value, { at: place }) =>
      checkResource(name, value, { at: place, charm: having('resources', name, held) }),
    ),
    ...each('networks', state.networks, (name, _value, spot) => unknownIn('binding', name, spot)),
    ...each('containers', state.containers, (name, _value, spot) =>
      unknownIn('container', name, spot),
    ),
  ];
}
