/** network-get and unit-get. Source: juju jujuc/network-get.go, unit-get.go. */
import { describe, expect, it } from 'vitest';
import { scopeSettings } from '../../src/engine/world/juju/network.ts';
import type { BindingNetwork } from '../../src/engine/world/juju/slice.ts';
import { table } from './rows.ts';
import { DB_CHANGED, UNIT } from './unit.ts';

const TWO: BindingNetwork = {
  bindAddresses: [
    {
      interfaceName: 'eth1',
      macAddress: '00:11:22:33:44:11',
      addresses: [
        { value: '10.10.1.23', cidr: '10.10.1.0/24', hostname: '' },
        { value: 'fc00::1', cidr: 'fc00::/64', hostname: 'host' },
      ],
    },
  ],
  ingressAddresses: ['100.1.2.3', '100.4.3.2'],
  egressSubnets: ['192.168.1.0/8', '10.0.0.0/8'],
};
const NONE: BindingNetwork = { bindAddresses: [], ingressAddresses: [], egressSubnets: [] };
const BARE: BindingNetwork = {
  ...NONE,
  bindAddresses: [{ interfaceName: 'eth2', macAddress: '', addresses: [] }],
};
const other = {
  unit: {
    ...UNIT,
    networks: {
      db: TWO,
      admin: BARE,
      'juju-info': NONE,
      replicas: { ...TWO, ingressAddresses: [], egressSubnets: [] },
    },
  },
};
const perRelation = {
  unit: { ...UNIT, networks: { 'db:1': { ...TWO, ingressAddresses: ['203.0.113.9'] } } },
};
const pod = {
  unit: {
    ...UNIT,
    model: { ...UNIT.model, type: 'kubernetes' as const },
    network: { address: '10.1.0.10', cidr: '10.1.0.0/16', hostname: '' },
  },
};
const v6 = { unit: { ...UNIT, network: { address: 'fc00::2', cidr: 'fc00::/64', hostname: 'h' } } };
const UNBOUND = (binding: string): string =>
  `ERROR no network config found for binding "${binding}"\n`;
const NO_ADDRESS = 'ERROR no addresses attached to space for binding "admin"\n';

