/** Trees of one trace for tests of playing: events by name, deltas before them, a script in the charm's place. */
import type { Fault } from '../../src/engine/model/fault.ts';
import type { Json } from '../../src/engine/model/json.ts';
import { evaluateTree, type Evaluated } from '../../src/engine/play/evaluate-tree.ts';
import type { Using } from '../../src/engine/play/using.ts';
import { sha256 } from '../../src/engine/project/digest.ts';
import type {
  Definition,
  EventSpec,
  NodeDefinition,
  StateSpec,
} from '../../src/engine/tree/definition.ts';
import { CHARM } from '../juju/unit.ts';
import { blobsInMemory, scriptedStage, type Script } from './scripted-stage.ts';

const AT = { file: 'trees/life.yaml', line: 1, column: 1 };

/** An event by name or in full; null for a delta. */
function eventOf(step: string | StateSpec | EventSpec): EventSpec | null {
  if (typeof step !== 'string') return 'kind' in step ? step : null;
  return { name: step, kind: step === 'backup' ? 'action' : 'hook', at: AT };
}

/** A hook in which things go wrong. */
export function faulty(name: string, ...faults: readonly Fault[]): EventSpec {
  return { name, kind: name === 'backup' ? 'action' : 'hook', faults, at: AT };
}

/** A chain of nodes under one root; a state before an event is a delta laid before it. */
export function chain(
  steps: readonly (string | StateSpec | EventSpec)[],
  state: StateSpec = {},
): Definition {
  const nodes: NodeDefinition[] = [];
  let parent = 'life';
  let deltas: StateSpec[] = [];
  for (const step of steps) {
    const event = eventOf(step);
    if (event === null) {
      deltas = [...deltas, step as StateSpec];
      continue;
    }
    const id = `${parent}/${event.name}`;
    nodes.push({
      id,
      parent,
      edge: event.name,
      branch: [],
      golden: true,
      deltas: deltas.map((spec) => ({ state: spec, at: AT })),
      event,
    });
    parent = id;
    deltas = [];
  }
  return {
    name: 'life',
    title: 'Life',
    file: AT.file,
    root: { use: ['leader'], state, at: AT },
    nodes,
  };
}

export function using(script: Script, store = new Map<string, Json>()) {
  const { stage, jobs } = scriptedStage(script);
  const given: Using = {
    charm: CHARM,
    stage: async () => stage,
    store: {
      get: (key) => store.get(key) ?? null,
      put: (key, value) => void store.set(key, value),
    },
    blobs: blobsInMemory(),
    digest: sha256,
    readDatabase: () => null,
    limits: { seconds: 1, memory: 1, processes: 1, output: 1, calls: 100, files: 1 },
    inputs: { engine: 'e', charm: 'c', environment: '', loader: '' },
    force: false,
  };
  return { given, jobs, store };
}

export async function play(definition: Definition, given: Using): Promise<readonly Evaluated[]> {
  return Array.fromAsync(evaluateTree(definition, given));
}

export function last(nodes: readonly Evaluated[]): Evaluated {
  const found = nodes.at(-1);
  if (!found) throw new Error('nothing was played');
  return found;
}
