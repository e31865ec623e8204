/**
 * Subtrees of relations: an endpoint's relation from the moment it is made, as far as is asked.
 * Source: juju internal/worker/uniter/relation (resolver.go): created, joined and changed of a unit, departed, broken.
 */
import type { Json, JsonObject } from '../model/json.ts';
import { RELATION_PHASES } from '../model/event.ts';
import {
  delta,
  event,
  type LibraryEntry,
  type Parameter,
  type Scene,
  type Values,
} from './library-entry.ts';
import { outward } from './library-nodes.ts';
import { slugOf } from './slug.ts';

type Phase = (typeof RELATION_PHASES)[number];

/** `options`: what tells this relation from others of its endpoint. `unit`: the one that joins. */
type Life = {
  readonly endpoint: string;
  readonly app: string;
  readonly unit: number;
  readonly peers: boolean;
  readonly rounds: number;
  readonly answered: boolean;
};

function made({ endpoint, app, unit, peers }: Life): Json {
  return peers
    ? delta({ relations: { [endpoint]: { units: { [unit]: {} } } } }, 'Another unit is there.')
    : delta({ relations: { [endpoint]: { app, units: { [unit]: {} } } } });
}

function answers({ endpoint, app, answered }: Life): readonly Json[] {
  if (!answered) return [];
  return [delta({ respond: { [endpoint]: { app } } }, `${app} answers.`)];
}

function phaseSteps(phase: Phase, life: Life): readonly Json[] {
  const { endpoint, app, unit, peers, rounds } = life;
  const name = `${endpoint}-relation-${phase}`;
  const which: JsonObject = peers ? {} : { app };
  const whose: JsonObject = { ...which, ...(unit === 0 ? {} : { unit }) };
  switch (phase) {
    case 'created':
      return peers ? [] : [event(name, which)];
    case 'joined':
      return [event(name, whose)];
    case 'changed':
      return Array.from({ length: rounds }, (_, round) => [
        ...answers(life),
        event(name, round === 0 ? whose : { ...whose, name: `${slugOf(name)}-${round + 1}` }),
      ]).flat();
    case 'departed':
      return [event(name, whose)];
    case 'broken':
      return peers ? [] : [event(name, which)];
  }
}

function lifeOf(values: Values, scene: Scene): Life {
  const endpoint = String(values['endpoint']);
  const peers = scene.charm.endpoints[endpoint]?.role === 'peers';
  const unit = Number(values['unit'] ?? 0);
  return {
    endpoint,
    app: String(values['app'] ?? scene.others(endpoint)),
    // A unit is no peer of itself.
    unit: peers && unit === 0 ? 1 : unit,
    peers,
    rounds: Number(values['rounds'] ?? 1),
    answered: !peers && values['respond'] !== false && scene.answers(endpoint),
  };
}

function lifeSteps(values: Values, scene: Scene): readonly Json[] {
  const life = lifeOf(values, scene);
  const last = RELATION_PHASES.indexOf(String(values['until']) as Phase);
  const phases = RELATION_PHASES.slice(0, last + 1);
  return [made(life), ...phases.flatMap((phase) => phaseSteps(phase, life))];
}

/** The edge of an event in a branch that is called as its endpoint: `created`. */
function inShort(step: Json): Json {
  const [[name, options] = ['', null]] = Object.entries(step as JsonObject);
  const phase = /-relation-([a-z]+)$/.exec(name)?.[1];
  if (phase === undefined) return step;
  return { [name]: { ...(options as JsonObject), name: phase } };
}

const ENDPOINT: Parameter = { about: 'Which endpoint.', type: 'text', of: 'endpoint' };
const OF_A_LIFE: Readonly<Record<string, Parameter>> = {
  app: {
    about: 'The application on the other side; as usual one of the interface’s.',
    type: 'text',
    default: null,
  },
  unit: { about: 'Its unit, by number.', type: 'whole', default: 0 },
  rounds: {
    about: 'How often the other side answers, and changed comes.',
    type: 'whole',
    default: 1,
  },
  respond: {
    about: 'Whether the other side writes what its interface has it write.',
    type: 'flag',
    default: true,
  },
};
const UNTIL: Parameter = {
  about: 'The last of its events.',
  type: 'text',
  words: RELATION_PHASES,
};

export const RELATIONS: readonly LibraryEntry[] = [
  {
    name: 'relate',
    about: 'An endpoint is related: the relation is made, a unit joins, and both sides write.',
    kind: 'subtree',
    dynamic: true,
    parameters: { endpoint: ENDPOINT, ...OF_A_LIFE, until: { ...UNTIL, default: 'changed' } },
    steps: lifeSteps,
  },
  {
    name: 'relation-life',
    about: 'A relation from its first event to its last.',
    kind: 'subtree',
    dynamic: true,
    parameters: { endpoint: ENDPOINT, ...OF_A_LIFE, until: { ...UNTIL, default: 'broken' } },
    steps: lifeSteps,
  },
  {
    name: 'relation-lives',
    about: 'The relation of every endpoint, each in a branch of its own.',
    kind: 'subtree',
    dynamic: true,
    parameters: {
      only: {
        about: 'These endpoints; as usual all.',
        type: 'names',
        of: 'endpoint',
        default: null,
      },
      except: { about: 'Not these endpoints.', type: 'names', of: 'endpoint', default: [] },
      until: { ...UNTIL, default: 'broken' },
    },
    steps: ({ only = null, except = [], until = 'broken' }, scene) => {
      const wanted = (only as readonly string[] | null) ?? outward(scene);
      const all = wanted.filter((name) => !(except as readonly string[]).includes(name));
      const branches = all.map(
        (endpoint) => [endpoint, lifeSteps({ endpoint, until }, scene).map(inShort)] as const,
      );
      return branches.length === 0 ? [] : [{ branch: Object.fromEntries(branches) }];
    },
  },
];
