/** The part of the schema that says what runs on a machine. */
import type { JsonObject } from '../model/json.ts';
import { DURATION } from './read-container.ts';
import { UNIT_NAME } from './read-machine.ts';
import { PORT } from './read-shapes.ts';
import {
  byKey,
  closed,
  flag,
  like,
  listOf,
  nullable,
  ref,
  said,
  text,
  type Properties,
} from './schema-shapes.ts';
import {
  BASE_KEYS,
  MACHINE_BASES,
  PROCESS_KEYS,
  UNIT_KEYS,
  UNIT_STATES,
  type MACHINE_RUNS_KEYS,
} from './words.ts';

const duration = like(DURATION);
const absolute = { type: 'string', pattern: '^/' };
const ports = said('Ports that it listens on: [8888/tcp].', listOf(like(PORT)));

const machineUnit = closed(
  UNIT_KEYS,
  {
    description: said('Its description.', text),
    command: said('What it runs: "/usr/bin/app --serve".', text),
    text: said('Its whole file, instead of one made of the other words.', text),
    type: said('As systemd has it: simple as usual, forking, oneshot, notify.', text),
    user: said('Who runs it; root as usual.', text),
    reload: said('It can be told to reload.', flag),
    enabled: said('Whether it is started at boot; true as usual.', flag),
    active: said('Its state; active as usual.', { enum: UNIT_STATES }),
    exits: said('An exit code, or the signal that its program dies of.', {
      $ref: '#/$defs/program/properties/exits',
    }),
    after: said('How long it runs before it exits: "3s". As usual it exits at once.', duration),
    slow: said('How long it takes to stop once it is asked to; at once as usual.', duration),
    output: said('What it prints when it starts.', text),
    listens: ports,
    'pid-file': said('The file that has its pid while it runs.', absolute),
    needs: said('By absolute path: a text without which it cannot be started or told to reload.', {
      type: 'object',
      additionalProperties: text,
    }),
  },
  { dependencies: { after: ['exits'] } },
);
const machineProcess = closed(
  PROCESS_KEYS,
  {
    command: said('Its command line.', text),
    pid: said('Its number; the next one as usual.', { type: 'integer', minimum: 2 }),
    user: said('Who runs it; root as usual.', text),
    listens: ports,
  },
  { required: ['command'] },
);

export const machineRuns: Properties<(typeof MACHINE_RUNS_KEYS)[number]> = {
  base: said(
    'The release it is made of; as the charm says, or ubuntu@22.04. Or what lies over that: {root: FOLDER or .tar, ' +
      '.tar.gz, .tar.zst}, or host: files of the machine that plays, which is not the same anywhere else.',
    { anyOf: [{ enum: MACHINE_BASES }, closed(BASE_KEYS, { root: text }, { required: ['root'] })] },
  ),
  units: said(
    'Units by name, `.service` left out as usual: what the machine has beyond its packages, or what becomes of one. ' +
      'null takes one away.',
    byKey(UNIT_NAME, nullable(ref('machineUnit'))),
  ),
  exec: said(
    'How programs behave that are called: the first rule that fits decides, and makes the program be there. In a ' +
      'delta they come before those there are; null forgets these.',
    nullable(listOf(ref('exec'))),
  ),
  files: said(
    'Files by absolute path: text, {text, mode, user, group}, {from: FILE} or {link: TARGET}; null removes one.',
    { type: 'object', additionalProperties: nullable(ref('containerFile')) },
  ),
  processes: said(
    'Processes that are no unit’s. In a delta: more of them; null ends all.',
    nullable(listOf(ref('machineProcess'))),
  ),
};

export const MACHINE_DEFS: Readonly<Record<string, JsonObject>> = { machineUnit, machineProcess };
