/**
 * What happened to a container's services: a list that pages show, of which Pebble itself keeps nothing but its log.
 * An exit and the restart after it, over and over, are told once, with how often; so is whatever happens again just
 * as before.
 */
import type { Draft } from 'immer';
import type { Container, ServiceEvent } from './slice.ts';

const KEPT = 1000;

function same(a: ServiceEvent, b: ServiceEvent): boolean {
  return (
    a.what === b.what &&
    a.by === b.by &&
    a.code === b.code &&
    a.next === b.next &&
    a.signal === b.signal
  );
}

/** The event that this one only repeats: the service's last, or the last but one of a round of restarts. */
function repeated(
  history: readonly Draft<ServiceEvent>[],
  event: ServiceEvent,
): Draft<ServiceEvent> | undefined {
  const last = history.findLastIndex(({ service }) => service === event.service);
  const latest = history[last];
  if (!latest || same(latest, event)) return latest;
  if (latest.what !== 'restarted') return undefined;
  const before = history.findLast(
    ({ service }, index) => index < last && service === event.service,
  );
  return before && same(before, event) ? before : undefined;
}

export function remember(container: Draft<Container>, event: ServiceEvent): void {
  const { history } = container;
  const known = repeated(history, event);
  if (known) {
    known.times = (known.times ?? 1) + 1;
    known.last = event.at;
    return;
  }
  history.push({ ...event });
  if (history.length > KEPT) history.splice(0, history.length - KEPT);
}

/** The same without when it happened. */
export function timelessHistory(history: readonly ServiceEvent[]): readonly ServiceEvent[] {
  return history.map(({ last: _last, ...event }) => ({ ...event, at: 0 }));
}
