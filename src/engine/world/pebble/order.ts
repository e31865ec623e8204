/**
 * In which order services start and stop, and which of them share a lane.
 * Source: pebble plan.order, createLanes and tarjanSort: dependencies first, then by name; strongly
 * connected components found with Tarjan's algorithm. Lanes are given out as Pebble does it,
 * neighbours sharing at times.
 */
import { entryOf, FormatError, list, namesOf, type Entries } from './plan.ts';

type Direction = 'start' | 'stop';
type Successors = Map<string, string[]>;

function known(services: Entries, name: string): void {
  if (entryOf(services, name)) return;
  throw new FormatError(`service ${JSON.stringify(name)} does not exist`);
}

/** The named services and all that must start, or stop, with them. */
function pulledIn(services: Entries, wanted: readonly string[], direction: Direction): Successors {
  const found: Successors = new Map();
  const pending = [...wanted];
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (found.has(name)) continue;
    known(services, name);
    found.set(name, []);
    const one = name;
    pending.push(
      ...(direction === 'start'
        ? list(services[one]!, 'requires')
        : namesOf(services).filter((other) => list(services[other]!, 'requires').includes(one))),
    );
  }
  return found;
}

function successors(
  services: Entries,
  wanted: readonly string[],
  direction: Direction,
): Successors {
  const found = pulledIn(services, wanted, direction);
  const [after, before] = direction === 'start' ? ['after', 'before'] : ['before', 'after'];
  for (const name of [...found.keys()].sort()) {
    const service = services[name]!;
    found.get(name)!.push(...list(service, after!).filter((other) => found.has(other)));
    for (const other of list(service, before!)) found.get(other)?.push(name);
  }
  return found;
}

type Search = {
  readonly graph: Successors;
  readonly index: Map<string, number>;
  readonly stack: string[];
  readonly output: string[][];
};

function connect(search: Search, name: string): number {
  const own = search.index.size;
  search.index.set(name, own);
  search.stack.push(name);
  let low = own;
  for (const next of search.graph.get(name) ?? []) {
    const seen = search.index.get(next);
    if (seen === undefined) low = Math.min(low, connect(search, next));
    else if (search.stack.includes(next)) low = Math.min(low, seen);
  }
  if (low === own) search.output.push(search.stack.splice(search.stack.indexOf(name)).sort());
  return low;
}

/**
 * The named services and those they pull in, in order. Throws FormatError for unknown services and
 * loops.
 */
export function inOrder(
  services: Entries,
  wanted: readonly string[],
  direction: Direction,
): readonly string[] {
  const graph = successors(services, wanted, direction);
  const search: Search = { graph, index: new Map(), stack: [], output: [] };
  for (const name of [...graph.keys()].sort()) {
    if (!search.index.has(name)) connect(search, name);
  }
  const loop = search.output.find((component) => component.length > 1);
  if (loop) throw new FormatError(`services in before/after loop: ${loop.join(', ')}`);
  return search.output.flat();
}

/** The order, cut into lanes: within one, each waits for the one before it. */
export function lanes(
  services: Entries,
  wanted: readonly string[],
  direction: Direction,
): readonly (readonly string[])[] {
  const order = inOrder(services, wanted, direction);
  const laneOf = new Map<string, number>();
  let last = -1;
  for (const name of order) {
    const requires = list(services[name]!, 'requires');
    const shared = [name, ...requires].find((one) => laneOf.has(one));
    last = shared === undefined ? last + 1 : laneOf.get(shared)!;
    for (const one of [name, ...requires]) laneOf.set(one, last);
  }
  const all = [...new Set(laneOf.values())].sort((a, b) => a - b);
  return all
    .map((lane) => order.filter((name) => laneOf.get(name) === lane))
    .filter((lane) => lane.length > 0);
}
