/** Everything a node's page shows, from its record, its parent's State and the index. */
import { neighbourhood } from '../chart/neighbourhood.ts';
import { oneLine, plainText } from '../chart/plain-text.ts';
import type { Flowchart } from '../chart/flowchart.ts';
import type { Shape } from '../chart/shape.ts';
import { childrenOf, pathTo } from '../chart/shape.ts';
import type { Blobs } from '../engine/model/counterpart.ts';
import type { Index, IndexNode, IndexTree, NodeRecord } from '../engine/record/format.ts';
import { unpacked } from '../engine/world/pebble/image.ts';
import type { State } from '../engine/world/state.ts';
import type { FittingChanges } from './change-fold.ts';
import type { ContainerView, PebbleTimes } from './container-view.ts';
import { containerViews, yamlText } from './container-view.ts';
import type { EntryView } from './entry-view.ts';
import { eventView } from './event-view.ts';
import type { EventView } from './event-view.ts';
import type { FileRow } from './files-view.ts';
import { changedFiles } from './files-view.ts';
import { linkFrom, pagePath } from './links.ts';
import { faultSentence } from './fault-words.ts';
import type { NodeRest } from './node-rest.ts';
import type { OutcomeView, ProblemView } from './outcome-words.ts';
import { outcomeView, problemView } from './outcome-words.ts';
import type { RelationView } from './relation-view.ts';
import { relationViews } from './relation-view.ts';
import type { StatusView } from './status-view.ts';
import { stateBeforeEvent } from './state-at.ts';
import { statusView } from './status-view.ts';
import { machineTables } from './machine-view.ts';
import { unitDataViews, type UnitDataView } from './unit-data-view.ts';
import { jsonText } from './values.ts';

export type NodeLink = { readonly text: string; readonly href: string; readonly here?: boolean };
export type DeltaView = {
  readonly about: string;
  readonly spec: string;
  readonly changes: FittingChanges;
};
export type NodePage = {
  readonly path: string;
  readonly id: string;
  readonly title: string;
  readonly heading: string;
  readonly about: string;
  readonly golden: boolean;
  readonly branch: readonly string[];
  readonly tree: NodeLink;
  readonly breadcrumb: readonly NodeLink[];
  readonly event: EventView | null;
  /** The charm it was upgraded to before the event, as the tree names it. */
  readonly upgrade: string;
  readonly faults: readonly string[];
  /** Why Juju would not have delivered the event. */
  readonly irregular: readonly ProblemView[];
  /** Played over files of the host. */
  readonly host: boolean;
  readonly outcome: OutcomeView;
  readonly causeHref: string | null;
  readonly status: StatusView;
  readonly unmet: readonly { readonly what: string; readonly rule: string }[];
  readonly unexpected: readonly {
    readonly path: string;
    readonly expected: string;
    readonly actual: string;
  }[];
  readonly deltas: readonly DeltaView[];
  readonly changed: FittingChanges;
  readonly entries: readonly EntryView[];
  readonly relations: readonly RelationView[];
  readonly unitData: readonly UnitDataView[];
  readonly containers: readonly ContainerView[];
  /** Packages, units, processes of the unit's machine, as far as anything was asked of it. */
  readonly machine: readonly UnitDataView[];
  /** What was changed of its files. */
  readonly machineFiles: readonly FileRow[];
  readonly charmDir: readonly FileRow[];
  /** Folders outside of it that are kept: storage, by location. */
  readonly folders: readonly { readonly path: string; readonly files: readonly FileRow[] }[];
  readonly databases: readonly { readonly path: string; readonly rows: string }[];
  readonly action: { readonly text: string; readonly failure: string } | null;
  readonly recordHref: string;
  readonly links: {
    readonly parent: NodeLink | null;
    readonly previous: NodeLink | null;
    readonly next: NodeLink | null;
    readonly siblings: readonly NodeLink[];
    readonly children: readonly NodeLink[];
    readonly traces: readonly NodeLink[];
  };
  readonly chart: Flowchart;
};

export type NodeInput = {
  readonly index: Index;
  readonly tree: IndexTree;
  readonly shape: Shape;
  readonly record: NodeRecord;
  /** After the node. */
  readonly state: State;
  /** After the parent node; null for a root. */
  readonly parent: State | null;
  /** What images consist of. */
  readonly blobs: Blobs;
  /** With what this page has no room for. */
  readonly rest: NodeRest;
};

export function nodePage(input: NodeInput): NodePage {
  const { record, tree, rest } = input;
  const path = pagePath.node(record.id);
  const outcome = outcomeView(record.outcome);
  const heading = record.title ? plainText(record.title) : record.edge;
  return {
    path,
    id: record.id,
    title: `${heading} · ${plainText(tree.title)}`,
    heading,
    about: plainText(record.about ?? ''),
    golden: record.golden,
    branch: record.branch.map(plainText),
    tree: { text: plainText(tree.title), href: linkFrom(path, pagePath.tree(tree.name)) },
    ...placed(input, path),
    event: record.event ? eventView(record.event) : null,
    upgrade: plainText(record.upgrade ?? ''),
    faults: (record.faults ?? []).map(faultSentence),
    irregular: (record.irregular ?? []).map(problemView),
    host: record.host ?? false,
    outcome,
    causeHref: outcome.cause ? linkFrom(path, pagePath.node(outcome.cause)) : null,
    ...happened(record, rest),
    ...standing(input),
    recordHref: linkFrom(path, pagePath.record(record.id)),
  };
}

