/**
 * What a state has of what a charm declares: options, storage, resources, bindings.
 * Source: juju internal/charm (config.go, meta.go, extra_bindings.go), state/storage.go.
 */
import type { ConfigOption } from '../../../model/charm.ts';
import type { Json } from '../../../model/json.ts';
import { code, documentation, unread } from '../../../model/rule.ts';
import { storageCount } from '../../../model/storage-count.ts';
import { having, isSince, listed } from './at.ts';
import type { StateAt, StateRule } from './state-at.ts';

const SCENARIO = documentation('ops.testing, consistency checker');

type Setting = { readonly name: string; readonly value: Json; readonly option: ConfigOption };

/** Options that are set and declared, with their declarations. */
function settings({ slice, charm }: StateAt): readonly Setting[] {
  return Object.entries(slice.config).flatMap(([name, value]) => {
    const option = charm.config[name];
    return option ? [{ name, value, option }] : [];
  });
}

const optionDeclared: StateRule = {
  id: 'config-declared',
  title: 'the charm declares every option that is set',
  source: code('juju internal/charm/config.go (ValidateSettings)'),
  check: ({ slice, charm }) =>
    Object.keys(slice.config)
      .filter((name) => !charm.config[name])
      .map((name) => ({
        message: `the charm declares no option ${name}`,
        about: name,
        hint: having(Object.keys(charm.config), 'It has none.'),
      })),
};

function fits(value: Json, type: ConfigOption['type']): boolean {
  switch (type) {
    case 'string':
    case 'secret':
      return typeof value === 'string';
    case 'int':
      return Number.isInteger(value);
    case 'float':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
  }
}

const EXAMPLES = { string: 'text', secret: 'secret:NAME', int: '3', float: '0.5', boolean: 'true' };

const optionType: StateRule = {
  id: 'config-type',
  title: 'an option has a value of its type',
  source: code('juju internal/charm/config.go (Option.validate)'),
  check: (at) =>
    settings(at)
      .filter(({ value, option }) => !fits(value, option.type))
      .map(({ name, value, option }) => ({
        message: `option ${name} expected ${option.type}, got ${JSON.stringify(value)}`,
        about: name,
        hint: `write config: {${name}: ${EXAMPLES[option.type]}}`,
      })),
};

/** Source: juju core/secrets/secret.go (ParseURI). */
const SECRET_URI = /^secret:(\/\/[^/]+\/)?[0-9a-z]{20}$/;

const secretValue: StateRule = {
  id: 'config-secret-value',
  title: 'an option of type secret is empty or holds the URI of a secret',
  source: code('juju internal/charm/config.go (secretC), core/secrets/secret.go (ParseURI)'),
  check: (at) =>
    settings(at).flatMap(({ name, value, option }) => {
      if (option.type !== 'secret' || typeof value !== 'string') return [];
      if (value === '' || SECRET_URI.test(value)) return [];
      const message = `option ${name} expected the URI of a secret, got ${JSON.stringify(value)}`;
      const hint = `add secrets: {a-name: {owner: model}}, and config: {${name}: "secret:a-name"}`;
      return [{ message, about: name, hint }];
    }),
};

const secretVersion: StateRule = {
  id: 'config-secret-version',
  title: 'options of type secret are set in Juju 3.4 or later',
  source: SCENARIO,
  check: (at) =>
    isSince(at.slice, 3, 4)
      ? null
      : settings(at)
          .filter(({ option }) => option.type === 'secret')
          .map(({ name }) => ({
            message: `option ${name} is of type secret, which Juju ${at.slice.version} does not have`,
            about: name,
            hint: 'add juju: "3.6"',
          })),
};

/** Instances by storage: `data/0` is one of `data`. */
function instances({ slice }: StateAt): Readonly<Record<string, readonly string[]>> {
  return Object.groupBy(Object.keys(slice.storages), (id) => id.split('/')[0] ?? id) as Readonly<
    Record<string, readonly string[]>
  >;
}

