/**
 * When a secret is to be rotated next, counted from its last rotation.
 * Source: juju core/secrets/rotate.go
 */
import type { Millis } from '../../model/request.ts';
import type { Secret } from './secret-slice.ts';

const HOUR = 3_600_000;
const MONTHS: Readonly<Partial<Record<Secret['rotate'], number>>> = {
  monthly: 1,
  quarterly: 3,
  yearly: 12,
};
const HOURS: Readonly<Partial<Record<Secret['rotate'], number>>> = {
  hourly: 1,
  daily: 24,
  weekly: 7 * 24,
};

/** Null for a secret that is never rotated. Months are the calendar's, as Go's AddDate counts them. */
export function nextRotation(policy: Secret['rotate'], from: Millis): Millis | null {
  const hours = HOURS[policy];
  if (hours !== undefined) return from + hours * HOUR;
  const months = MONTHS[policy];
  if (months === undefined) return null;
  const date = new Date(from);
  return date.setUTCMonth(date.getUTCMonth() + months);
}
