/** Whole cases: a state, an event that Juju could deliver to it, and a script for the charm. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { JsonObject } from '../../src/engine/model/json.ts';
import { actionEvent, actionsState, actionSteps } from './arbitrary-actions.ts';
import { eventsOf } from './arbitrary-events.ts';
import { containerSteps, kubernetesState, pebbleEvents } from './arbitrary-kubernetes.ts';
import { machineState, type Drawn } from './arbitrary-machine.ts';
import { familiesFor, scriptFor, type Step } from './arbitrary-script.ts';
import type { Case } from './case.ts';

export function contextOf({ app, unit }: Drawn): Case['context'] {
  return {
    app_name: app,
    unit_id: unit,
    juju_version: '3.6.14',
    app_trusted: false,
    machine_id: null,
  };
}

/** An event of a kind that was deferred before would be one of two of its name: that one is left out. */
function withoutTwin(state: JsonObject, event: JsonObject): JsonObject {
  const deferred = state['deferred'] as readonly JsonObject[];
  const twin = `/on/${String(event['path'])}[`;
  const rest = deferred.filter(({ handle_path }) => !String(handle_path).includes(twin));
  return { ...state, deferred: rest };
}

/** The state with the script as its charm's option. */
export function withScript({ json }: Drawn, script: readonly Step[]): JsonObject {
  const config = json['config'] as JsonObject;
  return { ...json, config: { ...config, script: JSON.stringify(script) } };
}

export const machineCase: Arbitrary<Case> = machineState.chain((drawn) =>
  fc
    .tuple(eventsOf(drawn), scriptFor(Object.values(familiesFor(drawn)), drawn))
    .map(([event, script]) => ({
      charm: 'machine' as const,
      context: contextOf(drawn),
      state: withoutTwin(withScript(drawn, script), event),
      event,
    })),
);

/** A charm of containers talks to Pebble most of the time. */
function containerFamilies(drawn: Drawn): Parameters<typeof scriptFor>[0] {
  const { unit, status, relation } = familiesFor(drawn);
  const pebble = containerSteps();
  return [pebble, pebble, pebble, unit, status, relation];
}

export const kubernetesCase: Arbitrary<Case> = kubernetesState.chain((drawn) =>
  fc
    .tuple(eventsOf(drawn, pebbleEvents(drawn)), scriptFor(containerFamilies(drawn), drawn))
    .map(([event, script]) => ({
      charm: 'kubernetes' as const,
      context: contextOf(drawn),
      state: withScript(drawn, script),
      event,
    })),
);

export const actionsCase: Arbitrary<Case> = actionsState.chain((drawn) =>
  scriptFor([actionSteps(), ...Object.values(familiesFor(drawn))], drawn)
    .chain(actionEvent)
    .map((event) => ({
      charm: 'actions' as const,
      context: contextOf(drawn),
      state: drawn.json,
      event,
    })),
);

export const anyCase: Arbitrary<Case> = fc.oneof(
  { weight: 3, arbitrary: machineCase },
  { weight: 1, arbitrary: kubernetesCase },
  { weight: 1, arbitrary: actionsCase },
);
