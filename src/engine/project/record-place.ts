/**
 * Where a record is: `<node id>.json` and `blobs/<hex>`, never outside the records, whatever a file
 * says.
 */
import { join } from 'node:path';
import { SLUG } from '../tree/slug.ts';

const HEX = /^(?:sha256:)?([0-9a-f]{64})$/;
/** Longer names than this are refused by file systems. */
const NAME_MAX = 200;

/** The path of a node's record below the records folder; null when the id is none. */
export function recordPath(id: string): string | null {
  const names = id.split('/');
  const fit = names.every((name) => SLUG.test(name) && name.length <= NAME_MAX);
  return fit && id !== 'index' && names[0] !== 'blobs' ? `${join(...names)}.json` : null;
}

/**
 * The path of a content below the records folder, from `sha256:<hex>` or the hex alone; null when
 * it is neither.
 */
export function blobPath(digest: string): string | null {
  const hex = HEX.exec(digest)?.[1];
  return hex === undefined ? null : join('blobs', hex);
}
