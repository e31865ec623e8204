/**
 * network-get: the addresses of a binding, or of one relation of it. Unless the state says otherwise a binding has the
 * unit's own address, lets in at it, and comes from it.
 * Source: juju jujuc/network-get.go, apiserver/facades/agent/uniter/networkinfoiaas.go and networkinfocaas.go
 * Not modelled: public addresses, which a cross-model relation lets in at.
 */
import type { Json } from '../../model/json.ts';
import type { Answer } from '../../model/request.ts';
import { quoted, refuse, unrecognised, type Parsed } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import {
  hookRelation,
  chosenRelation,
  isRelation,
  RELATION_FLAG,
  relationKey,
} from './relation-context.ts';
import type { BindingNetwork, Databag, JujuSlice, Relation } from './slice.ts';

/** An address as a subnet of its own. */
function subnetOf(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

function ownNetwork({ network, model }: JujuSlice): BindingNetwork {
  const { address, hostname } = network;
  const onMachine = model.type === 'machine';
  const addresses = [{ value: address, cidr: onMachine ? network.cidr : '', hostname }];
  return {
    bindAddresses: [{ interfaceName: onMachine ? 'eth0' : '', macAddress: '', addresses }],
    ingressAddresses: [address],
    egressSubnets: [subnetOf(address)],
  };
}

/** The network of a binding; `relation` where it is asked for one of its relations: `db:1`. */
export function bindingNetwork(
  slice: JujuSlice,
  binding: string,
  relation?: string,
): BindingNetwork {
  const ofRelation = relation === undefined ? undefined : slice.networks[relation];
  return ofRelation ?? slice.networks[binding] ?? ownNetwork(slice);
}

/** What Juju writes into the unit's own databag when it enters a relation's scope. */
export function scopeSettings(slice: JujuSlice, endpoint: string, relation: string): Databag {
  const { ingressAddresses, egressSubnets } = bindingNetwork(slice, endpoint, relation);
  const address = ingressAddresses[0];
  return {
    ...(egressSubnets.length > 0 ? { 'egress-subnets': egressSubnets.join(',') } : {}),
    ...(address === undefined ? {} : { 'ingress-address': address, 'private-address': address }),
  };
}

function isBinding({ charm }: HookContext, name: string): boolean {
  return name in charm.endpoints || charm.extraBindings.includes(name) || name === 'juju-info';
}

/** The relation that the answer is for: of another endpoint's it does not matter. */
function relationOf(context: HookContext, parsed: Parsed, binding: string): Relation | undefined {
  const given = parsed.text['relation'];
  const relation = given === undefined ? hookRelation(context) : chosenRelation(context, parsed);
  return relation && isRelation(relation) && relation.endpoint === binding ? relation : undefined;
}

function whole(network: BindingNetwork, inYaml: boolean): Json {
  const bindAddresses = network.bindAddresses.map(({ macAddress, interfaceName, addresses }) => ({
    'mac-address': macAddress,
    'interface-name': interfaceName,
    addresses: addresses.map(({ hostname, value, cidr }) => ({
      hostname,
      value,
      cidr,
      ...(inYaml ? { address: value } : {}),
    })),
    ...(inYaml ? { macaddress: macAddress, interfacename: interfaceName } : {}),
  }));
  const { egressSubnets, ingressAddresses } = network;
  return {
    ...(bindAddresses.length > 0 ? { 'bind-addresses': bindAddresses } : {}),
    ...(egressSubnets.length > 0 ? { 'egress-subnets': egressSubnets } : {}),
    ...(ingressAddresses.length > 0 ? { 'ingress-addresses': ingressAddresses } : {}),
  };
}

const PARTS = ['bind-address', 'ingress-address', 'egress-subnets'] as const;

function firstAddress(network: BindingNetwork): string | undefined {
  return network.bindAddresses[0]?.addresses[0]?.value;
}

function part(network: BindingNetwork, name: (typeof PARTS)[number]): Json | undefined {
  switch (name) {
    case 'bind-address':
      return firstAddress(network);
    case 'ingress-address':
      return network.ingressAddresses[0] ?? firstAddress(network);
    case 'egress-subnets':
      return network.egressSubnets;
  }
}

function parts(network: BindingNetwork, binding: string, parsed: Parsed): Answer {
  const asked = PARTS.filter((name) => parsed.yes[name]);
  const primary = parsed.yes['primary-address'] ?? false;
  if (primary && asked.length > 0) {
    return refuse(1, '--primary-address must be the only flag specified');
  }
  const found = primary
    ? [['primary-address', firstAddress(network)] as const]
    : asked.map((name) => [name, part(network, name)] as const);
  if (found.some(([, value]) => value === undefined)) {
    return refuse(1, `no addresses attached to space for binding ${quoted(binding)}`);
  }
  const [[, first] = []] = found;
  return formatted(found.length === 1 ? (first ?? null) : Object.fromEntries(found), parsed);
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
    if (binding === '') return refuse(2, 'no binding name specified');
    if (more.length > 0) return unrecognised(more);
    const relation = relationOf(context, parsed, binding);
    const network = bindingNetwork(context.seen, binding, relation && relationKey(relation));
    if (!isBinding(context, binding) || network.bindAddresses.length === 0) {
      return refuse(1, `no network config found for binding ${quoted(binding)}`);
    }
    const asked = [...PARTS, 'primary-address'].some((name) => parsed.yes[name]);
    if (asked) return parts(network, binding, parsed);
    const yaml = whole(network, true);
    return formatted(whole(network, false), parsed, { yaml, ordered: true });
  },
};
