/** network-get: bindings of which a State says nothing, and those that ops.testing does not have. */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { Case } from './case.ts';
import { steps, type Rule } from './rule.ts';

/** The network of a machine with one address, as every binding has it that a State does not speak of. */
const USUAL: Json = {
  bound: [['eth0', '192.0.2.0', '192.0.2.0/24']],
  ingress: ['192.0.2.0'],
  egress: ['192.0.2.0/32'],
};

function isGiven({ state }: Case, binding: string): boolean {
  const networks = state['networks'] as readonly JsonObject[];
  return networks.some(({ binding_name }) => binding_name === binding);
}

function hasRelation({ state }: Case, endpoint: Json | undefined, id: Json | undefined): boolean {
  const relations = state['relations'] as readonly JsonObject[];
  return relations.some((one) => one['endpoint'] === endpoint && one['id'] === id);
}

export const NETWORK_RULES: readonly Rule[] = [
  {
    rule: 'every binding has an interface, a subnet and an egress of its own address',
    source:
      'apiserver/facades/agent/uniter/networkinfo.go, NetworkInfoBase; core/network/subnet.go, SubnetsForAddresses',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, binding] = step;
        if (name !== 'network' || isGiven(one, String(binding))) continue;
        if (answer !== null && typeof answer === 'object') tell(USUAL);
      }
    },
  },
  {
    rule: 'an endpoint that is scoped to a container has a binding like any other',
    source: 'apiserver/facades/agent/uniter/networkinfo.go, validateEndpoints',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, binding] = step;
        if (name === 'network' && binding === 'host' && answer === '! RelationNotFoundError')
          tell(USUAL);
      }
    },
  },
  {
    rule: 'what is no binding is no relation that was not found',
    source: 'internal/worker/uniter/runner/jujuc/network-get.go, NetworkGetCommand.Run',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, binding] = step;
        if (name === 'network' && binding === 'nowhere' && answer === '! RelationNotFoundError')
          tell('! ModelError');
      }
    },
  },
  {
    rule: 'network-get checks the relation it is asked for',
    source: 'internal/worker/uniter/runner/jujuc/context.go, relationIdValue.Set',
    juju(theirs, one) {
      for (const { step, tell } of steps(theirs, one)) {
        const [name, binding, id] = step;
        if (name === 'network' && id !== undefined && !hasRelation(one, binding, id))
          tell('! RelationNotFoundError');
      }
    },
  },
];
