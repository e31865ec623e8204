/**
 * A fan-out: every event that Juju could deliver from a node, and from the nodes these lead to, as deep as is said.
 * A state that is equal by meaning to one that came earlier in tree order is not followed again: the earlier one stands
 * for it, and the record says which. It stands for it only where it was followed at least as far.
 */
import type { Event } from '../model/event.ts';
import { Mistake } from '../model/mistake.ts';
import type { NodeDefinition } from '../tree/definition.ts';
import { ID_MAX } from '../tree/grow.ts';
import type { FanDefinition } from '../tree/fan.ts';
import type { EventKind } from '../tree/library-words.ts';
import { canonicalState } from '../world/canonical.ts';
import type { State } from '../world/state.ts';
import { digestOfState, type Digest } from './digests.ts';
import type { Evaluated } from './evaluate-tree.ts';
import { offeredEvents, type Offered } from './offers.ts';

/** What a fan-out is played with. `laid`: the parent's state with the fan-out's deltas. */
export type Fanning = {
  readonly laid: (parent: Evaluated) => State;
  readonly play: (
    node: NodeDefinition,
    parent: Evaluated,
    more: { readonly event: Event; readonly sameAs: (after: State) => string | undefined },
  ) => Promise<Evaluated>;
};
/** Who stands for a state, and how many events on it is followed. */
type Standing = { readonly id: string; readonly further: number };
type Fan = {
  readonly of: FanDefinition;
  readonly fanning: Fanning;
  readonly digest: Digest;
  readonly standing: Map<string, Standing>;
  count: number;
};

const KINDS: Readonly<Record<Event['kind'], EventKind>> = {
  lifecycle: 'lifecycle',
  relation: 'relations',
  storage: 'storage',
  secret: 'secrets',
  'pebble-ready': 'containers',
  'pebble-notice': 'containers',
  'pebble-check': 'containers',
  action: 'actions',
};

/** `db-relation-*` is about all events of that relation; `relations` about all of any. */
function isMeant(word: string, { event, spec }: Offered): boolean {
  if (word === KINDS[event.kind] || word === spec.name) return true;
  if (!word.includes('*')) return false;
  const escaped = word.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`).test(spec.name);
}

function isWanted(offered: Offered, { only, except }: FanDefinition): boolean {
  const meant = (words: readonly string[]) => words.some((word) => isMeant(word, offered));
  return (only === undefined || meant(only)) && !meant(except);
}

/** What the state means for what comes: the action that ran last is forgotten by the next event. */
function meaningOf(state: State, digest: Digest): string {
  const canonical = canonicalState(state);
  const juju =
    canonical.juju.action === null ? canonical.juju : { ...canonical.juju, action: null };
  return digestOfState({ ...canonical, juju }, digest);
}

function nodeOf(fan: Fan, parent: Evaluated, offered: Offered, prefix: string): NodeDefinition {
  const { of } = fan;
  const first = parent.record.id === of.parent;
  return {
    id: `${prefix}/${offered.edge}`,
    parent: parent.record.id,
    edge: offered.edge,
    branch: of.branch,
    golden: false,
    deltas: first ? of.deltas : [],
    event: offered.spec,
  };
}

/** As any other id: it is a path of folders and a page's address. */
function checkId({ id }: NodeDefinition, { at }: FanDefinition): void {
  if (id.length <= ID_MAX) return;
  const message = `fan-out: an id of it has ${id.length} characters, more than ${ID_MAX}: ${id}`;
  const hint = 'Name a node above it: {as: ready}; or say a lower depth.';
  throw new Mistake(message, { at, hint });
}

function countOne(fan: Fan): void {
  fan.count += 1;
  const { most, at } = fan.of;
  if (fan.count <= most) return;
  const hint = 'Say less of it: a lower depth, only, except; or more of them: {most: …}.';
  throw new Mistake(`fan-out: more than ${most} nodes`, { at, hint });
}

/** The node that stands for the state, if there is one; else this one does from now on. */
function standIn(fan: Fan, after: State, own: Standing): string | undefined {
  if (!fan.of.merge) return undefined;
  const meaning = meaningOf(after, fan.digest);
  const known = fan.standing.get(meaning);
  if (known && known.further >= own.further) return known.id;
  fan.standing.set(meaning, own);
  return undefined;
}

/** Juju goes on with the unit, if only to run the failed hook again. */
function goesOn({ record }: Evaluated): boolean {
  return record.outcome.kind !== 'inconsistent' && record.outcome.kind !== 'parent-failed';
}

async function* fanFrom(
  fan: Fan,
  parent: Evaluated,
  { state, prefix, depth }: { state: State; prefix: string; depth: number },
): AsyncGenerator<Evaluated> {
  const { of, fanning } = fan;
  const { charm } = parent.using;
  for (const offered of offeredEvents(state, charm, of.at)) {
    if (!isWanted(offered, of)) continue;
    countOne(fan);
    const node = nodeOf(fan, parent, offered, prefix);
    checkId(node, of);
    const own = { id: node.id, further: of.depth - depth };
    const evaluated = await fanning.play(node, parent, {
      event: offered.event,
      sameAs: (after) => standIn(fan, after, own),
    });
    yield evaluated;
    if (depth >= of.depth || evaluated.record.sameAs !== undefined || !goesOn(evaluated)) continue;
    const next = { state: evaluated.state, prefix: node.id, depth: depth + 1 };
    yield* fanFrom(fan, evaluated, next);
  }
}

/** The nodes of a fan-out, in tree order: those below a node come before those beside it. */
export async function* playFan(
  of: FanDefinition,
  parent: Evaluated,
  fanning: Fanning,
): AsyncGenerator<Evaluated> {
  if (!goesOn(parent)) return;
  const { digest } = parent.using;
  const fan: Fan = { of, fanning, digest, standing: new Map(), count: 0 };
  const state = fanning.laid(parent);
  standIn(fan, state, { id: of.parent, further: of.depth });
  yield* fanFrom(fan, parent, { state, prefix: of.id, depth: 1 });
}
