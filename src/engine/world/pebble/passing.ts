/**
 * Time that passes in a container: what is due happens in its order, at its own moment, in however many steps.
 * Source: pebble internals/overlord/overlord.go (one loop for all managers).
 */
import type { Draft } from 'immer';
import type { Millis } from '../../model/request.ts';
import { nextTimer } from './behaviour.ts';
import { countSteady, nextCheck, performDue } from './check-perform.ts';
import { nextExec, runExecs } from './exec-run.ts';
import type { Container } from './slice.ts';
import { isAtRest, run } from './tasks.ts';

/** When the next thing happens by itself that somebody may wait for, or null. */
export function nextMoment(container: Container): Millis | null {
  const moments = [nextTimer(container), nextCheck(container), nextExec(container)].filter(
    (moment) => moment !== null,
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Whether nothing at all comes of the time until then. */
export function isQuiet(container: Container, to: Millis): boolean {
  const next = nextMoment(container);
  const counts = Object.keys(container.checks).length > 0;
  return (next === null || next > to) && !counts && isAtRest(container);
}

/** Lets happen whatever is due by then. */
export function pass(container: Draft<Container>, to: Millis): void {
  for (let next = nextMoment(container as Container); next !== null && next <= to;) {
    run(container, next);
    performDue(container, next);
    runExecs(container, next);
    next = nextMoment(container as Container);
  }
  run(container, to);
  countSteady(container, to);
}
