/** Relations of every kind: several on an endpoint, a peer relation, one with a principal. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { databag, intKeys } from './arbitrary-values.ts';

/** A relation with what events and scripts are about at hand. */
export type DrawnRelation = {
  readonly kind: 'Relation' | 'PeerRelation' | 'SubordinateRelation';
  readonly endpoint: string;
  readonly id: number;
  readonly app: string;
  readonly units: readonly number[];
  readonly json: Readonly<Record<string, unknown>>;
};

const OWN = {
  'egress-subnets': '192.0.2.0/24',
  'ingress-address': '192.0.2.10',
  'private-address': '192.0.2.10',
};
const remoteUnits = fc.dictionary(fc.constantFrom('0', '1', '7'), databag, {
  maxKeys: 3,
  noNullPrototype: true,
});
const ownBag = databag.map((bag) => ({ ...OWN, ...bag }));

function base(kind: DrawnRelation['kind'], endpoint: string, id: number): object {
  return { _type: kind, endpoint, interface: null, id };
}

export function plainRelation(endpoint: string, id: number): Arbitrary<DrawnRelation> {
  return fc
    .record({
      app: fc.constantFrom('remote', 'other-app'),
      local: databag,
      unit: ownBag,
      remote: databag,
      units: remoteUnits,
      model: fc.constantFrom(null, null, 'f3b0c9a2-5d5e-4c2e-8f5a-111111111111'),
    })
    .map(({ app, local, unit, remote, units, model }) => ({
      kind: 'Relation',
      endpoint,
      id,
      app,
      units: Object.keys(units).map(Number),
      json: {
        ...base('Relation', endpoint, id),
        local_app_data: local,
        local_unit_data: unit,
        remote_app_name: app,
        limit: 1,
        remote_app_data: remote,
        remote_units_data: intKeys(units),
        remote_model_uuid: model,
      },
    }));
}

export function peerRelation(
  endpoint: string,
  { id, app, unit }: { id: number; app: string; unit: number },
): Arbitrary<DrawnRelation> {
  return fc.record({ local: databag, own: ownBag, units: remoteUnits }).map((drawn) => {
    const units = Object.fromEntries(
      Object.entries(drawn.units).filter(([number]) => Number(number) !== unit),
    );
    return {
      kind: 'PeerRelation',
      endpoint,
      id,
      app,
      units: Object.keys(units).map(Number),
      json: {
        ...base('PeerRelation', endpoint, id),
        local_app_data: drawn.local,
        local_unit_data: drawn.own,
        peers_data: intKeys(units),
      },
    };
  });
}

export function principalRelation(endpoint: string, id: number): Arbitrary<DrawnRelation> {
  return fc
    .record({
      local: databag,
      own: ownBag,
      remote: databag,
      unit: databag,
      number: fc.constantFrom(0, 3),
    })
    .map(({ local, own, remote, unit, number }) => ({
      kind: 'SubordinateRelation',
      endpoint,
      id,
      app: 'principal',
      units: [number],
      json: {
        ...base('SubordinateRelation', endpoint, id),
        local_app_data: local,
        local_unit_data: own,
        remote_app_data: remote,
        remote_unit_data: unit,
        remote_app_name: 'principal',
        remote_unit_id: number,
      },
    }));
}
