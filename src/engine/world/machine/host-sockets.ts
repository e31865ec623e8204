/**
 * ss: ports on which simulated processes listen.
 * Source: ss(8) of iproute2 6.1, columns of `-l` with `-t`, `-u`, `-n`, `-p`.
 * Not modelled, refused by name: sockets that do not listen, filters, any other option; ports of the base's own units.
 */
import { has, readOptions } from './program-options.ts';
import { reply, type Program } from './program.ts';
import { baseName } from './systemd-life.ts';
import { columns } from './systemctl-list.ts';

const TABLE = {
  l: false,
  t: false,
  u: false,
  n: false,
  p: false,
  H: false,
  '4': false,
  '6': false,
  listening: false,
  tcp: false,
  udp: false,
  numeric: false,
  processes: false,
  'no-header': false,
} as const;
const NAMES = { l: 'listening', t: 'tcp', u: 'udp', n: 'numeric', p: 'processes', H: 'no-header' };

export const ss: Program = (draw, request) => {
  const options = readOptions(request.argv.slice(1), TABLE, NAMES);
  const unknown =
    options.error !== undefined || options.words.length > 0 || !has(options, 'listening');
  if (unknown) return { kind: 'unsupported', what: request.argv.join(' ') };
  const both = !has(options, 'tcp') && !has(options, 'udp');
  const shown = (proto: string): boolean => both || has(options, proto);
  const rows = Object.entries(draw.seen.processes ?? {}).flatMap(([pid, { argv, listens }]) =>
    listens.flatMap((port) => {
      const [number = '', proto = 'tcp'] = port.split('/');
      if (!shown(proto)) return [];
      const users = has(options, 'processes')
        ? `users:(("${baseName(argv[0] ?? '')}",pid=${pid},fd=3))`
        : '';
      const state = proto === 'tcp' ? 'LISTEN' : 'UNCONN';
      const kind = both || (has(options, 'tcp') && has(options, 'udp')) ? [proto] : [];
      const queue = proto === 'tcp' ? '4096' : '0';
      return [[...kind, state, '0', queue, `0.0.0.0:${number}`, '0.0.0.0:*', users]];
    }),
  );
  const kind = both || (has(options, 'tcp') && has(options, 'udp')) ? ['Netid'] : [];
  const head = [
    ...kind,
    'State',
    'Recv-Q',
    'Send-Q',
    'Local Address:Port',
    'Peer Address:Port',
    'Process',
  ];
  const table = has(options, 'no-header') ? rows : [head, ...rows];
  return reply(
    0,
    columns(table)
      .map((line) => `${line}\n`)
      .join(''),
  );
};
