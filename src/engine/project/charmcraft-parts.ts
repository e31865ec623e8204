/**
 * What charmcraft.yaml says of packing: which plugin makes the charm, from which folder, with which
 * Python packages.
 * Source: charmcraft parts/plugins (_charm, _python, _uv, _poetry, _reactive), craft-parts' dump
 * plugin, models/project.py.
 * Not modelled: stage and prime filters, organize, overrides, sources that are not a folder of the
 * project.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import type { Json, JsonObject } from '../model/json.ts';
import { plain, readYaml } from '../model/yaml.ts';

/** One part. `options` are the plugin's own settings, as written. */
export type Part = {
  readonly name: string;
  readonly plugin: string;
  /** Relative to the charm's folder. */
  readonly source: string;
  readonly options: JsonObject;
};
export type Packing = {
  /** The part that lays the charm out; null when there is no charmcraft.yaml to say so. */
  readonly main: Part | null;
  /** Parts whose files are copied as they are. */
  readonly dumps: readonly Part[];
  /** What starts the charm, relative to its folder. */
  readonly entrypoint: string;
  /**
   * Charm libraries that are fetched before packing: `data_platform_libs.data_interfaces`, version
   * `0` or `0.5`.
   */
  readonly libraries: readonly { readonly lib: string; readonly version: string }[];
};

const DEFAULT: Part = { name: 'charm', plugin: 'charm', source: '.', options: {} };
const CHARM_PLUGINS = ['charm', 'uv', 'python', 'poetry', 'reactive'];

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The texts of a list; a lone text is a list of one. */
export function texts(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/**
 * charmcraft.yaml as data; empty where there is none. What is wrong in it, reading the charm has
 * said.
 */
function charmcraftOf(folder: string): JsonObject {
  const file = join(folder, 'charmcraft.yaml');
  if (!existsSync(file)) return {};
  const source = { file: 'charmcraft.yaml', text: readFileSync(file, 'utf8') };
  const value = plain(readYaml(source, '1.1', () => undefined));
  return isObject(value) ? value : {};
}

function partOf([name, value]: [string, Json | undefined]): Part[] {
  if (!isObject(value)) return [];
  const source = typeof value['source'] === 'string' ? normalize(value['source']) : '.';
  const inside = !source.startsWith('..') && !source.includes(':') && !source.startsWith('/');
  if (!inside) return [];
  return [{ name, plugin: String(value['plugin'] ?? name), source, options: value }];
}

function librariesOf(value: Json | undefined): Packing['libraries'] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map(({ lib, version }) => ({
    lib: String(lib ?? ''),
    version: String(version ?? ''),
  }));
}

/** How the source in `folder` would be packed. */
export function readPacking(folder: string): Packing {
  const charmcraft = charmcraftOf(folder);
  const declared = isObject(charmcraft['parts']) ? charmcraft['parts'] : null;
  const parts = declared === null ? [] : Object.entries(declared).flatMap(partOf);
  const first = parts.find(({ plugin }) => CHARM_PLUGINS.includes(plugin));
  const undeclared = declared === null && existsSync(join(folder, 'charmcraft.yaml'));
  const main = first ?? (undeclared ? DEFAULT : null);
  const entrypoint = main?.plugin === 'charm' ? main.options['charm-entrypoint'] : undefined;
  return {
    main,
    dumps: parts.filter(({ plugin }) => plugin === 'dump'),
    entrypoint: typeof entrypoint === 'string' ? normalize(entrypoint) : 'src/charm.py',
    libraries: librariesOf(charmcraft['charm-libs']),
  };
}
