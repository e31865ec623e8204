/** Help texts of the commands of relations. Source: juju jujuc/relation-*.go, for usage, options and defaults. */
import { OLD_FORMAT, output, relation, text, value, yes, type Help } from './help.ts';

const IN_NO_HOOK = 'Outside of relation hooks -r has to be given.';

export const RELATION_HELPS: Readonly<Record<string, Help>> = {
  'relation-get': {
    words: ({ unit }) => (unit === '' ? '<key> <unit id>' : '[<key> [<unit id>]]'),
    summary: 'Read what another unit or application wrote for this relation.',
    flags: [...output(), relation(), yes('app', 'Read the application’s databag, not a unit’s')],
    details: ({ unit }) =>
      [
        'Without a key, or with "-" for it, everything in the databag is printed. A unit reads its own databag by its',
        'own name, with what it has set in this hook. A value is text, and no output means that there is none.',
        ...(unit === '' ? [] : [`Current default unit id is ${JSON.stringify(unit)}.`]),
      ].join('\n'),
  },
  'relation-ids': {
    words: ({ endpoint }) => (endpoint === '' ? '<name>' : '[<name>]'),
    summary: 'List the ids of the relations on an endpoint.',
    flags: output(),
    details: ({ endpoint }) =>
      [
        ...(endpoint === ''
          ? []
          : [`Current default endpoint name is ${JSON.stringify(endpoint)}.`]),
        'The ids serve relation-list, relation-get and relation-set. A broken relation is left out.',
      ].join('\n'),
  },
  'relation-list': {
    words: '',
    summary: 'List the units on the other side of a relation.',
    flags: [
      ...output(),
      relation(),
      yes('app', 'Print the other side’s application, not its units'),
    ],
    details: ({ relation: given }) => (given === '' ? IN_NO_HOOK : ''),
  },
  'relation-model-get': {
    words: '',
    summary: 'Tell which model the other side of a relation is in.',
    flags: [...output(), relation()],
    details: ({ relation: given }) =>
      given === '' ? `${IN_NO_HOOK}\nThe model is told by its UUID.` : '',
  },
  'relation-set': {
    words: 'key=value [key=value ...]',
    summary: 'Write to this side’s databag of a relation.',
    flags: [
      OLD_FORMAT,
      relation(),
      yes('app', 'Write to the application’s databag, which only the leader may'),
      value('file', 'Read keys and values from this file'),
    ],
    details: [
      'Values are kept as text; an empty value removes its key. What is written lands when the hook ends well.',
      'The file holds a YAML map, and words on the command line win over it; "-" stands for stdin.',
    ].join('\n'),
  },
};

export const NETWORK_HELPS: Readonly<Record<string, Help>> = {
  'network-get': {
    words: '<binding-name> [--ingress-address] [--bind-address] [--egress-subnets]',
    summary: 'Tell the addresses of a binding.',
    flags: [
      ...output(),
      relation(),
      yes('primary-address', 'Print the first address (deprecated)'),
      yes('bind-address', 'Print the address to listen on'),
      yes('ingress-address', 'Print the address that others reach the unit at'),
      yes('egress-subnets', 'Print the subnets that the unit’s traffic comes from'),
    ],
    details:
      'One of the options prints its value alone, several print a map, and none everything there is.',
  },
  'open-port': {
    words: '<port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp',
    summary: 'Ask for a port, or a range of ports, to be opened.',
    flags: [OLD_FORMAT, text('endpoints', 'Open it for these endpoints only, separated by commas')],
    details: [
      'The protocol is tcp, udp or icmp, and tcp unless told. Ports open when the hook ends well.',
      'On Kubernetes a single port can be opened at a time.',
    ].join('\n'),
  },
  'close-port': {
    words: '<port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp',
    summary: 'Ask for a port, or a range of ports, to be closed.',
    flags: [
      OLD_FORMAT,
      text('endpoints', 'Close it for these endpoints only, separated by commas'),
    ],
    details: 'Ports close when the hook ends well.',
  },
  'opened-ports': {
    words: '',
    summary: 'List the ports that this unit has open.',
    flags: [...output(), yes('endpoints', 'Tell which endpoints each port is open for')],
    details: 'An asterisk stands for all endpoints.',
  },
  'unit-get': {
    words: '<setting>',
    summary: 'Print the unit’s public-address or private-address.',
    flags: output(),
    details: '',
  },
};
