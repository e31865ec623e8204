/**
 * Times of secrets: when they expire, as charms write it and as Juju prints it.
 * Source: juju jujuc/secret-add.go, Go's time.ParseDuration and time.Parse. Juju keeps whole seconds.
 */
import type { Millis } from '../../model/request.ts';
import { quoted } from './arguments.ts';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PART = '(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)';
const DURATION = new RegExp(`^[-+]?(?:0|(?:${PART})+)$`);
const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[-+]\d\d:\d\d)?$/;

/** `1h30m` in milliseconds; undefined when it is no duration. */
export function readDuration(text: string): Millis | undefined {
  if (!DURATION.test(text)) return undefined;
  const parts = [...text.matchAll(new RegExp(PART, 'g'))];
  const size = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0),
    0,
  );
  return text.startsWith('-') ? -size : size;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function offset(zone: string | undefined): Millis | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  if (hours > 24 || minutes >= 60) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** An RFC 3339 time, which may go without a zone; undefined when it is none. */
export function readTime(text: string): Millis | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const zone = offset(match[7]);
  if (zone === undefined || month < 1 || month > 12 || day < 1 || day > daysIn(year, month))
    return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = Number(`0.${/[.,](\d+)/.exec(text)?.[1] ?? '0'}`) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(fraction) - zone;
}

export type Expiry =
  { readonly kind: 'at'; readonly at: Millis } | { readonly kind: 'bad'; readonly message: string };

/** `--expire`: a time, or a duration from now on. */
export function readExpiry(text: string, now: Millis): Expiry {
  const time = readTime(text);
  if (time !== undefined) return { kind: 'at', at: wholeSecond(time) };
  const length = readDuration(text);
  if (length === undefined)
    return { kind: 'bad', message: `expire time or duration ${quoted(text)} not valid` };
  if (length <= 0)
    return { kind: 'bad', message: `negative expire duration ${quoted(text)} not valid` };
  return { kind: 'at', at: wholeSecond(now + length) };
}

/** Rounded half up, as the controller stores times. */
export function wholeSecond(time: Millis): Millis {
  return Math.round(time / 1000) * 1000;
}

/** `2026-01-01T00:00:00Z`. */
export function timeText(time: Millis): string {
  return new Date(time).toISOString().replace(/\.000Z$/, 'Z');
}
