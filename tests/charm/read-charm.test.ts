/** Charms from their declarations: what is read, what a pack would hold, and what Juju would refuse. */
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { readCharm } from '../../src/engine/charm/read-charm.ts';
import { Mistakes, mistakeText } from '../../src/engine/model/mistake.ts';

const METADATA = `name: web
display-name: Web
summary: Serves pages
description: |
  Serves pages
  to whoever asks.
`;
const CHARMCRAFT = `type: charm
title: Web
name: web
summary: Serves pages
description: |
  Serves pages
  to whoever asks.
base: ubuntu@24.04
platforms: {amd64: }
parts: {charm: {plugin: charm, source: .}}
charm-libs: [{lib: data_platform_libs.data_interfaces, version: "0"}]
links:
  documentation: https://example.com
  contact: team@example.com
  issues: [https://example.com/issues]
assumes: [juju >= 3.5, k8s-api]
requires:
  db: {interface: postgresql_client, limit: 1, optional: true}
provides:
  http: http
peers:
  cluster: {interface: web_cluster}
containers:
  web:
    resource: web-image
    mounts: [{storage: data, location: /srv}]
storage:
  data: {type: filesystem}
resources:
  web-image: {type: oci-image, description: The server.}
config:
  options:
    port: {type: int, default: 80, description: Where to listen.}
    greeting: {default: "yes"}
actions:
  backup:
    description: Take a backup.
    params: {full: {type: boolean, default: false}}
    required: [full]
    additionalProperties: false
`;

function read(files: Readonly<Record<string, string>>) {
  return readCharm({ folder: 'charm', files });
}

function mistakesOf(files: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(files);
  } catch (error) {
    if (error instanceof Mistakes) return error.all.map(mistakeText);
    throw error;
  }
  throw new Error('no mistake was found');
}

/** What is said of metadata.yaml with these lines after its four first fields, which end on line 6. */
function metadataMistakes(lines: string): readonly string[] {
  return mistakesOf({ 'metadata.yaml': METADATA + lines });
}

describe('a charm', () => {
  it('is read from charmcraft.yaml alone', () => {
    expect(read({ 'charmcraft.yaml': CHARMCRAFT })).toMatchObject({
      name: 'web',
      title: 'Web',
      summary: 'Serves pages',
      subordinate: false,
      kubernetes: true,
      endpoints: {
        db: {
          role: 'requires',
          interface: 'postgresql_client',
          scope: 'global',
          optional: true,
          limit: 1,
        },
        http: { role: 'provides', interface: 'http', scope: 'global' },
        cluster: { role: 'peers', interface: 'web_cluster' },
      },
      containers: {
        web: { resource: 'web-image', mounts: [{ storage: 'data', location: '/srv' }] },
      },
      config: {
        port: { type: 'int', default: 80, description: 'Where to listen.' },
        greeting: { type: 'string', default: 'yes' },
      },
      actions: {
        backup: {
          description: 'Take a backup.',
          params: { full: { type: 'boolean', default: false } },
          required: ['full'],
          additionalProperties: false,
        },
      },
      storage: { data: { type: 'filesystem' } },
      resources: { 'web-image': { type: 'oci-image' } },
    });
  });

  it('is read from metadata.yaml, config.yaml and actions.yaml, which stay as they are', () => {
    const files = {
      'metadata.yaml': METADATA,
      'config.yaml': 'options: {}\n',
      'actions.yaml': '# none yet\n',
    };
    const charm = read(files);
    expect(charm).toMatchObject({ name: 'web', title: 'Web', kubernetes: false, config: {} });
    expect(charm.written).toEqual(files);
  });

  it('prefers a file of its own to a section of charmcraft.yaml', () => {
    const own = 'options: {own: {type: boolean}}\n';
    const charm = read({ 'charmcraft.yaml': CHARMCRAFT, 'config.yaml': own });
    expect(Object.keys(charm.config)).toEqual(['own']);
    expect(charm.written['config.yaml']).toBe(own);
  });

  it.each([
    ['assumes: [k8s-api]', true],
    ['assumes: [{all-of: [juju >= 3, k8s-api]}]', true],
    ['assumes: [juju >= 3]', false],
    ['series: [kubernetes]', true],
  ])('with %s is for Kubernetes: %s', (lines, kubernetes) => {
    expect(read({ 'metadata.yaml': METADATA + lines }).kubernetes).toBe(kubernetes);
  });

  it('may declare the payloads it registers, by class', () => {
    const payloads = 'payloads: {guest: {type: kvm}, box: {type: docker}}\n';
    const charm = read({ 'metadata.yaml': `${METADATA}${payloads}` });
    expect(charm.payloads).toEqual({ guest: 'kvm', box: 'docker' });
    expect(read({ 'metadata.yaml': METADATA })).not.toHaveProperty('payloads');
  });

  it('may name its options with words that YAML 1.1 reads as something else', () => {
    const config = 'options: {log: {type: boolean, default: yes}}';
    const charm = read({ 'metadata.yaml': METADATA, 'config.yaml': config });
    expect(charm.config['log']?.default).toBe(true);
  });
});

