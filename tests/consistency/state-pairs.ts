/** For every rule about a state: the world's own is consistent, and a change of it is not. */
import type { Draft } from 'immer';
import type { Charm } from '../../src/engine/model/charm.ts';
import { newRelation } from '../../src/engine/world/juju/new-unit.ts';
import type { JujuSlice } from '../../src/engine/world/juju/slice.ts';
import type { State } from '../../src/engine/world/state.ts';
import { CHARM, MINE, NEW, OURS, SECRET, unit } from './world.ts';

export type StatePair = {
  readonly rule: string;
  readonly yes: State;
  readonly no: State;
  readonly charm?: Charm;
  readonly says: RegExp;
  readonly hint?: string;
};

function given(change: (slice: Draft<JujuSlice>) => void): State {
  return unit(NEW, change);
}

/** With another relation of that endpoint. */
function relation(endpoint: string, app: string, units: readonly string[] = [], id = 2): State {
  return given((slice) => {
    slice.relations[`${endpoint}:${id}`] = {
      ...newRelation({ id, endpoint, app }),
      units: Object.fromEntries(units.map((name) => [name, {}])),
    };
  });
}

function version(state: State, to: string): State {
  return unit(state, (slice) => {
    slice.version = to;
  });
}

function configured(config: JujuSlice['config']): State {
  return given((slice) => {
    slice.config = config as Draft<JujuSlice['config']>;
  });
}

function stored(...ids: readonly string[]): State {
  return given((slice) => {
    slice.storages = Object.fromEntries(
      ids.map((id) => [id, { kind: 'filesystem', location: '/x', attached: true }]),
    );
  });
}

const NO_SECRETS = given((slice) => {
  slice.secrets = {};
});
const SECRET_OPTION = unit(NO_SECRETS, (slice) => {
  slice.config = { password: '' };
});
const FILE = { kind: 'file', filename: 'x', digest: 'sha256:0', downloaded: false } as const;
const NETWORK = { bindAddresses: [], ingressAddresses: [], egressSubnets: [] };
const CLOUD = given((slice) => {
  slice.cloudSpec = { type: 'kubernetes' };
});
const ALONE = given((slice) => {
  slice.plannedUnits = 1;
  slice.relations['replicas:0']!.units = {};
  slice.relations['db:1']!.localApp = { wanted: 'yes' };
});

