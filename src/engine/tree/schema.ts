/**
 * The JSON Schema of tree files, for editors' completion. It says what a file may look like; what only holds for the
 * whole tree (unique ids, a delta before an event, one golden branch) the reader says, and so it does of every name
 * that the charm must have.
 */
import type { JsonObject } from '../model/json.ts';
import { EVENT_ENDINGS, EVENT_NAMES, nameEvent, optionsOf } from './event-name.ts';
import { LIBRARY_ROOTS } from './library.ts';
import { librarySteps, respond, useStep } from './schema-library.ts';
import {
  closed,
  fromOne,
  listOf,
  nullable,
  ref,
  said,
  text,
  whole,
  type Properties,
} from './schema-shapes.ts';
import { happenings, stage, state, STATE_DEFS, TWO_HAPPENINGS, version } from './schema-state.ts';
import { SLUG } from './slug.ts';
import {
  BRANCH_KEYS,
  CONSISTENCY,
  EVENT_KEYS,
  EXPECT_KEYS,
  HAPPENING_KEYS,
  LIMIT_KEYS,
  OUTCOMES,
  ROOT_KEYS,
  RUN_KEYS,
  STATE_KEYS,
  STATUSES,
  TOP_KEYS,
  UPGRADE_KEYS,
  type EventOption,
} from './words.ts';

const name = { type: 'string', pattern: SLUG.source };

const expectation = closed(EXPECT_KEYS, {
  outcome: said('How the dispatch ends.', { enum: OUTCOMES }),
  status: said("The unit's status afterwards.", { enum: STATUSES }),
  message: said("The message of the unit's status.", text),
  'app-status': said("The application's status.", { enum: STATUSES }),
  unmet: said('What the charm asks for that is not simulated.', listOf(text)),
});

const nth = said('Which call of it, from 1; the first as usual.', fromOne);
const fault = {
  anyOf: [
    closed(
      ['command', 'nth', 'code', 'stderr'],
      {
        command: said('A hook command whose nth call does nothing but fail.', text),
        nth,
        code: said('Its exit code; 1 as usual.', fromOne),
        stderr: said('What it says; what it says without a controller as usual.', text),
      },
      { required: ['command'] },
    ),
    closed(
      ['pebble', 'nth'],
      {
        pebble: said('A container whose Pebble is gone from the nth request on.', text),
        nth: said('Which request; from the first on there is no socket.', fromOne),
      },
      { required: ['pebble'] },
    ),
    closed(
      ['commit'],
      { commit: said('The controller refuses what the hook wrote, in these words.', text) },
      { required: ['commit'] },
    ),
    closed(
      ['leadership-lost', 'nth'],
      {
        'leadership-lost': said('Leadership is gone when this hook command is answered.', text),
        nth,
      },
      { required: ['leadership-lost'] },
    ),
    closed(
      ['dies', 'nth'],
      {
        dies: said('The machine dies when this hook command is called; the hook runs again.', text),
        nth,
      },
      { required: ['dies'] },
    ),
  ],
};

const described = {
  as: said('The name of the node; ids begin anew below it.', name),
  name: said('The name of the edge, where its event is not enough.', name),
  title: said('A title for readers; any text.', text),
  about: said('What happens here, for readers.', text),
  expect: ref('expect'),
  faults: said('What goes wrong in this dispatch.', listOf(ref('fault'))),
};
/** What may be said of several steps at once. */
const ofLast = {
  as: described.as,
  title: described.title,
  about: described.about,
  expect: described.expect,
};
const options: Properties<EventOption> = {
  app: said('The other side, where the endpoint has several relations.', text),
  unit: said(
    'The remote unit, by number; as usual the next to join or the first that is there. none: the application itself.',
    { anyOf: [whole, { const: 'none' }] },
  ),
  departing: said('The unit that leaves when it is not the remote one: this, or a number.', {
    anyOf: [{ const: 'this' }, whole],
  }),
  secret: said('The secret, by its name in the tree, its label or its id.', text),
  revision: said('Its revision; as usual the latest, or the oldest that nobody reads.', fromOne),
  index: said('The number of the instance.', whole),
  notice: said('The key of the notice: example.com/ready.', text),
  check: said('The check; as usual the only one of the plan.', text),
  target: said('The base the machine is upgraded to: ubuntu@24.04/stable.', text),
};

