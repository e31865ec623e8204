/**
 * open-port, close-port and opened-ports. Opening and closing is buffered and lands on exit 0.
 * Source: juju jujuc/ports.go Not modelled: --endpoints, conflicts with other units.
 */
import type { Answer, Reply } from '../../model/request.ts';
import { ok, refuse, unrecognised, type Parsed } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted } from './format.ts';

type Range = { from: number; to: number; protocol: string };

function readRange(word: string): Range | Reply {
  const [bounds = '', protocol = 'tcp', ...more] = word.toLowerCase().split('/');
  if (word.toLowerCase() === 'icmp') return { from: 0, to: 0, protocol: 'icmp' };
  if (more.length > 0) return refuse(2, `invalid port ${JSON.stringify(word)}`);
  if (!['tcp', 'udp'].includes(protocol)) {
    return refuse(
      2,
      `invalid protocol ${JSON.stringify(protocol)}, expected "tcp", "udp", or "icmp"`,
    );
  }
  const parts = bounds.split('-');
  const bad = parts.find((part) => !/^\d+$/.test(part));
  if (bad !== undefined || parts.length > 2) {
    const quoted = JSON.stringify(bad ?? bounds);
    return refuse(2, `invalid port ${quoted}: strconv.Atoi: parsing ${quoted}: invalid syntax`);
  }
  const from = Number(parts[0]);
  const to = Number(parts[1] ?? parts[0]);
  if (from > to) return refuse(2, `invalid port range ${from}-${to}/${protocol}`);
  if (to > 65535)
    return refuse(2, `port range bounds must be between 0 and 65535, got ${from}-${to}`);
  return { from, to, protocol };
}

function rangeText({ from, to, protocol }: Range): string {
  if (protocol === 'icmp') return 'icmp';
  return from === to ? `${from}/${protocol}` : `${from}-${to}/${protocol}`;
}

function conflict(context: HookContext, wanted: Range): string | undefined {
  return Object.keys(context.seen.ports).find((text) => {
    const open = readRange(text);
    if ('kind' in open || open.protocol !== wanted.protocol || text === rangeText(wanted))
      return false;
    return open.from <= wanted.to && wanted.from <= open.to;
  });
}

function changePort(context: HookContext, parsed: Parsed, open: boolean): Answer {
  const [word, ...more] = parsed.rest;
  if (word === undefined) return refuse(2, 'no port or range specified');
  if (more.length > 0) return unrecognised(more);
  if (parsed.text['endpoints'] !== undefined) {
    return { kind: 'unsupported', what: `${open ? 'open' : 'close'}-port --endpoints` };
  }
  const range = readRange(word);
  if ('kind' in range) return range;
  const kubernetes = context.seen.model.type === 'kubernetes';
  if (kubernetes && range.from !== range.to) {
    return refuse(
      1,
      'port ranges are not supported for k8s applications, please specify a single port',
    );
  }
  const text = rangeText(range);
  const clash = open ? conflict(context, range) : undefined;
  if (clash !== undefined) {
    const unit = `unit "${context.seen.app}/${context.seen.unit}"`;
    return refuse(1, `cannot open ${text} (${unit}): port range conflicts with ${clash} (${unit})`);
  }
  context.buffer((slice) => {
    if (open) slice.ports[text] = [];
    else delete slice.ports[text];
  });
  return ok('');
}

const PORT_FLAGS = { endpoints: { kind: 'text' }, format: { kind: 'text' } } as const;
export const openPort: HookCommand = {
  flags: PORT_FLAGS,
  run: (context, parsed) => changePort(context, parsed, true),
};
export const closePort: HookCommand = {
  flags: PORT_FLAGS,
  run: (context, parsed) => changePort(context, parsed, false),
};

/** By protocol, then by number, as Juju sorts them. */
function byProtocolAndPort(a: string, b: string): number {
  const key = (text: string): [string, number] => {
    const range = readRange(text);
    return 'kind' in range ? [text, 0] : [range.protocol, range.from];
  };
  const [[protocolA, portA], [protocolB, portB]] = [key(a), key(b)];
  return protocolA === protocolB ? portA - portB : protocolA < protocolB ? -1 : 1;
}

export const openedPorts: HookCommand = {
  flags: { ...FORMAT_FLAGS, endpoints: { kind: 'yes' } },
  run({ seen }, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const sortedPorts = Object.keys(seen.ports).sort(byProtocolAndPort);
    return formatted(
      parsed.yes['endpoints'] ? sortedPorts.map((port) => `${port} (*)`) : sortedPorts,
      parsed,
    );
  },
};
