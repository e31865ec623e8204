/**
 * config-get. Source: juju jujuc/config-get.go
 * Not modelled: options removed or retyped by an upgrade, secret options.
 */
import type { Charm } from '../../model/charm.ts';
import type { Json } from '../../model/json.ts';
import { refuse, unrecognised } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import type { JujuSlice } from './slice.ts';

/** Every declared option with the value in force; null where neither the operator nor the charm gives one. */
export function effectiveConfig(slice: JujuSlice, charm: Charm): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(charm.config).map(([name, option]) => [
      name,
      slice.config[name] ?? option.default ?? null,
    ]),
  );
}

export const configGet: HookCommand = {
  flags: { ...FORMAT_FLAGS, all: { kind: 'yes', short: 'a' } },
  run({ seen, charm }, parsed) {
    const [key, ...more] = parsed.rest;
    if (more.length > 0) return unrecognised(more);
    const config = effectiveConfig(seen, charm);
    if (parsed.yes['all'] && key !== undefined) {
      return refuse(2, `cannot use argument --all together with key ${JSON.stringify(key)}`);
    }
    if (key !== undefined) return formatted(config[key] ?? null, parsed);
    const shown = Object.entries(config).filter(([, value]) => parsed.yes['all'] || value !== null);
    return formatted(Object.fromEntries(shown), parsed);
  },
};
