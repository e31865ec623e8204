/**
 * Ranges of ports as hook commands take them and Juju sorts them.
 * Source: juju core/network/portrange.go
 */
import type { Reply } from '../../model/request.ts';
import { quoted, refuse } from './arguments.ts';

/** icmp has no ports: both ends are -1. */
export type PortRange = { readonly from: number; readonly to: number; readonly protocol: string };

const INT_MAX = 2n ** 63n - 1n;

function badNumber(word: string): string | undefined {
  const known = /^[-+]?\d+$/.test(word);
  if (known && BigInt(word.replace('+', '')) <= INT_MAX) return undefined;
  const why = known ? 'value out of range' : 'invalid syntax';
  return `invalid port ${quoted(word)}: strconv.Atoi: parsing ${quoted(word)}: ${why}`;
}

function bounds(ports: string): { from: number; to: number } | string {
  if (ports === 'icmp') return { from: -1, to: -1 };
  const parts = ports.split('-');
  if (parts.length > 2) return `invalid port range ${quoted(ports)}`;
  const bad = parts.map(badNumber).find((message) => message !== undefined);
  if (bad !== undefined) return bad;
  const from = Number(parts[0]);
  return { from, to: parts.length === 1 ? from : Number(parts[1]) };
}

function problem({ from, to, protocol }: PortRange): string | undefined {
  if (!['tcp', 'udp', 'icmp'].includes(protocol)) {
    return `invalid protocol ${quoted(protocol)}, expected "tcp", "udp", or "icmp"`;
  }
  if (protocol === 'icmp') {
    return from === -1 ? undefined : `protocol "icmp" doesn't support any ports; got "${from}"`;
  }
  if (from > to) return `invalid port range ${from}-${to}/${protocol}`;
  if (from >= 0 && to <= 65535) return undefined;
  return `port range bounds must be between 0 and 65535, got ${from}-${to}`;
}

/** `80`, `80/udp`, `80-90/tcp` or `icmp`. */
export function readRange(word: string): PortRange | Reply {
  const lower = word.toLowerCase();
  const slash = lower.indexOf('/');
  const found = bounds(slash < 0 ? lower : lower.slice(0, slash));
  if (typeof found === 'string') return refuse(2, found);
  const given = slash < 0 ? 'tcp' : lower.slice(slash + 1);
  const range = { ...found, protocol: found.from === -1 ? 'icmp' : given };
  const wrong = problem(range);
  return wrong === undefined ? range : refuse(2, wrong);
}

export function rangeText({ from, to, protocol }: PortRange): string {
  if (protocol === 'icmp') return protocol;
  return from === to ? `${from}/${protocol}` : `${from}-${to}/${protocol}`;
}

/** A range as it is kept in the state, which is valid. */
function known(text: string): PortRange {
  const range = readRange(text);
  if ('kind' in range) throw new Error(`${text} is no range of ports`);
  return range;
}

export function overlaps(first: string, second: string): boolean {
  const [a, b] = [known(first), known(second)];
  return a.protocol === b.protocol && a.to >= b.from && b.to >= a.from;
}

/** By protocol, then by number. */
export function byProtocolAndPort(first: string, second: string): number {
  const [a, b] = [known(first), known(second)];
  if (a.protocol !== b.protocol) return a.protocol < b.protocol ? -1 : 1;
  return a.from - b.from || a.to - b.to;
}
