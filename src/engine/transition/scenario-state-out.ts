/**
 * The State that a dispatch leaves, as ops.testing has it: what was given, with what a hook can change as it is now.
 * Stored state and deferred events are read from the database that ops left, without running anything.
 * Not modelled: a charm that keeps its state on the controller (ops' use_juju_for_storage); its state is not shown.
 */
import type { Blobs } from '../model/counterpart.ts';
import type { JujuSlice, Status } from '../world/juju/slice.ts';
import type { Table } from '../world/machine/database.ts';
import type { State } from '../world/state.ts';
import { containerOut } from './scenario-container.ts';
import { listedFiles } from './scenario-files.ts';
import type {
  ScenarioEntry,
  ScenarioPort,
  ScenarioState,
  ScenarioStatus,
} from './scenario-json.ts';
import { relationOut } from './scenario-relation.ts';
import { secretsOut } from './scenario-secret.ts';
import { readUnitState, UNIT_STATE } from './scenario-stored.ts';

export type WritingState = {
  readonly blobs: Blobs;
  readonly readDatabase: (bytes: Uint8Array) => readonly Table[] | null;
};

const PORT_TYPES = { tcp: 'TCPPort', udp: 'UDPPort', icmp: 'ICMPPort' } as const;

function statusOut(status: Status | null): ScenarioStatus {
  return { _type: 'Status', name: status?.status ?? 'unknown', message: status?.message ?? '' };
}

/** `80-82/tcp` is three ports to ops.testing, which knows no ranges. */
function portsOf(text: string): ScenarioPort[] {
  const [, from, to = from, protocol = text] = /^(\d+)(?:-(\d+))?\/(\w+)$/.exec(text) ?? [];
  const known = protocol === 'udp' || protocol === 'icmp' ? protocol : 'tcp';
  const own = { _type: PORT_TYPES[known], protocol: known } as const;
  if (from === undefined) return [{ ...own, port: null }];
  const count = Number(to) - Number(from) + 1;
  return Array.from({ length: count }, (_, index) => ({ ...own, port: Number(from) + index }));
}

function byText(a: ScenarioPort, b: ScenarioPort): number {
  const [textA, textB] = [JSON.stringify(a), JSON.stringify(b)];
  return textA < textB ? -1 : 1;
}

function unitState(state: State, { blobs, readDatabase }: WritingState) {
  const file = state.machine.charmDir[UNIT_STATE];
  const tables = file?.kind === 'file' ? readDatabase(blobs.get(file.digest)) : null;
  return readUnitState(tables ?? []);
}

function resourcesOut(given: ScenarioState['resources']): ScenarioState['resources'] {
  return given.map((one) => ({
    ...one,
    path: { _type: 'Source', path: one.path.path, kind: 'ref' },
  }));
}

/** Storage that has been detached is gone. */
function storagesOut(
  given: ScenarioState['storages'],
  { storages }: JujuSlice,
): ScenarioState['storages'] {
  return given.filter(({ name, index }) => storages[`${name}/${index}`] !== undefined);
}

export function scenarioStateOut(
  given: ScenarioState,
  { before, after }: { before: State; after: State },
  using: WritingState,
): ScenarioState {
  const { juju, pebble } = after;
  const containers = given.containers.flatMap((one) => {
    const [was, is] = [before.pebble.containers[one.name], pebble.containers[one.name]];
    return was && is ? [containerOut(one, { before: was, after: is })] : [];
  });
  const relations = given.relations.map((one) => relationOut(one, juju));
  return {
    ...given,
    relations: relations.filter((one) => one !== null),
    containers,
    storages: storagesOut(given.storages, juju),
    opened_ports: Object.keys(juju.ports).flatMap(portsOf).sort(byText),
    leader: juju.leader,
    secrets: secretsOut(given.secrets, juju),
    resources: resourcesOut(given.resources),
    ...unitState(after, using),
    app_status: statusOut(juju.appStatus),
    unit_status: statusOut(juju.unitStatus),
    workload_version: juju.workloadVersion,
  };
}

/** Everything that is in the containers which the State has, mounts included. */
export function containerFiles(
  given: ScenarioState,
  after: State,
  blobs: Blobs,
): Readonly<Record<string, readonly ScenarioEntry[]>> {
  const listed = given.containers.flatMap(({ name }) => {
    const container = after.pebble.containers[name];
    return container ? [[name, listedFiles(container.root, blobs)] as const] : [];
  });
  return Object.fromEntries(listed);
}