const storageDeclared: StateRule = {
  id: 'storage-declared',
  title: 'the charm declares every storage',
  source: unread('juju state/storage.go (validateStorageConstraintsAgainstCharm)'),
  check: (at) =>
    Object.keys(instances(at))
      .filter((name) => !at.charm.storage[name])
      .map((name) => ({
        message: `the charm declares no storage ${name}`,
        about: name,
        hint: having(Object.keys(at.charm.storage), 'It has none.'),
      })),
};

const storageInstances: StateRule = {
  id: 'storage-count',
  title: 'storage has as many instances as metadata allows, where it has any',
  source: unread('juju state/storage.go (validateCharmStorageCount)'),
  check: (at) =>
    Object.entries(instances(at)).flatMap(([name, { length: count }]) => {
      const spec = at.charm.storage[name];
      if (!spec) return [];
      const { min, max } = storageCount(spec);
      if (count >= min && count <= max) return [];
      const allowed = count > max ? `at most ${max}` : `at least ${min}`;
      const message = `there are ${count} instances of storage ${name}, and metadata allows ${allowed}`;
      const hint = count > max ? `leave ${count - max} out` : `add storage: {${name}/${count}: {}}`;
      return [{ message, about: name, hint }];
    }),
};

const resourceDeclared: StateRule = {
  id: 'resource-declared',
  title: 'the charm declares every resource',
  source: SCENARIO,
  check: ({ slice, charm }) =>
    Object.keys(slice.resources)
      .filter((name) => !charm.resources[name])
      .map((name) => ({
        message: `the charm declares no resource ${name}`,
        about: name,
        hint: having(Object.keys(charm.resources), 'It has none.'),
      })),
};

const resourceType: StateRule = {
  id: 'resource-type',
  title: 'a resource is what metadata says: a file, or an image',
  source: code('juju internal/charm/resource/type.go'),
  check: ({ slice, charm }) =>
    Object.entries(slice.resources).flatMap(([name, { kind }]) => {
      const type = charm.resources[name]?.['type'];
      if (type === undefined || type === kind) return [];
      const word = type === 'file' ? 'text: "…"' : 'image: registry.example/name:tag';
      const message = `the resource ${name} is of type ${String(type)}, not ${kind}`;
      return [{ message, about: name, hint: `write resources: {${name}: {${word}}}` }];
    }),
};

/** Endpoints of container scope have no network of their own. */
function bindings({ charm }: StateAt): readonly string[] {
  const endpoints = Object.keys(charm.endpoints);
  const global = endpoints.filter((name) => charm.endpoints[name]?.scope !== 'container');
  return [...charm.extraBindings, ...global, 'juju-info'];
}

const bindingDeclared: StateRule = {
  id: 'network-binding-declared',
  title:
    'a network is of an extra binding, of an endpoint that is not of container scope, or of juju-info',
  source: SCENARIO,
  check: (at) =>
    Object.keys(at.slice.networks)
      .filter((name) => !bindings(at).includes(name))
      .map((name) => ({
        message: `the charm has no binding ${name}`,
        about: name,
        hint: having(bindings(at), ''),
      })),
};

const bindingName: StateRule = {
  id: 'extra-binding-name',
  title: 'no extra binding is called like an endpoint',
  source: code('juju internal/charm/extra_bindings.go (validateMetaExtraBindings)'),
  check({ charm }) {
    const both = charm.extraBindings.filter((name) => charm.endpoints[name]);
    if (both.length === 0) return null;
    const message = `relation names (${both.join(', ')}) cannot be used in extra bindings`;
    return { message, about: listed(both), hint: 'give the binding another name in metadata.yaml' };
  },
};

export const STATE_DECLARED_RULES: readonly StateRule[] = [
  optionDeclared,
  optionType,
  secretValue,
  secretVersion,
  storageDeclared,
  storageInstances,
  resourceDeclared,
  resourceType,
  bindingDeclared,
  bindingName,
];
