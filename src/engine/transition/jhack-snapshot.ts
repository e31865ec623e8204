/**
 * A snapshot of a live unit, `jhack scenario snapshot UNIT --format json`, as an ops.testing State.
 * Source: canonical/jhack jhack/scenario (snapshot.py, state_to_dict.py): `dataclasses.asdict` of every part of
 * a State, relations with their class in `relation_type`; keys that were numbers are text; the model's type as
 * `juju models` has it. jhack takes peer relations for ordinary ones: the charm's own word decides.
 * Not modelled: files that jhack fetched beside the snapshot, which the JSON only names; secrets, which it leaves
 * out.
 */
import type { Json, JsonObject } from '../model/json.ts';
import { Mistake } from '../model/mistake.ts';
import type { State } from '../world/state.ts';
import type { ScenarioState } from './scenario-json.ts';
import { asDeclared } from './scenario-relation.ts';
import { checkedContext, checkedState } from './scenario-schema.ts';
import { scenarioStateIn, type ReadingState } from './scenario-state-in.ts';

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typed(type: string, value: Json | undefined): Json {
  return isObject(value) ? { _type: type, ...value } : (value ?? null);
}

/** Members of a list, or of a mapping by name, as older snapshots have networks; text in it names nothing. */
function all(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') {
    throw new Mistake(`snapshot: a list is expected where it says ${JSON.stringify(value)}`);
  }
  const members = isObject(value) ? Object.values(value) : value;
  return (members as readonly Json[]).filter((one) => typeof one !== 'string');
}

function every(type: string, value: Json | undefined): Json {
  return all(value).map((one) => typed(type, one));
}

function byNumber(value: Json | undefined): Json {
  if (!isObject(value) || '_type' in value || Object.keys(value).length === 0) return value ?? {};
  return { _type: 'dict_int', items: value };
}

function relation(value: Json): Json {
  if (!isObject(value)) return value;
  const { relation_type: type = 'Relation', remote_units_data, peers_data, ...rest } = value;
  return {
    _type: type,
    ...rest,
    ...(remote_units_data === undefined ? {} : { remote_units_data: byNumber(remote_units_data) }),
    ...(peers_data === undefined ? {} : { peers_data: byNumber(peers_data) }),
  };
}

function network(value: Json): Json {
  if (!isObject(value)) return value;
  const bind_addresses = all(value['bind_addresses']).map((one) =>
    isObject(one)
      ? { _type: 'BindAddress', ...one, addresses: every('Address', one['addresses']) }
      : one,
  );
  const { ingress_addresses, egress_subnets, ...rest } = value;
  return {
    _type: 'Network',
    ...rest,
    bind_addresses,
    ingress_addresses: ingress_addresses ?? [],
    egress_subnets: egress_subnets ?? [],
  };
}

function named(value: Json | undefined, make: (one: Json) => Json): Json {
  if (!isObject(value)) return {};
  const members = Object.entries(value).map(([name, one]) => [name, make(one ?? null)] as const);
  return Object.fromEntries(members);
}

function layer(value: Json): Json {
  return isObject(value) && value['_type'] === 'Layer' ? value : { _type: 'Layer', value };
}

function status(value: Json): Json {
  return isObject(value) ? value : { _enum: 'ServiceStatus', value };
}

function mount(value: Json): Json {
  if (!isObject(value)) return value;
  const source = { _type: 'Source', path: value['source'] ?? '', kind: 'ref' };
  return { _type: 'Mount', location: value['location'] ?? '', source };
}

/** The plan of a live Pebble is all that jhack can tell of its layers. */
function container(value: Json): Json {
  if (!isObject(value)) return value;
  const { _base_plan, layers, service_statuses, mounts, ...rest } = value;
  return {
    _type: 'Container',
    ...rest,
    _base_plan: _base_plan ?? {},
    layers: named(layers, layer),
    service_statuses: named(service_statuses, status),
    mounts: named(mounts, mount),
  };
}

function port(value: Json): Json {
  if (!isObject(value)) return value;
  const types: Readonly<Record<string, string>> = { udp: 'UDPPort', icmp: 'ICMPPort' };
  return { _type: types[String(value['protocol'])] ?? 'TCPPort', ...value };
}

const MODEL_TYPES: Readonly<Record<string, string>> = {
  caas: 'kubernetes',
  kubernetes: 'kubernetes',
  iaas: 'lxd',
  lxd: 'lxd',
};

function model(value: Json | undefined): Json {
  if (!isObject(value)) return value ?? {};
  const type = String(value['type'] ?? 'kubernetes');
  const { cloud_spec, ...rest } = value;
  return {
    _type: 'Model',
    ...rest,
    type: MODEL_TYPES[type] ?? type,
    cloud_spec: cloud_spec ?? null,
  };
}

/** The snapshot in the form of the scenario dialect. Throws a Mistake that says where it is no snapshot. */
export function snapshotAsScenario(snapshot: Json): ScenarioState {
  if (!isObject(snapshot)) throw new Mistake('snapshot: must be an object');
  const known = snapshot['_type'] === 'State';
  if (known) return checkedState(snapshot, 'snapshot');
  const { unit_id: _unit, ...rest } = snapshot;
  return checkedState(
    {
      ...rest,
      relations: all(rest['relations']).map(relation),
      networks: all(rest['networks']).map(network),
      containers: all(rest['containers']).map(container),
      storages: every('Storage', rest['storages']),
      opened_ports: all(rest['opened_ports']).map(port),
      model: model(rest['model']),
      secrets: every('Secret', rest['secrets']),
      resources: [],
      deferred: every('DeferredEvent', rest['deferred']),
      stored_states: every('StoredState', rest['stored_states']),
      ...(rest['app_status'] === undefined
        ? {}
        : { app_status: typed('Status', rest['app_status']) }),
      ...(rest['unit_status'] === undefined
        ? {}
        : { unit_status: typed('Status', rest['unit_status']) }),
    },
    'snapshot',
  );
}

/**
 * The State of a live unit, to play from. A snapshot says neither whose it is nor which Juju it ran under:
 * application, unit and version are the base's. Throws a Mistake that says where it is no snapshot.
 */
export function snapshotState(snapshot: Json, using: ReadingState): State {
  const { charm, base } = using;
  const given = snapshotAsScenario(snapshot);
  const relations = given.relations.map((one) => asDeclared(one, charm));
  const { app, unit, version } = base.juju;
  const context = checkedContext({ app_name: app, unit_id: unit, juju_version: version });
  const state = scenarioStateIn({ ...given, relations }, context, using);
  return { ...state, juju: { ...state.juju, network: base.juju.network } };
}
