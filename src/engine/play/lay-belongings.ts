/**
 * Storage, resources, networks and other units' ports as an author describes them.
 * Source: juju state/filesystem.go (FilesystemMountPoint), storage/path.go (BlockDevicePath), internal/resource.
 * Not modelled: Juju counts the instances of all storage of a model together; here each storage begins at 0.
 */
import type { Draft } from 'immer';
import { storageCount } from '../model/storage-count.ts';
import type { Charm } from '../model/charm.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { NetworkSpec, ResourceSpec, StateSpec } from '../tree/definition.ts';
import { imageContent } from '../world/juju/resource.ts';
import type { BindingNetwork, JujuSlice, Resource, Storage } from '../world/juju/slice.ts';

type Slice = Draft<JujuSlice>;
type Using = { readonly charm: Charm; readonly blobs: Blobs };

const STORAGE_FOLDER = '/var/lib/juju/storage';

/** An instance that is new. A block device is linked to by an id, which is the instance's here. */
export function newStorage(charm: Charm, id: string, attached: boolean): Storage {
  const declared = charm.storage[id.split('/')[0] ?? ''] ?? {};
  if (declared['type'] === 'block') {
    return { kind: 'block', location: `/dev/disk/by-id/${id.replace('/', '-')}`, attached };
  }
  const { location } = declared;
  const own = typeof location === 'string' && location !== '' ? location : undefined;
  const alone = own !== undefined && storageCount(declared).max === 1;
  return {
    kind: 'filesystem',
    location: alone ? own : `${own ?? STORAGE_FOLDER}/${id}`,
    attached,
  };
}

/** The instances that the charm cannot do without and the unit has not: deploying and upgrading make them. */
export function missingStorage(charm: Charm, storages: JujuSlice['storages']): readonly string[] {
  return Object.keys(charm.storage)
    .sort()
    .flatMap((name) => {
      const have = Object.keys(storages).filter((id) => id.startsWith(`${name}/`));
      const free = Array.from({ length: 100 }, (_, index) => `${name}/${index}`);
      const wanted = storageCount(charm.storage[name] ?? {}).min - have.length;
      return free.filter((id) => !have.includes(id)).slice(0, Math.max(0, wanted));
    });
}

function layStorage(slice: Slice, storage: StateSpec['storage'] = {}, charm: Charm): void {
  for (const [id, spec] of Object.entries(storage)) {
    if (spec === null) {
      delete slice.storages[id];
      continue;
    }
    const known = slice.storages[id] ?? newStorage(charm, id, false);
    slice.storages[id] = { ...known, attached: spec.attached ?? known.attached };
  }
}

function resourceOf(name: string, spec: ResourceSpec, { charm, blobs }: Using): Resource {
  const bytes = (text: string): string => blobs.put(new TextEncoder().encode(text));
  if (spec.image !== undefined) {
    const { username, password } = spec;
    const given = {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
    const digest = bytes(imageContent(spec.image, given));
    return { kind: 'oci-image', filename: 'content.yaml', digest, downloaded: false };
  }
  const { filename } = charm.resources[name] ?? {};
  const digest = spec.digest ?? bytes(spec.text ?? '');
  return { kind: 'file', filename: String(filename ?? name), digest, downloaded: false };
}

function layResources(slice: Slice, resources: StateSpec['resources'] = {}, using: Using): void {
  for (const [name, spec] of Object.entries(resources)) {
    if (spec === null) delete slice.resources[name];
    else slice.resources[name] = resourceOf(name, spec, using);
  }
}

function networkOf(slice: JujuSlice, spec: NetworkSpec): BindingNetwork {
  const { address, cidr, hostname } = slice.network;
  const { addresses = [{ value: address, cidr, hostname }] } = spec;
  const ingressAddresses = spec.ingress ?? addresses.map(({ value }) => value);
  return {
    bindAddresses: [
      {
        interfaceName: spec.interface ?? 'eth0',
        macAddress: spec.mac ?? '',
        addresses: addresses.map((one) => ({
          value: one.value,
          cidr: one.cidr ?? '',
          hostname: one.hostname ?? '',
        })),
      },
    ],
    ingressAddresses,
    egressSubnets: spec.egress ?? ingressAddresses.slice(0, 1).map(subnetOf),
  };
}

/** What Juju says of egress where nobody set it: the first ingress address alone. */
function subnetOf(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

function layNetworks(slice: Slice, networks: StateSpec['networks'] = {}): void {
  for (const [binding, spec] of Object.entries(networks)) {
    if (spec === null) delete slice.networks[binding];
    else slice.networks[binding] = networkOf(slice, spec) as Draft<BindingNetwork>;
  }
}

function layPorts(slice: Slice, ports: StateSpec['otherPorts'] = {}): void {
  for (const [unit, open] of Object.entries(ports)) {
    if (open.length === 0) delete slice.otherPorts[unit];
    else slice.otherPorts[unit] = [...open];
  }
}

export function layBelongings(slice: Slice, spec: StateSpec, using: Using): void {
  layStorage(slice, spec.storage, using.charm);
  layResources(slice, spec.resources, using);
  layNetworks(slice, spec.networks);
  layPorts(slice, spec.otherPorts);
}
