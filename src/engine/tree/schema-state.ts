/** The part of the schema that says what a root and a delta may be. */
import type { JsonObject } from '../model/json.ts';
import { INSTANCE, OWNER, SECRET_KEY, SECRET_NAME } from './read-belongings.ts';
import { NUMBER, PORT, UNIT, VERSION } from './read-shapes.ts';
import { CONTAINER_DEFS } from './schema-container.ts';
import { MACHINE_DEFS, machineRuns } from './schema-machine.ts';
import { PACKAGE_DEFS, machinePackages } from './schema-packages.ts';
import {
  application,
  bag,
  byKey,
  closed,
  flag,
  like,
  listOf,
  nullable,
  ref,
  said,
  text,
  unit,
  whole,
  type Properties,
} from './schema-shapes.ts';
import {
  ADDRESS_KEYS,
  HAPPENING_KEYS,
  MACHINE_KEYS,
  MODEL_KEYS,
  MODEL_TYPES,
  NETWORK_KEYS,
  RELATION_KEYS,
  ROTATE_POLICIES,
  SECRET_KEYS,
  STAGES,
  STATE_KEYS,
  STORAGE_KEYS,
} from './words.ts';

export const version = said('Of the controller, in quotes: "3.6.14", or "4.0".', like(VERSION));
const scalar = { type: ['string', 'number', 'boolean', 'null'] };

const relation = closed(RELATION_KEYS, {
  app: said('The application on the other side.', application),
  data: said('Its application databag; null removes a key.', bag),
  units: said(
    'The databag of each remote unit, or of each other unit of a peer relation, by number; null removes the unit.',
    byKey(NUMBER, nullable(bag)),
  ),
  local: said('The databag of this application, as if its leader had written it.', bag),
  'local-unit': said('The databag of this unit, as if it had written it.', bag),
  model: said('The model that the other side is in, when it is another: a name or a UUID.', text),
  remove: said('Takes away this one of several relations; null takes away all of the endpoint.', {
    const: true,
  }),
});

const secret = closed(SECRET_KEYS, {
  owner: said(
    'Whose it is: "application" (as usual), "unit", "model" when the operator added it, or another by its name.',
    like(OWNER),
  ),
  content: said('What it holds, as text by key. Other content than the latest is a new revision.', {
    ...byKey(SECRET_KEY, text),
    minProperties: 1,
  }),
  label: said('What its owner calls it; of another’s secret, what this unit calls it.', text),
  description: text,
  rotate: said('How often its owner is told to rotate it.', { enum: ROTATE_POLICIES }),
  grants: said(
    'Who else may read it, by application or unit, and the endpoint of the relation it was granted over.',
    byKey(OWNER, text),
  ),
  readable: said('Of another’s secret: whether this unit may read it. As usual it may.', flag),
});

const storage = closed(STORAGE_KEYS, {
  attached: said('Whether its storage-attached hook has run.', flag),
});

const file = said('A file, relative to this one.', text);
const resource = {
  anyOf: [
    closed(['text'], { text: said('What the file holds.', text) }, { required: ['text'] }),
    closed(['file'], { file }, { required: ['file'] }),
    closed(
      ['image', 'username', 'password'],
      { image: said('Where the image is.', text), username: text, password: text },
      { required: ['image'] },
    ),
  ],
};

const network = closed(NETWORK_KEYS, {
  interface: said('Its name on the machine; eth0 as usual.', text),
  mac: text,
  addresses: said('Addresses to bind to.', {
    type: 'array',
    items: {
      anyOf: [
        text,
        closed(ADDRESS_KEYS, { value: text, cidr: text, hostname: text }, { required: ['value'] }),
      ],
    },
  }),
  ingress: said('Addresses that others reach this unit at.', listOf(text)),
  egress: said('Subnets that this unit’s traffic comes from.', listOf(text)),
});

