/**
 * open-port, close-port and opened-ports. Opening and closing is buffered and lands on exit 0.
 * Source: juju jujuc/ports.go, opened-ports.go
 */
import type { Draft } from 'immer';
import type { Answer } from '../../model/request.ts';
import { ok, refuse, unrecognised, type Parsed } from './arguments.ts';
import type { HookCommand, HookContext } from './command.ts';
import { FORMAT_FLAGS, formatted, warned } from './format.ts';
import { committedPorts, openInHook, portsInHook, recordPort } from './port-change.ts';
import { byProtocolAndPort, rangeText, readRange, type PortRange } from './port-range.ts';
import type { JujuSlice, PortsInHook } from './slice.ts';

function keep({ buffer, seen, charm }: HookContext, ports: PortsInHook): void {
  const open = committedPorts(ports, seen, charm);
  buffer((slice) => {
    slice.ports = open as Draft<JujuSlice['ports']>;
    if (slice.hook) slice.hook.ports = ports as Draft<PortsInHook>;
  });
}

/** One change for each endpoint named; what came before one that cannot be stays asked for. */
function change(
  context: HookContext,
  range: PortRange,
  { endpoints, opens }: { endpoints: string; opens: boolean },
): Answer {
  const { seen } = context;
  if (seen.model.type === 'kubernetes' && range.from !== range.to) {
    const what = 'port ranges are not supported for k8s applications';
    return refuse(1, `${what}, please specify a single port`);
  }
  let ports = portsInHook(seen);
  for (const endpoint of endpoints.split(',').map((name) => name.trim())) {
    const next = recordPort(seen, ports, { change: [endpoint, rangeText(range)], opens });
    if (typeof next === 'string') {
      keep(context, ports);
      return refuse(1, next);
    }
    ports = next;
  }
  keep(context, ports);
  return ok('');
}

function portCommand(name: string, opens: boolean): HookCommand {
  return {
    flags: { endpoints: { kind: 'text' }, format: { kind: 'text' } },
    run(context, parsed: Parsed) {
      const [word, ...more] = parsed.rest;
      if (word === undefined) return refuse(2, 'no port or range specified');
      const range = readRange(word);
      if ('kind' in range) return range;
      if (more.length > 0) return unrecognised(more);
      const endpoints = parsed.text['endpoints'] ?? '';
      return warned(name, parsed, change(context, range, { endpoints, opens }));
    },
  };
}

export const openPort = portCommand('open-port', true);
export const closePort = portCommand('close-port', false);

export const openedPorts: HookCommand = {
  flags: { ...FORMAT_FLAGS, endpoints: { kind: 'yes' } },
  run({ seen }, parsed) {
    if (parsed.rest.length > 0) return unrecognised(parsed.rest);
    const open = openInHook(portsInHook(seen));
    const ranges = Object.keys(open).sort(byProtocolAndPort);
    const withEndpoints = (range: string): string => {
      const endpoints = open[range] ?? [];
      return `${range} (${endpoints.length === 0 ? '*' : endpoints.toSorted().join(', ')})`;
    };
    return formatted(parsed.yes['endpoints'] ? ranges.map(withEndpoints) : ranges, parsed);
  },
};
