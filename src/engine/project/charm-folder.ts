/** Folders on the way to a charm: which one is a charm's, and how a message names it. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export function isCharmFolder(folder: string): boolean {
  return ['charmcraft.yaml', 'metadata.yaml'].some((name) => existsSync(join(folder, name)));
}

/** `folder` and the folders it is in, innermost first. */
export function upwards(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/**
 * A path as records and messages name it: relative, `/` between names, `.` for the folder itself.
 */
export function shownPath(root: string, path: string): string {
  return relative(root, path).split(sep).join('/') || '.';
}
