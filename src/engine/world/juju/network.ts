/**
 * network-get: one address per binding, the unit's own.
 * Source: juju jujuc/network-get.go Not modelled: networks per binding or relation, unit-get.
 */
import type { Json } from '../../model/json.ts';
import { refuse, unrecognised } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import { chosenRelation, isRelation, RELATION_FLAG } from './relation-context.ts';

function isBinding({ charm }: HookContext, name: string): boolean {
  return name in charm.endpoints || charm.extraBindings.includes(name) || name === 'juju-info';
}

export const networkGet: HookCommand = {
  flags: {
    ...FORMAT_FLAGS,
    ...RELATION_FLAG,
    'bind-address': { kind: 'yes' },
    'ingress-address': { kind: 'yes' },
    'egress-subnets': { kind: 'yes' },
    'primary-address': { kind: 'yes' },
  },
  run(context, parsed) {
    const [binding, ...more] = parsed.rest;
    if (binding === undefined) return refuse(2, 'no arguments specified');
    if (more.length > 0) return unrecognised(more);
    if (parsed.text['relation'] !== undefined) {
      const relation = chosenRelation(context, parsed);
      if (!isRelation(relation)) return relation;
    }
    if (!isBinding(context, binding)) {
      return refuse(1, `no network config found for binding ${JSON.stringify(binding)}`);
    }
    const { address, cidr, hostname } = context.seen.network;
    const single: Record<string, Json> = {
      'bind-address': address,
      'egress-subnets': [cidr],
      'ingress-address': address,
      'primary-address': address,
    };
    const asked = Object.keys(single).filter((flag) => parsed.yes[flag]);
    if (asked.length === 1) return formatted(single[asked[0] ?? ''] ?? null, parsed);
    if (asked.length > 1) {
      return formatted(Object.fromEntries(asked.map((flag) => [flag, single[flag]])), parsed);
    }
    const addresses = [{ hostname, value: address, cidr }];
    const bind = { 'mac-address': '', 'interface-name': 'eth0', addresses };
    return formatted(
      { 'bind-addresses': [bind], 'egress-subnets': [cidr], 'ingress-addresses': [address] },
      parsed,
    );
  },
};
