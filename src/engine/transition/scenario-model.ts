/**
 * The model, its cloud and its networks as an ops.testing State has them, read into Juju's slice. A hook changes none
 * of them, so that a State gives them back as they came.
 * Source: ops-scenario state.py (Model, CloudSpec, Network), ops model.py (CloudSpec.from_dict) for credential-get.
 */
import type { JsonObject } from '../model/json.ts';
import type { BindingNetwork, JujuSlice } from '../world/juju/slice.ts';
import type { ScenarioCloudSpec, ScenarioModel, ScenarioNetwork } from './scenario-json.ts';

export function modelIn(
  { name, uuid, type }: ScenarioModel,
  config: JujuSlice['model']['config'],
): JujuSlice['model'] {
  return { name, uuid, type: type === 'lxd' ? 'machine' : 'kubernetes', config };
}

/** What credential-get prints. */
export function cloudSpecIn(spec: ScenarioCloudSpec | null): JsonObject | null {
  if (spec === null) return null;
  const { credential } = spec;
  return {
    type: spec.type,
    name: spec.name,
    region: spec.region ?? undefined,
    endpoint: spec.endpoint ?? undefined,
    'identity-endpoint': spec.identity_endpoint ?? undefined,
    'storage-endpoint': spec.storage_endpoint ?? undefined,
    credential: credential
      ? {
          'auth-type': credential.auth_type,
          attrs: credential.attributes,
          redacted: credential.redacted.length > 0 ? credential.redacted : undefined,
        }
      : undefined,
    cacertificates: spec.ca_certificates.length > 0 ? spec.ca_certificates : undefined,
    'skip-tls-verify': spec.skip_tls_verify,
    'is-controller-cloud': spec.is_controller_cloud,
  };
}

export function networkIn(network: ScenarioNetwork): BindingNetwork {
  return {
    bindAddresses: network.bind_addresses.map((one) => ({
      interfaceName: one.interface_name,
      macAddress: one.mac_address ?? '',
      addresses: one.addresses.map(({ value, cidr, hostname }) => ({ value, cidr, hostname })),
    })),
    ingressAddresses: network.ingress_addresses,
    egressSubnets: network.egress_subnets,
  };
}