table('network-get', [
  [
    'prints everything in YAML, with the names of old',
    'network-get db',
    [
      0,
      `bind-addresses:
- mac-address: ""
  interface-name: eth0
  addresses:
  - hostname: ""
    value: 192.0.2.10
    cidr: 192.0.2.0/24
    address: 192.0.2.10
  macaddress: ""
  interfacename: eth0
egress-subnets:
- 192.0.2.10/32
ingress-addresses:
- 192.0.2.10
`,
      '',
    ],
  ],
  [
    'prints everything in json, without them',
    'network-get db --format=json',
    [
      0,
      '{"bind-addresses":[{"mac-address":"","interface-name":"eth0","addresses":[{"hostname":"","value":"192.0.2.10","cidr":"192.0.2.0/24"}]}],"egress-subnets":["192.0.2.10/32"],"ingress-addresses":["192.0.2.10"]}\n',
      '',
    ],
  ],
  [
    'tells no interface and no subnet on Kubernetes',
    'network-get db --format=json',
    [
      0,
      '{"bind-addresses":[{"mac-address":"","interface-name":"","addresses":[{"hostname":"","value":"10.1.0.10","cidr":""}]}],"egress-subnets":["10.1.0.10/32"],"ingress-addresses":["10.1.0.10"]}\n',
      '',
    ],
    pod,
  ],
  [
    'prints a binding’s own network',
    'network-get db --format=yaml',
    [
      0,
      `bind-addresses:
- mac-address: "00:11:22:33:44:11"
  interface-name: eth1
  addresses:
  - hostname: ""
    value: 10.10.1.23
    cidr: 10.10.1.0/24
    address: 10.10.1.23
  - hostname: host
    value: fc00::1
    cidr: fc00::/64
    address: fc00::1
  macaddress: "00:11:22:33:44:11"
  interfacename: eth1
egress-subnets:
- 192.168.1.0/8
- 10.0.0.0/8
ingress-addresses:
- 100.1.2.3
- 100.4.3.2
`,
      '',
    ],
    other,
  ],
  [
    'leaves out what is empty',
    'network-get admin --format=json',
    [0, '{"bind-addresses":[{"mac-address":"","interface-name":"eth2","addresses":[]}]}\n', ''],
    other,
  ],
  ['prints one value bare', 'network-get db --ingress-address', [0, '192.0.2.10\n', '']],
  [
    'prints one value in json',
    'network-get db --ingress-address --format=json',
    [0, '"100.1.2.3"\n', ''],
    other,
  ],
  [
    'prints the address to bind to',
    'network-get db --bind-address',
    [0, '10.10.1.23\n', ''],
    other,
  ],
  [
    'prints subnets one a line',
    'network-get db --egress-subnets',
    [0, '192.168.1.0/8\n10.0.0.0/8\n', ''],
    other,
  ],
  [
    'makes a subnet of a long address',
    'network-get db --egress-subnets',
    [0, 'fc00::2/128\n', ''],
    v6,
  ],
  [
    'prints the primary address',
    'network-get db --primary-address',
    [0, '10.10.1.23\n', ''],
    other,
  ],
  [
    'lets in at the address it binds to',
    'network-get replicas --ingress-address',
    [0, '10.10.1.23\n', ''],
    other,
  ],
  [
    'prints several values',
    'network-get db --ingress-address --bind-address',
    [0, 'bind-address: 192.0.2.10\ningress-address: 192.0.2.10\n', ''],
  ],
  [
    'prints several values in json',
    'network-get db --ingress-address --egress-subnets --format json',
    [0, '{"egress-subnets":["192.168.1.0/8","10.0.0.0/8"],"ingress-address":"100.1.2.3"}\n', ''],
    other,
  ],
  ['knows extra bindings', 'network-get admin --bind-address', [0, '192.0.2.10\n', '']],
  ['knows juju-info', 'network-get juju-info --bind-address', [0, '192.0.2.10\n', '']],
  ['knows no other binding', 'network-get nope', [1, '', UNBOUND('nope')]],
  [
    'knows no other binding with flags',
    'network-get nope --bind-address',
    [1, '', UNBOUND('nope')],
  ],
  [
    'knows no network of a binding that has none',
    'network-get juju-info',
    [1, '', UNBOUND('juju-info')],
    other,
  ],
  ['finds no address to bind to', 'network-get admin --bind-address', [1, '', NO_ADDRESS], other],
  [
    'finds no address to let in at',
    'network-get admin --ingress-address',
    [1, '', NO_ADDRESS],
    other,
  ],
  ['finds no primary address', 'network-get admin --primary-address', [1, '', NO_ADDRESS], other],
  [
    'has the primary address alone',
    'network-get db --primary-address --bind-address',
    [1, '', 'ERROR --primary-address must be the only flag specified\n'],
  ],
  ['wants a binding', 'network-get', [2, '', 'ERROR no arguments specified\n']],
  ['wants a binding’s name', ['network-get', ''], [2, '', 'ERROR no binding name specified\n']],
  ['takes one word', 'network-get db x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
  [
    'prints the network of a relation',
    'network-get db -r 1 --ingress-address',
    [0, '203.0.113.9\n', ''],
    perRelation,
  ],
  [
    'prints the network of the hook’s relation',
    'network-get db --ingress-address',
    [0, '203.0.113.9\n', ''],
    { ...perRelation, event: DB_CHANGED },
  ],
  [
    'prints the binding’s without a relation',
    'network-get db --ingress-address',
    [0, '192.0.2.10\n', ''],
    perRelation,
  ],
  [
    'prints another binding’s whatever the relation',
    'network-get admin -r 1 --ingress-address',
    [0, '192.0.2.10\n', ''],
    perRelation,
  ],
  [
    'knows no other relation',
    'network-get db -r 9',
    [2, '', 'ERROR invalid value "9" for option -r: relation not found\n'],
  ],
]);

table('unit-get', [
  ['prints the private address', 'unit-get private-address', [0, '192.0.2.10\n', '']],
  ['prints json', 'unit-get private-address --format=json', [0, '"192.0.2.10"\n', '']],
  ['prints yaml', 'unit-get public-address --format=yaml', [0, '192.0.2.10\n', '']],
  ['prints the host’s name where it is known', 'unit-get private-address', [0, 'h\n', ''], v6],
  ['wants a setting', 'unit-get', [2, '', 'ERROR no setting specified\n']],
  ['knows no other setting', 'unit-get address', [2, '', 'ERROR unknown setting "address"\n']],
  ['takes one word', 'unit-get private-address x', [2, '', 'ERROR unrecognized args: ["x"]\n']],
]);

describe('the unit’s own databag', () => {
  it('is told the unit’s address when a relation is entered', () => {
    expect(scopeSettings(UNIT, 'db', 'db:1')).toEqual({
      'egress-subnets': '192.0.2.10/32',
      'ingress-address': '192.0.2.10',
      'private-address': '192.0.2.10',
    });
  });

  it('is told the network of the binding, or of the relation', () => {
    expect(scopeSettings(other.unit, 'db', 'db:1')).toEqual({
      'egress-subnets': '192.168.1.0/8,10.0.0.0/8',
      'ingress-address': '100.1.2.3',
      'private-address': '100.1.2.3',
    });
    expect(scopeSettings(perRelation.unit, 'db', 'db:1')['ingress-address']).toBe('203.0.113.9');
  });

  it('is told nothing that is not there', () => {
    expect(scopeSettings(other.unit, 'admin', 'admin:7')).toEqual({});
  });
});
