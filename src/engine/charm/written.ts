/**
 * The YAML files that a packed charm has, made from charmcraft.yaml where the source has no file of that name.
 * Source: charmcraft models/metadata.py (from_charm), services/package.py (write_metadata), preprocess.py.
 * Not modelled: manifest.yaml; PyYAML's own folding and quoting (the values are equal, the bytes may differ).
 */
import { dump } from 'js-yaml';
import type { Json, JsonObject } from '../model/json.ts';

/** What charmcraft copies from charmcraft.yaml into metadata.yaml under the same key. */
const METADATA_KEYS = [
  'name',
  'summary',
  'description',
  'maintainers',
  'assumes',
  'charm-user',
  'containers',
  'devices',
  'docs',
  'extra-bindings',
  'issues',
  'peers',
  'provides',
  'requires',
  'resources',
  'source',
  'storage',
  'subordinate',
  'terms',
  'website',
];
const ADDRESSES = ['docs', 'issues', 'source', 'website'];

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `links` flattened to the keys of metadata.yaml. */
function linked(links: JsonObject): JsonObject {
  const { documentation, contact, issues, source, website } = links;
  const maintainers = typeof contact === 'string' ? [contact] : contact;
  return { docs: documentation, maintainers, issues, source, website };
}

/** Addresses as charmcraft's model writes them: `https://example.com` gets its final slash. */
function address(value: Json): Json {
  if (Array.isArray(value)) return value.map(address);
  return typeof value === 'string' && URL.canParse(value) ? new URL(value).href : value;
}

function present(object: JsonObject): JsonObject {
  const entries = Object.entries(object).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return Object.fromEntries(entries);
}

/** metadata.yaml as data, from charmcraft.yaml as data. */
export function metadataOf(charmcraft: JsonObject): JsonObject {
  const links = isObject(charmcraft['links']) ? linked(charmcraft['links']) : {};
  const kept = Object.fromEntries(METADATA_KEYS.map((key) => [key, charmcraft[key]]));
  const all = present({ ...kept, ...present(links), 'display-name': charmcraft['title'] });
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      key,
      ADDRESSES.includes(key) ? address(value ?? null) : value,
    ]),
  );
}

function text(value: JsonObject): string {
  return dump(value, { sortKeys: true });
}

/** A section that charmcraft writes to a file of its own; an empty one is not written. */
function section(name: string, value: Json | undefined): Readonly<Record<string, string>> {
  return isObject(value) && Object.keys(value).length > 0 ? { [name]: text(value) } : {};
}

/** metadata.yaml, config.yaml and actions.yaml that a pack of this charmcraft.yaml would add. */
export function writtenOf(charmcraft: JsonObject): Readonly<Record<string, string>> {
  return {
    'metadata.yaml': text(metadataOf(charmcraft)),
    ...section('config.yaml', charmcraft['config']),
    ...section('actions.yaml', charmcraft['actions']),
  };
}
