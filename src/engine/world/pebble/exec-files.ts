/** Files that an executed program writes or removes, as root. */
import { castDraft, current, isDraft, type Draft } from 'immer';
import { emptyDir, fileOf, mkdirAll, remove, write } from '../../files/edit.ts';
import { apply } from '../../files/diff.ts';
import type { Changes, Dir } from '../../files/tree.ts';
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

function rootOf({ root }: Draft<Container>): Dir {
  return (isDraft(root) ? current(root) : root) as Dir;
}

export function writeFiles(
  container: Draft<Container>,
  files: ExecEnding['files'],
  now: Millis,
): void {
  const all = Object.entries(files);
  if (all.length === 0) return;
  const root = rootOf(container);
  container.root = castDraft(
    all.reduce((tree, [path, file]) => edited(tree, path, file, now), root),
  );
}

/** What a program that was really run made of the root that it found, which is still that. */
export function layChanges(container: Draft<Container>, changes: Changes): void {
  if (Object.keys(changes).length === 0) return;
  container.root = castDraft(apply(rootOf(container), changes));
}
