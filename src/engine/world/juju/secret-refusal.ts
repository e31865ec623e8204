/**
 * Why the controller will not let a unit change a secret.
 * Source: juju apiserver/common/secrets/access.go (CanManage), core/leadership
 */
import { quoted } from './arguments.ts';
import { unitName } from './command.ts';
import { uriText, type SecretUri } from './secret-id.ts';
import { ownership, stored } from './secret-view.ts';
import type { JujuSlice } from './slice.ts';

/** For a secret that is none of those the unit's agent lists. */
export function whyRefused(slice: JujuSlice, uri: SecretUri): string {
  const secret = stored(slice, uri.key);
  if (!secret) return `secret ${quoted(uriText(uri))} not found`;
  if (ownership(slice, secret) === 'others') return 'permission denied';
  return `${quoted(unitName(slice))} is not leader of ${quoted(slice.app)}`;
}
