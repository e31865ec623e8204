/**
 * The JSON Schema of tree files, for editors' completion. It says what a file may look like; what only holds for the
 * whole tree (unique ids, a delta before an event, one golden branch) the reader says, and so it does of every name
 * that the charm must have.
 */
import { LIFECYCLE, RELATION_PHASES } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { LIBRARY_ROOTS } from './library.ts';
import { SLUG } from './slug.ts';
import {
  BRANCH_KEYS,
  CONTAINER_KEYS,
  EVENT_KEYS,
  EXPECT_KEYS,
  LIMIT_KEYS,
  MODEL_KEYS,
  MODEL_TYPES,
  OUTCOMES,
  RELATION_KEYS,
  RUN_KEYS,
  STATE_KEYS,
  STATUSES,
  TOP_KEYS,
} from './words.ts';

type Properties<Key extends string> = Readonly<Record<Key, JsonObject>>;

/** An object with these properties and no others. */
function closed<Key extends string>(
  keys: readonly Key[],
  properties: Properties<Key>,
  more: JsonObject = {},
): JsonObject {
  const ordered = Object.fromEntries(keys.map((key) => [key, properties[key]]));
  return { type: 'object', additionalProperties: false, properties: ordered, ...more };
}

function ref(name: string): JsonObject {
  return { $ref: `#/$defs/${name}` };
}

function said(description: string, schema: JsonObject): JsonObject {
  return { description, ...schema };
}

const text = { type: 'string' };
const name = { type: 'string', pattern: SLUG.source };
const whole = { type: 'integer', minimum: 0 };
const nullable = (schema: JsonObject): JsonObject => ({ anyOf: [schema, { type: 'null' }] });
const bag = { type: 'object', additionalProperties: { type: ['string', 'null'] } };
const application = { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*$' };
const version = said('Of the controller, in quotes: "3.6.14".', {
  type: 'string',
  pattern: '^\\d+\\.\\d+(\\.\\d+)?$',
});
const scalar = { type: ['string', 'number', 'boolean', 'null'] };
/** A name with a relation's or a container's hook at its end. */
const HOOKS = `^(.+-relation-(${RELATION_PHASES.join('|')})|.+-pebble-ready)$`;

const relation = closed(RELATION_KEYS, {
  app: said('The remote application.', application),
  data: said('Its application databag; null removes a key.', bag),
  units: said('The databag of each remote unit, by number; null removes the unit.', {
    type: 'object',
    additionalProperties: false,
    patternProperties: { '^(0|[1-9][0-9]*)$': nullable(bag) },
  }),
});

const container = closed(CONTAINER_KEYS, {
  'can-connect': said('Whether Pebble answers in the container.', { type: 'boolean' }),
  layers: said('Layers that the image brings, by label.', {
    type: 'object',
    additionalProperties: { type: 'object' },
  }),
  files: said('Text by absolute path; null removes the file.', {
    type: 'object',
    additionalProperties: false,
    patternProperties: { '^/(?!(.*/)?\\.\\.(/|$)).+$': { type: ['string', 'null'] } },
  }),
});

const state: Properties<(typeof STATE_KEYS)[number]> = {
  leader: said('Whether the unit leads its application.', { type: 'boolean' }),
  config: said('Options the operator set; null sets one back to its default.', {
    type: 'object',
    additionalProperties: scalar,
  }),
  model: closed(MODEL_KEYS, { name: application, type: { enum: MODEL_TYPES } }),
  app: said('The name of the application.', application),
  unit: said('The number of the unit.', whole),
  'planned-units': said('How many units the application is to have.', whole),
  juju: version,
  relations: said('Relations by endpoint; null removes one.', {
    type: 'object',
    additionalProperties: nullable(ref('relation')),
  }),
  containers: said('Workload containers by name.', {
    type: 'object',
    additionalProperties: ref('container'),
  }),
};

const expectation = closed(EXPECT_KEYS, {
  outcome: said('How the dispatch ends.', { enum: OUTCOMES }),
  status: said("The unit's status afterwards.", { enum: STATUSES }),
  message: said("The message of the unit's status.", text),
  'app-status': said("The application's status.", { enum: STATUSES }),
  unmet: said('What the charm asks for that is not simulated.', { type: 'array', items: text }),
});

const described = {
  as: said('The name of the node; ids begin anew below it.', name),
  name: said('The name of the edge, where its event is not enough.', name),
  title: said('A title for readers; any text.', text),
  about: said('What happens here, for readers.', text),
  expect: ref('expect'),
};
const event = closed(EVENT_KEYS, {
  ...described,
  unit: said('Of a relation event: the remote unit, by number.', whole),
});
const run = {
  anyOf: [
    said('The action to run.', text),
    closed(
      RUN_KEYS,
      {
        ...described,
        action: said('The action to run.', text),
        params: said('Its params.', { type: 'object' }),
      },
      { required: ['action'] },
    ),
  ],
};
const branch = {
  anyOf: [
    ref('steps'),
    closed(
      BRANCH_KEYS,
      {
        golden: said('Whether this trace is the one drawn bold.', { type: 'boolean' }),
        title: described.title,
        about: described.about,
        steps: ref('steps'),
      },
      { required: ['steps'] },
    ),
  ],
};

/** Only relation events are about a unit. */
const unitless = { allOf: [ref('event'), { not: { required: ['unit'] } }] };

const step = {
  anyOf: [
    said('An event.', { anyOf: [{ enum: LIFECYCLE }, { type: 'string', pattern: HOOKS }] }),
    said('An event with options, an action, a delta or a branch.', {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: {
        branch: said('Traces that part from here, by name.', {
          type: 'object',
          additionalProperties: ref('branch'),
        }),
        delta: ref('delta'),
        run: ref('run'),
        ...Object.fromEntries(LIFECYCLE.map((hook) => [hook, nullable(unitless)])),
      },
      patternProperties: {
        '.-pebble-ready$': nullable(unitless),
        [`.-relation-(${RELATION_PHASES.join('|')})$`]: nullable(ref('event')),
      },
    }),
  ],
};

function roots(): JsonObject {
  const named = Object.entries(LIBRARY_ROOTS).map(([root, about]) => said(about, { const: root }));
  return { anyOf: [...named, { enum: ['null', null] }] };
}

function topLevel(): Properties<(typeof TOP_KEYS)[number]> {
  const limits = LIMIT_KEYS.map((key) => [key, { type: 'integer', minimum: 1 }] as const);
  const use = { anyOf: [ref('root'), { type: 'array', items: ref('root') }] };
  return {
    title: text,
    about: said('What the tree shows, for readers.', text),
    charm: said('A folder or a .charm, relative to this file.', text),
    juju: version,
    limits: said('Of each dispatch of this tree: seconds, and sizes in bytes.', {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(limits),
    }),
    root: said('What the tree starts from.', {
      anyOf: [use, closed(['use', ...STATE_KEYS], { use, ...state })],
    }),
    steps: ref('steps'),
  };
}

/** A delta that changes nothing. */
const ONLY_ABOUT = {
  anyOf: [{ maxProperties: 0 }, { maxProperties: 1, required: ['about'] }],
};

/** JSON Schema, draft 07, of a tree file. */
export function treeSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A tree of Playbill',
    ...closed(TOP_KEYS, topLevel(), { required: ['root', 'steps'] }),
    $defs: {
      root: roots(),
      relation,
      container,
      expect: expectation,
      event,
      run,
      branch,
      delta: closed(['about', ...STATE_KEYS], { about: text, ...state }, { not: ONLY_ABOUT }),
      step,
      steps: { type: 'array', minItems: 1, items: ref('step') },
    },
  };
}
