/** The one hash: SHA-256, written `sha256:<hex>`. */
import { createHash } from 'node:crypto';

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
