/** States of the actions fixture and actions with valid parameters. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import { MODEL, storedStates, type Drawn } from './arbitrary-machine.ts';
import { peerRelation, plainRelation } from './arbitrary-relations.ts';
import type { Step } from './arbitrary-script.ts';
import { anyStatus, message, status, text } from './arbitrary-values.ts';

const PARAMS: Readonly<Record<string, Arbitrary<JsonObject>>> = {
  plain: fc.constant({}),
  backup: fc.record(
    {
      target: text,
      keep: fc.integer({ min: -3, max: 3 }),
      ratio: fc.constantFrom(0.5, 2.25),
      full: fc.boolean(),
      tags: fc.array(text, { maxLength: 2 }),
      options: fc.record(
        { level: fc.integer({ min: 1, max: 9 }), engine: text },
        { requiredKeys: [], noNullPrototype: true },
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  ) as Arbitrary<JsonObject>,
  restore: fc.record(
    { from: text, force: fc.boolean() },
    { requiredKeys: ['from'], noNullPrototype: true },
  ),
};

const results: Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom('size', 'where', 'took-ms'),
  fc.oneof<[Arbitrary<Json>, Arbitrary<Json>, Arbitrary<Json>]>(
    text,
    fc.integer({ min: 0, max: 9 }),
    fc.dictionary(fc.constantFrom('a', 'b-c'), text, { minKeys: 1, noNullPrototype: true }),
  ),
  { minKeys: 1, maxKeys: 2, noNullPrototype: true },
);

export function actionSteps(): readonly Arbitrary<Step>[] {
  return [
    fc.constant<Step>(['action-params']),
    text.map((line) => ['action-log', line] as const),
    results.map((given) => ['action-set', given] as const),
    message.map((why) => ['action-fail', why] as const),
  ];
}

function whole(unit: number): Arbitrary<Drawn> {
  return fc
    .record({
      leader: fc.boolean(),
      relations: fc.tuple(
        plainRelation('db', 3),
        peerRelation('cluster', { id: 6, app: 'actions', unit }),
      ),
      stored: storedStates('ActionsCharm'),
      unitStatus: anyStatus,
    })
    .map(({ leader, relations, stored, unitStatus }) => ({
      app: 'actions',
      unit,
      leader,
      relations,
      secrets: [],
      storages: [],
      hasLicence: false,
      json: {
        _type: 'State',
        config: {},
        relations: relations.map(({ json }) => json as JsonObject),
        networks: [],
        containers: [],
        storages: [],
        opened_ports: [],
        leader,
        model: MODEL,
        secrets: [],
        resources: [],
        planned_units: 6,
        deferred: [],
        stored_states: stored,
        app_status: status('unknown', ''),
        unit_status: unitStatus,
        workload_version: '',
      },
    }));
}

export const actionsState: Arbitrary<Drawn> = fc.constantFrom(0, 5).chain(whole);

/** Any action of the fixture; its script is one of its parameters. */
export function actionEvent(script: readonly Step[]): Arbitrary<JsonObject> {
  return fc.constantFrom(...Object.keys(PARAMS)).chain((name) =>
    (PARAMS[name] ?? fc.constant({})).map((params) => ({
      name: `${name}_action`,
      kind: 'action',
      path: `${name}_action`,
      hook: null,
      action: { name, params: { ...params, script: JSON.stringify(script) }, id: '7' },
    })),
  );
}
