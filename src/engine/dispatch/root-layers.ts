/**
 * Which layers of machines' roots one sandbox holds, by number (roots.py keeps them): what a root is made of is sent
 * once; an event that follows another on the same sandbox stands on what that one left.
 */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Changes } from '../files/tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Base, Job } from '../model/dispatch.ts';
import { baseToWire, rootToWire, type WireRoot } from './root-changes.ts';
import { writeRootPack } from './root-pack.ts';

/** `on`: the layer that the event's own stands on, null for the base. `own`: what its layer is called. */
export type RootFrame = {
  readonly base: string;
  /** Of a base that the server has not met. `pack`: the file that has what lies over them (root-pack.ts). */
  readonly entries?: WireRoot;
  readonly pack?: string;
  readonly on: number | null;
  /** What layer `on` is to be made of first, over the base. */
  readonly fill?: WireRoot;
  readonly own: number;
  /** Layers that nothing will stand on any more. */
  readonly drop: readonly number[];
};

export type RootLayers = {
  frame(job: Job, blobs: Blobs): RootFrame;
  /**
   * `root`: what the event's own layer makes of what it stood on; null when the layer is of no use. `kept`: the server
   * has it.
   */
  ended(frame: RootFrame, kept: boolean, root: Changes | null): void;
  /** The event did not begin: its base may not have been laid out. */
  failed(frame: RootFrame): void;
};

const LAYERS_MAX = 64;
const BYTES_MAX = 256 << 20;
const NO_BASE: Base = { key: '', entries: {} };

const digests = new WeakMap<Changes, string>();

function digestOf(changes: Changes): string {
  const known = digests.get(changes);
  if (known !== undefined) return known;
  const made = createHash('sha1').update(JSON.stringify(changes)).digest('hex');
  digests.set(changes, made);
  return made;
}

function bytesOf(changes: Changes): number {
  return Object.values(changes).reduce(
    (sum, change) => sum + 1024 + (change.kind === 'file' ? change.size : 0),
    0,
  );
}

type Layer = { readonly number: number; readonly bytes: number };

/** For one sandbox: another begins with none. `packs`: a folder that the sandbox sees. */
export function openRootLayers(packs: string): RootLayers {
  /** In the order of their last use. */
  const layers = new Map<string, Layer>();
  const bases = new Set<string>();
  const useless: number[] = [];
  let numbers = 0;

  function use(key: string, make: () => Layer): Layer {
    const layer = layers.get(key) ?? make();
    layers.delete(key);
    layers.set(key, layer);
    return layer;
  }

  function firstOf({ key, entries, listing }: Base, blobs: Blobs): Partial<RootFrame> {
    if (bases.has(key)) return {};
    bases.add(key);
    if (listing === undefined) return { entries: baseToWire(entries) };
    const pack = String((numbers += 1));
    writeRootPack(join(packs, pack), listing, blobs);
    return { entries: baseToWire(entries), pack };
  }

  function superfluous(): readonly number[] {
    const drop = useless.splice(0);
    let bytes = [...layers.values()].reduce((sum, layer) => sum + layer.bytes, 0);
    for (const [key, layer] of layers) {
      if (layers.size <= LAYERS_MAX && bytes <= BYTES_MAX) break;
      layers.delete(key);
      bytes -= layer.bytes;
      drop.push(layer.number);
    }
    return drop;
  }

  return {
    frame({ root = {}, base = NO_BASE }, blobs) {
      const drop = superfluous();
      const about = { base: base.key, ...firstOf(base, blobs), drop };
      if (Object.keys(root).length === 0) return { ...about, on: null, own: (numbers += 1) };
      const key = `${base.key} ${digestOf(root)}`;
      const filled = layers.has(key) ? {} : { fill: rootToWire(root, blobs) };
      const on = use(key, () => ({ number: (numbers += 1), bytes: bytesOf(root) })).number;
      return { ...about, on, ...filled, own: (numbers += 1) };
    },
    failed({ base, pack }) {
      if (pack !== undefined) bases.delete(base);
    },
    ended({ base, own, pack }, kept, root) {
      if (pack !== undefined) rmSync(join(packs, pack));
      if (!kept) return;
      if (root === null) {
        useless.push(own);
        return;
      }
      const key = `${base} ${digestOf(root)}`;
      // The same root came about in another way before: that layer is as good, and it goes.
      const before = layers.get(key);
      if (before) useless.push(before.number);
      layers.delete(key);
      layers.set(key, { number: own, bytes: bytesOf(root) });
    },
  };
}