describe('what a pack of charmcraft.yaml would hold', () => {
  const { written } = read({ 'charmcraft.yaml': CHARMCRAFT });

  it('is three files', () => {
    expect(Object.keys(written)).toEqual(['metadata.yaml', 'config.yaml', 'actions.yaml']);
  });

  it('has the metadata with links flattened and the build left out', () => {
    expect(load(written['metadata.yaml'] ?? '')).toEqual({
      name: 'web',
      'display-name': 'Web',
      summary: 'Serves pages',
      description: 'Serves pages\nto whoever asks.\n',
      docs: 'https://example.com/',
      maintainers: ['team@example.com'],
      issues: ['https://example.com/issues'],
      assumes: ['juju >= 3.5', 'k8s-api'],
      requires: { db: { interface: 'postgresql_client', limit: 1, optional: true } },
      provides: { http: 'http' },
      peers: { cluster: { interface: 'web_cluster' } },
      containers: {
        web: { resource: 'web-image', mounts: [{ storage: 'data', location: '/srv' }] },
      },
      storage: { data: { type: 'filesystem' } },
      resources: { 'web-image': { type: 'oci-image', description: 'The server.' } },
    });
  });

  it('has config and actions as they were', () => {
    expect(load(written['config.yaml'] ?? '')).toEqual({
      options: {
        port: { type: 'int', default: 80, description: 'Where to listen.' },
        greeting: { default: 'yes' },
      },
    });
    expect(load(written['actions.yaml'] ?? '')).toHaveProperty('backup.required', ['full']);
  });

  it('has no config.yaml and no actions.yaml when there is nothing to write', () => {
    const bare = 'type: charm\nname: web\nsummary: s\ndescription: d\nactions: {}\n';
    expect(Object.keys(read({ 'charmcraft.yaml': bare }).written)).toEqual(['metadata.yaml']);
  });

  it('reads as the same charm', () => {
    const { written: _, ...source } = read({ 'charmcraft.yaml': CHARMCRAFT });
    const { written: __, ...packed } = read(written);
    expect(packed).toEqual(source);
  });
});

describe('a charm that Juju would refuse', () => {
  it.each([
    [
      'requires: {db: pg}\nprovides: {db: pg}\n',
      '7:12: charm "web" using a duplicated relation name: "db"',
    ],
    ['provides: {juju-x: a}\n', '7:12: charm "web" using a reserved relation name: "juju-x"'],
    [
      'provides: {x: juju-a}\n',
      '7:12: charm "web" relation "x" using a reserved interface: "juju-a"',
    ],
    ['requires: {db: {}}\n', '7:16: metadata: requires.db.interface: expected string, got nothing'],
    [
      'requires: {db: {interface: pg, scope: globl}}\n',
      '7:39: metadata: requires.db.scope: unexpected value "globl"\n  Did you mean "global"?',
    ],
    [
      'subordinate: true\n',
      '1:1: subordinate charm "web" lacks "requires" relation with container scope',
    ],
    [
      'containers: {web: {resource: web-imag}}\nresources: {web-image: {type: oci-image}}\n',
      '7:30: metadata: containers.web: referenced resource "web-imag" not found\n' +
        '  Did you mean "web-image"?',
    ],
    ['storage: {data: {}}\n', '7:17: metadata: storage.data.type: unexpected value <nil>'],
  ])('for %j is told why', (lines, expected) => {
    const told = metadataMistakes(lines).join('\n');
    expect(told).toContain(`charm/metadata.yaml:${expected}`);
  });

  it.each([
    [
      'options: {a: {type: integer}}',
      '1:21: invalid config: option "a" has unknown type "integer"\n' +
        '  It can be string, int, float, boolean or secret.',
    ],
    [
      'options: {a: {type: int, default: "5"}}',
      '1:35: invalid config default: option "a" expected int, got "5"',
    ],
    [
      'options: {a: {default: 5}}',
      '1:24: invalid config default: option "a" expected string, got 5',
    ],
    ['', '1:1: invalid config: empty configuration'],
    ['a: {type: int}', '1:1: invalid config: empty configuration'],
  ])('for the config %j is told in its words', (config, expected) => {
    const told = mistakesOf({ 'metadata.yaml': METADATA, 'config.yaml': config }).join('\n');
    expect(told).toContain(`charm/config.yaml:${expected}`);
  });

  it('is told of a required field that is missing, and of all at once', () => {
    const told = mistakesOf({ 'charmcraft.yaml': 'type: charm\nname: web\n' });
    expect(told).toEqual([
      'charm/charmcraft.yaml:1:1: metadata: summary: expected string, got nothing\n' +
        '  Every charm says its summary.',
      'charm/charmcraft.yaml:1:1: metadata: description: expected string, got nothing\n' +
        '  Every charm says its description.',
    ]);
  });

  it('is told that charmcraft extensions are not expanded here', () => {
    const [told] = mistakesOf({
      'charmcraft.yaml': `${CHARMCRAFT}extensions: [flask-framework]\n`,
    });
    expect(told).toMatch(
      /^charm\/charmcraft\.yaml:\d+:13: the charmcraft extension flask-framework is not supported/,
    );
  });

  it('is told that a folder without metadata is no charm', () => {
    expect(mistakesOf({ 'config.yaml': 'options: {}' })).toEqual([
      'charm: no charm here: neither metadata.yaml nor charmcraft.yaml\n' +
        '  Name the folder of a charm: "charm: ../my-charm".',
    ]);
  });

  it('is told where its text is no YAML', () => {
    const [told] = mistakesOf({ 'metadata.yaml': 'name: [web\nsummary: x\n' });
    expect(told).toContain('charm/metadata.yaml:2:1: not readable as YAML: ');
  });
});
