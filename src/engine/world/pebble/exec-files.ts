/** Files that an executed program writes or removes, as root. */
import { castDraft, current, isDraft, type Draft } from 'immer';
import { emptyDir, fileOf, mkdirAll, remove, write } from '../../files/edit.ts';
import type { Dir } from '../../files/tree.ts';
import type { Millis } from '../../model/request.ts';
import { dirOf } from './file-path.ts';
import type { Container, ExecEnding } from './slice.ts';

type Written = ExecEnding['files'][string];

function edited(root: Dir, path: string, file: Written, now: Millis): Dir {
  if (file === null) {
    const without = remove(root, path, { now, recursive: true });
    return typeof without === 'string' ? root : without;
  }
  const parents = mkdirAll(root, dirOf(path), emptyDir(now));
  if (typeof parents === 'string') return root;
  const written = write(parents, path, fileOf(file, now));
  return typeof written === 'string' ? root : written;
}

export function writeFiles(
  container: Draft<Container>,
  files: ExecEnding['files'],
  now: Millis,
): void {
  const all = Object.entries(files);
  if (all.length === 0) return;
  const root = isDraft(container.root) ? current(container.root) : container.root;
  const after = all.reduce((tree, [path, file]) => edited(tree, path, file, now), root as Dir);
  container.root = castDraft(after);
}
