/**
 * The rules of the checker in ops.testing, one by one: which rule here says the same, or why none does.
 * Source: canonical/operator testing/src/scenario/_consistency_checker.py
 */
import { describe, expect, it } from 'vitest';
import { RULE_TEXTS } from '../../src/engine/world/rule-texts.ts';

/** `by`: rules. `because`: the case cannot be written down here, is refused earlier, or is fine with Juju. */
const CHECKER: readonly (readonly [string, { by: readonly string[] } | { because: string }])[] = [
  ['a resource that metadata does not have', { by: ['resource-declared'] }],
  ['an event that no Juju sends', { because: 'a tree names the events of Juju only' }],
  ['a relation event without a relation', { by: ['event-relation-exists'] }],
  ['a relation event of another endpoint', { because: 'its name is made of the relation’s own' }],
  ['a relation event whose relation is not in the state', { by: ['event-relation-exists'] }],
  ['a workload event without a container', { by: ['event-container-exists'] }],
  ['a workload event of another container', { because: 'its name is made of the container’s own' }],
  [
    'a workload event whose container is not in the state',
    { by: ['event-container-declared', 'event-container-exists'] },
  ],
  ['a workload event while the container cannot connect', { by: ['container-connectable'] }],
  [
    'programs of a container that answer to one prefix',
    { because: 'a state holds no answers of programs' },
  ],
  ['an action that is not declared', { by: ['action-declared'] }],
  ['a parameter without a type', { because: 'a JSON schema needs none: Juju takes it' }],
  ['a parameter of a type nobody knows', { because: 'the schema is refused as a whole' }],
  ['a parameter that is not declared', { by: ['action-params-declared'] }],
  ['a parameter of another type', { by: ['action-params'] }],
  ['a storage event without storage', { by: ['event-storage-exists'] }],
  ['a storage event of storage that is not declared', { by: ['event-storage-declared'] }],
  ['a storage event of storage that is not in the state', { by: ['event-storage-exists'] }],
  ['storage that is not declared', { by: ['storage-declared'] }],
  ['storage that is there twice', { because: 'a state has each instance once, by its name' }],
  ['an option that is not declared', { by: ['config-declared'] }],
  ['an option whose declaration has no type', { because: 'Juju takes it for a string' }],
  ['an option of a type nobody knows', { because: 'the charm is refused when it is read' }],
  ['an option of type secret before Juju 3.4', { by: ['config-secret-version'] }],
  ['an option with a value of another type', { by: ['config-type'] }],
  ['an option of type secret that holds no URI', { by: ['config-secret-value'] }],
  ['a secret event whose secret is not in the state', { by: ['event-secret-exists'] }],
  ['a secret event before Juju 3.0', { by: ['event-in-version'] }],
  ['a network of no binding', { by: ['network-binding-declared'] }],
  ['an extra binding called like an endpoint', { by: ['extra-binding-name'] }],
  ['a peer relation with another application', { by: ['relation-peer-application'] }],
  ['a relation of an endpoint that is not declared', { by: ['relation-endpoint-declared'] }],
  ['two relations of one number', { by: ['relation-id-once'] }],
  ['a subordinate’s relation, or none, by its scope', { by: ['relation-container-scope'] }],
  ['two endpoints of one name', { because: 'the charm is refused when it is read' }],
  ['the unit itself among its peers', { by: ['relation-own-unit'] }],
  ['joined, changed or departed without a remote unit', { by: ['event-unit-named'] }],
  ['a notice that is in no container', { by: ['event-notice-exists'] }],
  ['a check that is not in the container', { by: ['event-check-exists'] }],
  ['a container that is not declared', { by: ['container-declared'] }],
  ['a check that is not in the plan', { by: ['check-planned'] }],
  [
    'a check unlike the plan’s',
    { because: 'its level, start-up and threshold are the plan’s own' },
  ],
  ['a cloud on Kubernetes before Juju 3.6.10', { by: ['cloud-kubernetes-version'] }],
  ['stored state of one name twice', { because: 'the charm’s database has each once' }],
  ['stored state of more than simple types', { because: 'it comes as JSON' }],
  ['secret-changed to the owner', { by: ['secret-changed-reader'] }],
  ['secret-rotate, -expired or -remove to a reader', { by: ['secret-owner'] }],
];

describe('the checker of ops.testing', () => {
  it.each(CHECKER)('%s', (_case, answer) => {
    if ('because' in answer) return expect(answer.because.length).toBeGreaterThan(10);
    const known = RULE_TEXTS.map(({ id }) => id);
    expect(known).toEqual(expect.arrayContaining([...answer.by]));
  });
});
