/**
 * Subtrees of a unit's own life, in the order in which Juju delivers its hooks.
 * Source: juju internal/worker/uniter (resolver.go, storage/resolver.go, leadership), caas for pods.
 */
import { storageCount } from '../model/storage-count.ts';
import type { Json } from '../model/json.ts';
import {
  delta,
  event,
  sorted,
  type LibraryEntry,
  type Parameter,
  type Scene,
} from './library-entry.ts';
import { slugOf } from './slug.ts';

/** The instances of storage that the charm cannot do without, each with an edge of its own. */
function storages({ charm }: Scene, phase: 'attached' | 'detaching'): readonly Json[] {
  return sorted(charm.storage).flatMap((name) => {
    const { min } = storageCount(charm.storage[name] ?? {});
    return Array.from({ length: min }, (_, index) => {
      const edge = `${slugOf(name)}-${index}-${phase}`;
      return event(`${name}-storage-${phase}`, min === 1 ? {} : { index, name: edge });
    });
  });
}

function ready(container: string): readonly Json[] {
  return [
    delta({ containers: { [container]: { 'can-connect': true } } }, `Pebble answers.`),
    event(`${container}-pebble-ready`),
  ];
}

function peers({ charm }: Scene): readonly Json[] {
  return sorted(charm.endpoints)
    .filter((name) => charm.endpoints[name]?.role === 'peers')
    .map((name) => event(`${name}-relation-created`));
}

function startup(values: Readonly<Record<string, Json>>, scene: Scene): readonly Json[] {
  const attached = storages(scene, 'attached');
  const kubernetes = scene.model === 'kubernetes';
  return [
    ...(kubernetes ? [] : attached),
    'install',
    ...peers(scene),
    ...(values['leader'] === 'yes' || (values['leader'] === 'as the root' && scene.leads)
      ? ['leader-elected']
      : []),
    ...(kubernetes ? attached : []),
    'config-changed',
    'start',
    ...(values['containers'] === true ? sorted(scene.charm.containers).flatMap(ready) : []),
  ];
}

function named(values: Readonly<Record<string, Json>>, key: string, all: readonly string[]) {
  const said = values[key];
  return Array.isArray(said) ? (said as readonly string[]) : all;
}

function teardown(values: Readonly<Record<string, Json>>, scene: Scene): readonly Json[] {
  const left = named(values, 'endpoints', []).flatMap((name) => [
    event(`${name}-relation-departed`, { departing: 'this' }),
    ...(scene.charm.endpoints[name]?.role === 'peers' ? [] : [event(`${name}-relation-broken`)]),
  ]);
  return [...left, ...storages(scene, 'detaching'), 'stop', 'remove'];
}

/** The pod goes and comes again; `between` is what happens while it is gone. */
function pod(scene: Scene, between: readonly Json[]): readonly Json[] {
  return ['stop', ...between, 'start', ...sorted(scene.charm.containers).flatMap(ready)];
}

const CONTAINERS: Parameter = {
  about: 'Which containers; as usual all of the charm’s.',
  type: 'names',
  of: 'container',
  default: null,
};

export const LIFE: readonly LibraryEntry[] = [
  {
    name: 'bare-startup',
    about: 'The three hooks that every unit begins with.',
    kind: 'subtree',
    dynamic: false,
    parameters: {},
    steps: () => ['install', 'config-changed', 'start'],
  },
  {
    name: 'startup',
    about: 'A unit’s first hooks: its storage, its peers, leadership, and its containers.',
    kind: 'subtree',
    dynamic: true,
    parameters: {
      leader: {
        about: 'Whether leader-elected comes; as usual where the root leads.',
        type: 'text',
        words: ['yes', 'no', 'as the root'],
        default: 'as the root',
      },
      containers: {
        about: 'Whether Pebble comes up in every container as well.',
        type: 'flag',
        default: false,
      },
    },
    steps: startup,
  },
  {
    name: 'workload-ready',
    about: 'Pebble comes up in the containers, and the charm is told.',
    kind: 'subtree',
    dynamic: true,
    parameters: { containers: CONTAINERS },
    steps: (values, { charm }) =>
      named(values, 'containers', sorted(charm.containers)).flatMap(ready),
  },
  {
    name: 'bare-teardown',
    about: 'The two hooks that every unit ends with.',
    kind: 'subtree',
    dynamic: false,
    parameters: {},
    steps: () => ['stop', 'remove'],
  },
  {
    name: 'teardown',
    about: 'The unit is removed: it leaves its relations and its storage, stops and is gone.',
    kind: 'subtree',
    dynamic: true,
    parameters: {
      endpoints: {
        about: 'Endpoints whose relation with a single unit it leaves; as usual none.',
        type: 'names',
        of: 'endpoint',
        default: [],
      },
    },
    steps: teardown,
  },
  {
    name: 'upgrade',
    about: 'The charm is refreshed; on Kubernetes the pod is made anew.',
    kind: 'subtree',
    dynamic: true,
    parameters: {
      to: { about: 'The next charm: a folder, a .charm, or git:REVISION.', type: 'text' },
    },
    steps: ({ to = null }, scene) =>
      scene.model === 'machine'
        ? [{ upgrade: to }]
        : pod(scene, [delta({ 'pod-churn': true }), { upgrade: to }]),
  },
  {
    name: 'leadership-change',
    about: 'The unit becomes the leader, or another one does.',
    kind: 'subtree',
    dynamic: false,
    parameters: {
      to: {
        about: 'Who leads from then on: this unit, or another.',
        type: 'text',
        words: ['this', 'another'],
        default: 'this',
      },
    },
    steps: ({ to }) =>
      to === 'another'
        ? [delta({ leader: false }, 'Another unit leads.'), 'leader-settings-changed']
        : [delta({ leader: true }, 'The unit leads.'), 'leader-elected'],
  },
  {
    name: 'pod-churn',
    about: 'The pod is gone and comes again, its containers as their images have them.',
    kind: 'subtree',
    dynamic: true,
    parameters: {},
    steps: (_values, scene) => pod(scene, [delta({ 'pod-churn': true })]),
  },
  {
    name: 'container-restart',
    about: 'Containers die and come again, and the charm stays.',
    kind: 'subtree',
    dynamic: true,
    parameters: { containers: CONTAINERS },
    steps: (values, { charm }) =>
      named(values, 'containers', sorted(charm.containers)).flatMap((name) => [
        delta({ 'container-restart': [name] }),
        ...ready(name),
      ]),
  },
  {
    name: 'reboot',
    about: 'The machine reboots; start is the first thing the unit sees.',
    kind: 'subtree',
    dynamic: false,
    parameters: {},
    steps: () => [delta({ reboot: true }), 'start'],
  },
  {
    name: 'storage-life',
    about: 'An instance of storage is attached and detached.',
    kind: 'subtree',
    dynamic: true,
    parameters: {
      storage: { about: 'Which storage.', type: 'text', of: 'storage' },
      index: { about: 'The number of the instance.', type: 'whole', default: 0 },
    },
    steps: ({ storage = null, index = 0 }) => [
      delta({ storage: { [`${String(storage)}/${String(index)}`]: { attached: false } } }),
      event(`${String(storage)}-storage-attached`, { index }),
      event(`${String(storage)}-storage-detaching`, { index }),
    ],
  },
];
