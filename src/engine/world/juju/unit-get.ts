/**
 * unit-get: the unit's addresses, as charms asked for them before network-get.
 * Source: juju jujuc/unit-get.go
 * Not modelled: a public address that is another than the private one.
 */
import { quoted, refuse, unrecognised } from './arguments.ts';
import type { HookCommand } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';
import { bindingNetwork } from './network.ts';

export const unitGet: HookCommand = {
  flags: FORMAT_FLAGS,
  run({ seen }, parsed) {
    const [setting, ...more] = parsed.rest;
    if (setting === undefined) return refuse(2, 'no setting specified');
    if (setting !== 'private-address' && setting !== 'public-address') {
      return refuse(2, `unknown setting ${quoted(setting)}`);
    }
    if (more.length > 0) return unrecognised(more);
    if (setting === 'public-address') return formatted(seen.network.address, parsed);
    const first = bindingNetwork(seen, '').bindAddresses[0]?.addresses[0];
    const address = first?.hostname || first?.value;
    return formatted(address ?? seen.network.address, parsed);
  },
};
