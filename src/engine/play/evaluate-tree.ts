/**
 * Plays a tree: every node from its parent's state, in tree order, from the store where its inputs did not change.
 * Nodes below one that did not end well are not played: Juju would deliver nothing to a unit in that state.
 */
import type { Outcome, Problem } from '../model/outcome.ts';
import type { Event } from '../model/event.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { stateDifference } from '../record/difference.ts';
import { FORMAT, type NodeRecord, type RecordedDelta } from '../record/format.ts';
import type { Definition, DeltaSpec, NodeDefinition } from '../tree/definition.ts';
import type { FanDefinition } from '../tree/fan.ts';
import { canonicalState } from '../world/canonical.ts';
import { authorWords } from '../tree/author-words.ts';
import { packed, unpacked } from '../world/pebble/image.ts';
import type { State } from '../world/state.ts';
import { baseTree } from '../world/machine/bases/base-tree.ts';
import { consistencyProblems, stateProblems } from '../world/consistency.ts';
import { passesError } from '../world/juju/consistency/life-rules.ts';
import { dispatchEvent, type Playing } from './dispatch-event.ts';
import { digestOfState, digestOfValue } from './digests.ts';
import { unexpectedOf } from './expectation.ts';
import { layProblems } from './lay-problems.ts';
import { layState } from './lay-state.ts';
import { layUpgrade, upgradeProblems } from './lay-upgrade.ts';
import { playFan, type Fanning } from './fan-out.ts';
import { resolveEvent } from './resolve.ts';
import { layResponses } from './respond.ts';
import { rootState } from './root-state.ts';
import type { Using } from './using.ts';

/** One node, played or read back. `source` tells which; a node that could not be played has neither. */
export type Evaluated = {
  readonly record: NodeRecord;
  readonly state: State;
  readonly source: 'dispatched' | 'cached' | 'none';
  /** What chance in its dispatch was made of: a hash over the events that led here, from the root. */
  readonly seed: string;
  /** The charm it was played with, whose upgrade its children keep. */
  readonly using: Using;
};
/** What the store keeps of a node: all but what the definition says. */
type Played = {
  readonly event: Event;
  readonly outcome: Outcome;
  readonly unmet: NodeRecord['unmet'];
  readonly changed: NodeRecord['changed'];
  readonly entries: NodeRecord['entries'];
  readonly after: State;
};

type Laid = {
  readonly state: State;
  readonly laid: readonly RecordedDelta[];
  readonly problems: readonly Problem[];
};

/** The deltas over the state, in order, and why any of them cannot be. */
function layDeltas(state: State, deltas: readonly DeltaSpec[], using: Using): Laid {
  const laid: RecordedDelta[] = [];
  const problems: Problem[] = [];
  let current = state;
  for (const delta of deltas) {
    const { respond, about } = delta;
    const told = layState(current, delta.state, using);
    problems.push(...layProblems({ before: current, after: told }, delta.state, using.charm));
    const next = respond ? layResponses(told, respond, using) : told;
    const changed = stateDifference(canonicalState(current), canonicalState(next));
    const words = authorWords(delta.state as Json) as JsonObject;
    const spec = respond ? { ...words, respond } : words;
    laid.push({ spec, changed, ...(about === undefined ? {} : { about }) });
    current = next;
  }
  return { state: current, laid, problems };
}

/** Does Juju go on with the unit? A failed hook holds it up, but for what may come in error. */
function carriesOn({ outcome }: NodeRecord, { juju }: State, event: Event | null): boolean {
  if (outcome.kind === 'inconsistent' || outcome.kind === 'parent-failed') return false;
  const { failed, rebooting } = juju;
  if (failed === null || rebooting) return true;
  return event !== null && passesError({ slice: juju, event }, failed);
}

/** The part of a node's record that its definition gives. */
function described(node: NodeDefinition, tree: string) {
  return {
    format: FORMAT,
    id: node.id,
    tree,
    parent: node.parent,
    edge: node.edge,
    branch: node.branch,
    golden: node.golden,
    ...(node.title === undefined ? {} : { title: node.title }),
    ...(node.about === undefined ? {} : { about: node.about }),
  } as const;
}

/** As the store keeps it: a container costs what differs from its image. */
function withoutImages(played: Played): Played {
  const { after } = played;
  return { ...played, after: { ...after, pebble: packed(after.pebble) } };
}

function whole(played: Played, { blobs }: Using): Played {
  const { after } = played;
  return { ...played, after: { ...after, pebble: unpacked(after.pebble, blobs) } };
}

