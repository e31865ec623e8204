/**
 * The JSON encoding of an ops.testing State that `--dialect scenario` reads and writes, as types. `_type` names the
 * dataclass; src/scenario/playbill_scenario.py makes it of real States and back.
 * Source: ops-scenario 7 and 8 (state.py), for the names of classes and fields.
 * Not modelled: fields that begin with an underscore, other than those listed here.
 */
import type { Json, JsonObject } from '../model/json.ts';

export type ScenarioBag = Readonly<Record<string, string>>;
/** A dict whose keys are numbers; without entries it is an empty object. */
export type ByNumber<Value> =
  | { readonly _type: 'dict_int'; readonly items: Readonly<Record<string, Value>> }
  | { readonly _type?: undefined; readonly items?: undefined };
export type ScenarioStatus = {
  readonly _type: 'Status';
  readonly name: string;
  readonly message: string;
};
export type ScenarioMoment = { readonly _type: 'datetime'; readonly value: string };

type RelationBase = {
  readonly endpoint: string;
  readonly interface: string | null;
  readonly id: number;
  readonly local_app_data: ScenarioBag;
  readonly local_unit_data: ScenarioBag;
};
export type ScenarioRelation =
  | (RelationBase & {
      readonly _type: 'Relation';
      readonly remote_app_name: string;
      readonly limit?: number;
      readonly remote_app_data: ScenarioBag;
      readonly remote_units_data: ByNumber<ScenarioBag>;
      readonly remote_model_uuid: string | null;
    })
  | (RelationBase & {
      readonly _type: 'SubordinateRelation';
      readonly remote_app_name: string;
      readonly remote_app_data: ScenarioBag;
      readonly remote_unit_data: ScenarioBag;
      readonly remote_unit_id: number;
    })
  | (RelationBase & {
      readonly _type: 'PeerRelation';
      readonly peers_data: ByNumber<ScenarioBag>;
    });

