/**
 * The slice of a unit that has nothing yet: no relations, secrets or storage, no hook run.
 * Source: juju state, for what deploying writes.
 */
import type { Millis } from '../../model/request.ts';
import type { JujuSlice, Relation } from './slice.ts';

export const NEW_STAGE: JujuSlice['stage'] = {
  history: 'known',
  installed: false,
  configured: false,
  started: false,
  stopped: false,
  removed: false,
  created: {},
  joined: {},
  statusSet: false,
  queued: null,
  elected: false,
  pending: {},
  seen: null,
};

/** What tells one new unit from another. */
export type UnitOf = Pick<JujuSlice, 'version' | 'app' | 'unit'> & {
  readonly model: Pick<JujuSlice['model'], 'name' | 'uuid' | 'type'>;
  readonly now: Millis;
};

const NETWORKS = {
  kubernetes: { address: '10.1.0.10', cidr: '10.1.0.0/16', hostname: '' },
  machine: { address: '192.0.2.10', cidr: '192.0.2.0/24', hostname: '' },
};

export function newUnit({ version, app, unit, model, now }: UnitOf): JujuSlice {
  const kubernetes = model.type === 'kubernetes';
  return {
    version,
    model: { ...model, config: {} },
    machine: kubernetes ? '' : String(unit),
    zone: '',
    principal: '',
    trusted: false,
    cloudSpec: null,
    app,
    unit,
    leader: false,
    plannedUnits: 1,
    config: {},
    relations: {},
    nextRelation: 0,
    ports: {},
    otherPorts: {},
    secrets: {},
    nextSecret: 1,
    storages: {},
    requestedStorages: {},
    resources: {},
    leaderSettings: {},
    unitState: {},
    networks: {},
    payloads: {},
    podSpec: null,
    workloadVersion: '',
    unitStatus: {
      status: 'waiting',
      message: kubernetes ? 'agent initialising' : 'waiting for machine',
      since: now,
    },
    appStatus: null,
    agentStatus: { status: 'allocating', message: '' },
    network: NETWORKS[model.type],
    stage: NEW_STAGE,
    action: null,
    failed: null,
    rebooting: false,
    hook: null,
  };
}

/** A relation with nothing in its databags. */
export function newRelation(of: Pick<Relation, 'id' | 'endpoint' | 'app'>): Relation {
  return {
    ...of,
    localApp: {},
    localUnit: {},
    remoteApp: {},
    units: {},
    known: {},
    remoteModel: null,
  };
}