/** The definition of what may be said of events of this name. */
function optionsName(event: string): string {
  return ['event', ...optionsOf(nameEvent(event))].join('-');
}

function eventDefs(): Readonly<Record<string, JsonObject>> {
  const events = [...EVENT_NAMES, ...EVENT_ENDINGS.map(([ending]) => `x-${ending}`)];
  return Object.fromEntries(
    events.map((event) => {
      const own = optionsOf(nameEvent(event));
      return [optionsName(event), closed([...EVENT_KEYS, ...own], { ...described, ...options })];
    }),
  );
}

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
const to = said(
  'The next charm: a folder, a .charm, or git:REVISION of the charm’s own repository.',
  {
    type: 'string',
    pattern: '^(?!git:(-|$))[^\\0\\n]+$',
  },
);
const upgrade = {
  anyOf: [
    to,
    closed(
      UPGRADE_KEYS,
      {
        ...described,
        to,
        'config-changed': said(
          'What to say of the config-changed that follows.',
          nullable(ref('event')),
        ),
      },
      { required: ['to'] },
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

const HOOKS = `^.+-(${EVENT_ENDINGS.map(([ending]) => ending).join('|')})$`;

function step(): JsonObject {
  const named = EVENT_NAMES.map((event) => [event, nullable(ref(optionsName(event)))] as const);
  const ended = EVENT_ENDINGS.map(
    ([ending]) => [`.-${ending}$`, nullable(ref(optionsName(`x-${ending}`)))] as const,
  );
  return {
    anyOf: [
      said('An event.', {
        anyOf: [{ enum: [...EVENT_NAMES, 'retry', 'fan-out'] }, { type: 'string', pattern: HOOKS }],
      }),
      said('What an entry of the library stands for.', useStep(ofLast)),
      said('An event with options, an action, an upgrade, a delta or a branch.', {
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
          upgrade: said(
            'Swaps the charm; upgrade-charm and config-changed follow.',
            ref('upgrade'),
          ),
          ...librarySteps(ofLast),
          retry: said('Runs the hook that failed once more.', nullable(ref('event'))),
          ...Object.fromEntries(named),
        },
        patternProperties: Object.fromEntries(ended),
      }),
    ],
  };
}

function roots(): JsonObject {
  const named = Object.entries(LIBRARY_ROOTS).map(([root, about]) => said(about, { const: root }));
  return { anyOf: [...named, { enum: ['null', null] }] };
}

function topLevel(): Properties<(typeof TOP_KEYS)[number]> {
  const limits = LIMIT_KEYS.map((key) => [key, fromOne] as const);
  const use = { anyOf: [ref('root'), listOf(ref('root'))] };
  return {
    title: text,
    about: said('What the tree shows, for readers.', text),
    charm: said('A folder or a .charm, relative to this file.', text),
    juju: version,
    consistency: said(
      'strict, as usual: what Juju would not do is refused. permissive: it is played, and marked.',
      { enum: CONSISTENCY },
    ),
    limits: said('Of each dispatch of this tree: seconds, and sizes in bytes.', {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(limits),
    }),
    root: said('What the tree starts from.', {
      anyOf: [
        use,
        closed(['use', 'snapshot', ...ROOT_KEYS, ...STATE_KEYS], {
          use,
          snapshot: said(
            'A file with the State of a live unit, as `jhack scenario snapshot --format json` has it.',
            text,
          ),
          stage,
          ...state,
        }),
      ],
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
  const about = text;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A tree of Playbill',
    ...closed(TOP_KEYS, topLevel(), { required: ['root', 'steps'] }),
    $defs: {
      root: roots(),
      ...STATE_DEFS,
      expect: expectation,
      fault,
      ...eventDefs(),
      run,
      upgrade,
      branch,
      delta: closed(
        ['about', 'respond', ...HAPPENING_KEYS, ...STATE_KEYS],
        { about, respond, ...happenings, ...state },
        { not: { anyOf: [ONLY_ABOUT, TWO_HAPPENINGS] } },
      ),
      slug: name,
      step: step(),
      steps: { type: 'array', minItems: 1, items: ref('step') },
    },
  };
}
