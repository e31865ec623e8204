/**
 * jujud: the machine agent's own program, which tells charms the version of Juju.
 * Source: juju cmd/jujud/main.go, juju/cmd/supercommand.go (the binary's version).
 * Not modelled: everything else that it does.
 */
import { reply, type Program } from './program.ts';

export const jujud: Program = ({ others }, { argv }) => {
  const { juju } = others as { readonly juju?: { readonly version: string } };
  const tells = ['version', '--version'].includes(argv[1] ?? '') && argv.length === 2;
  return tells && juju
    ? reply(0, `${juju.version}-ubuntu-amd64\n`)
    : { kind: 'unsupported', what: argv.join(' ') };
};
