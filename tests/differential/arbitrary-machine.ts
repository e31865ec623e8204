/** States of the machine fixture, and all that an event or a script can be about in one. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { JsonObject } from '../../src/engine/model/json.ts';
import {
  peerRelation,
  plainRelation,
  principalRelation,
  type DrawnRelation,
} from './arbitrary-relations.ts';
import { secrets, type DrawnSecret } from './arbitrary-secrets.ts';
import { anyStatus, port, status, text } from './arbitrary-values.ts';

export type Drawn = {
  readonly app: string;
  readonly unit: number;
  readonly leader: boolean;
  readonly relations: readonly DrawnRelation[];
  readonly secrets: readonly DrawnSecret[];
  readonly storages: readonly { readonly name: string; readonly index: number }[];
  readonly hasLicence: boolean;
  /** The State without its script. */
  readonly json: JsonObject;
};

export const MODEL = {
  _type: 'Model',
  name: 'stage',
  uuid: '2e1a1f4e-6a4a-4c2e-9c0b-222222222222',
  type: 'lxd',
  cloud_spec: null,
} as const;

export function relationsOf(app: string, unit: number): Arbitrary<readonly DrawnRelation[]> {
  return fc
    .record({
      db: fc.integer({ min: 0, max: 2 }),
      web: fc.integer({ min: 0, max: 2 }),
      cluster: fc.boolean(),
      host: fc.boolean(),
    })
    .chain(({ db, web, cluster, host }) => {
      let id = 0;
      const next = (): number => (id += 3);
      return fc.tuple(
        ...Array.from({ length: db }, () => plainRelation('db', next())),
        ...Array.from({ length: web }, () => plainRelation('web', next())),
        ...(cluster ? [peerRelation('cluster', { id: next(), app, unit })] : []),
        ...(host ? [principalRelation('host', next())] : []),
      );
    });
}

const config = fc.record(
  {
    name: text,
    motto: text,
    count: fc.constantFrom(0, -5, 1_000_000),
    ratio: fc.constantFrom(1.5, -0.25),
    loud: fc.boolean(),
  },
  { requiredKeys: [], noNullPrototype: true },
);

function network(binding: string): Arbitrary<JsonObject> {
  return fc
    .record({
      address: fc.constantFrom('10.9.8.7', '192.168.4.5'),
      second: fc.boolean(),
      mac: fc.constantFrom(null, '00:11:22:33:44:55'),
      ingress: fc.constantFrom(['10.9.8.7'], ['203.0.113.5', '10.9.8.7']),
    })
    .map(({ address, second, mac, ingress }) => {
      const one = (value: string) => ({
        _type: 'Address',
        value,
        hostname: '',
        cidr: value.replace(/\.\d+$/, '.0/24'),
      });
      return {
        _type: 'Network',
        binding_name: binding,
        bind_addresses: [
          {
            _type: 'BindAddress',
            addresses: [one(address), ...(second ? [one('172.16.0.9')] : [])],
            interface_name: 'eth1',
            mac_address: mac,
          },
        ],
        ingress_addresses: ingress,
        egress_subnets: ['10.9.8.7/32'],
      };
    });
}

const networks = fc
  .subarray(['db', 'web', 'cluster', 'admin', 'juju-info'])
  .chain((bindings) => fc.tuple(...bindings.map(network)));

const PORTS = { tcp: 'TCPPort', udp: 'UDPPort', icmp: 'ICMPPort' } as const;
const ports = fc
  .uniqueArray(port, { maxLength: 3, selector: String })
  .map((all) =>
    all.map(([protocol, number]) => ({ _type: PORTS[protocol], port: number, protocol })),
  );

const storages = fc
  .record({ data: fc.subarray([0, 1, 4]), cache: fc.subarray([2]) })
  .map(({ data, cache }) => [
    ...data.map((index) => ({ name: 'data', index })),
    ...cache.map((index) => ({ name: 'cache', index })),
  ]);

