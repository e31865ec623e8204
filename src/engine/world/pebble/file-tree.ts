/**
 * A change of a container's files written into the slice entry by entry, so that what changed can
 * be named.
 */
import { castDraft, type Draft } from 'immer';
import type { Dir } from '../../files/tree.ts';
import { child, names } from '../../files/path.ts';
import type { Asked } from './asked.ts';

/** The one name that an assignment would not take for a name. */
const PROTO = '__proto__';

function graft(draft: Draft<Dir>, before: Dir, after: Dir): void {
  const { entries: _old, ...old } = before;
  const { entries: _new, ...own } = after;
  if (JSON.stringify(old) !== JSON.stringify(own)) Object.assign(draft, own);
  if (child(after, PROTO)) {
    draft.entries = castDraft(after.entries);
    return;
  }
  for (const name of names(before)) if (!child(after, name)) delete draft.entries[name];
  for (const name of names(after)) {
    const [was, is] = [child(before, name), child(after, name)!];
    if (was === is) continue;
    const known = was?.kind === 'dir' && is.kind === 'dir' ? draft.entries[name] : undefined;
    if (known?.kind === 'dir') graft(known, was as Dir, is as Dir);
    else draft.entries[name] = castDraft(is);
  }
}

/** Puts a new tree in place of the one the container has; what the two share is left alone. */
export function setFiles(asked: Asked, before: Dir, after: Dir): void {
  if (before === after) return;
  asked.change((container) => graft(container.root, before, after));
}
