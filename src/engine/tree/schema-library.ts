/** The part of the schema that is about steps which stand for several: the library, `each`, `matrix`, `fan-out`. */
import type { Json, JsonObject } from '../model/json.ts';
import type { LibraryEntry, Parameter } from './library-entry.ts';
import { LIBRARY } from './library-table.ts';
import { FAN_OUT_KEYS, MATRIX_KEYS, USE_KEYS } from './library-words.ts';
import {
  application,
  closed,
  flag,
  fromOne,
  listOf,
  nullable,
  ref,
  said,
  text,
  whole,
  type Properties,
} from './schema-shapes.ts';

const TYPES: Readonly<Record<Parameter['type'], JsonObject>> = {
  text,
  flag,
  whole,
  names: { anyOf: [text, listOf(text)] },
  any: {},
};

function parameter({ about, type, words }: Parameter): JsonObject {
  return said(about, words ? { enum: words as Json } : TYPES[type]);
}

/** Without a default, and nothing of the charm that could be the only one. */
function required({ parameters }: LibraryEntry): readonly string[] {
  return Object.keys(parameters).filter((name) => {
    const { default: usual, of } = parameters[name] ?? {};
    return usual === undefined && of === undefined;
  });
}

function parametersOf({ parameters }: LibraryEntry): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, one]) => [name, parameter(one)] as const),
  );
}

type Described = Properties<(typeof USE_KEYS)[number]>;

function entrySchema(entry: LibraryEntry, described: Described): JsonObject {
  const own = parametersOf(entry);
  return said(
    entry.about,
    closed(
      ['use', ...Object.keys(own), ...USE_KEYS],
      { use: { const: entry.name }, ...own, ...described },
      { required: ['use', ...required(entry)] },
    ),
  );
}

/** `{use: …}`: an entry of the library, or one of the project's own, whose parameters nobody knows here. */
function use(described: Described): JsonObject {
  const names = LIBRARY.map(({ name }) => name);
  const own = {
    type: 'object',
    required: ['use'],
    properties: {
      use: said('An entry of the project’s own library.', {
        type: 'string',
        not: { enum: [...names, 'empty', 'null'] },
      }),
      ...described,
    },
  };
  return { anyOf: [...LIBRARY.map((entry) => entrySchema(entry, described)), own] };
}

function relate(described: Described): JsonObject {
  const entry = LIBRARY.find(({ name }) => name === 'relate');
  if (!entry) throw new Error('the library has no entry relate');
  const own = parametersOf(entry);
  const keys = [...Object.keys(own), ...USE_KEYS];
  return said('Relates an endpoint; its events follow, and the other side answers.', {
    anyOf: [text, { type: 'null' }, closed(keys, { ...own, ...described })],
  });
}

const events = { anyOf: [text, listOf(text)] };
const fanOut = nullable(
  closed(FAN_OUT_KEYS, {
    depth: said('How many events one after another; 1 as usual.', fromOne),
    only: said('Names of events, with * for anything, or kinds of events.', events),
    except: said('The same, to leave out.', events),
    merge: said('Whether equal states are followed once; true as usual.', flag),
    most: said('More nodes than this are a mistake.', fromOne),
    name: said('What the ids of its nodes begin with; fan-out as usual.', ref('slug')),
    about: said('What it is for, for readers.', text),
  }),
);
const matrix = closed(
  MATRIX_KEYS,
  {
    of: said('The axes: of each, the choices by name.', {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        minProperties: 1,
        additionalProperties: {
          anyOf: [ref('steps'), ref('delta'), { type: 'array', maxItems: 0 }, { type: 'null' }],
        },
      },
    }),
    steps: said('What follows each combination.', ref('steps')),
    except: said('Combinations to leave out, a choice of each axis.', listOf(listOf(text))),
  },
  { required: ['of'] },
);
const each = {
  type: 'array',
  minItems: 1,
  items: { anyOf: [ref('step'), ref('steps')] },
};

/** Whose other side writes, in a delta. */
export const respond = said('Endpoints whose other side writes what its interface has it write.', {
  anyOf: [
    text,
    listOf(text),
    {
      type: 'object',
      additionalProperties: nullable(closed(['app'], { app: application })),
    },
  ],
});

/** By the key of a step of one key. */
export function librarySteps(described: Described): Readonly<Record<string, JsonObject>> {
  return {
    relate: relate(described),
    'fan-out': said('Every event that Juju could deliver from here.', fanOut),
    each: said('Traces that part from here by their events: a step, or a list of them.', each),
    matrix: said('A branch for each combination of choices.', matrix),
  };
}

export function useStep(described: Described): JsonObject {
  return use(described);
}
