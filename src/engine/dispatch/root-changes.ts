/**
 * Changes of a machine's root between State, where contents have digests, and the sandbox, where they are bytes. An
 * event tells only what it changed over the event before it.
 */
import type { Change, Changes } from '../files/tree.ts';
import type { Blobs } from '../model/counterpart.ts';
import type { Millis, RootChange } from '../model/request.ts';
import { ownersOf } from './charm-changes.ts';
import type { WireChange } from './control-frames.ts';

type Device = { readonly device?: string };
export type WireRootChange =
  | (WireChange & Device & { readonly modified?: Millis })
  /** As the base has it again, or has not. */
  | { readonly kind: 'below' };
export type WireRoot = Readonly<Record<string, WireRootChange>>;

const ROOT = 'root';

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function deviceOf({ device }: Device): Device {
  return device === undefined ? {} : { device };
}

function toWireChange(change: Change, blobs: Blobs): WireRootChange {
  if (change.kind === 'removed') return change;
  const own = { mode: change.mode, modified: change.modified, ...ownersOf(change) };
  switch (change.kind) {
    case 'dir':
      return { kind: 'dir', ...own };
    case 'link':
      return { kind: 'link', ...own, target: change.target };
    case 'file':
      return {
        kind: 'file',
        ...own,
        ...deviceOf(change),
        data: base64(blobs.get(change.digest)),
      };
  }
}

/** What the server makes a layer of. */
export function rootToWire(changes: Changes, blobs: Blobs): WireRoot {
  return Object.fromEntries(
    Object.entries(changes).map(([path, change]) => [path, toWireChange(change, blobs)]),
  );
}

/** A base, whose files have all the same time. */
export function baseToWire(entries: Readonly<Record<string, RootChange>>): WireRoot {
  const wire = Object.entries(entries).map(([path, entry]): [string, WireRootChange] => {
    if (entry.kind === 'removed') return [path, entry];
    const own = ownersOf(entry);
    switch (entry.kind) {
      case 'dir':
        return [path, { kind: 'dir', mode: entry.mode, ...own }];
      case 'link':
        return [path, { kind: 'link', mode: 0o777, target: entry.target, ...own }];
      case 'file':
        return [path, { kind: 'file', mode: entry.mode, data: base64(entry.bytes), ...own }];
    }
  });
  return Object.fromEntries(wire);
}

function fromWireChange(
  change: Exclude<WireRootChange, { kind: 'below' }>,
  at: { readonly now: Millis; readonly blobs: Blobs },
): Change {
  if (change.kind === 'removed') return { kind: 'removed' };
  const { user = ROOT, group = ROOT } = change;
  const owned = { mode: change.mode, user, group, modified: at.now };
  if (change.kind === 'dir') return { kind: 'dir', ...owned };
  if (change.kind === 'link') return { kind: 'link', ...owned, target: change.target };
  const bytes = Buffer.from(change.data, 'base64');
  const digest = at.blobs.put(bytes);
  return { kind: 'file', ...owned, ...deviceOf(change), digest, size: bytes.length };
}

/** Whether one of the folders on the way to `path` is among `cut`. */
function isBelow(path: string, cut: ReadonlySet<string>): boolean {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    if (cut.has(path.slice(0, end))) return true;
  }
  return false;
}

/** The earlier changes with an event's own over them; the same value when there are none. Parents come first. */
export function withRootChanges(
  earlier: Changes,
  wire: WireRoot,
  at: { readonly now: Millis; readonly blobs: Blobs },
): Changes {
  const told = Object.entries(wire);
  if (told.length === 0) return earlier;
  // What lay in a folder that is none any more is gone with it.
  const cut = new Set(told.flatMap(([path, { kind }]) => (kind === 'dir' ? [] : [path])));
  const all = new Map(Object.entries(earlier).filter(([path]) => !isBelow(path, cut)));
  for (const [path, change] of told) {
    if (change.kind === 'below') all.delete(path);
    else all.set(path, fromWireChange(change, at));
  }
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}
