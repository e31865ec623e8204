/**
 * Changes of the charm directory between State, where contents have digests, and the sandbox,
 * where they are bytes.
 */
import type { Change, Changes } from '../files/tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Millis } from '../model/request.ts';
import type { WireChange, WireChanges } from './control-frames.ts';

const ROOT = 'root';
type Owners = { readonly user?: string; readonly group?: string };

/** What is said of whom a file belongs to: nothing where that is root. */
export function ownersOf({ user = ROOT, group = ROOT }: Owners): Owners {
  return { ...(user === ROOT ? {} : { user }), ...(group === ROOT ? {} : { group }) };
}

/** What the server fills the charm directory with before an event. */
export function toWire(changes: Changes, blobs: Blobs): WireChanges {
  const entries = Object.entries(changes).map(([path, change]): [string, WireChange] => {
    switch (change.kind) {
      case 'removed':
        return [path, { kind: 'removed' }];
      case 'dir':
        return [path, { kind: 'dir', mode: change.mode, ...ownersOf(change) }];
      case 'link':
        return [
          path,
          { kind: 'link', mode: change.mode, ...ownersOf(change), target: change.target },
        ];
      case 'file': {
        const data = Buffer.from(blobs.get(change.digest)).toString('base64');
        return [path, { kind: 'file', mode: change.mode, ...ownersOf(change), data }];
      }
    }
  });
  return Object.fromEntries(entries);
}

function fromWireChange(change: WireChange, modified: Millis, blobs: Blobs): Change {
  if (change.kind === 'removed') return change;
  const { mode, user = ROOT, group = ROOT } = change;
  const owned = { mode, user, group, modified };
  if (change.kind === 'dir') return { kind: 'dir', ...owned };
  if (change.kind === 'link') return { kind: 'link', ...owned, target: change.target };
  const bytes = Buffer.from(change.data, 'base64');
  return { kind: 'file', ...owned, digest: blobs.put(bytes), size: bytes.length };
}

function same(a: Change, b: Change): boolean {
  if (a.kind === 'removed' || b.kind === 'removed') return a.kind === b.kind;
  if (a.kind !== b.kind || a.mode !== b.mode) return false;
  if (a.user !== b.user || a.group !== b.group) return false;
  if (a.kind === 'file' && b.kind === 'file') return a.digest === b.digest;
  return a.kind !== 'link' || (b.kind === 'link' && a.target === b.target);
}

/**
 * What the event left; a path that is as it was before keeps the time it had. Paths are sorted,
 * so parents lead.
 */
export function fromWire(
  wire: WireChanges,
  at: { readonly earlier: Changes; readonly now: Millis; readonly blobs: Blobs },
): Changes {
  const paths = Object.keys(wire).sort((a, b) => (a < b ? -1 : 1));
  const entries = paths.map((path): [string, Change] => {
    const change = fromWireChange(wire[path] as WireChange, at.now, at.blobs);
    const before = at.earlier[path];
    return [path, before !== undefined && same(before, change) ? before : change];
  });
  return Object.fromEntries(entries);
}
