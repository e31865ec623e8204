/** The part of the schema that says what packages and snaps a machine may have. */
import type { JsonObject } from '../model/json.ts';
import { CHANNEL, PACKAGE_NAME, PACKAGE_VERSION, SNAP_NAME } from './read-packages.ts';
import {
  byKey,
  closed,
  flag,
  fromOne,
  like,
  listOf,
  nullable,
  ref,
  said,
  text,
  type Properties,
} from './schema-shapes.ts';
import {
  CONFINEMENTS,
  PACKAGE_ARCHITECTURES,
  PACKAGE_KEYS,
  PACKAGE_USER_KEYS,
  RELEASE_KEYS,
  SNAP_KEYS,
  type MACHINE_PACKAGES_KEYS,
} from './words.ts';

const version = like(PACKAGE_VERSION);
const texts = listOf(text);
const anyName = (value: JsonObject): JsonObject => ({
  type: 'object',
  additionalProperties: value,
});

const packageUser = closed(PACKAGE_USER_KEYS, {
  home: said('Made when it is not there; /nonexistent as usual.', text),
  shell: said('/usr/sbin/nologin as usual.', text),
  comment: said('Who it is.', text),
  groups: said('Other groups that it is a member of.', texts),
});
const described = closed(PACKAGE_KEYS, {
  version: said('The version that archives have; 1.0 as usual.', version),
  versions: said('Other versions that can be had.', listOf(version)),
  arch: said('amd64 as usual, or all.', { enum: PACKAGE_ARCHITECTURES }),
  description: said('Its summary; further lines are the rest.', text),
  depends: said(
    'What it needs: ["tinyproxy-bin (>= 1.10)", "a | b"]. What no archive has is made.',
    texts,
  ),
  recommends: said('What comes along unless that is refused.', texts),
  conflicts: said('What it cannot be beside.', texts),
  provides: said('Other names that it goes by.', texts),
  files: said(
    'What it brings, by absolute path: text, {text, mode, user, group} or {link: TARGET}.',
    {
      type: 'object',
      additionalProperties: ref('containerFile'),
    },
  ),
  conffiles: said(
    'Of its files, those that are kept once changed; as usual those below /etc.',
    texts,
  ),
  units: said('Its services: enabled and started when it comes.', anyName(ref('machineUnit'))),
  users: said(
    'Users of the system that it makes, each with a group of its name; they stay when it goes.',
    anyName(packageUser),
  ),
  commands: said(
    'How its programs behave, as rules; each is on PATH while it is there.',
    listOf(ref('exec')),
  ),
  source: said(
    'A part of the address of the source it comes from; as usual Ubuntu’s archive.',
    text,
  ),
  installed: said('Whether it is there from here on; false as usual.', flag),
});
const machinePackage = { anyOf: [version, described] };
const release = closed(
  RELEASE_KEYS,
  { version: said('Its version.', text), revision: said('Its revision.', fromOne) },
  { required: RELEASE_KEYS },
);
const machineSnap = closed(SNAP_KEYS, {
  channels: said(
    'What the store has, by channel; as usual version 1.0 in latest/stable.',
    byKey(CHANNEL, release),
  ),
  confinement: said('strict as usual; classic and devmode have to be confirmed.', {
    enum: CONFINEMENTS,
  }),
  publisher: said('Who publishes it.', text),
  summary: said('What it is.', text),
  services: said('Its services: started when it comes.', anyName(ref('machineUnit'))),
  commands: said('How its programs behave, as rules.', listOf(ref('exec'))),
  plugs: said('Interfaces by plug.', anyName(text)),
  installed: said('The channel that it is installed from, from here on.', like(CHANNEL)),
});

export const machinePackages: Properties<(typeof MACHINE_PACKAGES_KEYS)[number]> = {
  packages: said(
    'Packages that archives have beyond the release’s own: a version, or all about it; null: there is none.',
    byKey(PACKAGE_NAME, nullable(ref('machinePackage'))),
  ),
  snaps: said(
    'Snaps that the store has; null: there is none.',
    byKey(SNAP_NAME, nullable(ref('machineSnap'))),
  ),
  offline: said('Whether no archive and no store can be reached.', flag),
};

export const PACKAGE_DEFS: Readonly<Record<string, JsonObject>> = { machinePackage, machineSnap };
