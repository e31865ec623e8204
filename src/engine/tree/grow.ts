/**
 * From steps to nodes: each event grows a node below the one before it, a branch grows several, a delta waits for the
 * next event. A node's id is the path of edge names since the nearest named node; it has no counter and no hash.
 */
import { Mistake, type Position } from '../model/mistake.ts';
import type { Report } from '../model/yaml.ts';
import type { BranchDefinition, DeltaSpec, NodeDefinition } from './definition.ts';
import type { FanDefinition } from './fan.ts';
import type { Branch, BranchStep, EachStep, EventStep, FanStep, Step } from './step.ts';

export type Grown = {
  readonly nodes: readonly NodeDefinition[];
  readonly branches: readonly BranchDefinition[];
  readonly fans: readonly FanDefinition[];
};
/** Longest id: it is a path of folders and a page's address. */
export const ID_MAX = 200;

/** Where the next event grows. */
type Tip = {
  readonly node: string;
  /** What its children's ids begin with: the node's id, and the branches entered since. */
  readonly prefix: string;
  readonly branch: readonly string[];
  readonly golden: boolean;
  readonly deltas: readonly Waiting[];
};
/** A delta that waits for an event; `used` is set once one has come. */
type Waiting = { readonly delta: DeltaSpec; used: boolean };
type Growth = {
  readonly tree: string;
  readonly report: Report;
  readonly nodes: NodeDefinition[];
  readonly branches: BranchDefinition[];
  readonly fans: FanDefinition[];
  /** Where each id, and each node's own name, was first given. */
  readonly ids: Map<string, Position>;
  readonly names: Map<string, Position>;
};

function claimName(growth: Growth, name: string, at: Position): void {
  const known = growth.names.get(name);
  if (known) {
    const message = `a second node is named "${name}": the first is on line ${known.line}`;
    growth.report(new Mistake(message, { at, hint: 'Names are unique in a tree.' }));
  } else growth.names.set(name, at);
}

function claimId(growth: Growth, id: string, at: Position): void {
  const known = growth.ids.get(id);
  if (known) {
    const message = `lines ${known.line} and ${at.line} would both be the node "${id}"`;
    growth.report(new Mistake(message, { at, hint: 'Give one of them a name: {name: …}.' }));
  } else growth.ids.set(id, at);
  if (id.length > ID_MAX) {
    const message = `the id of this node has ${id.length} characters, more than ${ID_MAX}`;
    const hint = 'Name this node or one above it: {as: ready}; ids begin anew there.';
    growth.report(new Mistake(message, { at, hint }));
  }
}

function growEvent(growth: Growth, tip: Tip, step: EventStep): Tip {
  const { event, edge, as, title, about, expect, upgrade } = step;
  const id = as === undefined ? `${tip.prefix}/${edge}` : `${growth.tree}/${as}`;
  if (as !== undefined) claimName(growth, as, event.at);
  claimId(growth, id, event.at);
  for (const waiting of tip.deltas) waiting.used = true;
  growth.nodes.push({
    id,
    parent: tip.node,
    edge,
    branch: tip.branch,
    golden: tip.golden,
    ...(title === undefined ? {} : { title }),
    ...(about === undefined ? {} : { about }),
    deltas: tip.deltas.map(({ delta }) => delta),
    event,
    ...(expect === undefined ? {} : { expect }),
    ...(upgrade === undefined ? {} : { upgrade }),
  });
  return { ...tip, node: id, prefix: id, deltas: [] };
}

function growBranch(growth: Growth, tip: Tip, branch: Branch): void {
  const prefix = `${tip.prefix}/${branch.slug}`;
  if (branch.golden && !tip.golden) {
    const hint = 'Mark the branch around it golden as well, or neither.';
    growth.report(new Mistake('golden, under a branch that is not', { at: branch.at, hint }));
  }
  const { title, about } = branch;
  growth.branches.push({ id: prefix, title, ...(about === undefined ? {} : { about }) });
  const inside = { ...tip, prefix, branch: [...tip.branch, title] };
  growSteps(growth, { ...inside, golden: tip.golden && branch.golden }, branch.steps);
}

/** A golden branch takes the golden trace with it: what follows on the trunk is not drawn bold. */
function growBranches(growth: Growth, tip: Tip, step: BranchStep): Tip {
  for (const branch of step.branches) growBranch(growth, tip, branch);
  const taken = step.branches.some(({ golden }) => golden);
  return taken ? { ...tip, golden: false } : tip;
}

/** Siblings that go by their events; what follows on the trunk stays the trace drawn bold. */
function growEach(growth: Growth, tip: Tip, { traces }: EachStep): void {
  for (const steps of traces) growSteps(growth, { ...tip, golden: false }, steps);
}

/** Which nodes it comes to is known when it is played; their ids begin with its own. */
function growFan(growth: Growth, tip: Tip, { fan, at }: FanStep): void {
  const id = `${tip.prefix}/${fan.name}`;
  claimId(growth, id, at);
  for (const waiting of tip.deltas) waiting.used = true;
  const { name: title, about } = fan;
  growth.branches.push({ id, title, ...(about === undefined ? {} : { about }) });
  growth.fans.push({
    ...fan,
    id,
    parent: tip.node,
    after: growth.nodes.length,
    branch: [...tip.branch, title],
    deltas: tip.deltas.map(({ delta }) => delta),
    at,
  });
}

function growSteps(growth: Growth, from: Tip, steps: readonly Step[]): void {
  const laid: Waiting[] = [];
  let tip = from;
  for (const step of steps) {
    if (step.kind === 'event') tip = growEvent(growth, tip, step);
    else if (step.kind === 'branch') tip = growBranches(growth, tip, step);
    else if (step.kind === 'each') growEach(growth, tip, step);
    else if (step.kind === 'fan-out') growFan(growth, tip, step);
    else if (step.kind === 'unread') for (const waiting of tip.deltas) waiting.used = true;
    else {
      const waiting = { delta: step.delta, used: false };
      laid.push(waiting);
      tip = { ...tip, deltas: [...tip.deltas, waiting] };
    }
  }
  for (const { delta } of laid.filter(({ used }) => !used)) {
    const hint = 'A delta is laid over the state before the next event: write one after it.';
    growth.report(new Mistake('no event comes after this delta', { at: delta.at, hint }));
  }
}

/** The nodes of the steps in tree order, all below the root whose id is `tree`. */
export function grow(tree: string, steps: readonly Step[], report: Report): Grown {
  const [ids, names] = [new Map<string, Position>(), new Map<string, Position>()];
  const growth: Growth = { tree, report, nodes: [], branches: [], fans: [], ids, names };
  const tip = { node: tree, prefix: tree, branch: [], golden: true, deltas: [] };
  growSteps(growth, tip, steps);
  return { nodes: growth.nodes, branches: growth.branches, fans: growth.fans };
}