const licence = fc.constantFrom(null, 'MIT\n', 'über').map((content) =>
  content === null
    ? []
    : [
        {
          _type: 'Resource',
          name: 'licence',
          path: {
            _type: 'Source',
            path: '/given/licence.txt',
            kind: 'file',
            entries: [{ path: '', type: 'file', mode: '0644', text: content }],
          },
        },
      ],
);

/** Stored state of an earlier event, and what ops keeps beside it. */
export function storedStates(owner: string): Arbitrary<readonly JsonObject[]> {
  const own = {
    _type: 'StoredState',
    name: 'store',
    owner_path: owner,
    content: { seen: ['earlier'], mark: 'x' },
    _data_type_name: 'StoredStateData',
  };
  const ops = {
    _type: 'StoredState',
    name: '_stored',
    owner_path: null,
    content: { event_count: 41 },
    _data_type_name: 'StoredStateData',
  };
  return fc.constantFrom([], [], [own, ops]);
}

/** Events deferred before; their numbers are below those that ops gives next. */
export function deferred(
  owner: string,
  relations: readonly DrawnRelation[],
): Arbitrary<readonly JsonObject[]> {
  const event = (name: string, number: number, snapshot: JsonObject): JsonObject => ({
    _type: 'DeferredEvent',
    handle_path: `${owner}/on/${name}[${number}]`,
    owner,
    observer: '_on_any',
    snapshot_data: snapshot,
  });
  const about = relations.slice(0, 1).map(({ endpoint, id, app, units }) =>
    event(`${endpoint}_relation_changed`, 39, {
      relation_name: endpoint,
      relation_id: id,
      app_name: app,
      unit_name: units[0] === undefined ? null : `${app}/${units[0]}`,
    }),
  );
  return fc.subarray([event('start', 37, {}), ...about]);
}

/** A unit without peers may be the only one, if it leads. */
function isAlone(relations: readonly DrawnRelation[], leader: boolean): boolean {
  return leader && relations.every(({ kind }) => kind !== 'PeerRelation');
}

function whole(app: string, unit: number): Arbitrary<Drawn> {
  return relationsOf(app, unit).chain((relations) =>
    fc
      .record({
        leader: fc.boolean(),
        planned: fc.constantFrom(4, 6),
        config,
        networks,
        ports,
        storages,
        licence,
        secrets: secrets(relations),
        stored: storedStates('MachineCharm'),
        deferred: deferred('MachineCharm', relations),
        unitStatus: anyStatus,
        appStatus: anyStatus,
        version: fc.constantFrom('', '1.2.3'),
        token: fc.boolean(),
      })
      .map((drawn) => {
        const readable = drawn.secrets.find(({ owner }) => owner === null);
        const token = drawn.token && readable ? { token: readable.id } : {};
        const stored = drawn.deferred.length > 0 ? drawn.stored.slice(0) : drawn.stored;
        return {
          app,
          unit,
          leader: drawn.leader,
          relations,
          secrets: drawn.secrets,
          storages: drawn.storages,
          hasLicence: drawn.licence.length > 0,
          json: {
            _type: 'State',
            config: { ...drawn.config, ...token },
            relations: relations.map(({ json }) => json as JsonObject),
            networks: drawn.networks,
            containers: [],
            storages: drawn.storages.map((one) => ({ _type: 'Storage', ...one })),
            opened_ports: drawn.ports,
            leader: drawn.leader,
            model: MODEL,
            secrets: drawn.secrets.map(({ json }) => json as JsonObject),
            resources: drawn.licence,
            planned_units: isAlone(relations, drawn.leader) ? 1 : drawn.planned,
            deferred: drawn.deferred,
            stored_states: stored,
            app_status: drawn.leader ? drawn.appStatus : status('unknown', ''),
            unit_status: drawn.unitStatus,
            workload_version: drawn.version,
          },
        };
      }),
  );
}

export const machineState: Arbitrary<Drawn> = fc
  .constantFrom(0, 2)
  .chain((unit) => whole('machine', unit));
