/**
 * An ops.testing State as the State that is played from: a unit of which nobody knows what happened to it before.
 * Source: ops-scenario state.py; mocking.py for what is there when a State does not say (networks, config).
 * Members of the State that no hook can change are given back as they came: they are read here only.
 */
import type { Charm } from '../model/charm.ts';
import type { Blobs } from '../model/counterpart.ts';
import { Mistake } from '../model/mistake.ts';
import type { Millis } from '../model/request.ts';
import { NEW_STAGE } from '../world/juju/new-unit.ts';
import type { JujuSlice, Resource, Status, StatusName, Storage } from '../world/juju/slice.ts';
import { decodedTables, type Table } from '../world/machine/database.ts';
import type { MachineSlice } from '../world/machine/slice.ts';
import type { State } from '../world/state.ts';
import { absentContainers, containerIn } from './scenario-container.ts';
import { entryBytes } from './scenario-files.ts';
import type { ScenarioContext, ScenarioState, ScenarioStatus } from './scenario-json.ts';
import { cloudSpecIn, modelIn, networkIn } from './scenario-model.ts';
import { relationIn, relationKey } from './scenario-relation.ts';
import { bareId, secretIn } from './scenario-secret.ts';
import { UNIT_STATE, unitStateStatements, type Statement } from './scenario-stored.ts';

export type ReadingState = {
  readonly charm: Charm;
  /** A unit that was just placed: what a State says nothing of is as it is there. */
  readonly base: State;
  readonly blobs: Blobs;
  readonly digest: (bytes: Uint8Array) => string;
  readonly readDatabase: (bytes: Uint8Array) => readonly Table[] | null;
  readonly writeDatabase: (statements: readonly Statement[]) => Uint8Array;
};

/** The network of every binding that a State does not speak of. */
const NETWORK = { address: '192.0.2.0', cidr: '192.0.2.0/24', hostname: '' };

function statusIn({ name, message }: ScenarioStatus, since: Millis): Status {
  return { status: name as StatusName, message, since };
}

function storagesIn({ storages }: ScenarioState, charm: Charm): Readonly<Record<string, Storage>> {
  const read = storages.map(({ name, index }): [string, Storage] => {
    const declared = charm.storage[name] ?? {};
    const place = declared['location'];
    const several = declared['multiple'] !== undefined;
    const location =
      typeof place !== 'string'
        ? `/var/lib/juju/storage/${name}/${index}`
        : several
          ? `${place}/${index}`
          : place;
    const kind = declared['type'] === 'block' ? 'block' : 'filesystem';
    return [`${name}/${index}`, { kind, location, attached: true }];
  });
  return Object.fromEntries(read);
}

function resourcesIn(
  { resources }: ScenarioState,
  { charm, blobs }: ReadingState,
): Readonly<Record<string, Resource>> {
  const read = resources.flatMap(({ name, path }): [string, Resource][] => {
    if (path.kind === 'missing' || path.kind === 'ref') return [];
    const [entry] = path.entries ?? [];
    if (path.kind === 'dir' || !entry) throw new Mistake(`resource ${name} is not one file`);
    const declared = charm.resources[name] ?? {};
    const kind = declared['type'] === 'oci-image' ? 'oci-image' : 'file';
    const own = kind === 'oci-image' ? 'content.yaml' : path.path.split('/').at(-1);
    const filename =
      typeof declared['filename'] === 'string' ? declared['filename'] : (own ?? name);
    const digest = blobs.put(entryBytes(entry, `resource ${name}`));
    return [[name, { kind, filename, digest, downloaded: false }]];
  });
  return Object.fromEntries(read);
}

function portsIn({ opened_ports }: ScenarioState): JujuSlice['ports'] {
  const ports = opened_ports.map(({ port, protocol }) =>
    port === null ? protocol : `${port}/${protocol}`,
  );
  return Object.fromEntries(ports.map((port) => [port, []]));
}

function unitIn(
  given: ScenarioState,
  context: ScenarioContext,
  { charm, base }: ReadingState,
): JujuSlice {
  const { now } = base.clock;
  const app = context.app_name ?? charm.name;
  const unit = context.unit_id;
  const model = modelIn(given.model, base.juju.model.config);
  const relations = given.relations.map(
    (one) => [relationKey(one), relationIn(one, { app, unit })] as const,
  );
  const set = given.unit_status.name !== 'unknown';
  return {
    ...base.juju,
    version: context.juju_version,
    model,
    app,
    unit,
    machine: context.machine_id ?? (model.type === 'machine' ? String(unit) : ''),
    zone: context.availability_zone ?? '',
    principal: context.principal_unit ?? '',
    trusted: context.app_trusted,
    cloudSpec: cloudSpecIn(given.model.cloud_spec),
    leader: given.leader,
    plannedUnits: given.planned_units,
    config: given.config,
    relations: Object.fromEntries(relations),
    nextRelation: Math.max(-1, ...given.relations.map(({ id }) => id)) + 1,
    ports: portsIn(given),
    networks: Object.fromEntries(given.networks.map((one) => [one.binding_name, networkIn(one)])),
    network: NETWORK,
    workloadVersion: given.workload_version,
    unitStatus: statusIn(given.unit_status, now),
    appStatus: given.app_status.name === 'unknown' ? null : statusIn(given.app_status, now),
    agentStatus: { status: 'idle', message: '' },
    stage: { ...NEW_STAGE, history: 'unknown', statusSet: set },
  };
}

function jujuIn(given: ScenarioState, context: ScenarioContext, using: ReadingState): JujuSlice {
  const slice = unitIn(given, context, using);
  const { now } = using.base.clock;
  const secrets = given.secrets.map(
    (one) => [bareId(one.id), secretIn(one, { slice, relations: given.relations, now })] as const,
  );
  return {
    ...slice,
    storages: storagesIn(given, using.charm),
    resources: resourcesIn(given, using),
    secrets: Object.fromEntries(secrets),
    nextSecret: secrets.length + 1,
  };
}

function machineIn(
  given: ScenarioState,
  { base, blobs, digest, ...using }: ReadingState,
): MachineSlice {
  const statements = unitStateStatements(given);
  if (statements === null) return base.machine;
  const bytes = using.writeDatabase(statements);
  const file = {
    kind: 'file',
    mode: 0o600,
    user: 'root',
    group: 'root',
    modified: base.clock.now,
    digest: blobs.put(bytes),
    size: bytes.length,
  } as const;
  const rows = decodedTables(using.readDatabase(bytes) ?? [], digest);
  return { ...base.machine, charmDir: { [UNIT_STATE]: file }, databases: { [UNIT_STATE]: rows } };
}

/** The State to play from. Throws a Mistake where the given one cannot be. */
export function scenarioStateIn(
  given: ScenarioState,
  context: ScenarioContext,
  using: ReadingState,
): State {
  const { now } = using.base.clock;
  const containers = given.containers.map(
    (one) => [one.name, containerIn(one, { ...using, now })] as const,
  );
  return {
    clock: using.base.clock,
    juju: jujuIn(given, context, using),
    machine: machineIn(given, using),
    pebble: {
      containers: { ...absentContainers(using.charm, now), ...Object.fromEntries(containers) },
    },
  };
}
