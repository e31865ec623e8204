/** What a unit may have besides relations: secrets, storage, resources, networks, other units' ports. */
import { Mistake } from '../model/mistake.ts';
import type { Report, Yaml, YamlEntry } from '../model/yaml.ts';
import {
  asFields,
  asFlag,
  asList,
  asRecord,
  asText,
  asWord,
  orList,
  take,
  type Fields,
} from '../model/yaml-shape.ts';
import type { NetworkSpec, ResourceSpec, SecretSpec, StorageSpec } from './definition.ts';
import {
  A_PORT,
  A_UNIT,
  APPLICATION,
  asLike,
  asTexts,
  isKey,
  NUMBER,
  orNull,
  UNIT,
  type Like,
} from './read-shapes.ts';
import {
  ADDRESS_KEYS,
  NETWORK_KEYS,
  RESOURCE_KEYS,
  ROTATE_POLICIES,
  SECRET_KEYS,
  STORAGE_KEYS,
} from './words.ts';

export const SECRET_NAME = '[a-z0-9]+(-[a-z0-9]+)*';
/** Source: juju core/secrets (keyRegExp). */
export const SECRET_KEY = '[a-z](?:-?[a-z0-9]){2,}';
export const INSTANCE = `${APPLICATION}/${NUMBER}`;
export const OWNER = `${APPLICATION}|${UNIT}`;

const A_NAME: Like = { like: SECRET_NAME, so: 'a lower-case word with hyphens' };
const A_KEY: Like = {
  like: SECRET_KEY,
  so: 'a key of a secret: three or more lower-case letters, digits and hyphens',
};
const AN_INSTANCE: Like = { like: INSTANCE, so: 'an instance of storage such as "data/0"' };
const AN_OWNER: Like = {
  like: OWNER,
  so: 'application, unit, model, or another application or unit by name',
};
const A_READER: Like = { like: OWNER, so: 'an application or a unit by name' };

function asContent(yaml: Yaml, what: string, report: Report) {
  const content = asRecord(yaml, what, {
    report,
    one: (entry) =>
      isKey(entry, what, { ...A_KEY, report })
        ? asText(entry.value, `${what}: ${entry.key}`, report)
        : undefined,
  });
  if (yaml.kind === 'map' && yaml.entries.length === 0) {
    report(new Mistake(`${what}: a secret holds something`, { at: yaml.at }));
  }
  return content;
}

function asGrants(yaml: Yaml, what: string, report: Report) {
  return asRecord(yaml, what, {
    report,
    one: (entry) =>
      isKey(entry, what, { ...A_READER, report })
        ? asText(entry.value, `${what}: ${entry.key}`, report)
        : undefined,
  });
}

function asSecret(yaml: Yaml, what: string, report: Report): SecretSpec | undefined {
  const fields = asFields(yaml, { what, words: SECRET_KEYS }, report);
  if (!fields) return undefined;
  const rotate = { what: `${what}: rotate`, words: ROTATE_POLICIES };
  return {
    ...take(fields, 'owner', (one) => asLike(one, `${what}: owner`, { ...AN_OWNER, report })),
    ...take(fields, 'content', (one) => asContent(one, `${what}: content`, report)),
    ...take(fields, 'label', (one) => asText(one, `${what}: label`, report)),
    ...take(fields, 'description', (one) => asText(one, `${what}: description`, report)),
    ...take(fields, 'rotate', (one) => asWord(one, rotate, report)),
    ...take(fields, 'grants', (one) => asGrants(one, `${what}: grants`, report)),
    ...take(fields, 'readable', (one) => asFlag(one, `${what}: readable`, report)),
  };
}

export function secretEntry(entry: YamlEntry, report: Report) {
  if (!isKey(entry, 'secrets', { ...A_NAME, report })) return undefined;
  return orNull(entry.value, (yaml) => asSecret(yaml, `secret ${entry.key}`, report));
}

