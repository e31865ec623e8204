/**
 * Plays a tree: every node from its parent's state, in tree order, from the store where its inputs did not change.
 * Nodes below one that did not end well are not played: Juju would deliver nothing to a unit in that state.
 */
import type { Outcome, Problem } from '../model/outcome.ts';
import type { Event } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { stateDifference } from '../record/difference.ts';
import { FORMAT, type NodeRecord, type RecordedDelta } from '../record/format.ts';
import type { Definition, DeltaSpec, NodeDefinition } from '../tree/definition.ts';
import { canonicalState } from '../world/canonical.ts';
import { authorWords } from '../tree/author-words.ts';
import type { State } from '../world/state.ts';
import { consistencyProblems, dispatchEvent } from './dispatch-event.ts';
import { digestOfState, digestOfValue } from './digests.ts';
import { unexpectedOf } from './expectation.ts';
import { layState } from './lay-state.ts';
import { resolveEvent } from './resolve.ts';
import { rootState } from './root-state.ts';
import type { Using } from './using.ts';

/** One node, played or read back. `source` tells which; a node that could not be played has neither. */
export type Evaluated = {
  readonly record: NodeRecord;
  readonly state: State;
  readonly source: 'dispatched' | 'cached' | 'none';
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

function layDeltas(
  state: State,
  deltas: readonly DeltaSpec[],
  using: Using,
): { state: State; laid: readonly RecordedDelta[] } {
  const laid: RecordedDelta[] = [];
  let current = state;
  for (const delta of deltas) {
    const next = layState(current, delta.state, using);
    const changed = stateDifference(canonicalState(current), canonicalState(next));
    const about = delta.about === undefined ? {} : { about: delta.about };
    laid.push({ spec: authorWords(delta.state as Json), changed, ...about });
    current = next;
  }
  return { state: current, laid };
}

/** May the node's children be played? An action that fails leaves the unit as it was. */
function carriesOn(record: NodeRecord): boolean {
  const { outcome, event } = record;
  return (
    ['root', 'played'].includes(outcome.kind) ||
    (outcome.kind === 'failed' && event?.kind === 'action')
  );
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

async function playEvent(
  state: State,
  event: Event,
  using: Using,
): Promise<{ played: Played; cached: boolean }> {
  const key = digestOfValue(
    { ...using.inputs, state: digestOfState(state, using.digest), event, limits: using.limits },
    using.digest,
  );
  const found = using.force ? null : (using.store.get(key) as Played | null);
  if (found) return { played: found, cached: true };
  const stage = await using.stage();
  const { outcome, unmet, entries, after } = await dispatchEvent(stage, state, { event, using });
  const changed = stateDifference(canonicalState(state), canonicalState(after));
  const played = { event, outcome, unmet, changed, entries, after };
  using.store.put(key, played as unknown as Json);
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

async function playNode(node: NodeDefinition, parent: Evaluated, using: Using) {
  if (!carriesOn(parent.record)) {
    const outcome = parent.record.outcome;
    const cause = outcome.kind === 'parent-failed' ? outcome.node : parent.record.id;
    return { ...unplayed({ kind: 'parent-failed', node: cause }, null, parent.state), laid: [] };
  }
  const { state, laid } = layDeltas(parent.state, node.deltas, using);
  const refuse = (problems: readonly Problem[], event: Event | null) => ({
    ...unplayed({ kind: 'inconsistent', problems }, event, state),
    laid,
  });
  const resolved = resolveEvent(node.event, state, using.charm);
  if ('problems' in resolved) return refuse(resolved.problems, null);
  const problems = consistencyProblems(state, resolved.event, using);
  if (problems.length > 0) return refuse(problems, resolved.event);
  const { played, cached } = await playEvent(state, resolved.event, using);
  return { ...played, source: cached ? ('cached' as const) : ('dispatched' as const), laid };
}

async function evaluateNode(
  node: NodeDefinition,
  parent: Evaluated,
  { tree, using }: { tree: string; using: Using },
): Promise<Evaluated> {
  const { event, outcome, unmet, changed, entries, after, source, laid } = await playNode(
    node,
    parent,
    using,
  );
  const record: NodeRecord = {
    ...described(node, tree),
    event,
    deltas: laid,
    outcome,
    unmet,
    unexpected: unexpectedOf(node.expect, { outcome, unmet, after }),
    changed,
    entries,
  };
  return { record, state: after, source };
}

function evaluateRoot(definition: Definition, using: Using): Evaluated {
  const state = rootState(definition.root, using.charm, using);
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
    outcome: { kind: 'root' },
    unmet: [],
    unexpected: [],
    changed: {},
    entries: [],
    state: canonicalState(state),
  };
  return { record, state, source: 'none' };
}

/** Every node of the tree, the root first, in tree order. */
export async function* evaluateTree(
  definition: Definition,
  using: Using,
): AsyncGenerator<Evaluated> {
  const known = new Map<string, Evaluated>();
  const root = evaluateRoot(definition, using);
  known.set(definition.name, root);
  yield root;
  for (const node of definition.nodes) {
    const parent = known.get(node.parent);
    if (!parent) throw new Error(`${node.id} comes before its parent ${node.parent}`);
    const evaluated = await evaluateNode(node, parent, { tree: definition.name, using });
    known.set(node.id, evaluated);
    yield evaluated;
  }
}
