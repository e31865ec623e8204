/** Builds a tree's records from States: changes are the real difference, so that what pages rebuild can be checked. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Event } from '../../src/engine/model/event.ts';
import type { Json } from '../../src/engine/model/json.ts';
import { stableText } from '../../src/engine/model/json.ts';
import type { Outcome, Unmet } from '../../src/engine/model/outcome.ts';
import { stateDifference } from '../../src/engine/record/difference.ts';
import { FORMAT } from '../../src/engine/record/format.ts';
import type { TraceEntry, Index, IndexTree, NodeRecord } from '../../src/engine/record/format.ts';
import { indexNode } from '../../src/engine/record/index-of.ts';
import type { State } from '../../src/engine/world/state.ts';

export type Sample = {
  readonly index: Index;
  readonly records: ReadonlyMap<string, NodeRecord>;
  readonly states: ReadonlyMap<string, State>;
  readonly blobs: ReadonlyMap<string, string>;
};
export type NodeSample = {
  readonly edge: string;
  readonly event: Event;
  readonly outcome?: Outcome;
  readonly delta?: {
    readonly about?: string;
    readonly spec: Json;
    readonly state: (state: State) => State;
  };
  readonly state?: (state: State) => State;
  readonly entries?: readonly TraceEntry[];
  readonly unmet?: readonly Unmet[];
  readonly unexpected?: NodeRecord['unexpected'];
  readonly faults?: NonNullable<NodeRecord['faults']>;
  readonly irregular?: NonNullable<NodeRecord['irregular']>;
  readonly upgrade?: string;
  readonly golden?: boolean;
  readonly branch?: readonly string[];
  readonly title?: string;
  readonly about?: string;
  readonly id?: string;
};

/** Text kept as a blob: its digest. */
export type Keep = (text: string) => string;

export class TreeSample {
  readonly #meta: Omit<IndexTree, 'nodes'>;
  readonly records: NodeRecord[] = [];
  readonly states = new Map<string, State>();

  constructor(meta: Omit<IndexTree, 'nodes'>, root: State) {
    this.#meta = meta;
    this.states.set(meta.name, root);
    this.records.push({
      format: FORMAT,
      id: meta.name,
      tree: meta.name,
      parent: null,
      edge: meta.name,
      branch: [],
      golden: true,
      event: null,
      deltas: [],
      outcome: { kind: 'root' },
      unmet: [],
      unexpected: [],
      changed: {},
      entries: [],
      state: root,
    });
  }

  /** Adds a node below `parent` and gives its id. */
  add(parent: string, node: NodeSample): string {
    const id = node.id ?? `${parent}/${node.edge}`;
    const met = this.states.get(parent) as State;
    const before = node.delta ? node.delta.state(met) : met;
    const after = node.state ? node.state(before) : before;
    this.states.set(id, after);
    this.records.push({
      format: FORMAT,
      id,
      tree: this.#meta.name,
      parent,
      edge: node.edge,
      branch: node.branch ?? [],
      golden: node.golden ?? false,
      ...(node.title ? { title: node.title } : {}),
      ...(node.about ? { about: node.about } : {}),
      event: node.event,
      ...(node.faults ? { faults: node.faults } : {}),
      ...(node.irregular ? { irregular: node.irregular } : {}),
      ...(node.upgrade ? { upgrade: node.upgrade } : {}),
      deltas: node.delta
        ? [
            {
              spec: node.delta.spec,
              ...(node.delta.about ? { about: node.delta.about } : {}),
              changed: stateDifference(met, before),
            },
          ]
        : [],
      outcome: node.outcome ?? { kind: 'played' },
      unmet: node.unmet ?? [],
      unexpected: node.unexpected ?? [],
      changed: stateDifference(before, after),
      entries: node.entries ?? [],
    });
    return id;
  }

  tree(): IndexTree {
    const nodes = this.records.map((record) =>
      indexNode(record, this.states.get(record.id) as State),
    );
    return { ...this.#meta, nodes };
  }
}

export function blobStore(): { keep: Keep; blobs: Map<string, string> } {
  const blobs = new Map<string, string>();
  const keep: Keep = (text) => {
    const hex = createHash('sha256').update(text).digest('hex');
    blobs.set(hex, text);
    return `sha256:${hex}`;
  };
  return { keep, blobs };
}

/** Writes a sample as a records folder. */
export async function writeSample(sample: Sample, folder: string): Promise<void> {
  const files = [
    ['index.json', stableText(sample.index)],
    ...[...sample.records].map(([id, record]) => [`${id}.json`, stableText(record)]),
    ...[...sample.blobs].map(([hex, text]) => [`blobs/${hex}`, text]),
  ] as const;
  for (const [path = '', text = ''] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
