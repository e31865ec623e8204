/**
 * What the JSON of a State, Context and event must look like, as JSON Schema, with the defaults that ops.testing's
 * classes have. Members it does not list are refused by name, so that nothing a test meant is dropped in silence.
 * Source: ops-scenario 8 (state.py, context.py) for fields and defaults.
 */
import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from 'ajv';
import { Mistake } from '../model/mistake.ts';
import type { ScenarioContext, ScenarioEvent, ScenarioState } from './scenario-json.ts';

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const whole = { type: 'integer' };
const flag = { type: 'boolean' };
const anything = {};
const object = { type: 'object' };
const bag = { type: 'object', additionalProperties: text };

function orElse(schema: SchemaObject, value: unknown): SchemaObject {
  return { ...schema, default: value };
}

function list(items: SchemaObject): SchemaObject {
  return { type: 'array', items, default: [] };
}

function mapOf(members: SchemaObject): SchemaObject {
  return { type: 'object', additionalProperties: members, default: {} };
}

function byNumber(members: SchemaObject): SchemaObject {
  const items = {
    type: 'object',
    propertyNames: { pattern: '^-?[0-9]+$' },
    additionalProperties: members,
  };
  return {
    type: 'object',
    properties: { _type: { const: 'dict_int' }, items },
    additionalProperties: false,
    default: {},
  };
}

/** A dataclass: its fields, of which those without a default are required. */
function part(
  type: string | readonly string[],
  fields: Readonly<Record<string, SchemaObject>>,
): SchemaObject {
  const names = typeof type === 'string' ? [type] : type;
  const required = Object.keys(fields).filter((name) => !('default' in (fields[name] ?? {})));
  return {
    type: 'object',
    properties: { _type: orElse({ enum: names }, names[0]), ...fields },
    required,
    additionalProperties: false,
  };
}

/** ajv fills defaults in below `then`, and not below oneOf or anyOf. */
function when(condition: SchemaObject, schema: SchemaObject): SchemaObject {
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own word
  return { if: condition, then: schema };
}

function orNull(schema: SchemaObject): SchemaObject {
  return { ...when({ type: 'object' }, schema), else: { type: 'null' }, default: null };
}

function enumOf(name: string, values: readonly string[]): SchemaObject {
  const properties = { _enum: { const: name }, value: { enum: values } };
  return {
    type: 'object',
    properties,
    required: ['_enum', 'value'],
    additionalProperties: false,
  };
}

const entry = {
  type: 'object',
  properties: {
    path: text,
    type: { enum: ['file', 'dir', 'symlink', 'special'] },
    mode: { type: 'string', pattern: '^[0-7]{3,5}$' },
    size: whole,
    sha256: text,
    text,
    base64: text,
    target: text,
  },
  required: ['path', 'type'],
  additionalProperties: false,
};
const source = part('Source', {
  path: text,
  kind: { enum: ['file', 'dir', 'missing', 'ref'] },
  entries: list(entry),
});

const relationBase = {
  endpoint: text,
  interface: orElse(textOrNull, null),
  id: whole,
  local_app_data: orElse(bag, {}),
  local_unit_data: orElse(bag, {}),
};
const remote = {
  remote_app_name: orElse(text, 'remote'),
  remote_app_data: orElse(bag, {}),
};
const RELATIONS = {
  Relation: part('Relation', {
    ...relationBase,
    ...remote,
    limit: orElse(whole, 1),
    remote_units_data: byNumber(bag),
    remote_model_uuid: orElse(textOrNull, null),
  }),
  SubordinateRelation: part('SubordinateRelation', {
    ...relationBase,
    ...remote,
    remote_unit_data: orElse(bag, {}),
    remote_unit_id: orElse(whole, 0),
  }),
  PeerRelation: part('PeerRelation', { ...relationBase, peers_data: byNumber(bag) }),
};
const relation = {
  type: 'object',
  properties: { _type: { enum: Object.keys(RELATIONS) } },
  required: ['_type'],
  allOf: Object.entries(RELATIONS).map(([name, schema]) =>
    when({ properties: { _type: { const: name } } }, schema),
  ),
};

const container = part('Container', {
  name: text,
  can_connect: orElse(flag, false),
  _base_plan: orElse(object, {}),
  layers: mapOf(part('Layer', { value: object })),
  service_statuses: mapOf(enumOf('ServiceStatus', ['active', 'inactive', 'error'])),
  mounts: mapOf(part('Mount', { location: text, source })),
  execs: list(object),
  notices: list(object),
  check_infos: list(object),
});

const secret = part('Secret', {
  tracked_content: bag,
  latest_content: orNull(bag),
  id: text,
  owner: orElse({ enum: ['unit', 'app', null] }, null),
  remote_grants: byNumber({ type: 'array', items: text }),
  label: orElse(textOrNull, null),
  description: orElse(textOrNull, null),
  expire: orNull(part('datetime', { value: text })),
  rotate: orNull(
    enumOf('SecretRotate', [
      'never',
      'hourly',
      'daily',
      'weekly',
      'monthly',
      'quarterly',
      'yearly',
    ]),
  ),
  _tracked_revision: orElse(whole, 1),
  _latest_revision: orElse(whole, 1),
});

const address = part('Address', {
  value: text,
  hostname: orElse(text, ''),
  cidr: orElse(text, ''),
});
const network = part('Network', {
  binding_name: text,
  bind_addresses: list(
    part('BindAddress', {
      addresses: list(address),
      interface_name: orElse(text, ''),
      mac_address: orElse(textOrNull, null),
    }),
  ),
  ingress_addresses: list(text),
  egress_subnets: list(text),
});