const record = (one: JsonObject): JsonObject => ({ type: 'object', additionalProperties: one });

export const state: Properties<(typeof STATE_KEYS)[number]> = {
  leader: said('Whether the unit leads its application.', flag),
  config: said(
    'Options the operator set; null sets one back to its default. A secret option may name a secret of the tree: ' +
      '"secret:NAME".',
    record(scalar),
  ),
  model: closed(MODEL_KEYS, {
    name: application,
    type: { enum: MODEL_TYPES },
    config: said('Model settings that reach a hook, such as juju-http-proxy.', bag),
  }),
  app: said('The name of the application.', application),
  unit: said('The number of the unit.', whole),
  'planned-units': said('How many units the application is to have.', whole),
  juju: version,
  relations: said('Relations by endpoint, as a list where there are several; null removes them.', {
    type: 'object',
    additionalProperties: nullable({
      anyOf: [
        ref('relation'),
        listOf({ allOf: [ref('relation'), { type: 'object', required: ['app'] }] }),
      ],
    }),
  }),
  secrets: said(
    'Secrets by a name of your own, which their ids are made of; null removes one. In a databag, "secret:NAME" ' +
      'stands for the id.',
    byKey(SECRET_NAME, nullable(ref('secret'))),
  ),
  storage: said(
    'Storage by instance: data/0. What metadata declares is there from the start; null removes one.',
    byKey(INSTANCE, nullable(ref('storage'))),
  ),
  resources: said('Resources that were given, by name; null takes one away.', {
    type: 'object',
    additionalProperties: nullable(ref('resource')),
  }),
  'leader-settings': said('What leader-set has kept, of Juju 3; null removes a key.', bag),
  'unit-state': said('What state-set has kept; null removes a key.', bag),
  networks: said(
    'Bindings whose network is not the unit’s own, by endpoint or extra binding; null removes one.',
    { type: 'object', additionalProperties: nullable(ref('network')) },
  ),
  'other-ports': said(
    'Ports that other units on the machine have open, by unit: {other/0: [80/tcp]}. An empty list closes them.',
    byKey(UNIT, listOf(like(PORT))),
  ),
  trusted: said('Whether juju trust was given.', flag),
  cloud: said('What credential-get tells a trusted unit, as it tells it; null: nothing.', {
    type: ['object', 'null'],
  }),
  machine: closed(MACHINE_KEYS, {
    id: said('JUJU_MACHINE_ID.', text),
    zone: said('JUJU_AVAILABILITY_ZONE.', text),
    ...machineRuns,
    ...machinePackages,
  }),
  principal: said('The principal unit of a subordinate.', unit),
  containers: said('Workload containers by name.', record(ref('container'))),
};

export const stage = said(
  'What has happened to the unit before the tree begins; left out: it is unknown, and only what the tree plays counts.',
  { enum: STAGES },
);

export const happenings: Properties<(typeof HAPPENING_KEYS)[number]> = {
  'pod-churn': said(
    'The pod is gone and comes again: what the charm and its containers wrote and added is lost; storage stays.',
    { const: true },
  ),
  'container-restart': said('These containers restart and lose what was in them.', {
    anyOf: [text, { ...listOf(text), minItems: 1 }],
  }),
  reboot: said('The machine reboots: what is on it stays, and start comes next.', { const: true }),
  resolved: said('juju resolved --no-retry: the hook that failed counts as done.', {
    const: 'no-retry',
  }),
};

/** Two happenings in one delta. */
export const TWO_HAPPENINGS: JsonObject = {
  anyOf: HAPPENING_KEYS.flatMap((one, index) =>
    HAPPENING_KEYS.slice(index + 1).map((other) => ({ required: [one, other] })),
  ),
};

export const STATE_DEFS = {
  relation,
  ...CONTAINER_DEFS,
  ...MACHINE_DEFS,
  ...PACKAGE_DEFS,
  secret,
  storage,
  resource,
  network,
};
