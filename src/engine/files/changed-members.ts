/** Where a tree differs from another, as the members of the value that it is. */
import { child, differing } from './path.ts';
import type { Dir } from './tree.ts';

const OWN = ['mode', 'user', 'group', 'modified'] as const;

/** Paths of what was removed, put in place or made anew, what is deepest first. Of what is new, not what is in it. */
export function changedMembers(before: Dir, after: Dir): readonly (readonly string[])[] {
  const names = differing(before, after);
  const inner = names.toReversed().flatMap((name) => {
    const [was, is] = [child(before, name), child(after, name)];
    if (was?.kind !== 'dir' || is?.kind !== 'dir') return [];
    return changedMembers(was, is).map((path) => ['entries', name, ...path]);
  });
  const gone = names.filter((name) => !child(after, name));
  const put = names.filter((name) => {
    const [was, is] = [child(before, name), child(after, name)];
    return is && (was?.kind !== 'dir' || is.kind !== 'dir');
  });
  const own = OWN.filter((member) => before[member] !== after[member]);
  const named = [...gone, ...put].map((name) => ['entries', name]);
  return [...inner, ...named, ...own.map((member) => [member])];
}