async function playEvent(
  state: State,
  { event, faults, seed, using }: Playing,
): Promise<{ played: Played; cached: boolean }> {
  const { inputs, digest, limits } = using;
  const key = digestOfValue(
    { ...inputs, state: digestOfState(state, digest), event, faults, seed, limits },
    digest,
  );
  const found = using.force ? null : (using.store.get(key) as Played | null);
  if (found) return { played: whole(found, using), cached: true };
  const stage = await using.stage();
  const dispatched = await dispatchEvent(stage, state, { event, faults, seed, using });
  const { outcome, unmet, entries, after } = dispatched;
  const changed = stateDifference(canonicalState(state), canonicalState(after));
  const played = { event, outcome, unmet, changed, entries, after };
  if (!stage.makeshift) using.store.put(key, withoutImages(played) as unknown as Json);
  return { played, cached: false };
}

/** A node that was not dispatched: Juju would not have, or its parent did not end well. */
function unplayed(outcome: Outcome, event: Event | null, state: State) {
  return {
    event,
    outcome,
    unmet: [],
    changed: {},
    entries: [],
    after: state,
    source: 'none',
  } as const;
}

type Met = {
  readonly event: Event | null;
  readonly problems: readonly Problem[];
  readonly state: State;
  readonly laid: readonly RecordedDelta[];
};

/** The state with the next charm in place, as one more change before the event. */
function swapped(
  { upgrade }: NodeDefinition,
  state: State,
  { from, to }: { from: Using; to: Using },
): Laid {
  if (upgrade === undefined) return { state, laid: [], problems: [] };
  const next = layUpgrade(state, from, to);
  const changed = stateDifference(canonicalState(state), canonicalState(next));
  const laid = [{ spec: { upgrade }, changed, about: 'The charm is swapped.' }];
  return { state: next, laid, problems: upgradeProblems(state, to.charm) };
}

/**
 * The event as it meets the state: the deltas laid, the charm swapped, and what Juju has against it. `known`: the event
 * itself, where nobody has to find out which is meant.
 */
function meet(node: NodeDefinition, parent: Evaluated, using: Using, known?: Event): Met {
  const { charm } = using;
  const deltas = layDeltas(parent.state, node.deltas, parent.using);
  const swap = swapped(node, deltas.state, { from: parent.using, to: using });
  const { state } = swap;
  const laid = [...deltas.laid, ...swap.laid];
  const laidWrong = [
    ...deltas.problems,
    ...swap.problems,
    ...(laid.length > 0 ? stateProblems(state, charm, { root: false }) : []),
  ];
  const resolved = known ? { event: known } : resolveEvent(node.event, state, charm);
  if ('problems' in resolved) {
    return { event: null, problems: [...laidWrong, ...resolved.problems], state, laid };
  }
  const { event } = resolved;
  const against = [...laidWrong, ...consistencyProblems(state, event, charm)];
  return { event, problems: against, state, laid };
}

/** Chance is a function of the events from the root on, so that an earlier change of State leaves it alone. */
function seedOf(parent: Evaluated, node: NodeDefinition): string {
  const { name, kind, params = {}, unit = null } = node.event;
  const of = { after: parent.seed, name, kind, params, unit };
  return digestOfValue(of, parent.using.digest).replace('sha256:', '');
}

function usingOf(node: NodeDefinition, parent: Evaluated): Using {
  if (node.upgrade === undefined) return parent.using;
  const found = parent.using.upgrades?.[node.upgrade];
  if (!found) throw new Error(`nothing is prepared for the upgrade to ${node.upgrade}`);
  return found;
}

/** What holds for every node of a tree. */
type Tree = { readonly name: string; readonly strict: boolean };
type Around = { readonly using: Using; readonly seed: string; readonly event?: Event | undefined };

async function playNode(node: NodeDefinition, parent: Evaluated, at: Around & { strict: boolean }) {
  const { using, seed } = at;
  const { event, problems, state, laid } = meet(node, parent, using, at.event);
  if (!carriesOn(parent.record, state, event)) {
    const outcome = parent.record.outcome;
    const cause = outcome.kind === 'parent-failed' ? outcome.node : parent.record.id;
    return { ...unplayed({ kind: 'parent-failed', node: cause }, null, parent.state), laid: [] };
  }
  if (event === null || (problems.length > 0 && at.strict)) {
    return { ...unplayed({ kind: 'inconsistent', problems }, event, state), laid };
  }
  const { faults = [] } = node.event;
  const { played, cached } = await playEvent(state, { event, faults, seed, using });
  const source = cached ? ('cached' as const) : ('dispatched' as const);
  return { ...played, source, laid, ...(problems.length > 0 ? { irregular: problems } : {}) };
}

type Fanned = Parameters<Fanning['play']>[2];

