/**
 * A charm's config options.
 * Source: juju internal/charm/config.go (ReadConfig, its words for what is wrong).
 */
import type { ConfigOption } from '../model/charm.ts';
import type { Json } from '../model/json.ts';
import { Mistake, type Position } from '../model/mistake.ts';
import { plain, type Report, type Yaml } from '../model/yaml.ts';
import { wordHint } from '../model/yaml-shape.ts';
import { byName, declared, expected, given, member, text, type Declared } from './reading.ts';

const TYPES = ['string', 'int', 'float', 'boolean', 'secret'] as const;
type Type = (typeof TYPES)[number];

/** Whether Juju takes the value for an option of the type. A secret's is empty or a URI. */
export function fitsType(value: Json, type: Type): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'int':
      return typeof value === 'number' && Number.isInteger(value);
    case 'float':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'secret':
      return typeof value === 'string' && (value === '' || value.startsWith('secret:'));
  }
}

function typeOf({ name, yaml }: Declared, report: Report): Type | undefined {
  const found = member(yaml, 'type');
  if (found === undefined) return 'string';
  const word = text(found, `invalid config: option "${name}" type`, report);
  const type = TYPES.find((known) => known === word);
  if (word !== undefined && type === undefined) {
    const message = `invalid config: option "${name}" has unknown type "${word}"`;
    report(new Mistake(message, { at: found.at, hint: wordHint(word, TYPES) }));
  }
  return type;
}

function readOption(entry: Declared, report: Report): ConfigOption | undefined {
  const { name, yaml } = entry;
  const what = `invalid config: option "${name}"`;
  if (yaml.kind !== 'map') return expected(report, what, { type: 'map', got: yaml });
  const type = typeOf(entry, report);
  if (type === undefined) return undefined;
  const found = member(yaml, 'default');
  const value = found && plain(found);
  if (found && value !== undefined && !fitsType(value, type)) {
    const got = JSON.stringify(value);
    const message = `invalid config default: option "${name}" expected ${type}, got ${got}`;
    report(new Mistake(message, { at: found.at }));
  }
  return {
    type,
    ...given('default', value),
    ...given('description', text(member(yaml, 'description'), `${what} description`, report)),
  };
}

/** The options of config.yaml, or of the `config` section of charmcraft.yaml. */
export function readConfig(
  config: Yaml,
  at: Position,
  report: Report,
): Readonly<Record<string, ConfigOption>> {
  const named = config.kind === 'map' && config.entries.some(({ key }) => key === 'options');
  if (!named) {
    const hint = 'Write the options below "options:", or leave the file out.';
    report(new Mistake('invalid config: empty configuration', { at, hint }));
    return {};
  }
  const options = declared(member(config, 'options'), 'invalid config: options', report);
  return byName(options, (entry) => readOption(entry, report));
}
