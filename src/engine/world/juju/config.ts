/**
 * config-get: what the operator set, else what the charm gives. Numbers come over JSON, so they are floats to Go.
 * Source: juju jujuc/config-get.go, state/unit.go (ConfigSettings), internal/charm/config.go (FilterSettings)
 */
import type { Charm, ConfigOption } from '../../model/charm.ts';
import type { Json } from '../../model/json.ts';
import { quoted, refuse, unrecognised } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import type { JujuSlice } from './slice.ts';

/** Whether an option can have a value: one that an upgrade made another type loses what it had. */
function fits(value: Json, type: ConfigOption['type']): boolean {
  switch (type) {
    case 'int':
      return Number.isInteger(value);
    case 'float':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
    case 'secret':
      return typeof value === 'string' && (value === '' || value.startsWith('secret:'));
  }
}

/** Every declared option with the value in force; null where neither the operator nor the charm gives one. */
export function effectiveConfig(slice: JujuSlice, charm: Charm): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(charm.config).map(([name, option]) => {
      const value = slice.config[name];
      const isSet = value !== undefined && value !== null && fits(value, option.type);
      return [name, isSet ? value : (option.default ?? null)];
    }),
  );
}

export const configGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, all: { kind: 'yes', short: 'a' } },
  run({ seen, charm }, parsed) {
    const [key = '', ...more] = parsed.rest;
    const all = parsed.yes['all'] ?? false;
    if (all && key !== '') {
      return refuse(2, `cannot use argument --all together with key ${quoted(key)}`);
    }
    if (more.length > 0) return unrecognised(more);
    const config = effectiveConfig(seen, charm);
    const shown = { floats: true };
    if (key !== '') {
      return formatted(Object.hasOwn(config, key) ? (config[key] ?? null) : null, parsed, shown);
    }
    const kept = Object.entries(config).filter(([, value]) => all || value !== null);
    return formatted(Object.fromEntries(kept), parsed, shown);
  },
};
