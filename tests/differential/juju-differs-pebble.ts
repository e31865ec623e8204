/** Pebble: layers, plans and files. Sources are canonical/pebble's. */
import type { Draft } from 'immer';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { scriptOf, type Case } from './case.ts';
import { steps, type Rule } from './rule.ts';

type Services = Record<string, { override?: string }>;
/** By container and label. */
type Layers = Record<string, Record<string, Services>>;

function layersOf({ state }: Case): Layers {
  const containers = state['containers'] as readonly JsonObject[];
  const up = containers.filter(({ can_connect }) => can_connect);
  const found = up.map(({ name, layers }) => {
    const entries = Object.entries(layers as Record<string, { value: { services: Services } }>);
    return [
      String(name),
      Object.fromEntries(entries.map(([label, { value }]) => [label, value.services])),
    ] as const;
  });
  return structuredClone(Object.fromEntries(found));
}

/** A merge leaves the override of what it merges into as it is. */
function merge(there: Services, more: Services): void {
  for (const [name, { override }] of Object.entries(more)) {
    const known = there[name];
    if (override === 'replace' || !known) there[name] = { override: override ?? '' };
  }
}

/** Every service's override after as many steps of the script. */
function overrides(one: Case, count: number): Layers {
  const layers = layersOf(one);
  for (const [name, container, label, layer, combine] of scriptOf(one).slice(0, count)) {
    const there = layers[String(container)];
    if (name !== 'add-layer' || !there) continue;
    const known = there[String(label)];
    const { services } = layer as { services: Services };
    if (!known) there[String(label)] = structuredClone(services);
    else if (combine) merge(known, services);
  }
  return layers;
}

function correct(shown: Draft<JsonObject> | undefined, known: Services | undefined): void {
  for (const [name, service] of Object.entries((shown ?? {}) as Services))
    service.override = known?.[name]?.override ?? service.override ?? '';
}

export const PEBBLE_RULES: readonly Rule[] = [
  {
    rule: 'what is merged into a layer leaves the override there as it was',
    source: 'canonical/pebble internals/plan/plan.go, CombineLayers and Service.Merge',
    juju(theirs, one) {
      const last = overrides(one, Number.POSITIVE_INFINITY);
      for (const [name, container] of Object.entries(theirs.containers))
        for (const [label, layer] of Object.entries(
          container['layers'] as Record<string, unknown>,
        )) {
          const { value } = layer as { value: { services?: Draft<JsonObject> } };
          correct(value.services, last[name]?.[label]);
        }
      const script = scriptOf(one);
      for (const { step, answer } of steps(theirs, one)) {
        if (step[0] !== 'plan' || answer === null || typeof answer !== 'object') continue;
        const known = overrides(one, script.indexOf(step))[String(step[1])] ?? {};
        const plan = answer as { services?: Draft<JsonObject> };
        correct(plan.services, Object.assign({}, ...Object.values(known)) as Services);
      }
    },
  },
  {
    rule: 'a layer that is there already is an error of the API',
    source: 'canonical/pebble internals/daemon/api_plan.go, v1PostLayers',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one))
        if (step[0] === 'add-layer' && answer === '! RuntimeError') tell('! APIError');
    },
  },
  {
    rule: 'a Pebble that does not answer tells no plan either',
    source: 'canonical/pebble client/client.go, Client.doSync: every request needs the socket',
    juju(theirs, one) {
      for (const { step, tell } of steps(theirs, one)) {
        const container = theirs.containers[String(step[1])];
        if (step[0] === 'plan' && container?.['can_connect'] === false) tell('! ConnectionError');
      }
    },
  },
  {
    rule: 'what is mounted is a folder',
    source: 'canonical/pebble internals/daemon/api_files.go, listFiles and writeFile',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one)) {
        if (step[0] === 'push' && answer === '! IsADirectoryError') tell('! PathError');
        // ops.testing mounts by a link.
        if (step[0] === 'exists' && step[2] === '/etc/app' && Array.isArray(answer) && answer[0])
          tell([true, true]);
      }
    },
  },
  {
    rule: 'no folder is made where a file is',
    source: 'canonical/pebble internals/osutil/mkdir.go, mkdirAll',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, container, path] = step;
        const there = theirs.files[String(container)]?.[String(path).slice(1)] ?? 'dir';
        if (name === 'make-dir' && answer === null && there !== 'dir') tell('! PathError');
      }
    },
  },
];
