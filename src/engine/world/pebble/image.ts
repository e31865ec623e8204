/**
 * Containers whose image was read from a folder: their root is all of it in a State, and only what lies over the image
 * where a State is kept, hashed or recorded, so that a node costs what it changed and not what the image holds.
 */
import { laidOver, overlay } from '../../files/overlay.ts';
import type { Dir } from '../../files/tree.ts';
import type { Blobs } from '../../model/counterpart.ts';
import { listedTree } from '../../files/listing.ts';
import type { Base, Container, Image, PebbleSlice } from './slice.ts';

type Rooted = Pick<Image, 'root' | 'gone'>;

/** What lies over the base in place of the whole. */
function overBase<Whole extends Rooted>(whole: Whole, tree: Dir, times: boolean): Whole {
  const { root, gone } = overlay(tree, whole.root, { times });
  return { ...whole, root, gone };
}

function wholeOf<Over extends Rooted>(over: Over, tree: Dir): Over {
  const { gone = {}, ...rest } = over;
  return { ...rest, root: laidOver(tree, { root: over.root, gone }) } as Over;
}

/** The container without the files of its base. Where `times` do not count, a file written again is none. */
export function withoutBase(
  container: Container,
  { times = true }: { times?: boolean } = {},
): Container {
  const { base, image } = container;
  if (!base?.tree) return container;
  const { tree, ...named } = base;
  return {
    ...overBase(container, tree, times),
    base: named,
    ...(image ? { image: overBase(image, tree, times) } : {}),
  };
}

/** The container with the files of its base again. */
export function withBase(container: Container, blobs: Blobs): Container {
  const { base, image } = container;
  if (!base || base.tree) return container;
  const tree = listedTree(base.digest, blobs);
  return {
    ...wholeOf(container, tree),
    base: { ...base, tree },
    ...(image ? { image: wholeOf(image, tree) } : {}),
  };
}

function everyContainer(slice: PebbleSlice, make: (one: Container) => Container): PebbleSlice {
  const all = Object.entries(slice.containers);
  const made = all.map(([name, one]) => [name, make(one)] as const);
  const same = made.every(([, one], index) => one === all[index]?.[1]);
  return same ? slice : { ...slice, containers: Object.fromEntries(made) };
}

/** The slice as it is kept and hashed. */
export function packed(slice: PebbleSlice): PebbleSlice {
  return everyContainer(slice, (one) => withoutBase(one));
}

/** The slice that `packed` was made of. */
export function unpacked(slice: PebbleSlice, blobs: Blobs): PebbleSlice {
  return everyContainer(slice, (one) => withBase(one, blobs));
}

/** A container with this image below what is in it. */
export function onBase(container: Container, base: Base, blobs: Blobs): Container {
  const tree = listedTree(base.digest, blobs);
  const root = laidOver(tree, { root: container.root, gone: {} });
  return { ...container, base: { ...base, tree }, root };
}
