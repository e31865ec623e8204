/**
 * The layers that Pebble finds in its folder when it starts: the plan that an image brings, as a rock does.
 * Source: pebble internals/plan/plan.go (ReadLayersDir, configLayerEntries); Juju leaves PEBBLE at its default,
 * /var/lib/pebble/default.
 */
import { lookup, names } from '../../files/path.ts';
import type { Dir, Entry } from '../../files/tree.ts';
import type { Blobs } from '../../model/counterpart.ts';
import { Mistake } from '../../model/mistake.ts';
import { quoted } from './answer.ts';
import { parseLayer } from './layer-decode.ts';
import { heldLayers } from './layer-list.ts';
import { checkPlan } from './plan-check.ts';
import { planOf } from './plan-combine.ts';
import { FormatError, NotModelled } from './plan.ts';
import type { Layer } from './slice.ts';

export const LAYERS_FOLDER = '/var/lib/pebble/default/layers';
const ENTRY = /^([0-9]{3})-([a-z](?:-?[a-z0-9]){2,})(.yaml|.d)$/;

type Named = { readonly name: string; readonly label: string; readonly entry: Entry };
type Folder = { readonly root: Dir; readonly path: string; readonly outer: boolean };

function nameMistake(name: string, isDir: boolean): string {
  const [what, like] = isDir
    ? ['sub-directory name', '123-some-label.d']
    : ['filename', '123-some-label.yaml'];
  return `invalid layer ${what}: ${quoted(name)} (must look like "${like}")`;
}

/** What a path is once links are followed, and what is refused when it is nothing. */
function behind({ root, path }: Folder, name: string): Entry {
  const entry = lookup(root, `${path}/${name}`);
  if (entry) return entry;
  throw new FormatError(`stat ${path}/${name}: no such file or directory`);
}

/** The layer files and folders in a folder, in their order. Throws FormatError. */
function entriesOf(folder: Folder, dir: Dir): readonly Named[] {
  const seen: { order: string; label: string }[] = [];
  const matching = names(dir).filter((name) => name.endsWith('.yaml') || name.endsWith('.d'));
  return matching.map((name) => {
    const entry = behind(folder, name);
    const match = ENTRY.exec(name);
    if (!match) throw new FormatError(nameMistake(name, entry.kind === 'dir'));
    if (entry.kind === 'dir' && !folder.outer) {
      throw new FormatError('cannot have a layers sub-directory at this level');
    }
    const [, order = '', label = ''] = match;
    const twin = seen.find((one) => one.order === order) ?? seen.find((one) => one.label === label);
    if (twin) {
      const have = quoted(`${twin.order}-${twin.label}.yaml`);
      throw new FormatError(
        `invalid layer filename: ${quoted(name)} not unique (have ${have} already)`,
      );
    }
    seen.push({ order, label });
    return { name, label, entry };
  });
}

type File = { readonly label: string; readonly path: string; readonly digest: string };

function filesOf(root: Dir): readonly File[] {
  const dir = lookup(root, LAYERS_FOLDER);
  if (dir?.kind !== 'dir') return [];
  const outer = { root, path: LAYERS_FOLDER, outer: true };
  return entriesOf(outer, dir).flatMap(({ name, label, entry }): readonly File[] => {
    const path = `${LAYERS_FOLDER}/${name}`;
    if (entry.kind === 'file') return [{ label, path, digest: entry.digest }];
    if (entry.kind !== 'dir') return [];
    return entriesOf({ root, path, outer: false }, entry).flatMap((inner): readonly File[] => {
      const { kind } = inner.entry;
      if (kind !== 'file') return [];
      const { digest } = inner.entry as Extract<Entry, { kind: 'file' }>;
      return [{ label: `${label}/${inner.label}`, path: `${path}/${inner.name}`, digest }];
    });
  });
}

/** The layers in the order in which Pebble lays them. Throws a Mistake that names the file. */
export function imageLayers(root: Dir, blobs: Blobs): readonly Layer[] {
  let at = LAYERS_FOLDER;
  try {
    const layers = filesOf(root).map(({ label, path, digest }) => {
      at = path;
      return { label, layer: parseLayer(label, new TextDecoder().decode(blobs.get(digest))) };
    });
    if (layers.length > 0) at = LAYERS_FOLDER;
    checkPlan(planOf(layers));
    return heldLayers(layers);
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof NotModelled)) throw error;
    const hint = 'Pebble would not start with it.';
    throw new Mistake(`${at}: ${error.message}`, { hint });
  }
}
