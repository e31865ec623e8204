/** A change of a container's files: a new tree, which shares with the old one what it did not change. */
import { castDraft } from 'immer';
import type { Dir } from '../../files/tree.ts';
import type { Asked } from './asked.ts';

/** Puts a new tree in place of the one the container has. */
export function setFiles(asked: Asked, before: Dir, after: Dir): void {
  if (before === after) return;
  asked.change((container) => {
    container.root = castDraft(after);
  });
}
