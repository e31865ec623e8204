/** The part of the schema that says what a workload container may be. */
import type { JsonObject } from '../model/json.ts';
import { DURATION, MODE, NOTICE_KEY, RELATIVE } from './read-container.ts';
import { PORT } from './read-shapes.ts';
import { closed, flag, like, listOf, nullable, ref, said, text } from './schema-shapes.ts';
import {
  CHECK_KEYS,
  CHECK_STATES,
  CONTAINER_KEYS,
  EXEC_COMMAND_KEYS,
  EXEC_KEYS,
  EXEC_OUTPUT_KEYS,
  EXEC_REAL_KEYS,
  FILE_KEYS,
  FILE_SOURCES,
  PROGRAM_KEYS,
  PROGRAM_REAL_KEYS,
  REACTION_KEYS,
  SIGNALS,
  STARTS_KEYS,
} from './words.ts';

const duration = like(DURATION);
const code = { type: 'integer', minimum: 0, maximum: 255 };
const end = said('An exit code, or the signal that it dies of.', {
  anyOf: [code, { enum: SIGNALS }],
});
const paths = (one: JsonObject): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  patternProperties: { '^/(?!(.*/)?\\.\\.(/|$)).+$': one },
});
const bySignal = (one: JsonObject): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  patternProperties: { [`^(?:${SIGNALS.join('|')})$`]: one },
});

const owned = {
  user: said('Its owner; root as usual.', text),
  group: said('Its group; root as usual.', text),
};
const described = closed(FILE_KEYS, {
  text: said('What it holds.', text),
  from: said('The file that it is, relative to this one: for what is no text.', like(RELATIVE)),
  link: said('It is a symbolic link that leads there.', text),
  mode: said('Its permissions in quotes: "0600". 0644 as usual.', like(MODE)),
  ...owned,
});
const containerFile = {
  anyOf: [
    text,
    {
      ...described,
      oneOf: FILE_SOURCES.map((key) => ({ required: [key] })),
      not: { required: ['link', 'mode'] },
    },
  ],
};

const reaction = closed(REACTION_KEYS, {
  exits: end,
  output: said('What it prints.', text),
  files: said('What it writes, by absolute path.', paths(text)),
});
const program = closed(
  PROGRAM_KEYS,
  {
    exits: end,
    after: said('How long it runs before it exits: "3s". As usual it exits at once.', duration),
    slow: said('How long it takes to stop once it is asked to; at once as usual.', duration),
    output: said('What it prints when it starts.', text),
    signals: said('What it does when it gets a signal, by name.', bySignal(reaction)),
    run: said(
      'Its command is really run, over the files of the container; it keeps running when it does not end soon.',
      { const: 'real' },
    ),
  },
  { dependencies: { after: ['exits'] }, ...realWithout(PROGRAM_REAL_KEYS) },
);

const outputs = {
  exit: said('Its exit code; 0 as usual.', code),
  stdout: said('What it prints.', text),
  stderr: said('What it prints to its standard error.', text),
  files: said('What it writes, by absolute path; null removes one.', paths(nullable(text))),
};
const output = closed(EXEC_OUTPUT_KEYS, outputs);
const exec = closed(
  EXEC_KEYS,
  {
    command: said('The words that a command begins with, or {like: PATTERN} of all of it.', {
      anyOf: [
        { type: 'string', minLength: 1 },
        { ...listOf(text), minItems: 1 },
        closed(EXEC_COMMAND_KEYS, { like: text }, { required: ['like'] }),
      ],
    }),
    ...outputs,
    stdin: said('By a text that its input holds: what it prints then, or all that it does.', {
      type: 'object',
      additionalProperties: { anyOf: [text, output] },
    }),
    takes: said('How long it runs: "2s".', duration),
    signals: said('What it does when it gets a signal, by name.', bySignal(output)),
    starts: said(
      'Of a program of the machine: it leaves a daemon behind, with the arguments that it was called with, unless it ' +
        'fails because of what it needs or because a port is taken.',
      closed(STARTS_KEYS, {
        listens: said('Ports that it listens on: [8888/tcp].', listOf(like(PORT))),
        'pid-file': said(
          'The file that it writes its pid to, and removes when it is asked to end.',
          {
            type: 'string',
            pattern: '^/',
          },
        ),
        user: said('Who the daemon runs as; root as usual.', text),
        needs: said('By absolute path: a text without which it does not start.', {
          type: 'object',
          additionalProperties: text,
        }),
      }),
    ),
    run: said('It is really run, over the files of the container.', { const: 'real' }),
  },
  {
    required: ['command'],
    ...realWithout(EXEC_REAL_KEYS),
  },
);

/** A program that is really run says itself what these would say. */
function realWithout(keys: readonly string[]): JsonObject {
  const properties = Object.fromEntries(keys.map((key) => [key, false]));
  // oxlint-disable-next-line unicorn/no-thenable
  return { if: { required: ['run'] }, then: { properties } };
}

const container = closed(CONTAINER_KEYS, {
  'can-connect': said('Whether Pebble answers in the container.', flag),
  image: said(
    'A folder, relative to this file, with the root of the image: files, and layers where Pebble looks for them.',
    like(RELATIVE),
  ),
  layers: said('Layers that the image brings, by label: they outlive a restart.', {
    type: 'object',
    additionalProperties: { type: 'object' },
  }),
  files: said(
    'Files by absolute path: text, {text, mode, user, group}, {from: FILE} or {link: TARGET}; null removes one. ' +
      'Those of a root are the image’s own.',
    paths(nullable(ref('containerFile'))),
  ),
  services: said(
    'How the programs of services behave, by service; null: as usual, it runs until it is stopped.',
    { type: 'object', additionalProperties: nullable(ref('program')) },
  ),
  exec: said(
    'How programs behave that are executed: the first that fits decides. In a delta they come before those ' +
      'there are; null forgets these.',
    nullable(listOf(ref('exec'))),
  ),
  checks: said('What checks of its plan find when they are performed. Those not named are up.', {
    type: 'object',
    additionalProperties: {
      anyOf: [
        { enum: CHECK_STATES },
        closed(CHECK_KEYS, { down: said('Why it fails.', text) }, { required: CHECK_KEYS }),
      ],
    },
  }),
  notices: said('Custom notices that the workload records now, by key, with their data.', {
    type: 'object',
    additionalProperties: false,
    patternProperties: {
      [`^${NOTICE_KEY}$`]: nullable({ type: 'object', additionalProperties: text }),
    },
  }),
});

export const CONTAINER_DEFS = { container, containerFile, program, exec };
