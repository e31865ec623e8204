/** network-get: bindings of which a State says nothing, and those that ops.testing does not have. */
import type { Json, JsonObject } from '../../src/engine/model/json.ts';
import type { Case } from './case.ts';
import { steps, type Rule } from './rule.ts';

const MACHINE = ['eth0', '192.0.2.0', '192.0.2.0/24'];
const KUBERNETES = ['', '192.0.2.0', '192.0.2.0/32'];

/** The network of every binding that a State does not speak of. */
function usual({ charm }: Case): Json {
  const bound = charm === 'kubernetes' ? KUBERNETES : MACHINE;
  return { bound: [bound], ingress: ['192.0.2.0'], egress: ['192.0.2.0/32'] };
}

function isGiven({ state }: Case, binding: string): boolean {
  const networks = state['networks'] as readonly JsonObject[];
  return networks.some(({ binding_name }) => binding_name === binding);
}

export const NETWORK_RULES: readonly Rule[] = [
  {
    rule: "every binding has a subnet and an egress of its own address, a machine's an interface",
    source:
      'apiserver/facades/agent/uniter/networkinfoiaas.go and networkinfocaas.go, NetworkInfo; ' +
      'core/network/subnet.go, SubnetsForAddresses',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, binding] = step;
        if (name !== 'network' || isGiven(one, String(binding))) continue;
        if (answer !== null && typeof answer === 'object') tell(usual(one));
      }
    },
  },
  {
    rule: 'an endpoint that is scoped to a container has a binding like any other',
    source: 'apiserver/facades/agent/uniter/networkinfo.go, validateEndpoints',
    juju(theirs, one) {
      if (one.charm !== 'machine') return;
      for (const { step, answer, tell } of steps(theirs, one)) {
        const [name, binding] = step;
        if (name === 'network' && binding === 'host' && answer === '! RelationNotFoundError')
          tell(usual(one));
      }
    },
  },
  {
    rule: 'what is no binding is no relation that was not found',
    source: 'internal/worker/uniter/runner/jujuc/network-get.go, NetworkGetCommand.Run',
    juju(theirs, one) {
      for (const { step, answer, tell } of steps(theirs, one))
        if (step[0] === 'network' && answer === '! RelationNotFoundError') tell('! ModelError');
    },
  },
];
