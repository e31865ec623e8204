/**
 * What open-port and close-port record in a hook, what conflicts with it, and what the controller makes of it.
 * Source: juju internal/worker/uniter/runner/context/ports.go, state/machine_ports_ops.go and
 * application_port_ranges.go for the commit
 */
import type { Charm } from '../../model/charm.ts';
import type { Problem } from '../../model/outcome.ts';
import { unitName } from './command.ts';
import { overlaps } from './port-range.ts';
import type { JujuSlice, PortChange, PortsInHook } from './slice.ts';

type Ports = JujuSlice['ports'];

export function portsInHook({ hook, ports }: JujuSlice): PortsInHook {
  return hook?.ports ?? { before: ports, open: [], close: [] };
}

function changesOf(ports: Ports): readonly PortChange[] {
  return Object.entries(ports).flatMap(([range, endpoints]) =>
    (endpoints.length === 0 ? [''] : endpoints).map((endpoint): PortChange => [endpoint, range]),
  );
}

function portsOf(changes: readonly PortChange[]): Ports {
  const ports: Record<string, readonly string[]> = {};
  for (const [endpoint, range] of changes) {
    const others = ports[range];
    const forAll = endpoint === '' || others?.length === 0;
    ports[range] = forAll ? [] : [...new Set([...(others ?? []), endpoint])].sort();
  }
  return ports;
}

function isSame([endpoint, range]: PortChange): (other: PortChange) => boolean {
  return ([otherEndpoint, otherRange]) => endpoint === otherEndpoint && range === otherRange;
}

/** Without the first that is the same. */
function without(changes: readonly PortChange[], change: PortChange): readonly PortChange[] {
  const at = changes.findIndex(isSame(change));
  return at < 0 ? changes : changes.toSpliced(at, 1);
}

type Conflict = { readonly kind: 'exists' } | { readonly kind: 'conflict'; readonly with: string };

/** What a change runs into among a unit's ranges: the very same one, or one that it overlaps. */
function conflictWith(
  change: PortChange,
  { unit, own, changes }: { unit: string; own: boolean; changes: readonly PortChange[] },
): Conflict | undefined {
  for (const other of changes) {
    if (!overlaps(change[1], other[1])) continue;
    if (own && isSame(change)(other)) return { kind: 'exists' };
    if (own && change[1] === other[1]) continue;
    return { kind: 'conflict', with: `port range conflicts with ${other[1]} (unit "${unit}")` };
  }
  return undefined;
}

/** The ranges of all units on the machine; a Kubernetes unit shares its addresses with none. */
function conflictOnMachine(
  slice: JujuSlice,
  change: PortChange,
  before: Ports,
): Conflict | undefined {
  if (slice.model.type === 'kubernetes') {
    return changesOf(before).some(isSame(change)) ? { kind: 'exists' } : undefined;
  }
  const own = { unit: unitName(slice), own: true, changes: changesOf(before) };
  const others = Object.entries(slice.otherPorts).map(([unit, ranges]) => ({
    unit,
    own: false,
    changes: ranges.map((range): PortChange => ['', range]),
  }));
  return [own, ...others]
    .map((side) => conflictWith(change, side))
    .find((conflict) => conflict !== undefined);
}

/** The hook's record with one change more, or in words why it cannot be. */
export function recordPort(
  slice: JujuSlice,
  ports: PortsInHook,
  { change, opens }: { change: PortChange; opens: boolean },
): PortsInHook | string {
  const unit = unitName(slice);
  const [mine, against] = opens ? (['open', 'close'] as const) : (['close', 'open'] as const);
  const next = { ...ports, [against]: without(ports[against], change) };
  const refusal = (why: string): string =>
    `cannot ${opens ? 'open' : 'close'} ${change[1]} (unit "${unit}"): ${why}`;
  const earlier = conflictWith(change, { unit, own: true, changes: ports[mine] });
  if (earlier?.kind === 'conflict') return refusal(`${earlier.with} requested earlier`);
  if (earlier) return next;
  const there = conflictOnMachine(slice, change, ports.before);
  if (there?.kind === 'conflict') return refusal(there.with);
  if (opens && there) return next;
  const none = [ports.before, slice.otherPorts].every((all) => Object.keys(all).length === 0);
  if (!opens && none) return next;
  return { ...next, [mine]: [...next[mine], change] };
}

/** What opened-ports shows in the hook: the controller's ports with what was asked since. */
export function openInHook({ before, open, close }: PortsInHook): Ports {
  const there = [...changesOf(before), ...open];
  return portsOf(close.reduce((left, change) => left.filter((one) => !isSame(change)(one)), there));
}

function boundEndpoints(charm: Charm): readonly string[] {
  return [...Object.keys(charm.endpoints), ...charm.extraBindings];
}

/** A range that is open for all, closed for one endpoint, stays open for the others by name. */
function closed(ports: Ports, [endpoint, range]: PortChange, charm: Charm): Ports {
  const { [range]: endpoints, ...others } = ports;
  if (endpoints === undefined || endpoint === '') return others;
  const open = endpoints.length === 0 ? boundEndpoints(charm) : endpoints;
  const left = open.filter((other) => other !== endpoint).toSorted();
  return left.length === 0 ? others : { ...others, [range]: left };
}

/** The ports that the controller has when the hook's changes are applied. */
export function committedPorts(ports: PortsInHook, slice: JujuSlice, charm: Charm): Ports {
  if (slice.model.type === 'kubernetes') return openInHook(ports);
  const opened = portsOf([...changesOf(ports.before), ...ports.open]);
  return ports.close.reduce((left, change) => closed(left, change, charm), opened);
}

/** What the controller has against what a hook asked of ports: changes for an endpoint that the charm has not. */
export function commitProblems(
  _kept: JujuSlice,
  seen: JujuSlice,
  charm: Charm,
): readonly Problem[] {
  const { open, close } = portsInHook(seen);
  const asked = [
    ...open.map(([endpoint]) => ['open', endpoint] as const),
    ...close.map(([endpoint]) => ['close', endpoint] as const),
  ];
  const unknown = asked.find(
    ([, endpoint]) => endpoint !== '' && !boundEndpoints(charm).includes(endpoint),
  );
  if (!unknown) return [];
  const [verb, endpoint] = unknown;
  const what = `${verb} port range: endpoint "${endpoint}" for unit "${unitName(seen)}" not found`;
  return [{ message: `cannot apply changes: cannot open/close ports: ${what}` }];
}
