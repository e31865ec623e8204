/**
 * The notice of a change: it occurs with each status that the change comes to, the first one included.
 * Source: pebble internals/overlord/state/change.go (addNotice, notifyStatusChange).
 */
import type { Draft } from 'immer';
import type { Millis } from '../../model/request.ts';
import { addNotice } from './notices.ts';
import type { Container, PebbleChange } from './slice.ts';

/** Tells a change's notice of statuses that it came to by now, in their order; one told already is not told again. */
export function noteChange(
  container: Draft<Container>,
  change: Draft<PebbleChange>,
  { statuses, at }: { statuses: readonly string[]; at: Millis },
): void {
  for (const status of statuses) {
    if (change.noted === status) continue;
    change.noted = status;
    const data = {
      kind: change.kind,
      ...(change.check === undefined ? {} : { 'check-name': change.check }),
    };
    const { id: key } = change;
    addNotice(container, {
      type: 'change-update',
      key,
      user: null,
      data,
      repeatAfter: 0,
      now: at,
    });
  }
}