type Placed = Pick<NodePage, 'breadcrumb' | 'links' | 'chart'>;
function placed({ shape, record, tree }: NodeInput, path: string): Placed {
  const at = tree.nodes.findIndex((node) => node.id === record.id);
  const to = (node: IndexNode | undefined): NodeLink | null => (node ? linkTo(node, path) : null);
  const beside = (node: IndexNode): NodeLink => ({
    ...linkTo(node, path),
    text: branchedText(node, record.branch),
  });
  const siblings = record.parent === null ? [] : childrenOf(shape, record.parent);
  return {
    breadcrumb: pathTo(shape, record.id).map((node) => linkTo(node, path, node.id === record.id)),
    links: {
      parent: record.parent === null ? null : to(shape.nodes.get(record.parent)),
      previous: to(tree.nodes[at - 1]),
      next: to(tree.nodes[at + 1]),
      siblings: siblings.filter((node) => node.id !== record.id).map(beside),
      children: childrenOf(shape, record.id).map(beside),
      traces: firstTraces(shape, record.id, path),
    },
    chart: neighbourhood(shape, record.id),
  };
}

function linkTo(node: IndexNode, path: string, here = false): NodeLink {
  const link = { text: node.edge, href: linkFrom(path, pagePath.node(node.id)) };
  return here ? { ...link, here } : link;
}

/** An event with the branch it starts, where that is not the reader's own: siblings often share an event. */
function branchedText(node: IndexNode, here: readonly string[]): string {
  const other = node.branch.filter((name, at) => name !== here[at]);
  return other.length > 0 ? `${node.edge} (${plainText(other.join(', '))})` : node.edge;
}

const TRACES_SHOWN = 6;
/** The first traces that pass through a node, in tree order. */
function firstTraces(shape: Shape, id: string, path: string): NodeLink[] {
  const found: NodeLink[] = [];
  const waiting = [id];
  for (
    let at = waiting.shift();
    at !== undefined && found.length < TRACES_SHOWN;
    at = waiting.shift()
  ) {
    const children = childrenOf(shape, at);
    if (children.length === 0)
      found.push({ text: `… to ${at}`, href: linkFrom(path, pagePath.trace(at)) });
    waiting.unshift(...children.map((child) => child.id));
  }
  return found;
}

type Happened = Pick<NodePage, 'unmet' | 'unexpected' | 'deltas' | 'changed' | 'entries'>;
function happened(record: NodeRecord, rest: NodeRest): Happened {
  return {
    unmet: record.unmet.map(({ what, rule }) => ({
      what: plainText(what),
      rule: plainText(rule ?? ''),
    })),
    unexpected: record.unexpected.map((one) => ({
      path: plainText(one.path),
      expected: oneLine(textOf(one.expected), 300),
      actual: oneLine(textOf(one.actual), 300),
    })),
    deltas: record.deltas.map((delta, at) => ({
      about: plainText(delta.about ?? ''),
      spec: yamlText(delta.spec),
      changes: rest.deltas[at] as FittingChanges,
    })),
    changed: rest.event,
    entries: rest.entries,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : jsonText(value);
}

function pebbleTimes({ record, state, parent, blobs }: NodeInput): PebbleTimes {
  const met = parent ? stateBeforeEvent(parent, record) : state;
  return {
    after: unpacked(state.pebble, blobs),
    met: unpacked(met.pebble, blobs),
    before: parent && unpacked(parent.pebble, blobs),
  };
}

type Standing = Pick<
  NodePage,
  | 'status'
  | 'relations'
  | 'unitData'
  | 'containers'
  | 'machine'
  | 'machineFiles'
  | 'charmDir'
  | 'folders'
  | 'databases'
  | 'action'
>;
function standing(input: NodeInput): Standing {
  const { index, tree, record, state } = input;
  const charm = index.charms.find((one) => one.name === tree.charm);
  const { action } = state.juju;
  return {
    status: statusView(state, charm),
    relations: relationViews(state.juju),
    unitData: unitDataViews(state.juju),
    containers: containerViews(pebbleTimes(input)),
    machine: machineTables(state.machine),
    machineFiles: changedFiles(state.machine.root ?? {}),
    charmDir: changedFiles(state.machine.charmDir),
    folders: Object.keys(state.machine.folders)
      .sort()
      .map((path) => ({
        path: plainText(path),
        files: changedFiles(state.machine.folders[path] ?? {}),
      })),
    databases: Object.keys(state.machine.databases)
      .sort()
      .map((path) => ({
        path: plainText(path),
        rows: plainText(jsonText(state.machine.databases[path])),
      })),
    action:
      action && record.event?.kind === 'action'
        ? {
            text: yamlText({ results: action.results, log: action.log }),
            failure: plainText(action.failure ?? ''),
          }
        : null,
  };
}