export function storageEntry(entry: YamlEntry, report: Report): StorageSpec | null | undefined {
  const hint = 'Storage is written by instance: {data/0: {}}.';
  if (!isKey(entry, 'storage', { ...AN_INSTANCE, report, hint })) return undefined;
  const what = `storage ${entry.key}`;
  return orNull(entry.value, (yaml) => {
    const fields = asFields(yaml, { what, words: STORAGE_KEYS }, report);
    return fields && take(fields, 'attached', (one) => asFlag(one, `${what}: attached`, report));
  });
}

const SOURCES = ['text', 'file', 'image'] as const;

/** One of text, file and image; credentials with an image only. */
function checkResource(fields: Fields, yaml: Yaml, of: { what: string; report: Report }): void {
  const said = SOURCES.filter((key) => fields.has(key));
  if (said.length !== 1) {
    const message = `${of.what}: expected one of ${orList(SOURCES)}`;
    const hint = said.length === 0 ? 'Write {text: "what it holds"}.' : 'Leave the others out.';
    of.report(new Mistake(message, { at: yaml.at, hint }));
  }
  for (const key of ['username', 'password']) {
    const at = fields.get(key)?.at;
    if (at === undefined || fields.has('image')) continue;
    const message = `${of.what}: "${key}" is for an image`;
    of.report(new Mistake(message, { at, hint: 'Leave it out here.' }));
  }
}

export function resourceEntry(
  { key, value }: YamlEntry,
  report: Report,
): ResourceSpec | null | undefined {
  const what = `resource ${key}`;
  return orNull(value, (yaml) => {
    const fields = asFields(yaml, { what, words: RESOURCE_KEYS }, report);
    if (!fields) return undefined;
    checkResource(fields, yaml, { what, report });
    const text = (name: string) => (one: Yaml) => asText(one, `${what}: ${name}`, report);
    return {
      ...take(fields, 'text', text('text')),
      ...take(fields, 'file', text('file')),
      ...take(fields, 'image', text('image')),
      ...take(fields, 'username', text('username')),
      ...take(fields, 'password', text('password')),
    };
  });
}

type Address = NonNullable<NetworkSpec['addresses']>[number];

function asAddress(yaml: Yaml, what: string, report: Report): Address | undefined {
  if (yaml.kind === 'scalar' && typeof yaml.value === 'string') return { value: yaml.value };
  const fields = asFields(yaml, { what, words: ADDRESS_KEYS }, report);
  if (!fields) return undefined;
  const text = (key: string) => (one: Yaml) => asText(one, `${what}: ${key}`, report);
  const { value } = take(fields, 'value', text('value'));
  if (!fields.has('value')) {
    const hint = 'Write {value: 10.0.0.1}, or the address alone.';
    report(new Mistake(`${what}: which address?`, { at: yaml.at, hint }));
  }
  if (value === undefined) return undefined;
  return {
    value,
    ...take(fields, 'cidr', text('cidr')),
    ...take(fields, 'hostname', text('hostname')),
  };
}

export function networkEntry(
  { key, value }: YamlEntry,
  report: Report,
): NetworkSpec | null | undefined {
  const what = `network ${key}`;
  return orNull(value, (yaml) => {
    const fields = asFields(yaml, { what, words: NETWORK_KEYS }, report);
    if (!fields) return undefined;
    const texts = (name: string) => (one: Yaml) => asTexts(one, `${what}: ${name}`, { report });
    const addresses = (one: Yaml) =>
      asList(one, `${what}: addresses`, report)?.flatMap(
        (item) => asAddress(item, `${what}: address`, report) ?? [],
      );
    return {
      ...take(fields, 'interface', (one) => asText(one, `${what}: interface`, report)),
      ...take(fields, 'mac', (one) => asText(one, `${what}: mac`, report)),
      ...take(fields, 'addresses', addresses),
      ...take(fields, 'ingress', texts('ingress')),
      ...take(fields, 'egress', texts('egress')),
    };
  });
}

/** Ports of one other unit: `[80/tcp]`. */
export function portsEntry(entry: YamlEntry, report: Report): readonly string[] | undefined {
  if (!isKey(entry, 'other-ports', { ...A_UNIT, report })) return undefined;
  return asTexts(entry.value, `other-ports: ${entry.key}`, { report, like: A_PORT });
}
