/**
 * A container with all laid over it that an author may say: its image, files of any kind, and how its programs behave,
 * besides what `layContainer` lays.
 */
import { emptyDir, fileOf, mkdirAll, remove, write } from '../../files/edit.ts';
import type { Dir, Entry } from '../../files/tree.ts';
import type { Blobs } from '../../model/counterpart.ts';
import { Mistake } from '../../model/mistake.ts';
import type { Millis } from '../../model/request.ts';
import { layPrograms } from './behaviour-lay.ts';
import { layContainer, restarted, type ContainerDescription } from './container.ts';
import { dirOf } from './file-path.ts';
import { onBase } from './image.ts';
import { listedTree } from '../../files/listing.ts';
import { imageLayers, LAYERS_FOLDER } from './image-layers.ts';
import type { Base, Container, ExecRule, Program } from './slice.ts';

type Owned = { readonly mode?: number; readonly user?: string; readonly group?: string };
/** A file whose contents are in the store, or a link. */
export type FileDescription =
  | (Owned & { readonly digest: string; readonly size: number })
  | (Owned & { readonly target: string });
/** `base`: the image's folder, once it was read. Null takes away. */
export type WholeDescription = Omit<ContainerDescription, 'files'> & {
  readonly base?: Base;
  readonly files?: Readonly<Record<string, FileDescription | null>>;
  readonly programs?: Readonly<Record<string, Program | null>>;
  readonly execs?: readonly ExecRule[] | null;
};
type With = { readonly blobs: Blobs; readonly now: Millis };

const FILE_MODE = 0o644;
const LINK_MODE = 0o777;

function refuse(path: string, fault: string): never {
  throw new Mistake(`file ${JSON.stringify(path)} cannot be put into the container: ${fault}`);
}

function entryOf(described: FileDescription, now: Millis): Exclude<Entry, Dir> {
  const { user = 'root', group = 'root' } = described;
  if ('target' in described) {
    const { target } = described;
    return Object.freeze({ kind: 'link', mode: LINK_MODE, user, group, modified: now, target });
  }
  const { digest, size, mode = FILE_MODE } = described;
  return fileOf({ digest, size }, now, { mode, user, group });
}

function withFile(
  root: Dir,
  path: string,
  { file, now }: { file: FileDescription | null; now: Millis },
): Dir {
  if (file === null) {
    const removed = remove(root, path, { now, recursive: true });
    return typeof removed === 'string' ? refuse(path, removed) : removed;
  }
  const parents = mkdirAll(root, dirOf(path), emptyDir(now));
  if (typeof parents === 'string') return refuse(path, parents);
  const written = write(parents, path, entryOf(file, now));
  return typeof written === 'string' ? refuse(path, written) : written;
}

/** New rules come before those there are, and take the place of those that speak of the same command. */
function withExecs(container: Container, execs: readonly ExecRule[] | null): Container {
  const { execs: old = [], ...rest } = container;
  if (execs === null) return rest;
  const named = (rule: ExecRule): string => JSON.stringify(rule.command);
  const said = new Set(execs.map(named));
  return { ...rest, execs: [...execs, ...old.filter((rule) => !said.has(named(rule)))] };
}

/** The container made anew from another image: what its own brought, and what was written, is gone. */
function reimaged(container: Container, base: Base, { blobs, now }: With): Container {
  const root = listedTree(base.digest, blobs);
  const image = { layers: imageLayers(root, blobs), root };
  return restarted({ ...container, base: { ...base, tree: root }, image }, now);
}

function withImage(container: Container, base: Base | undefined, using: With): Container {
  if (!base) return container;
  const isMade = container.image !== undefined;
  return isMade ? reimaged(container, base, using) : onBase(container, base, using.blobs);
}

/** Layers that came as files are there before Pebble starts; those of the same label take their place. */
function withLayersOfFiles(container: Container, over: WholeDescription, blobs: Blobs): Container {
  const laid = Object.keys(over.files ?? {}).some((path) => path.startsWith(`${LAYERS_FOLDER}/`));
  if (container.image !== undefined || !(over.base || laid)) return container;
  const found = imageLayers(container.root, blobs);
  const labels = found.map(({ label }) => label);
  const others = container.layers.filter(({ label }) => !labels.includes(label));
  return { ...container, layers: [...found, ...others] };
}

/** The container with a description laid over it. Throws Mistake. */
export function layDescribed(container: Container, over: WholeDescription, using: With): Container {
  const { base, files = {}, programs, execs, ...rest } = over;
  let laid = withImage(container, base, using);
  const root = Object.entries(files).reduce<Dir>(
    (tree, [path, file]) => withFile(tree, path, { file, now: using.now }),
    laid.root,
  );
  laid = withLayersOfFiles({ ...laid, root }, over, using.blobs);
  if (programs) laid = layPrograms(laid, programs, using.now);
  if (execs !== undefined) laid = withExecs(laid, execs);
  return layContainer(laid, rest, using);
}