export type ScenarioEntry = {
  readonly path: string;
  readonly type: 'file' | 'dir' | 'symlink' | 'special';
  /** Octal: `0644`. */
  readonly mode?: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly text?: string;
  readonly base64?: string;
  readonly target?: string;
};
/** Files of the host that a Mount or Resource names. `ref`: only named, their contents are elsewhere. */
export type ScenarioSource = {
  readonly _type: 'Source';
  readonly path: string;
  readonly kind: 'file' | 'dir' | 'missing' | 'ref';
  readonly entries?: readonly ScenarioEntry[];
};
export type ScenarioContainer = {
  readonly _type: 'Container';
  readonly name: string;
  readonly can_connect: boolean;
  readonly _base_plan: JsonObject;
  readonly layers: Readonly<
    Record<string, { readonly _type: 'Layer'; readonly value: JsonObject }>
  >;
  readonly service_statuses: Readonly<
    Record<string, { readonly _enum: 'ServiceStatus'; readonly value: string }>
  >;
  readonly mounts: Readonly<
    Record<
      string,
      { readonly _type: 'Mount'; readonly location: string; readonly source: ScenarioSource }
    >
  >;
  readonly execs: readonly JsonObject[];
  readonly notices: readonly JsonObject[];
  readonly check_infos: readonly JsonObject[];
};
export type ScenarioSecret = {
  readonly _type: 'Secret';
  readonly tracked_content: ScenarioBag;
  readonly latest_content: ScenarioBag | null;
  readonly id: string;
  readonly owner: 'unit' | 'app' | null;
  readonly remote_grants: ByNumber<readonly string[]>;
  readonly label: string | null;
  readonly description: string | null;
  readonly expire: ScenarioMoment | null;
  readonly rotate: { readonly _enum: 'SecretRotate'; readonly value: string } | null;
  readonly _tracked_revision: number;
  readonly _latest_revision: number;
};
export type ScenarioNetwork = {
  readonly _type: 'Network';
  readonly binding_name: string;
  readonly bind_addresses: readonly {
    readonly _type: 'BindAddress';
    readonly addresses: readonly {
      readonly _type: 'Address';
      readonly value: string;
      readonly hostname: string;
      readonly cidr: string;
    }[];
    readonly interface_name: string;
    readonly mac_address: string | null;
  }[];
  readonly ingress_addresses: readonly string[];
  readonly egress_subnets: readonly string[];
};
export type ScenarioPort = {
  readonly _type: 'TCPPort' | 'UDPPort' | 'ICMPPort' | 'Port';
  readonly port: number | null;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
};
export type ScenarioStoredState = {
  readonly _type: 'StoredState';
  readonly name: string;
  /** null: the framework itself. */
  readonly owner_path: string | null;
  readonly content: JsonObject;
  readonly _data_type_name: string;
};
export type ScenarioDeferred = {
  readonly _type: 'DeferredEvent';
  readonly handle_path: string;
  readonly owner: string;
  readonly observer: string;
  readonly snapshot_data: Json;
};
export type ScenarioCloudSpec = {
  readonly _type: 'CloudSpec';
  readonly type: string;
  readonly name: string;
  readonly region: string | null;
  readonly endpoint: string | null;
  readonly identity_endpoint: string | null;
  readonly storage_endpoint: string | null;
  readonly credential: {
    readonly _type: 'CloudCredential';
    readonly auth_type: string;
    readonly attributes: ScenarioBag;
    readonly redacted: readonly string[];
  } | null;
  readonly ca_certificates: readonly string[];
  readonly skip_tls_verify: boolean;
  readonly is_controller_cloud: boolean;
};
export type ScenarioModel = {
  readonly _type: 'Model';
  readonly name: string;
  readonly uuid: string;
  readonly type: 'kubernetes' | 'lxd';
  readonly cloud_spec: ScenarioCloudSpec | null;
};
export type ScenarioState = {
  readonly _type: 'State';
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly relations: readonly ScenarioRelation[];
  readonly networks: readonly ScenarioNetwork[];
  readonly containers: readonly ScenarioContainer[];
  readonly storages: readonly {
    readonly _type: 'Storage';
    readonly name: string;
    readonly index: number;
  }[];
  readonly opened_ports: readonly ScenarioPort[];
  readonly leader: boolean;
  readonly model: ScenarioModel;
  readonly secrets: readonly ScenarioSecret[];
  readonly resources: readonly {
    readonly _type: 'Resource';
    readonly name: string;
    readonly path: ScenarioSource;
  }[];
  readonly planned_units: number;
  readonly deferred: readonly ScenarioDeferred[];
  readonly stored_states: readonly ScenarioStoredState[];
  readonly app_status: ScenarioStatus;
  readonly unit_status: ScenarioStatus;
  readonly workload_version: string;
};

/** What ops.testing's Context holds besides the charm. */
export type ScenarioContext = {
  readonly app_name: string | null;
  readonly unit_id: number;
  readonly juju_version: string;
  readonly machine_id: string | null;
  readonly availability_zone: string | null;
  readonly principal_unit: string | null;
  readonly app_trusted: boolean;
};
/** An event of ops.testing's `ctx.on`. A part of the state is only named. */
export type ScenarioEvent = {
  readonly name: string;
  /** As Juju names it; null of an action. */
  readonly hook?: string | null;
  readonly kind?: string;
  readonly endpoint?: string;
  readonly relation_id?: number;
  readonly remote_app?: string | null;
  readonly remote_unit_id?: number | null;
  readonly departing_unit_id?: number | null;
  readonly container?: string;
  readonly notice?: { readonly id: string; readonly key: string; readonly type: Json };
  readonly check?: { readonly name: string };
  readonly secret?: {
    readonly id: string;
    readonly label?: string | null;
    readonly revision?: number | null;
  };
  readonly storage?: { readonly name: string; readonly index: number };
  readonly action?: {
    readonly name: string;
    readonly params?: JsonObject;
    readonly id?: string;
  };
};

/** The entries of a dict whose keys are numbers, in the order of the numbers. */
export function numbered<Value>(dict: ByNumber<Value>): readonly (readonly [number, Value])[] {
  return Object.entries(dict.items ?? {})
    .map(([key, value]) => [Number(key), value] as const)
    .sort(([a], [b]) => a - b);
}

/** The dict of these entries. */
export function byNumber<Value>(entries: readonly (readonly [number, Value])[]): ByNumber<Value> {
  if (entries.length === 0) return {};
  return { _type: 'dict_int', items: Object.fromEntries(entries) };
}