async function evaluateNode(
  node: NodeDefinition,
  parent: Evaluated,
  tree: Tree,
  fanned: Partial<Fanned> = {},
): Promise<Evaluated> {
  const at = { using: usingOf(node, parent), seed: seedOf(parent, node) };
  const around = { ...at, event: fanned.event, strict: tree.strict };
  const result = await playNode(node, parent, around);
  const { event, outcome, unmet, changed, entries, after, source, laid } = result;
  const { faults = [] } = node.event;
  const sameAs = fanned.sameAs?.(after);
  const record: NodeRecord = {
    ...described(node, tree.name),
    event,
    ...(sameAs === undefined ? {} : { sameAs }),
    ...(faults.length > 0 ? { faults } : {}),
    ...(node.upgrade === undefined ? {} : { upgrade: node.upgrade }),
    ...('irregular' in result ? { irregular: result.irregular } : {}),
    ...(after.machine.given?.host ? { host: true } : {}),
    deltas: laid,
    outcome,
    unmet,
    unexpected: unexpectedOf(node.expect, { outcome, unmet, after }),
    changed,
    entries,
  };
  return { record, state: after, source, ...at };
}

/** A root that cannot be is played on only where the tree is permissive. */
function rootOutcome(problems: readonly Problem[], strict: boolean) {
  if (problems.length === 0) return { outcome: { kind: 'root' } as const };
  return strict
    ? { outcome: { kind: 'inconsistent', problems } as const }
    : { outcome: { kind: 'root' } as const, irregular: problems };
}

function evaluateRoot(definition: Definition, using: Using, strict: boolean): Evaluated {
  const state = rootState(definition.root, using.charm, using);
  // Pages show what a machine began with.
  if (!using.charm.kubernetes) baseTree(state.machine, using.blobs);
  const record: NodeRecord = {
    format: FORMAT,
    id: definition.name,
    tree: definition.name,
    parent: null,
    edge: definition.name,
    branch: [],
    golden: true,
    title: definition.title,
    ...(definition.about === undefined ? {} : { about: definition.about }),
    event: null,
    deltas: [],
    ...rootOutcome(stateProblems(state, using.charm, { root: true }), strict),
    unmet: [],
    unexpected: [],
    changed: {},
    entries: [],
    state: canonicalState(state),
  };
  return { record, state, source: 'none', seed: '', using };
}

/** A node, or a fan-out, in tree order. */
type Grown = { readonly node: NodeDefinition } | { readonly fan: FanDefinition };

function inOrder({ nodes, fans = [] }: Definition): readonly Grown[] {
  const fansAt = (after: number) => fans.filter((fan) => fan.after === after);
  const grown = nodes.flatMap((node, index): readonly Grown[] => [
    ...fansAt(index).map((fan) => ({ fan })),
    { node },
  ]);
  return [...grown, ...fansAt(nodes.length).map((fan) => ({ fan }))];
}

function parentOf(grown: Grown): string {
  return 'node' in grown ? grown.node.parent : grown.fan.parent;
}

/** Nodes that others still grow from; one is forgotten with the last of these, so that a large tree needs no more. */
function openKnown(all: readonly Grown[]) {
  const known = new Map<string, Evaluated>();
  const left = new Map<string, number>();
  for (const grown of all) left.set(parentOf(grown), (left.get(parentOf(grown)) ?? 0) + 1);
  return {
    keep(evaluated: Evaluated): void {
      const { id } = evaluated.record;
      if (left.has(id)) known.set(id, evaluated);
    },
    take(grown: Grown): Evaluated {
      const id = parentOf(grown);
      const found = known.get(id);
      if (!found) throw new Error(`something comes before its parent ${id}`);
      const count = (left.get(id) ?? 1) - 1;
      left.set(id, count);
      if (count === 0) known.delete(id);
      return found;
    },
  };
}

function withResponders(using: Using, { responders }: Definition): Using {
  if (!responders) return using;
  const upgrades = Object.entries(using.upgrades ?? {}).map(
    ([to, next]) => [to, { ...next, responders }] as const,
  );
  return { ...using, responders, upgrades: Object.fromEntries(upgrades) };
}

/** Every node of the tree, the root first, in tree order. Throws a Mistake when a fan-out grows too large. */
export async function* evaluateTree(
  definition: Definition,
  given: Using,
): AsyncGenerator<Evaluated> {
  const all = inOrder(definition);
  const known = openKnown(all);
  const using = withResponders(given, definition);
  const tree = { name: definition.name, strict: definition.consistency !== 'permissive' };
  const root = evaluateRoot(definition, using, tree.strict);
  known.keep(root);
  yield root;
  for (const grown of all) {
    const parent = known.take(grown);
    if ('node' in grown) {
      const evaluated = await evaluateNode(grown.node, parent, tree);
      known.keep(evaluated);
      yield evaluated;
      continue;
    }
    const { fan } = grown;
    yield* playFan(fan, parent, {
      laid: (from) => layDeltas(from.state, fan.deltas, from.using).state,
      play: (node, from, fanned) => evaluateNode(node, from, tree, fanned),
    });
  }
}
