/**
 * Help texts of the commands about what is kept for a unit: secrets, state, storage, resources, and what
 * Juju 4 dropped.
 * Source: juju jujuc/*.go, for usage, options and defaults.
 */
import { output, relation, text, value, yes, type Help } from './help.ts';

const SECRET_FLAGS = [
  text('expire', 'When the secret expires: a duration or a time'),
  text('rotate', 'How often the secret is rotated'),
  text('description', 'What the secret is'),
  text('label', 'What hooks call the secret'),
  text('file', 'Read keys and values from this YAML file'),
  text('owner', 'Who owns the secret: application or unit', 'application'),
];
const BASE64 = 'A key with #base64 has a value that is encoded already.';

export const SECRET_HELPS: Readonly<Record<string, Help>> = {
  'secret-add': {
    words: '[key[#base64|#file]=value...]',
    summary: 'Make a secret.',
    flags: SECRET_FLAGS,
    details: [
      `${BASE64} With #file the value is read from that file.`,
      'Only the leader can make one that the application owns.',
    ].join('\n'),
  },
  'secret-get': {
    words: '<ID> [key[#base64]]',
    summary: 'Read a secret.',
    flags: [
      ...output('yaml'),
      text('label', 'What hooks call the secret'),
      yes('peek', 'Read the latest revision this once'),
      yes('refresh', 'Read the latest revision from now on'),
    ],
    details:
      'The first read decides which revision later ones print. With both an id and a label the label is kept.',
  },
  'secret-grant': {
    words: '<ID>',
    summary: 'Let another application or unit read a secret.',
    flags: [
      text('unit', 'Let this unit alone read it'),
      relation('The relation it is granted over'),
    ],
    details: 'The grant ends with its relation.',
  },
  'secret-ids': {
    words: '',
    summary: 'List the secrets that this unit or its application owns.',
    flags: output(),
    details: 'Ids are printed without "secret:".',
  },
  'secret-info-get': {
    words: '<ID>',
    summary: 'Tell everything about a secret but its content.',
    flags: [...output('yaml'), text('label', 'What hooks call the secret')],
    details: 'The secret is named by its id or by its label.',
  },
  'secret-remove': {
    words: '<ID>',
    summary: 'Remove a secret.',
    flags: [value('revision', 'Remove this revision alone', '0')],
    details: 'It is gone when the hook ends well.',
  },
  'secret-revoke': {
    words: '<ID>',
    summary: 'Let another application or unit read a secret no more.',
    flags: [
      text('app application', 'The application that loses access'),
      text('unit', 'The unit that loses access'),
      relation('The relation it was granted over'),
    ],
    details: 'In a relation hook the related application loses access unless a unit is given.',
  },
  'secret-set': {
    words: '<ID> [key[#base64]=value...]',
    summary: 'Change a secret.',
    flags: SECRET_FLAGS,
    details: `${BASE64}\nA new revision is made only when content is given.`,
  },
};

export const KEPT_HELPS: Readonly<Record<string, Help>> = {
  'resource-get': {
    words: '<resource name>',
    summary: 'Print where a resource’s file is.',
    flags: [],
    details: 'The file is downloaded when it is not there, or not the latest.',
  },
  'state-delete': {
    words: '<key>',
    summary: 'Delete a key of the unit’s state on the controller.',
    flags: [],
    details: 'See also: state-get, state-set.',
  },
  'state-get': {
    words: '[<key>]',
    summary: 'Print the unit’s state on the controller.',
    flags: [...output(), yes('strict', 'Fail when there is no such key')],
    details: 'Without a key, or with "-" for it, everything is printed.',
  },
  'state-set': {
    words: 'key=value [key=value ...]',
    summary: 'Write to the unit’s state on the controller.',
    flags: [value('file', 'Read keys and values from this file')],
    details: [
      'The file holds a YAML map, and words on the command line win over it; "-" stands for stdin.',
      'A key has 256 bytes at most, a value 65536.',
    ].join('\n'),
  },
  'storage-add': {
    words: '<charm storage name>[=count] ...',
    summary: 'Ask for more instances of a storage.',
    flags: [],
    details: 'Without a count one instance is asked for.',
  },
  'storage-get': {
    words: '[<key>]',
    summary: 'Tell kind and location of a storage instance.',
    flags: [value('s', 'Choose a storage instance by its id'), ...output()],
    details: 'In a storage hook the instance is the hook’s own.',
  },
  'storage-list': {
    words: '[<storage-name>]',
    summary: 'List the storage instances attached to the unit.',
    flags: output(),
    details: 'With a name, its instances only.',
  },
};

const SPEC_SET: Help = {
  words: '--file <core spec file> [--k8s-resources <k8s spec file>]',
  summary: 'Set the specification of the application’s pods.',
  flags: [
    value('file', 'Read the specification from this file', '-'),
    value('k8s-resources', 'Read further Kubernetes resources from this file'),
  ],
  details: 'It holds for all units of the application.',
};
const SPEC_GET: Help = {
  words: '',
  summary: 'Print the specification of the application’s pods.',
  flags: [],
  details: 'It is printed as it was set.',
};

/** Commands of Juju 3 that Juju 4 has no more. */
export const JUJU3_HELPS: Readonly<Record<string, Help>> = {
  'add-metric': {
    words: 'key1=value1 [key2=value2 ...]',
    summary: 'Add values to metrics.',
    flags: [text('l labels', 'Labels of these values')],
    details: '',
  },
  'k8s-raw-get': SPEC_GET,
  'k8s-raw-set': {
    ...SPEC_SET,
    words: '--file <core spec file>',
    flags: [value('file', 'Read the specification from this file', '-')],
  },
  'k8s-spec-get': SPEC_GET,
  'k8s-spec-set': SPEC_SET,
  'leader-get': {
    words: '[<key>]',
    summary: 'Print what the leader wrote for all units.',
    flags: output(),
    details: 'Without a key, or with "-" for it, everything is printed.',
  },
  'leader-set': {
    words: '<key>=<value> [...]',
    summary: 'Write what all units of the application can read.',
    flags: [],
    details: 'Only the leader may, and it is written at once.',
  },
  'payload-register': {
    words: '<type> <class> <id> [tags...]',
    summary: 'Tell Juju about a payload that has been started.',
    flags: [],
    details: 'The class has to be declared by the charm.',
  },
  'payload-status-set': {
    words: '<class> <id> <status>',
    summary: 'Set the status of a payload.',
    flags: [],
    details: 'A status is starting, running, stopping or stopped.',
  },
  'payload-unregister': {
    words: '<class> <id>',
    summary: 'Tell Juju that a payload is gone.',
    flags: [],
    details: 'It is gone for all hooks that follow.',
  },
  'pod-spec-get': SPEC_GET,
  'pod-spec-set': SPEC_SET,
};
