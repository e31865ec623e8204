/**
 * A directory tree as a value. Contents are kept by digest in a store; two trees share what they
 * have in common. `modified` is on the trace's clock and does not count when trees are compared.
 */
import type { Millis } from '../model/request.ts';

/** What every entry carries. `mode` has the permission bits only, for example 0o644. */
type Owned = {
  readonly mode: number;
  readonly user: string;
  readonly group: string;
  readonly modified: Millis;
};
export type File = Owned & {
  readonly kind: 'file';
  /** Of a file that stands for a device: which, as in `c 1 3`. */
  readonly device?: string;
  readonly digest: string;
  readonly size: number;
};
export type Link = Owned & { readonly kind: 'link'; readonly target: string };
export type Dir = Owned & {
  readonly kind: 'dir';
  readonly entries: Readonly<Record<string, Entry>>;
};
export type Entry = File | Link | Dir;

/** What became of one path; `removed` hides what was there below. */
export type Change = File | Link | Omit<Dir, 'entries'> | { readonly kind: 'removed' };
/**
 * Changes laid over a tree, by path relative to its root, `/` between names, no leading slash.
 * Parents come first.
 */
export type Changes = Readonly<Record<string, Change>>;