const credential = part('CloudCredential', {
  auth_type: text,
  attributes: orElse(bag, {}),
  redacted: list(text),
});
const cloudSpec = part('CloudSpec', {
  type: text,
  name: orElse(text, 'localhost'),
  region: orElse(textOrNull, null),
  endpoint: orElse(textOrNull, null),
  identity_endpoint: orElse(textOrNull, null),
  storage_endpoint: orElse(textOrNull, null),
  credential: orNull(credential),
  ca_certificates: list(text),
  skip_tls_verify: orElse(flag, false),
  is_controller_cloud: orElse(flag, false),
});
const model = part('Model', {
  name: orElse(text, 'test'),
  uuid: orElse(text, '00000000-0000-4000-8000-000000000000'),
  type: orElse({ enum: ['kubernetes', 'lxd'] }, 'kubernetes'),
  cloud_spec: orNull(cloudSpec),
});

const STATUSES = ['unknown', 'active', 'blocked', 'maintenance', 'waiting', 'error'];
const status = part('Status', { name: { enum: STATUSES }, message: orElse(text, '') });
const unknown = { _type: 'Status', name: 'unknown', message: '' };

const STATE = part('State', {
  config: orElse(
    { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
    {},
  ),
  relations: list(relation),
  networks: list(network),
  containers: list(container),
  storages: list(part('Storage', { name: text, index: whole })),
  opened_ports: list(
    part(['TCPPort', 'UDPPort', 'ICMPPort', 'Port'], {
      port: orElse({ type: ['integer', 'null'] }, null),
      protocol: { enum: ['tcp', 'udp', 'icmp'] },
    }),
  ),
  leader: orElse(flag, false),
  model: orElse(model, {}),
  secrets: list(secret),
  resources: list(part('Resource', { name: text, path: source })),
  planned_units: orElse(whole, 1),
  deferred: list(
    part('DeferredEvent', {
      handle_path: text,
      owner: text,
      observer: text,
      snapshot_data: orElse(anything, {}),
    }),
  ),
  stored_states: list(
    part('StoredState', {
      name: orElse(text, '_stored'),
      owner_path: orElse(textOrNull, null),
      content: orElse(object, {}),
      _data_type_name: orElse(text, 'StoredStateData'),
    }),
  ),
  app_status: orElse(status, unknown),
  unit_status: orElse(status, unknown),
  workload_version: orElse(text, ''),
});

const CONTEXT = {
  type: 'object',
  properties: {
    app_name: orElse(textOrNull, null),
    unit_id: orElse(whole, 0),
    juju_version: orElse(text, '3.6.14'),
    machine_id: orElse(textOrNull, null),
    availability_zone: orElse(textOrNull, null),
    principal_unit: orElse(textOrNull, null),
    app_trusted: orElse(flag, false),
  },
};

const numberOrNull = { type: ['integer', 'null'] };
const EVENT = {
  type: 'object',
  properties: {
    name: text,
    hook: textOrNull,
    endpoint: text,
    relation_id: whole,
    remote_app: textOrNull,
    remote_unit_id: numberOrNull,
    departing_unit_id: numberOrNull,
    container: text,
    notice: {
      type: 'object',
      properties: { id: text, key: text },
      required: ['id', 'key', 'type'],
    },
    check: { type: 'object', properties: { name: text }, required: ['name'] },
    secret: {
      type: 'object',
      properties: { id: text, label: textOrNull, revision: numberOrNull },
      required: ['id'],
    },
    storage: {
      type: 'object',
      properties: { name: text, index: whole },
      required: ['name', 'index'],
    },
    action: { type: 'object', properties: { name: text, params: object }, required: ['name'] },
  },
  required: ['name'],
};

const ajv = new Ajv({ useDefaults: true, strict: false });
const compiled = new Map<SchemaObject, ValidateFunction>();

function checkerOf(schema: SchemaObject): ValidateFunction {
  const found = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, found);
  return found;
}

function errorText(what: string, error: ErrorObject): string {
  const at = `${what}${error.instancePath.replaceAll('/', '.').replace(/\.(\d+)(?=\.|$)/g, '[$1]')}`;
  const { additionalProperty, allowedValues } = error.params as {
    additionalProperty?: string;
    allowedValues?: readonly unknown[];
  };
  if (additionalProperty !== undefined) return `${at}: "${additionalProperty}" is not known here`;
  const allowed = allowedValues ? `: ${allowedValues.map((one) => String(one)).join(', ')}` : '';
  return `${at}: ${error.message ?? 'is not as expected'}${allowed}`;
}

/** A copy of the value with every default filled in. Throws a Mistake that says where it is not as expected. */
function checked<Value>(schema: SchemaObject, value: unknown, what: string): Value {
  const copy: unknown = structuredClone(value);
  const check = checkerOf(schema);
  if (check(copy)) return copy as Value;
  const [error] = check.errors ?? [];
  throw new Mistake(error ? errorText(what, error) : `${what} is not as expected`);
}

export function checkedState(value: unknown, what = 'state'): ScenarioState {
  return checked(STATE, value, what);
}

export function checkedContext(value: unknown): ScenarioContext {
  return checked(CONTEXT, value ?? {}, 'context');
}

export function checkedEvent(value: unknown): ScenarioEvent {
  return checked(EVENT, value, 'event');
}