export const STATE_PAIRS: readonly StatePair[] = [
  {
    rule: 'relation-endpoint-declared',
    yes: relation('site', 'proxy'),
    no: relation('cache', 'redis'),
    says: /declares no endpoint cache/,
    hint: 'It has db, host, replicas and site.',
  },
  {
    rule: 'relation-id-once',
    yes: relation('site', 'proxy', [], 2),
    no: relation('site', 'proxy', [], 1),
    says: /db and site both have number 1/,
  },
  {
    rule: 'relation-peer-application',
    yes: NEW,
    no: given((slice) => {
      slice.relations['replicas:0'] = newRelation({ id: 0, endpoint: 'replicas', app: 'other' });
    }),
    says: /its units are of web, not of other/,
  },
  {
    rule: 'relation-peer-once',
    yes: NEW,
    no: relation('replicas', 'web'),
    says: /replicas has more than one relation/,
  },
  {
    rule: 'relation-own-unit',
    yes: NEW,
    no: given((slice) => {
      slice.relations['replicas:0']!.units = { 'web/0': {} };
    }),
    says: /web\/0 is this unit itself/,
    hint: 'write what it has said as relations: {replicas: {local-unit: {key: value}}}',
  },
  {
    rule: 'relation-unit-application',
    yes: relation('site', 'proxy', ['proxy/0']),
    no: relation('site', 'proxy', ['nginx/0']),
    says: /nginx\/0 is no unit of proxy/,
  },
  {
    rule: 'relation-limit',
    yes: NEW,
    no: relation('db', 'mysql'),
    says: /db has 2 relations, and its limit is 1/,
    hint: 'leave 1 of them out',
  },
  {
    rule: 'relation-container-scope',
    yes: relation('host', 'ubuntu', ['ubuntu/0']),
    no: relation('host', 'ubuntu', ['ubuntu/0', 'ubuntu/1']),
    says: /one remote unit, not 2/,
  },
  {
    rule: 'peers-planned',
    yes: NEW,
    no: given((slice) => {
      slice.plannedUnits = 1;
    }),
    says: /replicas makes 2 units of the application, and 1 are planned/,
    hint: 'add planned-units: 2',
  },
  {
    rule: 'application-data-writer',
    yes: ALONE,
    no: unit(ALONE, (slice) => {
      slice.leader = false;
    }),
    says: /nobody has written the application's data in db/,
    hint: 'add leader: true, or planned-units: 2',
  },
  {
    rule: 'config-declared',
    yes: configured({ slug: 'hello' }),
    no: configured({ slugg: 'hello' }),
    says: /no option slugg/,
    hint: 'It has debug, password, ratio, slug and workers.',
  },
  ...(
    [
      ['slug', 'hello', 3],
      ['workers', 3, 3.5],
      ['ratio', 3, '3'],
      ['debug', true, 'true'],
      ['password', '', 1],
    ] as const
  ).map(([name, good, bad]) => ({
    rule: 'config-type',
    yes: configured({ [name]: good }),
    no: configured({ [name]: bad }),
    says: new RegExp(`option ${name} expected`),
  })),
  {
    rule: 'config-secret-value',
    yes: configured({ password: `secret:${MINE}` }),
    no: configured({ password: 'hunter2' }),
    says: /expected the URI of a secret, got "hunter2"/,
  },
  {
    rule: 'config-secret-version',
    yes: version(SECRET_OPTION, '3.4.0'),
    no: version(SECRET_OPTION, '3.3.9'),
    says: /which Juju 3\.3\.9 does not have/,
  },
  {
    rule: 'storage-declared',
    yes: stored('data/0'),
    no: stored('logs/0'),
    says: /no storage logs/,
  },
  {
    rule: 'storage-count',
    yes: stored('data/0', 'cache/1', 'cache/2'),
    no: stored('data/0', 'data/1'),
    says: /2 instances of storage data, and metadata allows at most 1/,
    hint: 'leave 1 out',
  },
  {
    rule: 'storage-count',
    yes: stored('cache/1', 'cache/2', 'cache/3'),
    no: stored('cache/1'),
    says: /metadata allows at least 2/,
    hint: 'add storage: {cache/1: {}}',
  },
  {
    rule: 'resource-declared',
    yes: given((slice) => {
      slice.resources = { seed: FILE };
    }),
    no: given((slice) => {
      slice.resources = { sead: FILE };
    }),
    says: /no resource sead/,
  },
  {
    rule: 'resource-type',
    yes: given((slice) => {
      slice.resources = { image: { ...FILE, kind: 'oci-image' } };
    }),
    no: given((slice) => {
      slice.resources = { image: FILE };
    }),
    says: /image is of type oci-image, not file/,
  },
  ...(['admin', 'db', 'juju-info'] as const).flatMap((good) =>
    ['host', 'nope'].map((bad) => ({
      rule: 'network-binding-declared',
      yes: given((slice) => {
        slice.networks = { [good]: NETWORK };
      }),
      no: given((slice) => {
        slice.networks = { [bad]: NETWORK };
      }),
      says: new RegExp(`no binding ${bad}`),
    })),
  ),
  {
    rule: 'secrets-version',
    yes: version(NO_SECRETS, '2.9.50'),
    no: version(NEW, '2.9.50'),
    says: /has no secrets/,
  },
  {
    rule: 'leader-settings-version',
    yes: given((slice) => {
      slice.leaderSettings = { a: 'b' };
    }),
    no: version(
      given((slice) => {
        slice.leaderSettings = { a: 'b' };
      }),
      '4.0.2',
    ),
    says: /no leader settings/,
  },
  {
    rule: 'cloud-kubernetes-version',
    yes: version(CLOUD, '3.6.10'),
    no: version(CLOUD, '3.6.9'),
    says: /nothing of its cloud/,
  },
  {
    rule: 'principal-subordinate',
    yes: NEW,
    no: given((slice) => {
      slice.principal = 'ubuntu/0';
    }),
    says: /the charm is no subordinate/,
  },
  {
    rule: 'secret-revisions',
    yes: NEW,
    no: given((slice) => {
      slice.secrets[MINE]!.tracked = 3;
    }),
    says: /revision 3 is tracked, and the latest is 2/,
  },
  {
    rule: 'secret-revisions',
    yes: NEW,
    no: given((slice) => {
      slice.secrets[MINE]!.revisions = {};
    }),
    says: /a secret has content/,
  },
  {
    rule: 'secret-label-once',
    yes: given((slice) => {
      slice.secrets = {
        [MINE]: { ...SECRET, label: 'a', announced: [] },
        [OURS]: {
          ...SECRET,
          label: 'a',
          announced: [],
          owner: { kind: 'application', name: 'web' },
        },
      };
    }),
    no: given((slice) => {
      slice.secrets = {
        [MINE]: { ...SECRET, label: 'a', announced: [] },
        [OURS]: { ...SECRET, label: 'a', announced: [] },
      };
    }),
    says: /both labelled "a"/,
  },
  {
    rule: 'container-declared',
    yes: NEW,
    no: {
      ...NEW,
      pebble: { containers: { ...NEW.pebble.containers, api: NEW.pebble.containers['web']! } },
    },
    says: /no container api/,
  },
  {
    rule: 'check-planned',
    yes: NEW,
    no: {
      ...NEW,
      pebble: {
        containers: {
          web: {
            ...NEW.pebble.containers['web']!,
            checks: { down: { status: 'down', failures: 3, successes: 0 } },
          },
        },
      },
    },
    says: /plan of web has no check down/,
  },
];
/** Of the charm alone: every state of it is against the rule. */
export const CHARM_PAIR = {
  rule: 'extra-binding-name',
  charm: { ...CHARM, extraBindings: ['admin', 'db'] },
  says: /relation names \(db\) cannot be used in extra bindings/,
};
